"""What all tests share: the tiny model, and a folder of good and bad files."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pytest
import synthetic
from command_line import TINY

from irclassify.model.folder import ModelSpec, load_spec

# Training tests need the dependency group ``train``, those of a cluster the extra ``dask``.
_NEEDS = {"torch": "train/*", "distributed": "unit/batch/test_partitions.py"}
_MISSING = [package for package in _NEEDS if find_spec(package) is None]
collect_ignore_glob = [_NEEDS[package] for package in _MISSING]


def pytest_report_header() -> str | None:
    """Say which tests are left out, and why."""
    left_out = (f"{_NEEDS[package]} left out: {package} is not installed" for package in _MISSING)
    return "; ".join(left_out) or None


@pytest.fixture(scope="session")
def tiny() -> ModelSpec:
    """The tiny model's specification."""
    return load_spec(TINY)


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    """A folder of four good files and three bad ones, in natural order g1, g2, g10, n/..."""
    folder = tmp_path / "mixed"
    (folder / "n").mkdir(parents=True)
    for name, bands in {
        "g1.jdx": synthetic.KETONE,
        "g2.jdx": synthetic.ESTER,
        "g10.jdx": synthetic.ALCOHOL,
        "n/inner [bold]x.jdx": synthetic.KETONE,
    }.items():
        (folder / name).write_text(synthetic.jdx(bands), encoding="utf-8")
    (folder / "a_broken.jdx").write_text("##TITLE=x\n##XYDATA=(X++(Y..Y))\nnonsense\n##END=\n")
    (folder / "b_empty.jdx").write_bytes(b"")
    (folder / "c_binary.spa").write_bytes(bytes(range(256)) * 4)
    (folder / ".hidden.jdx").write_text("hidden")
    (folder / "readme.md").write_text("not a spectrum")
    return folder
