"""The shape of the source: limits that may only be lowered, and examples in docstrings."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
_spec = importlib.util.spec_from_file_location("counts", ROOT / "tests" / "frozen" / "counts.py")
assert _spec and _spec.loader
counts = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(counts)

# What was longer when the limit was set may only become shorter.
FILE_LINES = 300
FUNCTION_LINES = 40
LONG_FUNCTIONS = {}
LATE_IMPORTS = 8
PACKAGES = {name: counts.trees(ROOT, name) for name in ("irclassify", "train")}
TREES = {name: tree for known in PACKAGES.values() for name, (_, tree) in known.items()}


def test_public_functions_have_an_example() -> None:
    """Of commands, the docstring is the help; another test runs its examples, and so the work."""
    missing = [
        f"{module}.{name}"
        for module, (_, tree) in PACKAGES["irclassify"].items()
        if not module.startswith("irclassify.cli.commands")
        for name in counts.without_example(tree)
        if not (name == "run" and module.startswith("irclassify.cli.work"))
    ]
    assert not missing


@pytest.mark.parametrize("module", TREES)
def test_files_have_at_most_300_lines_of_code(module: str) -> None:
    assert counts.code_lines(TREES[module]) <= FILE_LINES


def test_functions_have_at_most_40_lines_of_code() -> None:
    long = {
        f"{module}.{function.name}": counts.function_lines(function)
        for module, tree in TREES.items()
        for function in counts.functions(tree)
        if counts.function_lines(function) > FUNCTION_LINES
    }
    assert not {name: n for name, n in long.items() if n > LONG_FUNCTIONS.get(name, 0)}


def test_late_imports_become_no_more() -> None:
    assert sum(map(counts.late_imports, TREES.values())) <= LATE_IMPORTS
