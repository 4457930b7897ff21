"""The difference of two logits is the sum over the peaks of both spectra."""

from __future__ import annotations

import io
import json

import pytest
import synthetic
from hypothesis import given, settings
from hypothesis import strategies as st

from irclassify.batch.explanations import compare_sources
from irclassify.model.folder import ModelSpec
from irclassify.reports.json import record_of
from irclassify.reports.terminal.comparison import print_comparison
from irclassify.results.comparison import Comparison
from irclassify.sources.paths import Source

KINDS = {"ester": synthetic.ESTER, "ketone": synthetic.KETONE, "alcohol": synthetic.ALCOHOL}


def source(kind: str) -> Source:
    return Source(f"{kind}.jdx", kind, data=synthetic.jdx(KINDS[kind], kind).encode())


def compared(spec: ModelSpec, a: str, b: str) -> Comparison:
    found = compare_sources(source(a), source(b), spec)
    assert isinstance(found, Comparison)
    return found


@given(a=st.sampled_from(sorted(KINDS)), b=st.sampled_from(sorted(KINDS)))
@settings(max_examples=9, deadline=None)
def test_differences_add_up(tiny: ModelSpec, a: str, b: str):
    record = record_of(compared(tiny, a, b))
    for group in record["groups"]:
        told = [term["difference"] for term in group["by_peak"]]
        assert group["bias"] + sum(told) + group["no_peak"] == pytest.approx(
            group["difference"], abs=1e-4
        )
        for term, peak in zip(group["by_peak"], record["peaks"], strict=True):
            assert (term["a_peak"], term["b_peak"]) == (peak["a"], peak["b"])
            assert term["b"] - term["a"] == pytest.approx(term["difference"], abs=1e-7)
        if a == b:
            assert group["difference"] == 0 == group["no_peak"]
            assert not group["differs"]


def test_every_peak_of_both_spectra_stands_once(tiny: ModelSpec):
    found = compared(tiny, "ketone", "ester")
    for letter, explanation in (("a", found.a), ("b", found.b)):
        shown = [getattr(match, letter) for match in found.peaks]
        numbers = [peak.number for peak in shown if peak is not None]
        assert sorted(numbers) == [peak.number for peak in explanation.peaks]
    places = [match.one.cm1 for match in found.peaks]
    assert places == sorted(places, reverse=True)
    assert {match.shown_by for match in compared(tiny, "ester", "ester").peaks} == {"both"}


def test_the_band_that_makes_the_ester_is_named(tiny: ModelSpec):
    found = compared(tiny, "ketone", "ester")
    group = {g.name: g for g in found.groups}["ester"]
    assert group.differs
    (at,) = [i for i, match in enumerate(found.peaks) if abs(match.one.cm1 - 1240) < 3]
    assert found.peaks[at].shown_by == "b"
    assert group.by_peak[at].difference > 0


def test_called_groups_come_first_by_the_size_of_their_change(tiny: ModelSpec):
    order = compared(tiny, "ketone", "ester").by_change
    called = [group.is_called for group in order]
    assert called == sorted(called, reverse=True)
    changes = [abs(group.difference) for group in order if group.is_called]
    assert changes == sorted(changes, reverse=True)
    assert len(changes) > 1


def test_a_bad_file_is_named_beside_a_good_one(tiny: ModelSpec):
    bad = Source("bad.jdx", "bad.jdx", data=b"no spectrum")
    found = compare_sources(source("ester"), bad, tiny)
    assert isinstance(found, tuple)
    assert [failed.file for failed in found] == ["bad.jdx"]


def test_the_terminal_marks_the_calls_that_differ(tiny: ModelSpec):
    stream = io.StringIO()
    found = compared(tiny, "ketone", "ester")
    print_comparison(found, stream)
    text = stream.getvalue()
    differing = [group.name for group in found.groups if group.differs and group.is_called]
    assert differing
    for line in text.splitlines():
        if line.split(maxsplit=1)[:1] in [[name] for name in differing]:
            assert "≠" in line
    assert "= logit of B - logit of A" in text
    json.dumps(record_of(found), allow_nan=False)
