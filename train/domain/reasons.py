"""When a kind of corruption may be named: where that is right nine times in ten."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from irclassify.evaluation.metrics import exact_interval
from irclassify.model.domain import LOOKS_LIKE
from train.calibrate.precision import precise_from
from train.domain.test_sets import UnknownSet

if TYPE_CHECKING:
    from train.domain.measure import Scores

WRONG = 0.1  # the share of named kinds that may be wrong

# Which kind the spectra of a test set really are, by the words of its name; others are none.
WORDS = {
    "shifted": "shift",
    "mirrored": "mirror",
    "transmittance": "transmittance",
    "noise": "noise",
    "saturated": "saturation",
    "sloped": "humps",
    "UV-visible": "humps",
    "Raman": "raman",
}

Floats = NDArray[np.float64]


def kind_of(name: str) -> str | None:
    """The kind of a test set; None where it is none of them."""
    return next((kind for word, kind in WORDS.items() if word in name), None)


def surely_named(
    known: Scores,
    folds: NDArray[np.int_],
    scored: Mapping[str, Scores],
    others: Mapping[str, UnknownSet],
    unusual: float,
) -> tuple[Floats, dict[str, Any]]:
    """The log odds from which each kind is named (kinds,), and how often that was right.

    Judged are the spectra of all sets, known ones too, whose likeness is flagged. What is measured
    uses for each fold the odds that the other folds gave.
    """
    kinds = list(LOOKS_LIKE)
    parts = [(known, None, folds)]
    parts += [(scores, kind_of(name), others[name].folds) for name, scores in scored.items()]
    liked = np.quantile(known.likeness, 1 - 10**-unusual)
    odds, said, true, fold = [], [], [], []
    for scores, kind, own in parts:
        flagged = scores.likeness >= liked
        odds.append(scores.odds[flagged])
        said.append(scores.kind[flagged].astype(int))
        true.append(np.full(int(flagged.sum()), kinds.index(kind) if kind else -1))
        fold.append(own[flagged])
    z, named, really, where = (np.concatenate(each) for each in (odds, said, true, fold))
    sure, measured = np.full(len(kinds), np.inf), {}
    for k, kind in enumerate(kinds):
        mine = named == k
        right = really[mine] == k
        sure[k] = precise_from(right, z[mine], WRONG, -np.inf)
        given = np.zeros(int(mine.sum()), bool)
        for one in np.unique(where[mine]):
            rest = where[mine] != one
            limit = precise_from(right[rest], z[mine][rest], WRONG, -np.inf)
            given[~rest] = z[mine][~rest] >= limit
        count, hits = int(given.sum()), int((given & right).sum())
        measured[kind] = {
            "named": count,
            "right": hits,
            "interval": list(exact_interval(hits, count)) if count else None,
        }
    return sure, measured
