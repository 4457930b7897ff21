"""The table of answers: what a model says of many spectra, and the plain objects made of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from irclassify.model.calibration import ABSENT, PRESENT, UNCERTAIN, decide
from irclassify.model.folder import ModelSpec
from irclassify.model.shared_axis import FAULT_CODES, fault_text
from irclassify.options import DEFAULT_ERROR_RATE
from irclassify.results.prediction import Domain, GroupCall, Prediction

# Among calls: the row is no spectrum that could be classified.
NO_ANSWER = -128

WORDS = {ABSENT: "absent", UNCERTAIN: "uncertain", PRESENT: "present"}
GUESSES = {False: WORDS[ABSENT], True: WORDS[PRESENT]}


@dataclass(frozen=True, eq=False)
class Predicted:
    """What a model says of n spectra, a row each; columns are ``groups``.

    ``logits``, ``probabilities`` (n, groups): calibrated, probability = 1 / (1 + exp(-logit)); NaN
    where there is no answer. ``calls`` (n, groups): 1 present, 0 uncertain, -1 absent at
    ``error_rate``; NO_ANSWER where there is no answer. ``best_guesses`` (n, groups): True for
    present, at any error rate; False where there is no answer.
    ``phases`` (n,): gas, condensed or None. ``faults`` (n,): 0 where there is an answer, else a
    number that ``errors`` and ``message`` name. ``domains`` (n,): whether the model knows such
    spectra; None where there is no answer, and from a model that cannot tell.
    """

    spec: ModelSpec
    error_rate: float
    phases: tuple[str | None, ...]
    logits: NDArray[np.float64]
    probabilities: NDArray[np.float64]
    calls: NDArray[np.int8]
    best_guesses: NDArray[np.bool_]
    faults: NDArray[np.int8]
    domains: tuple[Domain | None, ...]

    @classmethod
    def of(
        cls,
        logits: NDArray[np.floating],
        phases: Sequence[str | None],
        spec: ModelSpec,
        error_rate: float = DEFAULT_ERROR_RATE,
        faults: NDArray[np.int8] | None = None,
        domains: Sequence[Domain | None] | None = None,
    ) -> Predicted:
        """From the logits (n, groups) of a model's graph, not yet calibrated.

        ``phases`` (n): see irclassify.spectra.phase. ``error_rate``: see
        irclassify.model.calibration. Raises UsageError when it makes no sense.
        """
        faults = np.zeros(len(logits), np.int8) if faults is None else faults
        said = decide(logits, phases, spec.confidence, error_rate)
        calls = np.where(faults[:, None] == 0, said.calls, np.int8(NO_ANSWER))
        return cls(
            spec=spec,
            error_rate=error_rate,
            phases=tuple(phases),
            logits=said.logits,
            probabilities=said.probabilities,
            calls=calls,
            best_guesses=said.guesses,
            faults=faults,
            domains=tuple(domains or [None] * len(logits)),
        )

    @classmethod
    def joined(cls, parts: Sequence[Predicted]) -> Predicted:
        """Answers of one model, at one error rate, one below the other; at least one part."""
        if len(parts) == 1:
            return parts[0]

        def below(name: str) -> Any:
            return np.concatenate([getattr(part, name) for part in parts])

        return replace(
            parts[0],
            phases=tuple(phase for part in parts for phase in part.phases),
            logits=below("logits"),
            probabilities=below("probabilities"),
            calls=below("calls"),
            best_guesses=below("best_guesses"),
            faults=below("faults"),
            domains=tuple(domain for part in parts for domain in part.domains),
        )

    def __len__(self) -> int:
        """Number of rows, with and without an answer."""
        return len(self.faults)

    @property
    def groups(self) -> tuple[str, ...]:
        """The names of the groups, in order."""
        return tuple(group.name for group in self.spec.groups)

    @property
    def ok(self) -> NDArray[np.bool_]:
        """(n,): True where there is an answer."""
        answered: NDArray[np.bool_] = self.faults == 0
        return answered

    @property
    def errors(self) -> NDArray[np.str_]:
        """(n,): error codes as in the README (``malformed``, ``unfit``), empty where ok."""
        return np.array(FAULT_CODES)[self.faults]

    def message(self, row: int) -> str:
        """What is wrong with a row, in words; empty where nothing is."""
        return fault_text(int(self.faults[row]), self.spec.preprocessing)

    def predictions(self) -> list[Prediction | None]:
        """The answers as one plain object a spectrum, None where there is none."""
        columns = (self.probabilities, self.calls, self.logits, self.best_guesses)
        rows = zip(*(column.tolist() for column in columns), strict=True)
        known = zip(self.ok.tolist(), self.phases, self.domains, rows, strict=True)
        return [
            Prediction(
                model=self.spec.label,
                groups=self._calls_of(*row),
                phase=phase,
                error_rate=self.error_rate,
                domain=domain,
            )
            if ok
            else None
            for ok, phase, domain, row in known
        ]

    def _calls_of(
        self, probabilities: list[float], calls: list[int], logits: list[float], guesses: list[bool]
    ) -> tuple[GroupCall, ...]:
        words = map(WORDS.__getitem__, calls)
        guessed = map(GUESSES.__getitem__, guesses)
        return tuple(map(GroupCall, self.groups, probabilities, words, logits, guessed))
