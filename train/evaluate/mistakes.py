"""The surest mistakes on molecules that a model had not seen: examples of what to expect of it.

Some are mistakes of the library: a spectrum filed under the wrong molecule, or of a decay product,
is the surest mistake of all. They stay in the evaluation, because nothing but the model speaks
against them.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from train.data.dataset import Dataset
from train.labels.groups import GROUPS

Mistake = dict[str, Any]


def surest_mistakes(
    data: Dataset, probabilities: NDArray[np.float64], rows: NDArray[np.bool_]
) -> list[Mistake]:
    """For every group the surest miss and the surest false alarm among ``rows`` (n,).

    ``probabilities``: held out, (n, 17).
    """
    found = []
    for g, group in enumerate(GROUPS):
        has = data.labels[:, g]
        for kind, among, doubt in (
            ("missed", rows & has, probabilities[:, g]),
            ("false alarm", rows & ~has, 1 - probabilities[:, g]),
        ):
            if among.any():
                worst = int(np.where(among, doubt, np.inf).argmin())
                found.append(_mistake(data, worst, group, kind, float(probabilities[worst, g])))
    return found


def _mistake(data: Dataset, row: int, group: str, kind: str, probability: float) -> Mistake:
    record = data.records[row]
    return {
        "group": group,
        "kind": kind,
        "cas": record.cas,
        "smiles": record.smiles,
        "phase": record.phase,
        "probability": probability,
    }
