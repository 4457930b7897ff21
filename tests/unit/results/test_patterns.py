"""patterns.json: read when whole, refused when not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from learned import model_with_patterns, tiny_patterns

from irclassify.errors import ModelError
from irclassify.model.folder import ModelSpec, load_spec
from irclassify.results.patterns import parse_learned


def test_what_is_stored_is_read():
    learned = parse_learned(tiny_patterns())
    assert [channel.number for channel in learned.channels] == [0, 1]
    assert learned.channels[1].shape == "peak"
    assert learned.groups[0].regions[1].reads == "gap"
    assert sum(learned.groups[0].lift) == pytest.approx(learned.groups[0].total_lift)


def test_a_model_folder_hands_it_out(tmp_path: Path):
    spec = load_spec(model_with_patterns(tmp_path / "model"))
    assert [group.name for group in spec.learned.groups] == [group.name for group in spec.groups]


def test_a_model_without_it_says_so(tiny: ModelSpec):
    with pytest.raises(ModelError, match="no description"):
        _ = tiny.learned


@pytest.mark.parametrize(
    "content", ["", "[]", "null", "{}", '{"schema": 1}', '{"schema": 2}', '{"schema": 1, "a": 2}']
)
def test_nonsense_is_a_model_error(tmp_path: Path, content: str):
    folder = model_with_patterns(tmp_path / "model")
    (folder / "patterns.json").write_text(content)
    definition = json.loads((folder / "model.json").read_text())
    (folder / "model.json").write_text(json.dumps(definition | {"sha256": {}}))
    with pytest.raises(ModelError, match=r"patterns\.json"):
        _ = load_spec(folder).learned


def test_an_unknown_key_is_refused():
    stored = tiny_patterns()
    stored["channels"][0]["colour"] = "red"
    with pytest.raises(TypeError):
        parse_learned(stored)
