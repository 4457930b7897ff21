"""The textbook's words: what fits, what is missing, what is left over, and what contradicts."""

from __future__ import annotations

import numpy as np
import pytest
import synthetic

from irclassify.batch.explanations import explain_source
from irclassify.explain.assignment import (
    Measured,
    assign,
    contradictions,
    known_bands,
    missing,
    strong_bands,
    what_stands,
)
from irclassify.explain.bands import bands_of
from irclassify.explain.peaks import measured_bands
from irclassify.model.folder import ModelSpec
from irclassify.results.explanation import GroupExplanation, Region, together
from irclassify.sources.paths import Source
from irclassify.spectra.spectrum import Spectrum


def measured(
    *bands: tuple[float, float, float], phase: str | None = "gas", low: float = 500.0
) -> Measured:
    """A simulated spectrum of these bands (cm-1, height, width), measured from ``low``."""
    x = np.arange(low, 3901.0, 2.0)
    y = sum(h * np.exp(-(((x - c) / w) ** 2)) for c, h, w in bands) + np.zeros_like(x)
    spectrum = Spectrum(x, y)
    return Measured(spectrum, measured_bands(spectrum), phase)


def names(spectrum: Measured, group: str) -> list[str]:
    """The vibrations of a group that it lacks."""
    return [lack.vibration for lack in missing(group, spectrum)]


def test_a_nitrile_without_its_band_lacks_it_and_with_it_does_not():
    assert names(measured((1500, 1, 10)), "nitrile") == ["C≡N stretch"]
    assert names(measured((1500, 1, 10), (2240, 0.01, 10)), "nitrile") == []


def test_what_was_not_measured_is_not_missing():
    assert names(measured((2900, 1, 20), low=2260.0), "nitrile") == []


def test_the_phase_decides_where_a_band_is_expected():
    sharp = [(3650.0, 0.5, 10.0), (1050.0, 1.0, 20.0)]
    assert names(measured(*sharp), "alcohol") == []
    vapour_ketone = measured((1782, 1, 12))
    assert [b.kind for b in bands_at_ketone(vapour_ketone)] == [
        "four- or five-membered ring",
        "alpha-halogenated",
    ]


def bands_at_ketone(spectrum: Measured) -> tuple:
    return strong_bands(spectrum, ["ketone"])[0].known_bands


def test_the_broad_band_of_an_acid_is_no_maximum_but_seen():
    hump = [(2900.0, 0.4, 350.0), (1710.0, 1.0, 15.0), (1250.0, 0.5, 20.0)]
    assert "O-H stretch" not in names(measured(*hump, phase="condensed"), "carboxylic_acid")
    only_ch = [(2950.0, 0.4, 30.0), (1710.0, 1.0, 15.0), (1250.0, 0.5, 20.0)]
    assert "O-H stretch" in names(measured(*only_ch, phase="condensed"), "carboxylic_acid")


def region(contribution: float, pattern: str = "peak", band: float | None = 1745.0) -> Region:
    """One from 1760 to 1730 cm-1."""
    return Region(1730, 1760, contribution, 0.5, 1700, 1790, band, 0.5, 20.0, pattern)


def test_known_bands_take_the_side_of_the_evidence():
    def groups_of(region: Region, called: list[str]) -> set[str]:
        return {band.group for band in known_bands("ester", region, called, "condensed")}

    assert groups_of(region(1.0), []) == {"ester"}
    assert groups_of(region(1.0, "faint", None), []) == {"ester"}
    assert "ester" not in groups_of(region(-1.0, "faint", None), [])
    against = known_bands("ester", region(-1.0), ["ketone"], "condensed")
    assert against[0].group == "ketone"
    assert groups_of(region(1.0, band=2100.0), []) == set()


def test_a_rare_ring_is_named_only_where_no_called_group_absorbs():
    def kinds(called: list[str]) -> list[str]:
        found = known_bands("alkane", region(1.0, band=3082.0), called, "gas")
        return [band.kind for band in found]

    assert kinds(["alkane"]) == ["cyclopropane"]
    assert kinds(["alkane", "alkene"]) == []


def test_a_pair_on_either_side_of_a_band_says_so():
    assert together("side of band at 1766", "side of band at 1766") == "both sides of band at 1766"
    assert together("side of band at 1", "band at 1") == "band at 1 together with its own side"
    assert together("band at 2", "band at 1") == "band at 2 together with band at 1"


def group(name: str, main: tuple[Region, ...] = (), lacks: tuple = ()) -> GroupExplanation:
    return GroupExplanation(
        name, 0.9, "present", 0.5, 2.0, -1.0, (), (), 0.0, main=main, missing=lacks
    )


def test_a_contradiction_is_a_sentence():
    lacks = missing("nitrile", measured((1500, 1, 10)))
    (sentence,) = contradictions(group("nitrile", lacks=lacks))
    assert sentence == "nitrile is called, but its C≡N stretch is not there (2275-2200 cm-1)"
    (sentence,) = contradictions(group("nitrile", main=(region(1.0),)))
    assert "textbook" in sentence
    assert contradictions(group("nitrile")) == ()


def test_expected_but_not_defining_bands_are_no_contradiction():
    lacks = missing("amine", measured((1500, 1, 10)))
    assert [lack.vibration for lack in lacks] == ["N-H stretch"]
    assert contradictions(group("amine", lacks=lacks)) == ()


def test_strong_bands_are_assigned_to_called_groups_or_get_candidates():
    spectrum = measured((1745, 1, 12), (2260, 0.6, 12), (2350, 0.5, 12), phase="condensed")
    carbon_dioxide, odd, carbonyl = strong_bands(spectrum, ["ester"])
    assert carbonyl.known_bands[0].label == "C=O stretch, saturated"
    assert carbonyl.candidates == ()
    assert odd.known_bands == ()
    assert {"isocyanate", "nitrile"} <= {band.group for band in odd.candidates}
    assert "carbon dioxide" in {band.group for band in carbon_dioxide.candidates}
    assert odd.height == pytest.approx(0.6, abs=0.02)


def test_a_strong_band_is_not_put_down_to_a_weak_vibration():
    (carbonyl,) = strong_bands(measured((1690, 1, 10), phase="condensed"), ["aromatic"])
    assert carbonyl.known_bands == ()  # overtones of aromatic C-H are there too, but weak
    assert {"ketone", "aldehyde"} & {band.group for band in carbonyl.candidates}


@pytest.mark.parametrize(
    ("band", "words"),
    [
        (1745.0, "C=O stretch at 1745"),
        (1850.0, "side of band at 1850"),
        (1728.0, "side of C=O stretch at 1728"),
        (None, "absorption in 1760-1730 (no band)"),
    ],
)
def test_words_for_what_stands_there(band, words):
    assert what_stands((1730.0, 1760.0), band, "ester", [], "condensed") == words


def test_assignment_changes_no_number(tiny: ModelSpec):
    data = synthetic.jdx(synthetic.ESTER).encode()
    explained = explain_source(Source("e.jdx", "e.jdx", data=data), tiny)
    bare = synthetic.spectrum(synthetic.ESTER)
    again = assign(explained, Measured(bare, measured_bands(bare), None))
    for ours, theirs in zip(again.groups, explained.groups, strict=True):
        assert (ours.logit, ours.bias, ours.remainder) == (
            theirs.logit,
            theirs.bias,
            theirs.remainder,
        )
        contributions = [r.contribution for r in ours.regions]
        assert contributions == [r.contribution for r in theirs.regions]
    ester = {g.name: g for g in explained.groups}["ester"]
    assert "C=O stretch at 1746" in {w for pair in ester.pairs for w in (pair.a_is, pair.b_is)}
    assert ester.contradicts == ()
    assert explained.resolution_cm1 == pytest.approx(60.07, abs=0.01)
    # The tiny model calls neither alkane nor methyl: their band is left over.
    assert [round(found.band.cm1, -1) for found in explained.unexplained] == [2960]
    assert "alkane" in {band.group for band in explained.unexplained[0].candidates}


def test_every_defining_band_belongs_to_a_named_set():
    for name in ("ester", "nitrile", "alcohol", "nitro", "aromatic"):
        assert any(band.expect == "defining" for band in bands_of(name))
