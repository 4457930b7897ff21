"""Tables of known structures: what is read, what is refused and with which words."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irclassify.errors import UsageError
from irclassify.evaluation.labels import Labels, read_labels, text_of
from irclassify.readers.encoding import decode, normalise

GROUPS = ("ketone", "ester", "ether", "carboxylic_acid")


def of_smiles(smiles: str) -> tuple[bool, ...] | None:
    """A stand-in for RDKit: an ``O`` is an ether, a bracket is not a SMILES."""
    return None if "(" in smiles else (False, False, "O" in smiles, False)


def read(text: str) -> Labels:
    """Parse with the stand-in."""
    return read_labels(text, GROUPS, of_smiles)


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="a device of Unix")
def test_a_table_that_never_ends_is_refused():
    with pytest.raises(UsageError, match="--labels /dev/zero: 64 MB"):
        text_of(Path("/dev/zero"))


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("start", ["", "\ufeff"])
def test_columns_whatever_the_delimiter_and_with_a_byte_order_mark(delimiter: str, start: str):
    lines = [["file", "ketone", "Carboxylic acid"], ["a.jdx", "1", "no"], ["b.jdx", "", "TRUE"]]
    text = start + "\r\n".join(delimiter.join(line) for line in lines)
    labels = read(decode(normalise(text.encode())))
    assert labels.form == "columns"
    assert [(row.file, row.line) for row in labels.rows] == [("a.jdx", 2), ("b.jdx", 3)]
    assert [row.truth for row in labels.rows] == [
        (True, None, None, False),
        (None, None, None, True),
    ]
    assert labels.notes == ()


@pytest.mark.parametrize(
    ("cell", "truth"),
    [
        ("ketone;ether", (True, False, True, False)),
        ("ketone ether", (True, False, True, False)),
        (" Ketone ; carboxylic acid ;", (True, False, False, True)),
        ("carboxylic acid", (False, False, False, True)),
        ("none", (False,) * 4),
    ],
)
def test_groups_by_name_are_the_only_ones(cell: str, truth: tuple[bool, ...]):
    labels = read(f"file,groups\na.jdx,{cell}\n")
    assert labels.form == "groups"
    assert labels.rows[0].truth == truth


def test_rows_that_say_nothing_are_left_out():
    assert [row.file for row in read("file,groups\na.jdx,\nb.jdx,ether\n\n").rows] == ["b.jdx"]
    assert [row.file for row in read("file,smiles\na.jdx,\nb.jdx,COC\n").rows] == ["b.jdx"]
    assert [row.file for row in read("file,ether\na.jdx,?\nb.jdx,1\n").rows] == ["b.jdx"]


def test_structures():
    labels = read("name,file,smiles\nmethyl ether,a.jdx,COC\nethane,b.jdx,CC\n")
    assert labels.form == "smiles"
    assert [row.truth[2] for row in labels.rows] == [True, False]
    assert labels.notes == ("columns not used: name",)


def test_spectra_of_few_structures_are_said_to_repeat():
    rows = "".join(f"{i}.jdx,{'COC' if i % 2 else 'CC'}\n" for i in range(6))
    (note,) = read("file,smiles\n" + rows).notes
    assert "6 lines, 2 structures" in note


def test_columns_of_groups_come_before_names_and_structures():
    labels = read("file,ether,groups,smiles\na.jdx,1,ketone,CC\n")
    assert labels.rows[0].truth == (None, None, True, None)
    assert labels.notes == ("columns not used: groups, smiles",)


def test_labels_no_structure_can_have_are_noticed():
    (note,) = read("file,groups\na.jdx,ketone\nb.jdx,ester\n").notes
    assert "ester without ether on line 3" in note
    assert read("file,groups\nb.jdx,ester;ether\n").notes == ()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "needs one column file"),
        ("name,groups\na,ether\n", "needs one column file or filename or path; it has name"),
        ("file,path,groups\na,a,ether\n", "needs one column file"),
        ("file,cas\na.jdx,1\n", "a column groups .* or a column smiles"),
        ("file,ether,ketones\na.jdx,1,0\n", "no group 'ketones': is the column ketone"),
        ("file,ether,Ether\na.jdx,1,0\n", "columns appear twice: ether"),
        ("file,groups\na.jdx,keton;ether\n", "line 2: no group 'keton': is it ketone"),
        ("file,groups\na.jdx,thiophosphate\n", "groups are ketone, ester"),
        ("file,ether\na.jdx,maybe\n", "line 2: 'maybe' in column ether: say 1 or 0"),
        ("file,ether\n,1\n", "line 2: no file is named"),
        ("file,ether\na.jdx,1,1\n", "line 2: 3 cells under a header of 2"),
        ("file,smiles\na.jdx,C(\n", r"line 2: 'C\(' is not a SMILES"),
        ("file,ether\n", "no line has a label"),
        ("file,ether\na.jdx,\n", "no line has a label"),
    ],
)
def test_a_table_that_cannot_be_trusted_is_refused(text: str, words: str):
    with pytest.raises(UsageError, match=words) as refused:
        read(text)
    assert "\n" not in str(refused.value)


def test_problems_of_many_lines_are_named_at_once():
    text = "file,ether\n" + "".join(f"{i}.jdx,maybe\n" for i in range(9))
    with pytest.raises(UsageError, match=r"line 2: .*line 4: .*and 6 more lines"):
        read(text)


@given(
    st.lists(
        st.tuples(
            st.text(
                st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zs", "Zl", "Zp"]),
                min_size=1,
            ).filter(str.strip),
            st.tuples(*[st.sampled_from([True, False, None])] * 4).filter(
                lambda truth: any(t is not None for t in truth)
            ),
        ),
        min_size=1,
        max_size=5,
    ),
    st.sampled_from(",;\t"),
)
def test_what_is_written_is_read(rows: list[tuple[str, tuple[bool | None, ...]]], delimiter: str):
    table = io.StringIO()
    writer = csv.writer(table, delimiter=delimiter)
    writer.writerow(["file", *GROUPS])
    words = {True: "1", False: "0", None: ""}
    writer.writerows([file, *(words[t] for t in truth)] for file, truth in rows)
    assert [(r.file, r.truth) for r in read(table.getvalue()).rows] == [
        (file.strip(), truth) for file, truth in rows
    ]


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused_in_one_line(text: str):
    try:
        labels = read(text)
    except UsageError as refused:
        assert "\n" not in str(refused)
    else:
        assert labels.rows
