"""What predict and explain say of a spectrum outside the domain, and --strict."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
import synthetic
from command_line import TINY, irclassify, tiny
from detectors import ALWAYS, NEVER, add_to


@pytest.fixture
def ester(tmp_path: Path) -> Path:
    path = tmp_path / "ester.jdx"
    path.write_text(synthetic.jdx(synthetic.ESTER), encoding="utf-8")
    return path


@pytest.fixture(params=["in_domain", "unusual", "outside"])
def judged(request, tmp_path: Path) -> tuple[Path, str]:
    """A model for which every spectrum is so, and the word for it."""
    limits = {
        "in_domain": (NEVER, NEVER),
        "unusual": (ALWAYS, NEVER),
        "outside": (ALWAYS, ALWAYS),
    }[request.param]
    return add_to(TINY, tmp_path / "model", limits), request.param


@pytest.mark.parametrize("command", ["predict", "explain"])
def test_json_has_verdict_and_reasons(command: str, judged, ester: Path):
    model, verdict = judged
    said = json.loads(irclassify(command, "-m", model, ester, "-f", "json").stdout)
    row = said[0] if command == "predict" else said
    assert list(row["domain"]) == ["verdict", "reasons"]
    assert row["domain"]["verdict"] == verdict
    assert bool(row["domain"]["reasons"]) == (verdict != "in_domain")


def test_rows_end_with_the_verdict_and_its_reasons(judged, ester: Path):
    model, verdict = judged
    text = irclassify("predict", "-m", model, ester, ester.parent / "none", "-f", "csv").stdout
    good, bad = csv.DictReader(io.StringIO(text.decode()))
    assert list(good)[-2:] == ["domain", "domain_reasons"]
    assert good["domain"] == verdict
    assert bool(good["domain_reasons"]) == (verdict != "in_domain")
    assert (bad["domain"], bad["domain_reasons"]) == ("", "")


@pytest.mark.parametrize("command", ["predict", "explain"])
def test_the_table_marks_what_is_not_in_the_domain(command: str, judged, ester: Path):
    model, verdict = judged
    text = irclassify(command, "-m", model, ester, "-f", "table").stdout.decode()
    marks = {"in_domain": None, "unusual": "? unusual: ", "outside": "‼ outside what the model"}
    for word, mark in marks.items():
        if mark:
            assert (mark in text) == (word == verdict)


def test_strict_exits_3_only_for_what_is_outside(judged, ester: Path):
    model, verdict = judged
    assert irclassify("predict", "-m", model, ester).returncode == 0
    strict = irclassify("predict", "-m", model, ester, "--strict")
    assert strict.returncode == (3 if verdict == "outside" else 0)
    assert strict.stdout == irclassify("predict", "-m", model, ester).stdout
    missing = ester.parent / "none.jdx"
    both = irclassify("predict", "-m", model, ester, missing, "--strict")
    assert both.returncode == (3 if verdict == "outside" else 1)
    assert (b"1 outside what the model knows" in both.stderr) == (verdict == "outside")


def test_a_model_that_cannot_tell_says_null_and_refuses_strict(ester: Path):
    (row,) = json.loads(tiny("predict", ester, "-f", "json").stdout)
    assert row["domain"] is None
    refused = tiny("predict", ester, "--strict")
    assert refused.returncode == 2
    assert b"has no domain detector" in refused.stderr
    assert refused.stdout == b""
