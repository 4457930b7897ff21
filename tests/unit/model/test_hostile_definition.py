"""A model.json that is not what it should be is one ModelError, whatever stands where."""

from __future__ import annotations

import copy
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from command_line import TINY, irclassify

from irclassify.errors import ModelError
from irclassify.model.folder import load_spec

WRONG = (None, [], {}, "x", -1, float("inf"), True, [[[]]])


def places(node: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in a definition; of long lists the first two."""
    if above:
        yield above
    inside = dict(enumerate(node[:2])) if isinstance(node, list) else node
    for key, inner in inside.items() if isinstance(inside, dict) else ():
        yield from places(inner, (*above, key))


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return Path(shutil.copytree(TINY, tmp_path / "model"))


DEFINITION = json.loads((TINY / "model.json").read_text(encoding="utf-8"))
SAMPLE = Path(__file__).parents[3] / "irclassify/samples/ethanol.jdx"


@pytest.mark.parametrize("place", sorted({place[0] for place in places(DEFINITION)}))
def test_a_wrong_value_anywhere_is_used_or_refused_in_one_line(model: Path, place: str):
    for where in (each for each in places(DEFINITION) if each[0] == place):
        for value in WRONG:
            changed = copy.deepcopy(DEFINITION)
            node = changed
            for key in where[:-1]:
                node = node[key]
            node[where[-1]] = value
            (model / "model.json").write_text(json.dumps(changed))
            try:
                load_spec(model)
            except ModelError as error:
                assert "\n" not in str(error)
            else:  # what was accepted can be worked with
                done = irclassify("predict", SAMPLE, "-m", model, "-f", "jsonl")
                assert done.returncode in (0, 1, 2), (where, value)


@pytest.mark.parametrize(
    "text", ["null", "[]", "3", "", "{", "[" * 100_000, '{"schema": 3, "sha256": null}']
)
def test_other_json_is_refused_in_one_line(model: Path, text: str):
    (model / "model.json").write_text(text)
    done = irclassify("predict", SAMPLE, "-m", model)
    assert done.returncode == 2
    assert done.stderr.count(b"\n") == 1
