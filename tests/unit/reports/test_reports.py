"""Results -> text: what people and programs read."""

from __future__ import annotations

import csv
import io
import json
import math
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from irclassify.reports import wording
from irclassify.reports.json import record_of
from irclassify.reports.peaks import write_peaks
from irclassify.reports.rows import JsonArray, JsonLines, Rows
from irclassify.reports.terminal.explanation import print_explanation
from irclassify.reports.terminal.predictions import PredictionTable, shorten
from irclassify.reports.terminal.progress import Progress
from irclassify.reports.text import bar, likely, limit, plural
from irclassify.results.bands import Band
from irclassify.results.explanation import (
    Explanation,
    GroupExplanation,
    Peak,
    PeakPair,
    PeakShare,
)
from irclassify.results.prediction import Domain, Failed, GroupCall, Ok, Prediction
from irclassify.text import printable

GROUPS = ("alkane", "ketone", "ester")
GOOD = Ok(
    "a [bold]ü.jdx",
    Prediction(
        "tiny@1.0.0",
        (
            GroupCall("alkane", 0.1234567, "uncertain", -1.0, "absent"),
            GroupCall("ketone", 0.75, "present", 1.0, "present"),
            GroupCall("ester", 0.875, "present", 2.0, "present"),
        ),
        domain=Domain("unusual", ("noise", "a \x07bell")),
        phase="gas",
        error_rate=0.01,
    ),
    ("strong water vapour",),
)
BAD = Failed("b\x1b[31m\n.jdx", "malformed", "line 3: 'x' is no number")


def explanation() -> Explanation:
    """Three groups, two peaks, and a pair of them."""
    limits = {"threshold": 0.25, "absent_below": 0.2, "present_from": 0.28}
    group = GroupExplanation(
        "ketone",
        0.8,
        "present",
        1.5,
        -1.0,
        (PeakShare(1, 0.25, "C-H stretch of alkane: counts for ketone"), PeakShare(2, 2.0)),
        0.25,
        (PeakPair(1, 2, 0.125),),
        shown="present",
        **limits,
    )
    shares = (PeakShare(1, 0.0), PeakShare(2, -0.5))
    absent = GroupExplanation(
        "ester", 0.1, "absent", -2.0, -2.0, shares, 0.5, shown="absent", **limits
    )
    none = (PeakShare(1, 0.0), PeakShare(2, 0.0))
    unsure = GroupExplanation(
        "nitro", 0.01, "uncertain", -4.0, -4.0, none, shown="not seen", **limits
    )
    carbonyl = Band("ketone", 1705.0, 1720.0, "C=O stretch", "strong", "a book", kind="aryl")
    peaks = (
        Peak(1, 2950.4, 0.4, 60.0, 0.4, 0.5, 2900.0, 3000.0, "broad"),
        Peak(2, 1715.0, 0.81, 24.2, 0.8, 1.0, 1690.0, 1740.0, "sharp", carbonyl, None, 0.9),
    )
    return Explanation(
        "f\x07.jdx",
        "tiny@1.0.0",
        "Title [red]x",
        (absent, unsure, group),
        warnings=("a warning",),
        peaks=peaks,
        summary="A ketone.",
    )


def test_jsonl_is_one_object_a_line():
    stream = io.StringIO()
    writer = JsonLines(stream)
    writer.write(GOOD)
    writer.write(BAD)
    writer.close()
    good, bad = (json.loads(line) for line in stream.getvalue().splitlines())
    assert good == {
        "file": "a [bold]ü.jdx",
        "ok": True,
        "model": "tiny@1.0.0",
        "groups": [
            {
                "name": "alkane",
                "probability": 0.123457,
                "call": "uncertain",
                "best_guess": "absent",
            },
            {"name": "ketone", "probability": 0.75, "call": "present", "best_guess": "present"},
            {"name": "ester", "probability": 0.875, "call": "present", "best_guess": "present"},
        ],
        "warnings": ["strong water vapour"],
        "domain": {"verdict": "unusual", "reasons": ["noise", "a \x07bell"]},
        "phase": "gas",
        "error_rate": 0.01,
        "details": [],
        "phase_source": None,
        "phase_probability": None,
    }
    error = {"code": "malformed", "message": "line 3: 'x' is no number"}
    assert bad == {"file": BAD.file, "ok": False, "error": error}
    assert "ü" in stream.getvalue()


@pytest.mark.parametrize("results", [[], [GOOD], [GOOD, BAD]])
def test_json_is_the_same_objects_in_an_array(results):
    stream = io.StringIO()
    writer = JsonArray(stream)
    for result in results:
        writer.write(result)
    writer.close()
    assert json.loads(stream.getvalue()) == [record_of(result) for result in results]


def test_json_has_no_number_that_is_none():
    nan = Ok("x", Prediction("m", (GroupCall("alkane", math.nan, "absent", 0.0, "absent"),)))
    with pytest.raises(ValueError, match="JSON"):
        JsonLines(io.StringIO()).write(nan)


@pytest.mark.parametrize("delimiter", [",", "\t"])
def test_rows_have_a_column_a_group(delimiter):
    stream = io.StringIO()
    writer = Rows(stream, GROUPS, delimiter)
    writer.write(GOOD)
    writer.write(BAD)
    good, bad = csv.DictReader(io.StringIO(stream.getvalue(), newline=""), delimiter=delimiter)
    assert good == {
        "file": "a [bold]ü.jdx",
        "ok": "true",
        "present": "ester;ketone",
        "uncertain": "alkane",
        "alkane": "0.123457",
        "ketone": "0.75",
        "ester": "0.875",
        "warnings": "strong water vapour",
        "error": "",
        "message": "",
        "domain": "unusual",
        "domain_reasons": "noise | a \\x07bell",
    }
    assert (bad["file"], bad["ok"], bad["error"]) == (printable(BAD.file), "false", "malformed")
    empty = (*GROUPS, "present", "uncertain", "warnings", "domain")
    assert {bad[name] for name in empty} == {""}


def test_a_row_is_a_line_and_steers_no_terminal():
    stream = io.StringIO()
    Rows(stream, GROUPS, "\t").write(BAD)
    assert len(stream.getvalue().splitlines()) == 2
    assert "\x1b" not in stream.getvalue()
    strange = Failed("\x9b31m\u2028\x1b.jdx", "malformed", "")
    lines = io.StringIO()
    JsonLines(lines).write(strange)
    assert lines.getvalue().rstrip("\n").isprintable()
    assert json.loads(lines.getvalue())["file"] == strange.file


def table(*results: Ok | Failed, **options: bool) -> str:
    stream = io.StringIO()
    writer = PredictionTable(stream, **options)
    for result in results:
        writer.write(result)
    writer.close()
    return stream.getvalue()


def test_the_table_shows_names_as_they_are_but_harmless():
    text = table(GOOD, BAD)
    assert "a [bold]ü.jdx" in text
    assert "b\\x1b[31m\\n.jdx" in text
    assert "\x1b" not in text
    assert "ester 0.88  ketone 0.75  | uncertain:  alkane? 0.12" in text
    assert "! strong water vapour" in text
    assert "✗ malformed: line 3: 'x' is no number" in text


def test_what_is_uncertain_near_zero_is_counted_in_the_table_and_shown_with_all():
    rare = GroupCall("acyl_halide", 0.004, "uncertain", -5.0, "absent")
    more = replace(
        GOOD, prediction=replace(GOOD.prediction, groups=(*GOOD.prediction.groups, rare))
    )
    assert "alkane? 0.12  (1 not seen)" in table(more)
    assert "alkane? 0.12  | not seen:  acyl halide <0.01" in table(more, every_group=True)


def test_the_table_shows_the_most_specific_name_that_is_certain():
    detail = GroupCall(
        "conjugated_ester", 0.81, "present", 1.4, "present", "conjugated ester", "ester"
    )
    finer = replace(GOOD, prediction=replace(GOOD.prediction, details=(detail,)))
    assert "conjugated ester 0.81  ketone 0.75  | uncertain:" in table(finer)
    assert " ester 0.88" not in table(finer)


def test_the_table_can_show_all_groups_and_no_warnings():
    absent = GroupCall("nitro", 0.01, "absent", -5.0, "absent")
    more = replace(GOOD.prediction, groups=(*GOOD.prediction.groups, absent))
    assert "nitro" not in table(replace(GOOD, prediction=more))
    text = table(replace(GOOD, prediction=more), every_group=True, warnings=False)
    assert "ketone 0.75  | uncertain:  alkane? 0.12  | absent:  nitro 0.01" in text
    assert "water" not in text


def test_a_piped_table_folds_and_shortens_nothing():
    long = Failed("x" * 300 + ".jdx", "malformed", "y" * 300)
    text = table(long)
    assert long.file in text
    assert long.message in text
    assert all(line == line.rstrip() for line in text.splitlines())


def test_a_table_of_many_pages_has_one_head():
    text = table(*[GOOD] * 200)
    assert text.count("Groups present") == 1
    assert text.count("[bold]") == 200


@given(st.text(max_size=60), st.integers(2, 40))
def test_shortened_names_fit_and_keep_their_end(name: str, width: int):
    name = printable(name)
    short = shorten(name, width)
    assert cell_len(short) <= max(width, 0) or short == name
    if cell_len(name) <= width:
        assert short == name


@given(st.text())
def test_printable_leaves_nothing_that_steers_a_terminal(text: str):
    assert printable(text).isprintable()


def test_a_present_group_is_told_with_its_present_details():
    aryl = GroupCall("aryl_ketone", 0.7, "present", 0.8, "present", parent="ketone")
    doubted = GroupCall("ring_ketone", 0.4, "uncertain", -0.4, "absent", parent="ketone")
    alone = GroupCall("thiol", 0.9, "present", 2.2, "present")
    stream = io.StringIO()
    print_explanation(replace(explanation(), details=(doubted, aryl, alone)), stream)
    (line,) = [line for line in stream.getvalue().splitlines() if line.startswith("present")]
    assert line.split(maxsplit=1)[1] == "ketone 0.80 (aryl ketone 0.70)  thiol 0.90"


def test_explanation_record_adds_up_and_has_the_keys():
    record = record_of(explanation())
    assert list(record) == [
        "file",
        "ok",
        "model",
        "title",
        "phase",
        "error_rate",
        "domain",
        "warnings",
        "summary",
        "resolution_cm1",
        "peaks",
        "unexplained",
        "groups",
    ]
    ketone = record["groups"][2]
    by_peak = [share["contribution"] for share in ketone["by_peak"]]
    assert ketone["bias"] + sum(by_peak) + ketone["no_peak"] == pytest.approx(1.5, abs=1e-6)
    assert ketone["peak_pairs"] == [{"a": 1, "b": 2, "contribution": 0.125}]
    assert list(record["peaks"][1]) == [
        "number",
        "cm1",
        "absorbance",
        "width_cm1",
        "height",
        "from_cm1",
        "to_cm1",
        "shape",
        "artefact",
        "assignment",
        "second",
        "fit",
    ]


def told(**options) -> str:
    stream = io.StringIO()
    print_explanation(explanation(), stream, **options)
    return stream.getvalue()


def test_the_terminal_explanation_begins_with_the_answer_in_words():
    text = told()
    assert text.index("Title [red]x") < text.index("A ketone.") < text.index("C=O stretch")
    assert "f\\x07.jdx" in text
    assert "present   ketone 0.80" in text
    assert "not seen  nitro" in text
    assert "absent    ester" in text


def test_the_table_of_peaks_sums_up_to_the_logit_of_a_present_group():
    text = told()
    rows = re.findall(r"([-+][0-9.]+)$", text, flags=re.MULTILINE)
    *terms, logit = (float(row) for row in rows)
    assert terms == [0.25, 2.0, 0.25, -1.0]
    assert logit == pytest.approx(sum(terms))
    assert re.search(r"1 +2950 +50% +not assigned, broad +\+0.25", text)
    assert re.search(r"2 +1715 +100% +C=O stretch, ketone \(aryl\) 1705-1720, sharp +\+2.00", text)


def test_a_group_asked_for_is_accounted_for_though_absent():
    text = told(groups=["ester"])
    assert re.search(r"= logit +-2.00", text)
    assert "ketone: " not in text


def test_every_group_has_its_account_its_limits_and_its_pairs_when_asked():
    text = told(every_group=True)
    assert "present (≥ 0.28)" in text
    assert "absent (< 0.20)" in text
    assert re.search(r"= logit +\+1.50 +-2.00 +-4.00", text)
    assert "ketone: 2950 with 1715 cm⁻¹: +0.12 (already in their shares)" in text


def test_small_peaks_share_a_row_and_the_sum_stays_whole():
    some = explanation()
    more = tuple(replace(some.peaks[0], number=i + 1, height=0.01 * i) for i in range(20))
    shares = tuple(PeakShare(i + 1, 0.1) for i in range(20))
    shown = replace(
        some, peaks=more, groups=tuple(replace(group, by_peak=shares) for group in some.groups)
    )
    stream = io.StringIO()
    print_explanation(shown, stream)
    assert re.search(r"8 smaller peaks \(-v\) +\+0.80", stream.getvalue())
    assert " 1%" not in stream.getvalue()


def test_a_peak_outside_the_textbook_range_is_said_to_be_near_it():
    peak = explanation().peaks[1]
    assert wording.textbook_range(peak) == "1705-1720"
    assert wording.textbook_range(replace(peak, cm1=1722.0)) == "near 1705-1720"
    assert wording.textbook_range(replace(peak, assignment=None)) is None


def test_peaks_as_csv_have_a_row_each_and_a_column_for_each_group():
    stream = io.StringIO()
    write_peaks(explanation(), stream, ["ketone"])
    first, second = csv.DictReader(io.StringIO(stream.getvalue()))
    assert (first["cm1"], first["assignment"], first["adds_ketone"]) == ("2950.4", "", "0.25")
    assert second["assignment"] == "C=O stretch, ketone (aryl)"
    assert (second["textbook_from_cm1"], second["textbook_to_cm1"]) == ("1705", "1720")
    assert "adds_ester" not in second
    every = io.StringIO()
    write_peaks(explanation(), every)
    assert every.getvalue().splitlines()[0].endswith("adds_ester,adds_nitro,adds_ketone")


@pytest.mark.parametrize(
    ("share", "drawn"), [(0, ""), (1, "████"), (0.5, "██"), (2, "████"), (0.03125, "▏")]
)
def test_bars(share, drawn):
    assert bar(share, 4) == drawn


def test_counts_in_words():
    assert [plural(n, "spectrum") for n in (0, 1, 1234)] == [
        "0 spectra",
        "1 spectrum",
        "1,234 spectra",
    ]


def test_progress_waits_draws_and_goes(monkeypatch):
    now = [0.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    stream = io.StringIO()
    progress = Progress(4, stream)
    progress.advance()
    assert stream.getvalue() == ""
    now[0] = 1.0
    progress.advance()
    assert "2/4" in stream.getvalue()
    progress.hide()
    line = stream.getvalue().strip("\r ")
    assert stream.getvalue().endswith("\r" + " " * len(line) + "\r")


def test_what_an_earlier_run_did_counts_as_done_and_not_for_the_rate(monkeypatch):
    now = [0.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    stream = io.StringIO()
    progress = Progress(1_000, stream)
    progress.skip(900)
    now[0] = 2.0
    progress.advance(20)
    assert "920/1,000  10/s  8 s left" in stream.getvalue()


def test_files_that_are_looked_for_are_counted(monkeypatch):
    now = [0.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    stream = io.StringIO()
    progress = Progress(None, stream)
    progress.show()
    assert stream.getvalue().strip() == "looking for files"
    now[0] = 1.0
    progress.advance(12_345)
    assert stream.getvalue().endswith("looking for files: 12,345")


@pytest.mark.parametrize(
    ("probability", "shown"),
    [(1.0, ">0.99"), (0.998, ">0.99"), (0.994, "0.99"), (0.31, "0.31"), (0.0003, "<0.01")],
)
def test_no_probability_is_shown_as_certain(probability, shown):
    assert likely(probability) == shown


def test_a_small_limit_is_not_shown_as_zero():
    assert [limit(p) for p in (0.4500, 0.01, 0.000318)] == ["0.45", "0.01", "0.0003"]
