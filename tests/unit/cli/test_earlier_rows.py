"""``--resume`` without a model: whatever was cut off, nothing is lost and nothing stands twice."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irclassify.cli import resume
from irclassify.cli.earlier_rows import earlier_rows, header_of
from irclassify.cli.outputs import Summary, open_writer
from irclassify.cli.requests import OutputOptions
from irclassify.errors import UsageError
from irclassify.model.folder import find_model
from irclassify.results.prediction import OUTSIDE, Domain, Failed, GroupCall, Ok, Prediction, Result
from irclassify.sources.listing import Listing
from irclassify.sources.paths import Source

SPEC = find_model("default")
FORMS = ("jsonl", "csv", "tsv")
PORTION = 3

SAID = Prediction(
    SPEC.label,
    tuple(GroupCall(one.name, 0.5, "uncertain", 0.0, "absent") for one in SPEC.groups),
    domain=Domain("in_domain"),
    details=tuple(GroupCall(one.name, 0.25, "uncertain", 0.0, "absent") for one in SPEC.details),
)
STRANGE = replace(SAID, domain=Domain(OUTSIDE, ("no such spectrum",)))

names = st.one_of(
    st.text(st.sampled_from("ab#12"), min_size=1, max_size=4),
    st.text(min_size=1, max_size=12).filter(lambda name: "\0" not in name),
    st.sampled_from(['a", "ok": true', '{"file": "', "=1+1", "a,b\tc", "é\n.jdx", "\udcff.csv"]),
)
outcomes = st.sampled_from(("ok", "outside", "failed", "two"))
forms = st.sampled_from(FORMS)


def results(name: str, outcome: str) -> list[Result]:
    """What a file of this name gives."""
    if outcome == "two":
        return [Ok(f"{name}#1", SAID, ()), Failed(f"{name}#2", "no_data", "the file is empty")]
    if outcome == "failed":
        return [Failed(name, "unreadable", f"cannot be read: {name}")]
    return [Ok(name, STRANGE if outcome == "outside" else SAID, ("few points",))]


def text_of(rows: Sequence[Result], form: str) -> bytes:
    held = io.BytesIO()
    stream = io.TextIOWrapper(held, encoding="utf-8", errors="backslashreplace", newline="\n")
    with open_writer(form, SPEC, OutputOptions(), stream=stream) as sink:
        for row in rows:
            sink.write(row)
    stream.flush()
    return held.getvalue()


def go_on(
    before: bytes, files: Sequence[tuple[str, str]], form: str, *, excel: bool = False
) -> tuple[bytes, Summary]:
    """The file after ``--resume``, and what was counted."""
    outcome = dict(files)
    sources = Listing(Source(name, name) for name, _ in files)
    summary = Summary()
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(resume, "FILES_PER_TASK", PORTION)
        file = Path(folder) / f"r.{form}"
        file.write_bytes(before)
        output = OutputOptions(file=file, resume=True, excel=excel)
        try:
            with resume.resumed(sources, form, SPEC, output, summary) as (left, sink):
                for source in left:
                    for result in results(source.name, outcome[source.name]):
                        sink.write(result)
                        summary.add(result)
        except UsageError:
            assert file.read_bytes() == before
            raise
        return file.read_bytes(), summary


def all_of(files: Sequence[tuple[str, str]]) -> list[Result]:
    return [result for name, outcome in files for result in results(name, outcome)]


def unlike_rows(files: Sequence[tuple[str, str]]) -> bool:
    """True where no file is called as the second spectrum of another is."""
    several = {name for name, outcome in files if outcome == "two"}
    return not any(f"{name}#{n}" in dict(files) for name in several for n in (1, 2))


some_files = st.dictionaries(names, outcomes, max_size=11).map(lambda found: list(found.items()))


@given(some_files, forms, st.data())
def test_a_file_cut_at_any_byte_is_completed_to_the_byte(files, form, data):
    files += data.draw(st.lists(st.sampled_from(files), max_size=4)) if files else []
    if not unlike_rows(files):
        return
    whole = text_of(all_of(files), form)
    cut = data.draw(st.integers(0, len(whole)))
    finished, summary = go_on(whole[:cut], files, form)
    expected = Summary()
    for result in all_of(files):
        expected.add(result)
    assert finished == whole
    assert str(summary) == str(expected)


@given(some_files, some_files, forms, st.data())
def test_files_that_were_added_come_last_and_each_stands_once(old, new, form, data):
    new = [(name, outcome) for name, outcome in new if name not in dict(old)]
    places = [data.draw(st.integers(0, len(old))) for _ in new]
    grown = list(old)
    for place, file in sorted(zip(places, new, strict=True), reverse=True):
        grown.insert(place, file)
    escaped = [ascii(name).strip("'\"") for name, _ in grown]
    if not unlike_rows(grown) or len(set(escaped)) < len(grown):
        return
    before = text_of(all_of(old), form)
    added = [file for file in grown if file not in old]
    finished, _ = go_on(before, grown, form)
    assert finished == text_of(all_of(old + added), form)
    assert go_on(finished, grown, form)[0] == finished


@given(some_files.filter(bool), forms)
def test_rows_are_read_as_their_whole_lines_say(files, form):
    with TemporaryDirectory() as folder:
        file = Path(folder) / "r"
        file.write_bytes(text_of(all_of(files), form))
        header = header_of(file, form)
        rows = list(earlier_rows(file, form, header, SPEC.label))
        expected = all_of(files)
        assert [row.ok for row in rows] == [isinstance(row, Ok) for row in expected]
        assert [row.outside for row in rows] == [
            isinstance(row, Ok) and row.prediction.domain == STRANGE.domain for row in expected
        ]
        lines = file.read_bytes()
        for row in rows:
            line = lines[row.begin : row.end]
            assert line.count(b"\n") == 1
            if form == "jsonl":
                assert json.loads(line)["file"] == row.file


FEW = [(f"s{i}.jdx", ("ok", "outside", "failed", "two")[i % 4]) for i in range(8)]


@pytest.mark.parametrize("form", FORMS)
def test_standard_input_of_two_spectra_is_found_again(form):
    """Its name is a single sign, before which a cell has no apostrophe; before ``-#1`` it has."""
    files = [("-", "two"), ("=", "two"), ("=1", "ok")]
    whole = text_of(all_of(files), form)
    assert go_on(whole[: len(whole) * 2 // 3], files, form)[0] == whole


@pytest.mark.parametrize("form", FORMS)
def test_a_row_of_the_last_portion_that_changed_is_refused(form):
    before = text_of(all_of(FEW), form)
    changed = [*FEW[:-1], (FEW[-1][0], "failed")]
    with pytest.raises(UsageError, match="came out differently"):
        go_on(before, changed, form)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("at", [0, 4])
def test_a_line_that_was_cut_and_goes_on_with_another_is_refused(form, at):
    lines = text_of(all_of(FEW), form).splitlines(keepends=True)
    at += form != "jsonl"
    lines[at] = lines[at][: len(lines[at]) * 2 // 3]
    with pytest.raises(UsageError, match="not a row of results"):
        go_on(b"".join(lines), FEW, form)


@pytest.mark.parametrize("form", FORMS)
def test_a_block_of_zeros_that_a_crash_left_is_refused(form):
    before = bytearray(text_of(all_of(FEW), form))
    before[-300:-250] = bytes(50)
    with pytest.raises(UsageError, match=r"not a row of results|came out differently"):
        go_on(bytes(before), FEW, form)
    line = before.rindex(b"\n", 0, -1)
    before[line - 90 : line - 60] = bytes(30)
    with pytest.raises(UsageError, match="not a row of results"):
        go_on(bytes(before), FEW, form)


def test_lines_that_another_program_wrote_anew_are_read_as_well():
    rows = map(json.loads, text_of(all_of(FEW), "jsonl").splitlines())
    other = "".join(json.dumps(row, separators=(",", ":"), sort_keys=True) + "\n" for row in rows)
    finished, _ = go_on(other.encode(), [*FEW, ("new.jdx", "ok")], "jsonl")
    assert finished == other.encode() + text_of(all_of([("new.jdx", "ok")]), "jsonl")


def test_a_file_of_another_model_is_refused_whatever_its_lines_look_like():
    before = text_of(all_of(FEW), "jsonl").replace(SPEC.label.encode(), b'o\\"ther@1')
    with pytest.raises(UsageError, match=r'was made by o"ther@1, not by'):
        go_on(before, FEW, "jsonl")
