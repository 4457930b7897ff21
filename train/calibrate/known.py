"""The held-out logits of a model with details and phase outputs, and what it ships of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from irclassify.model.calibration import Decided
from irclassify.options import DEFAULT_ERROR_RATE
from train.calibrate import by_phase
from train.calibrate.by_phase import Known
from train.calibrate.confidence import cross_fitted
from train.calibrate.details import Choice
from train.data.dataset import Dataset
from train.data.split import choosing_phases, stated_phases, testing_folds
from train.fit.out_of_fold import OUTPUTS_OF, held_out
from train.labels.details import ANSWERED, DETAILS, OUTPUTS
from train.labels.groups import GROUPS

__all__ = [
    "ANSWERED",
    "held_out_answers",
    "known_of",
    "parents_of",
    "shipped",
    "shipped_by",
    "tells_phases",
]


def tells_phases(model: str) -> bool:
    """Whether a model has outputs for details and phases."""
    return model in OUTPUTS_OF


def known_of(model: str, data: Dataset) -> Known:
    """All outputs of a model on its data, shipped or not."""
    return Known(
        answers=data.answers.astype(np.int8),
        logits=held_out(model, data, OUTPUTS).astype(float),
        rows=choosing_phases(model, data),
        parents=parents_of(),
        folds=testing_folds(data),
    )


def held_out_answers(model: str, data: Dataset, logits: NDArray[np.floating]) -> Decided:
    """Answers from held-out logits (n, 17), by calibration and limits of the other folds.

    The phase of each spectrum is stated, as with ``--phase``.
    """
    if tells_phases(model):
        groups = known_of(model, data).with_outputs(range(len(GROUPS)))
        stated: list[str | None] = [record.phase for record in data.records]
        return by_phase.cross_fitted(groups, stated, [DEFAULT_ERROR_RATE])[0]
    (answers,) = cross_fitted(
        data.labels,
        logits,
        testing_folds(data),
        choosing_phases(model, data),
        stated_phases(data),
        [DEFAULT_ERROR_RATE],
    )
    return answers


def parents_of() -> NDArray[np.intp]:
    """The column of the group above each of ANSWERED, its own where it stands alone."""
    above = {detail.name: detail.parent for detail in DETAILS}
    return np.array([ANSWERED.index(above.get(name) or name) for name in ANSWERED], np.intp)


def shipped(every: Known, choice: Choice) -> Known:
    """The groups and the details that were chosen, silent where they must be."""
    silent = Known(**vars(every) | {"silent": choice.silent})
    return silent.with_outputs([ANSWERED.index(name) for name in (*GROUPS, *choice.shipped)])


def shipped_by(every: Known, results: Mapping[str, Any]) -> Known:
    """``shipped`` from what stage ``calibrate`` has stored."""
    tried = results["details"]["tried"]
    silent = np.zeros((len(every.rows), every.outputs), bool)
    for name, found in tried.items():
        for at, phase in enumerate(every.rows):
            silent[at, ANSWERED.index(name)] = found["phases"][phase]["silent"]
    return shipped(every, Choice(tried, tuple(results["details"]["shipped"]), silent))
