"""Every command prints, writes and returns what ``record.py`` has stored."""

from __future__ import annotations

import os
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from irclassify.model.folder import find_model

sys.path.insert(0, str(Path(__file__).parent))
import record

CASES = record.cases()
SAME_MACHINE = record.MACHINE.read_text(encoding="utf-8") == record.machine()
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs os.fork")


@pytest.fixture(scope="module")
def found() -> dict[str, record.Outcome]:
    """The outcome of every case, run once."""
    return dict(zip(CASES, record.outcomes(list(CASES.values())), strict=True))


@pytest.mark.parametrize("name", CASES)
def test_command_answers_as_recorded(name: str, found: dict[str, record.Outcome]):
    case = CASES[name]
    if "needs" in case and find_spec(case["needs"]) is None:
        pytest.skip(f"{case['needs']} is not installed")
    before = record.stored(name)
    now = record.record(case, found[name], record.tool_version(found["version"]))
    if SAME_MACHINE or not record.alike(before, now):
        assert now == before


def test_screens_word_the_names_of_groups():
    underscored = [g.name for g in find_model("default").outputs if "_" in g.name]
    screens = [
        name
        for name, case in CASES.items()
        if "--format table" in " ".join(case["words"]) or case.get("terminal")
    ]
    said = {name: record.stored(name) for name in screens if not name.startswith("groups")}
    assert len(said) > 20
    assert not [(name, raw) for name, text in said.items() for raw in underscored if raw in text]


def test_names_of_commands_and_options_are_as_recorded():
    assert record.option_names() == record.OPTIONS.read_text(encoding="utf-8")


def test_json_keys_are_as_recorded(found: dict[str, record.Outcome]):
    now = record.json_keys(found, record.tool_version(found["version"]))
    assert now == record.JSON_KEYS.read_text(encoding="utf-8")


def test_every_recorded_file_belongs_to_a_case():
    assert {f.name.partition(".")[0] for f in record.STORED.iterdir()} == CASES.keys()


def test_a_changed_word_is_noticed_and_a_rounded_digit_is_not():
    assert record.alike("ester 0.91204 ██▍", "ester 0.91205 ██▌")
    assert not record.alike("ester 0.912", "ketone 0.912")
    assert not record.alike("ester 0.912", "ester 0.955")
