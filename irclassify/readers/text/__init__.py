"""Columns of numbers in text: CSV, TSV, semicolons with decimal commas, .dpt, JASCO exports.

A text is cut into sections, each the rows of numbers and the lines above them (``sections``).
The marks that part numbers and their decimals are found from all rows (``dialect``), the roles
of the columns from their names (``columns``).
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np

from irclassify.errors import IrclassifyError, MalformedFileError, NoDataError, UnknownFormatError
from irclassify.limits import MAX_TEXT_BYTES, check_bytes, check_spectra, check_total
from irclassify.readers.encoding import decode
from irclassify.readers.text.columns import measurements
from irclassify.readers.text.dialect import read_rows
from irclassify.readers.text.header import Header
from irclassify.readers.text.sections import Section, plain_characters, split
from irclassify.readers.wide_rows import WideHeader, find_header
from irclassify.spectra.order import MIN_POINTS
from irclassify.spectra.spectrum import Measurement

_WIDE_HEAD = 16 * 2**20

__all__ = ["read", "read_rows_if_any"]


def read(text: bytes) -> list[Measurement | IrclassifyError]:
    r"""The spectra of a text of numbers; ``text`` has passed ``encoding.normalise``.

    Raises UnknownFormatError without rows of numbers, MalformedFileError for damaged rows,
    UnfitSpectrumError for columns whose names do not say what they are.

    Examples
    --------
    >>> rows = "".join(f"{cm1},0.1\n" for cm1 in range(400, 4000, 4))
    >>> [one] = read(b"cm-1,absorbance\n" + rows.encode())
    >>> one.x.size, one.x_unit, one.y_unit
    (900, 'cm-1', 'absorbance')
    """
    found = read_rows_if_any(text)
    if found is None:
        raise _why_no_rows(plain_characters(text))
    return found


def read_rows_if_any(text: bytes) -> list[Measurement | IrclassifyError] | None:
    """As ``read``; None where no neighbouring rows of two or more numbers stand in ``text``.

    Examples
    --------
    >>> read_rows_if_any(b"a letter, and no numbers") is None
    True
    """
    check_bytes(text, MAX_TEXT_BYTES)
    text = plain_characters(text)
    if wide := _wide(text):
        return wide
    sections = split(text)
    if not sections:
        return None
    sections, notes = _spectra_among(sections)
    sections = _joined(sections)
    _refuse_torn(sections)
    found: list[Measurement | IrclassifyError] = []
    points, first = 0, None
    for section in sections:
        header = Header.read(section.above, first)
        first = first or header
        try:
            if (after := header.line_after_label()) is not None:
                raise _no_row(after)
            table = read_rows(section, header)
            points += table.size
            check_total(points)
            found += measurements(table, header, section.line, notes)
        except IrclassifyError as error:
            if len(sections) == 1:
                raise
            found.append(error.kept())
    check_spectra(len(found))
    return found


def _wide(text: bytes) -> list[Measurement | IrclassifyError]:
    """The spectra of a text that has them in rows; [] for any other text."""
    head = text[:_WIDE_HEAD].split(b"\n", 60)[:60]
    if not any(line.count(mark) >= MIN_POINTS - 1 for line in head for mark in (b",", b";", b"\t")):
        return []
    header = find_header(map(decode, head))
    if header is None:
        return []
    lines = decode(text).split("\n")[header.line :]
    lines = [line for line in lines if line.strip()]
    check_spectra(len(lines))
    check_total(len(lines) * header.x.size)
    if not lines:
        raise NoDataError("a line of wavenumbers and no spectrum below it")
    return [_row(header, line) for line in lines]


def _row(header: WideHeader, line: str) -> Measurement | IrclassifyError:
    values, words = header.values(line), header.words(line)
    known = ~np.isnan(values)
    if not known.any():
        return MalformedFileError("this row does not hold one number for each wavenumber")
    lost = int((~known).sum())
    return Measurement(
        x=header.x[known],
        y=values[known],
        format="text, a spectrum in each row",
        x_unit=header.x_words,
        y_unit=header.says_y(words),
        title=next((word for word in words if word), ""),
        header=dict(zip(header.labels, words, strict=True)),
        warnings=(f"{lost} points have no value; they were left out",) if lost else (),
    )


def _spectra_among(sections: list[Section]) -> tuple[list[Section], list[str]]:
    """The sections that may be spectra; short tables beside one are left out and named."""
    long = [section for section in sections if section.rows >= MIN_POINTS]
    if not long or len(long) == len(sections):
        return sections if long else sections[:1], []
    left_out = [section for section in sections if section.rows < MIN_POINTS]
    # A short piece that goes on where a long one stops is part of it, not a table of peaks.
    torn = [s for s in left_out if any(s.belongs_to(other) for other in long)]
    if torn:
        return sorted([*long, *torn], key=lambda section: section.line), []
    lines = ", ".join(str(section.line) for section in left_out[:3])
    return long, [f"a short table of numbers (line {lines}) was left out: it is not a spectrum"]


def _joined(sections: list[Section]) -> list[Section]:
    """The sections, each with those that go on with it below a repeated line of names."""
    groups: list[list[Section]] = []
    for section in sections:
        if groups and section.names_as(groups[0][0]) and section.adjoins(groups[-1][-1]):
            groups[-1].append(section)
        else:
            groups.append([section])
    bodies = (b"\n".join(part.body.strip(b"\n\f ") for part in group) for group in groups)
    return [
        group[0] if len(group) == 1 else replace(group[0], body=body)
        for group, body in zip(groups, bodies, strict=True)
    ]


def _refuse_torn(sections: list[Section]) -> None:
    """Refuse text between rows of one spectrum: a row may be damaged, or a part be lost."""
    for before, after in pairwise(sections):
        if after.continues(before) or after.adjoins(before):
            words = after.above.strip().split(b"\n")[0][:30].decode("utf-8", "replace")
            raise MalformedFileError(
                f"{words!r} between rows of numbers that belong together; "
                "remove that text, or repair the row",
                line=after.line_above,
            )


def _why_no_rows(text: bytes) -> IrclassifyError:
    header = Header.read(text[:65536], None)
    if header.ends_with_label:
        return NoDataError("a header without numbers; export the spectrum again")
    after = header.line_after_label()
    if after is not None:
        if after[:1].isdigit():
            return _no_row(after)
        return NoDataError("a header without numbers; export the spectrum again")
    if _one_number_a_line(text):
        return UnknownFormatError(
            "one number on each line: put X and Y side by side (do they alternate line by line?)"
        )
    return UnknownFormatError("no spectrum found: neither a known format nor columns of numbers")


def _no_row(line: str) -> MalformedFileError:
    return MalformedFileError(f"{line[:30]!r} under XYDATA, where rows of numbers are expected")


def _one_number_a_line(text: bytes) -> bool:
    lines = text[:4000].split(b"\n")[1:-1]
    numbers = sum(bool(line.strip(b' \t";,')) and _is_number(line) for line in lines)
    return numbers >= 10 and numbers > 0.8 * len(lines)


def _is_number(line: bytes) -> bool:
    try:
        float(line.strip(b' \t";,').replace(b",", b"."))
    except ValueError:
        return False
    return True
