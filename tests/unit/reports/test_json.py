"""The keys of the JSON output: complete, in a fixed order, rounded as documented."""

from __future__ import annotations

from dataclasses import fields
from inspect import getmembers, isclass

import pytest

from irclassify.reports.json import KEYS, MADE, record_of
from irclassify.results import (
    bands,
    check,
    comparison,
    evaluation,
    explanation,
    inspection,
    patterns,
)
from irclassify.results import prediction as predictions
from irclassify.results.bands import Band
from irclassify.results.comparison import PeakContrast
from irclassify.results.prediction import Domain, Failed, GroupCall, Ok, Prediction

RESULTS = {
    name: each
    for module in (
        bands,
        check,
        comparison,
        evaluation,
        explanation,
        inspection,
        patterns,
        predictions,
    )
    for name, each in getmembers(module, isclass)
    if each.__module__ == module.__name__
}

# Fields that the JSON leaves out, and why.
LEFT_OUT = {
    # drawings: thousands of numbers that the spectrum's file holds already
    "Explanation": {"trace", "details"},
    # for people: the list of an explanation leaves out what a detail accounts for
    "Unexplained": {"detail"},
    # columns of csv, tsv and Parquet
    "Ok": {"labels"},
    "Failed": {"labels"},
    # of each group, what ``weights`` says; of the whole model, what ``patterns`` says
    "Learned": {"fragments", "position_cm1", "groups"},
    # a word for people, from the call
    "GroupExplanation": {"shown", "covers"},
    "Inspection": {"profile", "header"},
    # how the textbook's table is matched; ``label`` holds the kind
    "Band": {
        "vibration",
        "kind",
        "phase",
        "expect",
        "expected",
        "structure",
        "width",
        "companions",
        "most",
    },
    # those of details are in ``details``; the rest is in `irclassify groups`
    "GroupCall": {"logit", "title", "parent", "covers", "base_rate"},
    "Peak": {"prominence"},
    # the two explanations hold them
    "GroupContrast": {"a", "b"},
    # in ``spectra``
    "Evaluation": {"n", "complete"},
    # told in words by the terminal
    "Check": {"limits_phase"},
}


@pytest.mark.parametrize("name", KEYS)
def test_every_field_of_a_result_is_in_the_json_or_left_out_on_purpose(name: str):
    each = RESULTS[name]
    known = each._fields if hasattr(each, "_fields") else {f.name for f in fields(each)}
    said = {
        key.partition("/")[0].partition("=")[2] or key.partition("/")[0].partition("=")[0]
        for key in KEYS[name].split()
    }
    used = {path.partition(".")[0] for path in said}
    used |= {"over_rate"} if name == "Evaluation" else set()
    used |= {"channels"} if name == "LearnedRegion" else set()
    used |= {"code", "message"} if name == "Failed" else set()
    assert set(known) - used == LEFT_OUT.get(name, set())


def test_what_is_computed_belongs_to_a_key():
    assert all(key in KEYS[name].split() for name, key in MADE)


def test_keys_and_their_order_are_those_of_the_documented_interface():
    result = Ok(
        "a.jdx",
        Prediction(
            "m@1",
            (GroupCall("ester", 0.12345678, "present", 1.0, "present"),),
            "gas",
            0.05,
            Domain("unusual", ("why",)),
            (GroupCall("lactone", 0.9, "present", 2.2, "present", "lactone", "ester"),),
            "inferred",
            0.98765432,
        ),
        ("careful",),
    )
    assert list(record_of(result).items()) == [
        ("file", "a.jdx"),
        ("ok", True),
        ("model", "m@1"),
        (
            "groups",
            [
                {
                    "name": "ester",
                    "probability": 0.123457,
                    "call": "present",
                    "best_guess": "present",
                }
            ],
        ),
        ("warnings", ["careful"]),
        ("domain", {"verdict": "unusual", "reasons": ["why"]}),
        ("phase", "gas"),
        ("error_rate", 0.05),
        (
            "details",
            [
                {
                    "name": "lactone",
                    "parent": "ester",
                    "title": "lactone",
                    "probability": 0.9,
                    "call": "present",
                    "best_guess": "present",
                }
            ],
        ),
        ("phase_source", "inferred"),
        ("phase_probability", 0.987654),
    ]


def test_a_file_that_failed_says_so_with_its_code():
    assert record_of(Failed("b.jdx", "truncated", "ends early")) == {
        "file": "b.jdx",
        "ok": False,
        "error": {"code": "truncated", "message": "ends early"},
    }


def test_computed_values_are_rounded_too():
    assert record_of(PeakContrast(1, None, 0.1, 0.3)) == {
        "a_peak": 1,
        "b_peak": None,
        "a": 0.1,
        "b": 0.3,
        "difference": 0.2,
    }


def test_a_textbook_band_names_its_kind_with_the_vibration():
    band = Band("ester", 1735.0, 1750.0, "C=O stretch", "strong", "book", kind="saturated")
    assert record_of(band) == {
        "group": "ester",
        "vibration": "C=O stretch, saturated",
        "from_cm1": 1735.0,
        "to_cm1": 1750.0,
        "intensity": "strong",
        "note": "",
        "source": "book",
    }
