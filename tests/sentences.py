"""``python -m tests.sentences``: every sentence that the tool can show, to be read in one sitting.

Found in the source by syntax: text with at least two words that is neither a docstring nor part of
one. ``{}`` stands for what is filled in. Templates of pages follow, without their markup. Help of
commands comes from the docstrings of ``irclassify/cli/commands``.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1] / "irclassify"
WORDS = re.compile(r"[A-Za-z]{2,}[^A-Za-z_]* [^A-Za-z_]*[A-Za-z]{2,}")


def sentences() -> Iterator[tuple[str, int, str]]:
    """File (relative), line and text of every sentence."""
    for file in sorted(PACKAGE.rglob("*.py")):
        name = str(file.relative_to(PACKAGE))
        for line, text in _texts(ast.parse(file.read_text("utf-8")), "cli/commands" in name):
            yield name, line, text
    for file in sorted(PACKAGE.rglob("*.html")):
        for line, text in enumerate(file.read_text("utf-8").splitlines(), start=1):
            shown = re.sub(r"<[^>]*>|{%.*?%}", " ", re.sub(r"{{.*?}}", "{}", text)).strip()
            if WORDS.search(shown):
                yield str(file.relative_to(PACKAGE)), line, shown


def _texts(tree: ast.Module, with_docstrings: bool) -> Iterator[tuple[int, str]]:
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    inside = {id(part) for n in ast.walk(tree) if isinstance(n, ast.JoinedStr) for part in n.values}
    for node in ast.walk(tree):
        if id(node) in inside or (id(node) in docstrings and not with_docstrings):
            continue
        text = _text(node)
        if text and WORDS.search(text):
            yield node.lineno, text  # type: ignore[attr-defined]


def _text(node: ast.AST) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return " ".join(node.value.split())
    if isinstance(node, ast.JoinedStr):
        parts = (p.value if isinstance(p, ast.Constant) else "{}" for p in node.values)
        return " ".join("".join(map(str, parts)).split())
    return ""


def main() -> None:
    """Print them, file by file."""
    for name, line, text in sentences():
        print(f"{name}:{line}: {text}")


if __name__ == "__main__":
    main()
