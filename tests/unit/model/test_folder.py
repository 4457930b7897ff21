"""Model folders: found by name or path, altered or foreign ones refused."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from command_line import TINY

from irclassify.errors import ModelError
from irclassify.model import folder as model_folder
from irclassify.model import installed
from irclassify.model.folder import find_model, installed_models, load_spec
from irclassify.model.session import Model


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the tiny model to damage."""
    return Path(shutil.copytree(TINY, tmp_path / "model"))


def change(folder: Path, **values: object) -> None:
    """Overwrite keys of model.json."""
    definition = json.loads((folder / "model.json").read_text())
    (folder / "model.json").write_text(json.dumps(definition | values))


def test_the_tiny_model_is_whole(tiny):
    assert tiny.label == "tiny@1.0.0"
    assert len(tiny.groups) == 17
    assert tiny.head.weight.shape == (17, 2, 209)
    assert tiny.head.mix.shape == (17, 2)


def test_a_linear_head_has_no_factors(folder: Path):
    with np.load(folder / "head.npz") as stored:
        linear = {name: stored[name] for name in ("bias", "weight", "reference")}
    np.savez(folder / "head.npz", **linear)
    change(folder, sha256={})
    head = load_spec(folder).head
    assert head.left.shape == (0, 2, 209)
    assert head.mix.shape == (17, 0)


def alter(file: Path) -> None:
    """Flip a bit."""
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


def test_an_altered_graph_is_refused(folder: Path):
    alter(folder / "model.onnx")
    with pytest.raises(ModelError, match="altered"):
        load_spec(folder)


@pytest.mark.parametrize("name", ["model.onnx", "model.json"])
def test_a_missing_file_is_refused(folder: Path, name: str):
    (folder / name).unlink()
    with pytest.raises(ModelError, match=r"cannot be read"):
        load_spec(folder)


@pytest.mark.parametrize("damage", [alter, Path.unlink])
def test_a_damaged_head_is_refused_when_it_is_read(folder: Path, damage, monkeypatch):
    damage(folder / "head.npz")
    spec = load_spec(folder)
    with pytest.raises(ModelError, match=r"head\.npz (was altered|cannot be read)"):
        _ = spec.head
    monkeypatch.setattr(model_folder, "models_folder", lambda: folder.parent)
    monkeypatch.setattr(installed, "models_folder", lambda: folder.parent)
    with pytest.raises(ModelError, match=r"head\.npz (was altered|cannot be read)"):
        list(installed_models())


@pytest.mark.parametrize("schema", [0, 1, "2", None])
def test_another_schema_is_refused(folder: Path, schema: object):
    change(folder, schema=schema)
    with pytest.raises(ModelError, match="schema"):
        load_spec(folder)


@pytest.mark.parametrize("text", ["", "[]", "null", "{", '{"schema": 1}', '{"schema": 1, "a": 2}'])
def test_nonsense_is_refused(folder: Path, text: str):
    (folder / "model.json").write_text(text)
    with pytest.raises(ModelError):
        load_spec(folder)


def test_a_graph_that_does_not_run_is_a_model_error(folder: Path):
    (folder / "model.onnx").write_bytes(b"not onnx")
    change(folder, sha256={})
    with pytest.raises(ModelError, match="cannot be run"):
        Model(load_spec(folder))


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 broken", b"text"])
def test_a_head_that_is_no_archive_is_a_model_error(folder: Path, content: bytes):
    (folder / "head.npz").write_bytes(content)
    change(folder, sha256={})
    with pytest.raises(ModelError, match=r"head\.npz"):
        _ = load_spec(folder).head


def test_models_are_found_by_name_and_by_folder(folder: Path, monkeypatch):
    monkeypatch.setattr(model_folder, "models_folder", lambda: folder.parent)
    monkeypatch.setattr(installed, "models_folder", lambda: folder.parent)
    assert find_model("model").name == "tiny"
    assert find_model(str(folder)).name == "tiny"
    assert [spec.name for spec in installed_models()] == ["tiny"]
    with pytest.raises(ModelError, match="one of: model"):
        find_model("nothing")


def test_the_default_label_needs_no_numpy_and_never_fails(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(installed, "models_folder", lambda: tmp_path)
    assert installed.default_label().endswith("(not installed)")
    monkeypatch.setattr(installed, "models_folder", lambda: TINY.parent)
    monkeypatch.setattr(installed, "DEFAULT_MODEL", TINY.name)
    assert installed.default_label() == "tiny@1.0.0"
