"""The difference of two logits is the sum of what is named and the remainder."""

from __future__ import annotations

import io
import json

import pytest
import synthetic
from hypothesis import given, settings
from hypothesis import strategies as st

from irclassify.batch.explanations import compare_sources
from irclassify.model.folder import ModelSpec
from irclassify.reports.json import comparison_record
from irclassify.reports.terminal.comparison import print_comparison
from irclassify.results.comparison import Comparison
from irclassify.sources.paths import Source

KINDS = {"ester": synthetic.ESTER, "ketone": synthetic.KETONE, "alcohol": synthetic.ALCOHOL}


def source(kind: str) -> Source:
    return Source(f"{kind}.jdx", kind, data=synthetic.jdx(KINDS[kind], kind).encode())


def compared(spec: ModelSpec, a: str, b: str, top: int = 5) -> Comparison:
    found = compare_sources(source(a), source(b), spec, top=top)
    assert isinstance(found, Comparison)
    return found


@given(a=st.sampled_from(sorted(KINDS)), b=st.sampled_from(sorted(KINDS)), top=st.integers(0, 6))
@settings(max_examples=12, deadline=None)
def test_differences_add_up(tiny: ModelSpec, a: str, b: str, top: int):
    for group in comparison_record(compared(tiny, a, b, top))["groups"]:
        told = [term["difference"] for term in group["regions"] + group["pairs"]]
        assert group["bias"] + sum(told) + group["remainder"] == pytest.approx(
            group["difference"], abs=1e-4
        )
        for term in group["regions"] + group["pairs"]:
            assert term["b"] - term["a"] == pytest.approx(term["difference"], abs=1e-7)
        if a == b:
            assert group["difference"] == 0 == group["remainder"]
            assert not group["differs"]


def test_the_band_that_makes_the_ester_is_named(tiny: ModelSpec):
    group = {g.name: g for g in compared(tiny, "ketone", "ester").groups}["ester"]
    assert group.differs
    assert any(
        region.difference > 0
        and "at 1240" in region.b_is
        and region.from_cm1 < 1240 < region.to_cm1
        for region in group.regions
    )


def test_a_bad_file_is_named_beside_a_good_one(tiny: ModelSpec):
    bad = Source("bad.jdx", "bad.jdx", data=b"no spectrum")
    found = compare_sources(source("ester"), bad, tiny)
    assert isinstance(found, tuple)
    assert [failed.file for failed in found] == ["bad.jdx"]


def test_the_terminal_shows_verdicts_and_only_what_differs(tiny: ModelSpec):
    stream = io.StringIO()
    found = compared(tiny, "ketone", "ester")
    print_comparison(found, stream)
    text = stream.getvalue()
    differing = [group.name for group in found.groups if group.differs]
    assert differing
    assert text.count("≠") == len(differing)
    assert text.count("= logit of B") == len(differing)
    same = io.StringIO()
    print_comparison(compared(tiny, "ester", "ester"), same)
    assert "The calls are the same" in same.getvalue()
    json.dumps(comparison_record(found), allow_nan=False)
