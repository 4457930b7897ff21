"""``python tests/frozen/counts.py [CHECKOUT]``: the size and the shape of the source, counted.

Run it before and after a restructuring. Lines are all lines of a file, those of docstrings are
counted apart; a late import is one inside a function; floors are the modules on the longest chain
of imports at the top of modules.
"""

from __future__ import annotations

import ast
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
Trees = dict[str, tuple[Path, ast.Module]]
Function = ast.FunctionDef | ast.AsyncFunctionDef


def trees(root: Path, package: str) -> Trees:
    """The parsed modules of a package by dotted name."""
    found = {}
    for file in sorted((root / package).rglob("*.py")):
        parts = file.relative_to(root).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        found[name] = (file, ast.parse(file.read_text(encoding="utf-8")))
    return found


def lines(file: Path) -> int:
    """All lines of a file."""
    return len(file.read_text(encoding="utf-8").splitlines())


def docstring_lines(tree: ast.AST) -> int:
    """Lines of the docstrings of a module, class or function and of all inside it."""
    documented = ast.Module | ast.ClassDef | Function
    bodies = [node.body for node in ast.walk(tree) if isinstance(node, documented) and node.body]
    return sum(
        (body[0].end_lineno or 0) - body[0].lineno + 1
        for body in bodies
        if isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant)
    )


def code_lines(tree: ast.Module) -> int:
    """Lines of a module without its docstrings."""
    last = max((node.end_lineno or 0 for node in tree.body), default=0)
    return last - docstring_lines(tree)


def function_lines(function: Function) -> int:
    """Lines of a function without its docstring."""
    return (function.end_lineno or 0) - function.lineno + 1 - docstring_lines(function)


def without_example(tree: ast.Module) -> Iterator[str]:
    """Public functions, and methods of public classes, that no docstring shows at work.

    The example of a method may be its class's. A protocol's methods do nothing: none is asked for.
    """
    for node in tree.body:
        if isinstance(node, Function):
            yield from _not_shown([node], "", "")
        elif isinstance(node, ast.ClassDef) and "Protocol" not in map(ast.unparse, node.bases):
            methods = [each for each in node.body if isinstance(each, Function)]
            yield from _not_shown(methods, f"{node.name}.", ast.get_docstring(node) or "")


def _not_shown(functions: list[Function], owner: str, of_owner: str) -> Iterator[str]:
    shown = "\n".join(line for line in of_owner.splitlines() if line.startswith((">>>", "...")))
    for each in functions:
        own = ">>>" in (ast.get_docstring(each) or "") or f".{each.name}" in shown
        if not own and not owner.startswith("_") and not each.name.startswith("_"):
            yield owner + each.name


def functions(tree: ast.Module) -> Iterator[Function]:
    """Every function, nested ones too."""
    return (node for node in ast.walk(tree) if isinstance(node, Function))


def late_imports(tree: ast.Module) -> int:
    """Imports inside functions, each counted once."""
    return len(
        {
            node
            for function in functions(tree)
            for node in ast.walk(function)
            if isinstance(node, ast.Import | ast.ImportFrom)
        }
    )


def imported(tree: ast.Module, known: Trees) -> set[str]:
    """Modules of ``known`` that a module imports when it is itself imported."""
    names: set[str] = set()
    for node in tree.body:
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                names.add(inner if inner in known else node.module)
    return names & known.keys()


def floors(known: Trees) -> int:
    """Modules on the longest chain of imports; an import that closes a circle is not followed."""
    below = {name: imported(tree, known) - {name} for name, (_, tree) in known.items()}
    height: dict[str, int] = {}

    def climb(name: str, above: frozenset[str]) -> int:
        if name not in height:
            rest = below[name] - above
            height[name] = 1 + max((climb(n, above | {name}) for n in rest), default=0)
        return height[name]

    return max((climb(name, frozenset()) for name in known), default=0)


def longest_function(known: Trees) -> str:
    """The longest function, with its lines (its docstring left out) and its place."""
    found = [
        (function_lines(node), node.name, name)
        for name, (_, tree) in known.items()
        for node in functions(tree)
    ]
    length, function, module = max(found)
    return f"{length} lines, {module}.{function}"


def describe(root: Path, package: str) -> None:
    """Print the counts of one package."""
    known = trees(root, package)
    size = {name: lines(file) for name, (file, _) in known.items()}
    inner: Counter[str] = Counter()
    for name, count in size.items():
        inner[".".join(name.split(".")[:2])] += count
    entries = [e for e in (root / package).iterdir() if e.name != "__pycache__"]
    longest = max(size, key=size.__getitem__)
    documented = sum(docstring_lines(tree) for _, tree in known.values())
    total = sum(size.values())
    print(f"{package}: {total} lines, {documented} of docstrings, {len(known)} modules")
    print(f"  top-level entries: {len(entries)}")
    print(f"  floors of imports: {floors(known)}")
    print(f"  late imports: {sum(late_imports(tree) for _, tree in known.values())}")
    print(f"  longest file: {size[longest]} lines, {longest}")
    print(f"  longest function: {longest_function(known)}")
    print("  lines:", ", ".join(f"{n.partition('.')[2] or n} {c}" for n, c in inner.most_common()))


def main() -> None:
    """Print all counts of a checkout."""
    root = Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else ROOT
    for package in ("irclassify", "train"):
        describe(root, package)
    tests = list((root / "tests").rglob("*.py"))
    print(f"tests: {sum(map(lines, tests))} lines, {len(tests)} files")
    readme = (root / "README.md").read_text(encoding="utf-8")
    print(f"README.md: {len(readme.splitlines())} lines, {len(readme.split())} words")


if __name__ == "__main__":
    main()
