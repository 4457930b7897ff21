"""The textbook's words: what fits, what is missing, what is left over, and what contradicts."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import synthetic

from irclassify.batch.explanations import explain_source
from irclassify.explain.assignment import (
    Measured,
    absorbs_at,
    contradictions,
    missing,
    strongest,
    unexplained,
)
from irclassify.explain.bands import BANDS, FOREIGN, bands_of
from irclassify.explain.peaks import measured_bands
from irclassify.model.folder import ModelSpec
from irclassify.results.bands import Band
from irclassify.results.explanation import GroupExplanation, Peak, PeakShare
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
    assert absorbs_at(1782, "gas", ["ketone"])
    assert not absorbs_at(1782, "condensed", ["aldehyde"])


def test_the_broad_band_of_an_acid_is_no_maximum_but_seen():
    hump = [(2900.0, 0.4, 350.0), (1710.0, 1.0, 15.0), (1250.0, 0.5, 20.0)]
    assert "O-H stretch" not in names(measured(*hump, phase="condensed"), "carboxylic_acid")
    only_ch = [(2950.0, 0.4, 30.0), (1710.0, 1.0, 15.0), (1250.0, 0.5, 20.0)]
    assert "O-H stretch" in names(measured(*only_ch, phase="condensed"), "carboxylic_acid")


def peak(number: int, cm1: float, band: Band | None = None, height: float = 1.0) -> Peak:
    return Peak(number, cm1, height, 20.0, height, height, cm1 - 20, cm1 + 20, "", band)


def group(name: str, adds: tuple[float, ...] = (), lacks: tuple = ()) -> GroupExplanation:
    shares = tuple(PeakShare(number, each) for number, each in enumerate(adds, start=1))
    return GroupExplanation(name, 0.9, "present", 2.0, -1.0, shares, missing=lacks)


def test_a_contradiction_is_a_sentence():
    lacks = missing("nitrile", measured((1500, 1, 10)))
    (sentence,) = contradictions(group("nitrile", lacks=lacks), (), "gas")
    assert sentence == "nitrile is called, but its C≡N stretch is not there (2275-2200 cm-1)"
    peaks = (peak(1, 2240.0), peak(2, 1745.0))
    (sentence,) = contradictions(group("nitrile", (0.0, 1.0)), peaks, "gas")
    assert "textbook" in sentence
    assert contradictions(group("nitrile", (0.5, 1.0)), peaks, "gas") == ()
    assert contradictions(group("nitrile"), (), "gas") == ()


def test_expected_but_not_defining_bands_are_no_contradiction():
    lacks = missing("amine", measured((1500, 1, 10)))
    assert [lack.vibration for lack in lacks] == ["N-H stretch"]
    assert contradictions(group("amine", lacks=lacks), (), "gas") == ()


def vibration(group: str, cm1: float) -> Band:
    """The first band of a group, of any table, at a wavenumber (cm-1)."""
    return next(b for b in (*BANDS, *FOREIGN) if b.group == group and b.low <= cm1 <= b.high)


def test_a_strong_peak_is_a_called_groups_or_gets_candidates():
    ester = vibration("ester", 1745.0)
    peaks = (peak(1, 2260.0, height=0.6), peak(2, 1745.0, ester), peak(3, 1240.0, height=0.1))
    (odd,) = unexplained(peaks, 1.0, "condensed", ["ester"], ["nitrile", "ester"])
    assert odd.peak.number == 1
    assert odd.candidates[0].group == "nitrile"
    assert "isocyanate" in {band.group for band in odd.candidates}
    assert {each.peak.number for each in unexplained(peaks, 1.0, "condensed", [])} == {1, 2}


def test_a_peak_that_no_model_group_can_be_is_unexplained_by_its_own_name():
    siloxane = next(band for band in FOREIGN if band.group == "siloxane")
    middle = (siloxane.low + siloxane.high) / 2
    (odd,) = unexplained((peak(1, middle, siloxane),), 1.0, "condensed", ["ether", "alcohol"])
    assert odd.candidates == (siloxane,)


def test_the_far_infrared_is_not_asked_about():
    assert unexplained((peak(1, 220.0),), 1.0, "condensed", []) == ()


def test_what_is_not_the_samples_is_not_unexplained():
    air = replace(peak(1, 2350.0), is_artefact=True)
    assert unexplained((air,), 1.0, "condensed", []) == ()


def test_a_strong_band_is_not_put_down_to_a_weak_vibration():
    (carbonyl,) = strongest(measured((1690, 1, 10)).bands, 1.0)
    # Overtones of aromatic C-H are there too, but weak.
    assert not absorbs_at(carbonyl.cm1, "condensed", ["aromatic"])


def test_an_ester_is_at_odds_with_nothing_and_its_other_bands_are_left_over(tiny: ModelSpec):
    data = synthetic.jdx(synthetic.ESTER).encode()
    explained = explain_source(Source("e.jdx", "e.jdx", data=data), tiny)
    ester = {g.name: g for g in explained.groups}["ester"]
    assert (ester.missing, ester.contradicts) == ((), ())
    assert explained.resolution_cm1 == pytest.approx(60.07, abs=0.01)
    # The tiny model calls neither alkane nor methyl: their band is left over.
    assert [round(odd.peak.cm1, -1) for odd in explained.unexplained] == [2960]
    assert {"alkane", "methyl"} & {band.group for band in explained.unexplained[0].candidates}


def test_every_defining_band_belongs_to_a_named_set():
    for name in ("ester", "nitrile", "alcohol", "nitro", "aromatic"):
        assert any(band.expect == "defining" for band in bands_of(name))


def test_a_strong_band_of_a_present_detail_is_told_as_its_own():
    band = next(b for b in FOREIGN if b.group == "isothiocyanate" and "asymmetric" in b.vibration)
    peak = Peak(1, 2050.0, 0.9, 40.0, 0.9, 1.0, 2000.0, 2100.0, "", band)
    (alone,) = unexplained([peak], 1.0, "gas", [])
    (known,) = unexplained([peak], 1.0, "gas", [], details=["phenol", "isothiocyanate"])
    assert (alone.detail, known.detail) == (None, "isothiocyanate")
    assert alone.candidates == known.candidates
