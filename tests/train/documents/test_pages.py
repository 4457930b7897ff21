"""Every page is what its template makes of the stored results, and says what they say."""

from __future__ import annotations

import pytest

from train.documents import pages
from train.documents.render import f1_and_count, markdown_table, measured, render
from train.settings import load_results


@pytest.mark.parametrize("stage", pages.PAGES)
def test_a_stored_page_is_what_its_template_makes_of_the_stored_results(stage: str) -> None:
    for file, text in pages.PAGES[stage]():
        assert file.read_text(encoding="utf-8") == text + "\n", file


@pytest.mark.parametrize("stage", pages.PAGES)
def test_every_row_of_a_table_has_as_many_cells_as_its_header(stage: str) -> None:
    for file, text in pages.PAGES[stage]():
        cells = 0
        for line in text.splitlines():
            if line.startswith("|---"):
                assert line.count("|") == cells, (file, line)
            assert not line.startswith("|") or not cells or line.count("|") == cells, (file, line)
            cells = line.count("|") if line.startswith("|") else 0


def test_every_measure_of_explanations_is_on_their_page() -> None:
    text = pages.faithfulness("default")
    results = load_results("default", "faithfulness")
    own = results["all"]["straightened"]
    for values in (own["times"], own["again"], {"": own["textbook"]}):
        for value in values.values():
            assert f"| {measured(value, 2)} |" in text
    for group in results["groups"]:
        assert f"| {group} |" in text


@pytest.mark.parametrize("model", pages.MODELS)
def test_the_page_on_calibration_says_what_the_shipped_map_costs(model: str) -> None:
    found = load_results(model, "calibration")
    for phase in found["calibration"].keys() & {"gas", "condensed"}:
        losses = {
            (m["map"], m["fitted"]): m["phases"][phase]["negative_log_likelihood"]
            for m in found["maps"]
        }
        cost = losses["Platt", "phase by phase"] - min(losses.values())
        assert f"{cost:.5f} in {phase}" in pages.calibration(model)


def test_mistakes_are_listed_with_their_structure() -> None:
    mistake = {
        "group": "alkane",
        "kind": "missed",
        "probability": 0.2,
        "cas": "1-00-0",
        "smiles": "CCO",
        "phase": "gas",
    }
    text = render("mistakes", mistakes=[mistake])
    assert "| alkane | missed | 0.2000 | 1-00-0 | `CCO` | gas |" in text


def test_flags_are_shares_of_the_calls_of_their_group_and_phase() -> None:
    missing = {"phase": "gas", "group": "nitrile", "band": "C≡N stretch (defining)"}
    text = render(
        "flags",
        missing=[{**missing, "right": [0, 10], "wrong": [1, 4]}],
        unexplained=[{"phase": "gas", "right": [1, 5], "wrong": [0, 0]}],
    )
    row = "| gas | nitrile | C≡N stretch (defining) | 0.000 (0 of 10) | 0.250 (1 of 4) |"
    assert row in text
    assert "| gas | 0.200 (1 of 5) | none |" in text


def test_numbers_are_written_with_what_is_known_of_their_spread() -> None:
    assert measured(0.12345) == "0.123"
    assert measured([0.5, 0.01], 2) == "0.50 ± 0.01"
    assert measured([0.5, 0.4, 0.6], 1) == "0.5 (0.4-0.6)"


def test_a_group_that_no_spectrum_has_is_not_given_an_f1() -> None:
    result = {"positives": {"amide": 0, "ester": 3}, "groups": {"f1": {"amide": 0.0, "ester": 1}}}
    assert f1_and_count(result, "amide") == "none"
    assert f1_and_count(result, "ester") == "1.000 (3)"


def test_a_table_has_a_line_for_its_columns_and_one_for_each_row() -> None:
    assert markdown_table([(1, "a")], ("n", "x")) == "| n | x |\n|---|---|\n| 1 | a |"
