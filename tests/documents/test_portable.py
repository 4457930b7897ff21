"""The tool's source has nothing that works on one system only, as far as its syntax tells.

``mypy --platform win32`` refuses functions that Windows lacks (``os.fork``, ``signal.SIGKILL``);
this test refuses what is there but behaves otherwise: the encoding and line ends of text files, a
file that takes the name of another, places such as ``/tmp``, and imports of modules of Unix.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "irclassify").rglob("*.py"))
NAMES = [str(path.relative_to(ROOT)) for path in SOURCES]

OF_UNIX = {"fcntl", "resource", "pwd", "grp", "termios", "tty", "pty", "posix", "readline"}
PLACES = ("/tmp", "/dev/", "/proc/", "/etc/", "/var/", "~/")


def faults(source: str) -> Iterator[str]:
    """What in a module depends on the system, and its line."""
    tree = ast.parse(source)
    guarded = set(_guarded(tree))
    for node in ast.walk(tree):
        found = _fault(node, node in guarded)
        if found:
            yield f"line {node.lineno}: {found}"  # type: ignore[attr-defined]


def _fault(node: ast.AST, guarded: bool) -> str | None:
    if isinstance(node, ast.Import | ast.ImportFrom):
        names = [node.module] if isinstance(node, ast.ImportFrom) else [a.name for a in node.names]
        if not guarded and OF_UNIX.intersection(filter(None, names)):
            return "a module of Unix; put it behind sys.platform"
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        if node.value.startswith(PLACES) and "\n" not in node.value:
            return f"the place {node.value}"
        if "%-" in node.value and "%Y" in node.value:
            return "%-d and the like are not known on Windows"
    return _fault_of_call(node) if isinstance(node, ast.Call) else None


def _fault_of_call(call: ast.Call) -> str | None:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    said = {keyword.arg for keyword in call.keywords}
    if name == "rename":
        return "rename fails on Windows where the name is taken; use replace"
    if name in ("read_text", "write_text"):
        has_encoding = "encoding" in said or len(call.args) > (name == "write_text")
        return None if has_encoding else f"{name} without an encoding"
    if name in ("run", "Popen", "check_output") and "text" in said and "encoding" not in said:
        return "text of a process without an encoding"
    return _fault_of_open(call, said) if name == "open" else None


def _fault_of_open(call: ast.Call, said: set[str | None]) -> str | None:
    """``open(file, mode)`` and ``path.open(mode)``; not ``archive.open(member)``."""
    of_path = isinstance(call.func, ast.Attribute)
    place = 0 if of_path else 1
    given = [keyword.value for keyword in call.keywords if keyword.arg == "mode"]
    mode = (*call.args[place : place + 1], *given)
    if of_path and mode and not isinstance(mode[0], ast.Constant):
        return None
    text = str(mode[0].value) if mode and isinstance(mode[0], ast.Constant) else "r"
    if "b" in text or len(text) > 3:
        return None
    if "encoding" not in said:
        return "a text file without an encoding"
    writes = set(text) & set("wax+")
    return (
        "a text file without newline: lines end otherwise on Windows"
        if (writes and "newline" not in said)
        else None
    )


def _guarded(tree: ast.Module) -> Iterator[ast.AST]:
    """Every part that is run only where ``sys.platform`` is not Windows."""
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and "sys.platform" in ast.unparse(node.test):
            for part in (*node.body, *node.orelse):
                yield from ast.walk(part)
        if isinstance(node, ast.FunctionDef | ast.Module):
            for i, part in enumerate(node.body):
                if _leaves_windows(part):
                    yield from (inner for later in node.body[i + 1 :] for inner in ast.walk(later))


def _leaves_windows(part: ast.stmt) -> bool:
    return (
        isinstance(part, ast.If)
        and "sys.platform == 'win32'" in ast.unparse(part.test)
        and isinstance(part.body[-1], ast.Return)
    )


@pytest.mark.parametrize("path", SOURCES, ids=NAMES)
def test_a_module_works_the_same_on_every_system(path: Path) -> None:
    assert not list(faults(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    "source",
    [
        "import fcntl",
        "def f():\n    from resource import setrlimit",
        "open('x')",
        "open('x', 'w', newline='')",
        "open('x', 'w', encoding='utf-8')",
        "path.open()",
        "path.open('r')",
        "path.open('a', encoding='utf-8')",
        "path.open(mode='w', encoding='utf-8')",
        "path.read_text()",
        "path.write_text('x')",
        "path.rename(other)",
        "os.rename(a, b)",
        "time.strftime('%-d %Y')",
        "place = '/tmp/x'",
        "subprocess.run(words, text=True)",
    ],
)
def test_what_depends_on_the_system_is_found(source: str) -> None:
    assert len(list(faults(source))) == 1


@pytest.mark.parametrize(
    "source",
    [
        "if sys.platform == 'win32':\n    import msvcrt\nelse:\n    import fcntl",
        "def f():\n    if sys.platform == 'win32':\n        return\n    import resource",
        "path.open('rb')",
        "archive.open(member)",
        "path.open('w', encoding='utf-8', newline='')",
        "path.read_text('utf-8')",
    ],
)
def test_what_works_everywhere_is_left_alone(source: str) -> None:
    assert not list(faults(source))
