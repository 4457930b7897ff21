"""Each band gets one name for the whole spectrum; what the model doubts is no name."""

from __future__ import annotations

import numpy as np
import pytest

from irclassify.explain.bands import BANDS, OPEN
from irclassify.explain.matching import Match, match
from irclassify.explain.observed import Observed

GROUPS = tuple(dict.fromkeys(band.group for band in BANDS))


def names(
    *bands: tuple[float, float],
    present: str = "",
    phase: str = "condensed",
    state: str = "",
    shape: str = "",
    **others: float,
) -> tuple[Match, ...]:
    """The matches of bands (cm-1, height) when some groups are called, the others absent."""
    probabilities = dict.fromkeys(GROUPS, 0.01) | dict.fromkeys(present.split(), 0.99) | others
    cm1, height = np.array(bands).T
    observed = Observed(cm1, height, (shape,) * len(bands))
    return match(observed, probabilities, phase, state)


def test_the_carbonyl_of_an_ester_is_no_overtone_and_no_alkene():
    said = names((1717, 1.0), (1269, 0.9), (1108, 0.6), (709, 0.6), present="ester aromatic")
    assert [each.first.group for each in said if each.first][:2] == ["ester"] * 2
    assert said[0].first.vibration == "C=O stretch"
    assert said[3].first.group == "aromatic"


def test_a_band_of_a_group_that_is_not_called_is_not_assigned():
    (said,) = names((1717, 1.0), present="alkane")
    assert said.first is None


def test_a_name_holds_within_ten_wavenumbers_of_its_range():
    rng = np.random.default_rng(0)
    for _ in range(20):
        places = [(float(x), 0.5) for x in rng.uniform(450, 3600, 12)]
        said = names(*places, present="ester aromatic alkane methyl alcohol amide alkyl_halide")
        for (cm1, _), each in zip(places, said, strict=True):
            if each.first is not None:
                assert each.first.distance(cm1) <= 10


def test_one_carbonyl_accounts_for_no_more_bands_than_it_has():
    said = names(*[(1680 + 4.0 * i, 0.9) for i in range(8)], present="ketone")
    carbonyls = [e for e in said if e.first and e.first.vibration == "C=O stretch"]
    assert len(carbonyls) < 8


@pytest.mark.parametrize(
    ("band", "state", "shape", "artefact"),
    [
        (2349.0, "", "", "carbon dioxide"),
        (2922.0, "SOLID (NUJOL MULL)", "", "Nujol"),
        (2922.0, "SPLIT MULL, FLUOROLUBE AND NUJOL", "", None),
        (2922.0, "LIQUID", "", None),
        (3430.0, "KBr disc", "broad", "water"),
    ],
)
def test_what_is_not_the_sample_is_said_so(band, state, shape, artefact):
    (said,) = names((band, 0.5), state=state, shape=shape)
    assert (said.first.group if said.first else None) == artefact


def test_water_vapour_is_many_sharp_lines():
    lines = [(x, 0.05) for x in (3853.0, 3837.0, 3820.0, 3801.0, 3750.0, 1734.0)]
    assert {e.first.group for e in names(*lines, shape="sharp") if e.first} == {"water vapour"}
    few = names(*lines[-2:], shape="sharp")
    assert "water vapour" not in {each.first.group for each in few if each.first}


def test_a_siloxane_is_noticed_when_the_model_knows_silicon():
    bands = ((2963, 0.2), (1260, 0.9), (1090, 0.9), (1020, 1.0), (800, 0.9))
    said = names(*bands, present="methyl", organosilicon=0.99)
    assert {each.first.group for each in said[1:] if each.first} <= {
        "silicon",
        "siloxane",
        "silicon-methyl",
    }
    assert all(each.first for each in said[1:])


def test_where_the_group_is_open_a_band_is_named_by_what_the_groups_share():
    (said,) = names((1715, 0.9), present="aromatic", ester=0.6, ketone=0.6, aldehyde=0.5)
    assert said.first is not None
    assert (said.first.group, said.first.vibration) == ("carbonyl", "C=O stretch")
    assert said.first.expect == OPEN
    (sure,) = names((1715, 0.9), present="ketone", ester=0.6)
    assert sure.first is not None
    assert sure.first.group == "ketone"


def test_no_band_no_match():
    assert match(Observed(np.array([]), np.array([]), ()), dict.fromkeys(GROUPS, 0.5), None) == ()


def test_the_lines_of_a_rotating_vapour_do_not_add_up_to_a_rare_structure():
    lines = [(1400.0 + 14 * i, 0.8) for i in range(12)]
    said = names(*lines, present="methyl nitrile", phase="gas", shape="sharp")
    rare = {"nitrosamine", "thioamide or thiourea"}
    assert not rare & {each.first.group for each in said if each.first}


@pytest.mark.parametrize("phase", ["gas", "condensed", "atr"])
def test_what_the_tables_call_weak_is_never_the_name_of_the_highest_band(phase):
    for cm1 in np.arange(450.0, 3600.0, 7.0):
        (said,) = names((cm1, 1.0), present=" ".join(GROUPS), phase=phase)
        assert said.first is None or said.first.intensity != "weak"


def test_of_a_sure_group_no_kind_that_is_improbable_gives_the_name():
    """An aromatic ring is no pyrrole: its N-H stretch is no name of a band at 2904 or 3440 cm-1."""
    for cm1 in (2904, 3440):
        (said,) = names((cm1, 0.5), present="aromatic alkane", phase="atr")
        assert said.first is None or said.first.vibration != "N-H stretch"
