"""The paragraph says what is there, by which bands, what is not, and what is open."""

from __future__ import annotations

import pytest

from irclassify.explain.bands import BANDS, CLASSES, FOREIGN
from irclassify.explain.summary import NOUNS, Said, summary
from irclassify.results.bands import Band
from irclassify.results.explanation import Peak


def row(group: str, vibration: str, kind: str = "", low: float = 0.0) -> Band:
    """The first row of the tables that is this vibration, from ``low`` on."""
    return next(
        b
        for b in (*BANDS, *FOREIGN)
        if b.group == group and b.vibration == vibration and kind in b.kind and b.low >= low
    )


def peak(number: int, cm1: float, height: float, band: Band | None) -> Peak:
    """A numbered peak with an assignment."""
    return Peak(number, cm1, height, 20.0, height, height, cm1 - 20, cm1 + 20, "", band)


def calls(present: str = "", uncertain: str = "") -> list[Said]:
    """All groups: those named are present or uncertain, the others absent."""
    there, open_ = present.split(), uncertain.split()
    return [
        Said(
            name,
            0.99 if name in there else 0.4 if name in open_ else 0.001,
            "present" if name in there else "uncertain" if name in open_ else "absent",
        )
        for name in NOUNS
    ]


BENZOATE = [
    peak(1, 1717, 1.0, row("ester", "C=O stretch", "conjugated")),
    peak(2, 1269, 0.9, row("ester", "C-C(=O)-O stretch", "conjugated")),
    peak(3, 1108, 0.5, row("ester", "O-C-C stretch")),
    peak(4, 709, 0.6, row("aromatic", "ring out-of-plane bend", "monosubstituted")),
]


def test_an_aryl_ester_is_said_with_its_bands_what_is_missing_and_what_is_open():
    said = summary(calls("ester aromatic", "ether"), BENZOATE)
    assert said == (
        "A conjugated ester: C=O 1717 with C-O 1269 and 1108; monosubstituted benzene: "
        "ring out-of-plane bend 709. No O-H, no N-H, no C≡N. Not sure: ether."
    )


def test_an_ether_that_is_only_the_ester_by_definition_is_not_said_beside_it():
    assert "ether" not in summary(calls("ester ether aromatic"), BENZOATE)
    own = peak(5, 1250, 0.7, row("ether", "=C-O stretch"))
    assert "ether" in summary(calls("ester ether aromatic"), [*BENZOATE, own])


def test_alkane_and_methyl_are_said_only_where_nothing_else_is():
    hexane = [peak(1, 2960, 1.0, row("methyl", "CH3 asymmetric stretch"))]
    assert summary(calls("alkane methyl"), hexane).startswith("Aliphatic CH; CH3: ")
    assert "CH3" not in summary(calls("alkane methyl ketone"), hexane)


def test_a_detail_the_model_calls_sharpens_the_noun():
    details = [*calls("aromatic"), Said("para_benzene", 0.99, "present")]
    assert summary(details, []).startswith("A para-disubstituted benzene")
    doubted = [*calls("aromatic"), Said("para_benzene", 0.6, "uncertain")]
    assert summary(doubted, []).startswith("An aromatic ring")
    assert "Not sure: para-disubstituted benzene." in summary(doubted, [])


def test_what_is_no_group_of_the_model_and_what_nothing_explains_are_said():
    siloxane = row("siloxane", "Si-O-Si asymmetric stretch")
    peaks = [peak(1, 1080, 1.0, siloxane), peak(2, 842, 0.5, None)]
    said = summary(calls("methyl"), peaks, peaks)
    assert "Also siloxane: Si-O-Si asymmetric stretch 1080." in said
    assert said.endswith("Strong and not explained: 842.")
    assert "not explained" not in summary(calls("methyl"), peaks)


def test_a_detail_below_none_of_the_groups_is_said_too_and_first_where_only_ch_is_there():
    silicon = [*calls("methyl"), Said("organosilicon", 0.99, "present")]
    band = peak(1, 1254, 1.0, row("silicon-methyl", "Si-CH3 symmetric bend"))
    assert summary(silicon, [band]).startswith(
        "An organosilicon compound: Si-CH3 symmetric bend 1254."
    )
    amide = [*calls("ketone"), Said("sulfonamide", 0.9, "present"), Said("sulfonyl", 1, "present")]
    assert summary(amide, []).startswith("A ketone. Also sulfonamide.")


def test_three_bands_of_a_group_are_said_two_of_one_vibration():
    ring = row("aromatic", "ring stretch")
    bands = [peak(i, x, 0.5, ring) for i, x in enumerate((1601, 1583, 1493), 1)]
    bend = peak(4, 696, 1.0, row("aromatic", "ring out-of-plane bend", "monosubstituted"))
    said = summary(calls("aromatic"), [*bands, bend])
    assert "ring out-of-plane bend 696" in said
    assert said.count("1601") + said.count("1583") + said.count("1493") == 2


def test_nothing_certain_is_said_so():
    assert summary(calls("", "ketone"), []).startswith("None of the model's groups is certain.")


@pytest.mark.parametrize("missing", ["O-H", "N-H"])
def test_a_band_that_is_shown_is_not_said_to_be_missing(missing: str):
    group = {"O-H": "carboxylic_acid", "N-H": "amine"}[missing]
    shown = peak(1, 3400, 0.5, row(group, f"{missing} stretch"))
    assert f"no {missing}".lower() not in summary(calls("ketone"), [shown]).lower()


def test_the_bands_of_an_acid_make_it_no_alcohol_where_the_model_tells_alcohols_apart():
    acid = [
        peak(1, 2900, 0.6, row("alcohol", "O-H stretch", "chelate")),
        peak(2, 1710, 1.0, row("carboxylic_acid", "C=O stretch", "dimer")),
    ]
    said = calls("carboxylic_acid alcohol")
    assert "alcohol" in summary(said, acid)
    told = [*said, Said("primary_alcohol", 0.2, "uncertain", "alcohol")]
    assert "A carboxylic acid: C=O 1710. " in summary(told, acid)
    free = peak(3, 3650, 0.3, row("alcohol", "O-H stretch", "free"))
    assert "alcohol: O-H 3650" in summary(told, [free, *acid])
    called = [*said, Said("phenol", 0.9, "present", "alcohol")]
    assert "phenol: O-H 2900" in summary(called, acid)


def test_a_wide_group_is_named_with_the_part_that_is_not_excluded():
    assert summary(calls("ether", "ester"), []).startswith("An ether or ester.")
    assert summary(calls("ether"), []).startswith("An ether.")
    known = [*calls("ether", "ester"), Said("ether_not_ester", 0.9, "present", "ether")]
    assert summary(known, []).startswith("An ether.")


def test_a_detail_of_a_group_that_is_open_or_absent_is_not_listed_beside_it():
    detail = Said("saturated_ester", 0.4, "uncertain", "ester")
    assert "saturated" not in summary([*calls("ketone", "ester"), detail], [])
    assert "Not sure: saturated ester." in summary([*calls("ester"), detail], [])


def test_a_band_of_an_open_group_is_no_news_where_a_group_that_is_there_has_it():
    band = peak(1, 3450, 0.2, open_name("O-H or N-H", 3300, 3500))
    assert "Also O-H or N-H stretch 3450" in summary(calls("ketone"), [band])
    assert "Also" not in summary(calls("alcohol"), [band])
    second = peak(1, 1780, 0.9, open_name("carbonyl", 1700, 1800))
    assert "Also carbonyl: C=O 1780" in summary(calls("ketone"), [second])


def test_bands_of_one_vibration_are_said_from_high_to_low():
    pair = [
        peak(1, 1269, 0.6, row("ester", "C-C(=O)-O stretch", "conjugated")),
        peak(2, 1300, 0.9, row("ester", "C-C(=O)-O stretch", "conjugated")),
    ]
    assert "C-O 1300 and 1269" in summary(calls("ester"), pair)


def open_name(group: str, low: float, high: float) -> Band:
    """A name that leaves the group open."""
    return next(each for each in CLASSES if each.group == group).named(low, high)


def test_what_is_not_there_is_not_denied_by_a_band_that_could_be_it():
    band = peak(1, 3450, 0.2, open_name("O-H or N-H", 3300, 3500))
    neither = summary(calls("ketone"), [band])
    assert "no O-H" not in neither.replace("No", "no")
    assert "no N-H" not in neither.replace("No", "no")
    assert "No N-H" in summary(calls("alcohol"), [band])
