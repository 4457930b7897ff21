"""What the wheel holds of the model folders."""

from __future__ import annotations

import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
WHEEL = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"][
    "wheel"
]


def test_the_wheel_holds_model_folders_without_what_was_measured_of_them() -> None:
    assert WHEEL["sources"] == {"exported": "irclassify/exported"}
    left_out = set(WHEEL["exclude"])
    folders = [d for d in (ROOT / "exported").glob("*/*") if d.is_dir()]
    assert folders
    for folder in folders:
        assert f"exported/*/{folder.name}" in left_out, folder


def test_an_editable_install_finds_the_models_beside_the_package() -> None:
    build = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]
    assert build["dev-mode-dirs"] == ["."]
