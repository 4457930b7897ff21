"""Logits -> probabilities and calls, many spectra at once; made into Predictions in one place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from irclassify.model.calibration import ABSENT, PRESENT, UNCERTAIN, Decided, decide
from irclassify.model.folder import ModelSpec
from irclassify.options import DEFAULT_ERROR_RATE
from irclassify.results.prediction import Domain, GroupCall, Prediction

WORDS = {ABSENT: "absent", UNCERTAIN: "uncertain", PRESENT: "present"}
GUESSES = {False: WORDS[ABSENT], True: WORDS[PRESENT]}


@dataclass(frozen=True, eq=False)
class Answers(Decided):
    """What a model says of n spectra, and on what terms.

    ``phases`` (n): gas, condensed or None.
    """

    spec: ModelSpec
    phases: tuple[str | None, ...]
    error_rate: float

    def __len__(self) -> int:
        """Number of spectra."""
        return len(self.logits)

    def predictions(self, domains: Sequence[Domain | None] | None = None) -> list[Prediction]:
        """The same as one plain object a spectrum, with what is known of its domain."""
        names = [group.name for group in self.spec.groups]
        columns = (self.probabilities, self.calls, self.logits, self.guesses)
        rows = zip(*(column.tolist() for column in columns), strict=True)
        return [
            Prediction(
                model=self.spec.label,
                groups=tuple(
                    map(
                        GroupCall,
                        names,
                        probabilities,
                        map(WORDS.__getitem__, calls),
                        logits,
                        map(GUESSES.__getitem__, guesses),
                    )
                ),
                phase=phase,
                error_rate=self.error_rate,
                domain=domain,
            )
            for phase, domain, (probabilities, calls, logits, guesses) in zip(
                self.phases, domains or [None] * len(self), rows, strict=True
            )
        ]


def answer(
    logits: NDArray[np.floating],
    phases: Sequence[str | None],
    spec: ModelSpec,
    error_rate: float = DEFAULT_ERROR_RATE,
) -> Answers:
    """Logits (n, groups) of a model's graph -> Answers.

    ``phases`` (n): the phase of each spectrum (irclassify.spectra.phase); None where unknown.
    ``error_rate``: see irclassify.model.calibration. Raises UsageError when it makes no sense.
    """
    decided = decide(logits, phases, spec.confidence, error_rate)
    return Answers(**vars(decided), spec=spec, phases=tuple(phases), error_rate=error_rate)
