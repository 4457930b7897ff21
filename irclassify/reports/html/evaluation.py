"""An evaluation as one HTML page that loads nothing: the table's content, and all its mistakes."""

from __future__ import annotations

from irclassify.reports import wording
from irclassify.reports.html.page import page
from irclassify.results.evaluation import Confusion, Evaluation

_MOST_FILES = 1000
_HEATS = 4


def evaluation_page(found: Evaluation) -> str:
    """The whole document.

    Examples
    --------
    >>> from irclassify.evaluation.scores import _example, evaluate
    >>> found = evaluate(_example(), model="default@2.0.0", error_rate=0.05)
    >>> evaluation_page(found)[:15]
    '<!doctype html>'
    """
    confusion = [row for row in found.confusion if row.missed]
    named = {name for row in confusion for name, _ in row.instead}
    taken_for = [group.name for group in found.groups if group.name in named]
    return page(
        "evaluation.html",
        styles=("page.css", "evaluation.css"),
        found=found,
        remarks=wording.remarks(found),
        headline=wording.headline(found),
        columns=wording.GROUP_COLUMNS,
        few_note=wording.FEW_NOTE,
        confusion=[_row(row, taken_for) for row in confusion],
        taken_for=taken_for,
        calibration_verdict=wording.calibration_verdict(found.calibration),
        verdicts=wording.VERDICTS,
        wrong=[score for score in found.files if score.mistakes],
        most_files=_MOST_FILES,
        loss_note=wording.LOSS_NOTE,
        uncertain_note=wording.UNCERTAIN_NOTE,
        left_out=wording.left_out(found),
    )


def _row(row: Confusion, taken_for: list[str]) -> dict[str, object]:
    """A row of the matrix; each count with its shade, 1 to HEATS."""
    counts = dict(row.instead)
    cells = [
        (count, min(1 + count * _HEATS // (row.missed + 1), _HEATS))
        for count in (counts.get(name, 0) for name in taken_for)
    ]
    return {"group": row.group, "missed": row.missed, "total": row.total, "cells": cells}
