"""The table of answers: what a model says of many spectra, and the plain objects made of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import repeat
from math import isnan, nan
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from irclassify.model.calibration import ABSENT, PRESENT, UNCERTAIN, Confidence, Decided, decide
from irclassify.model.folder import ModelSpec, find_model
from irclassify.model.shared_axis import FAULT_CODES, fault_text
from irclassify.options import DEFAULT_ERROR_RATE
from irclassify.results.prediction import (
    INFERRED,
    OUTSIDE,
    STATED,
    Domain,
    GroupCall,
    Prediction,
)

# Among calls: the row is no spectrum that could be classified.
NO_ANSWER = -128

WORDS = {ABSENT: "absent", UNCERTAIN: "uncertain", PRESENT: "present"}
_GUESSES = {False: WORDS[ABSENT], True: WORDS[PRESENT]}


class Details(NamedTuple):
    """What a model says of the finer groups below its groups: as in Predicted, columns ``names``.

    ``parents``: the group that each belongs to, None where it stands alone.
    """

    names: tuple[str, ...]
    parents: tuple[str | None, ...]
    logits: NDArray[np.float64]
    probabilities: NDArray[np.float64]
    calls: NDArray[np.int8]
    best_guesses: NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Predicted:
    """What a model says of n spectra, a row each; columns are ``groups``.

    ``probabilities``, ``logits``, ``calls``, ``best_guesses``: (n, groups). ``details``: the same
    for the finer groups. ``phases`` (n,): the phase that was reckoned with, ``gas``, ``condensed``,
    ``atr`` or None for unknown; ``phase_sources`` (n,): ``stated``, ``inferred`` or None;
    ``phase_probabilities`` (n,): how probable the spectrum itself makes that phase, NaN from a
    model that cannot tell. ``phase_weights`` (n, phases): how much the scale of each phase counts.
    ``faults`` (n,): 0 where there is an answer, else a number that ``errors`` and ``message`` name.
    ``domains`` (n,): whether the model knows such spectra; None where there is no answer, and from
    a model that cannot tell. ``said``: all outputs in one table, groups first.
    """

    spec: ModelSpec
    error_rate: float
    said: Decided
    phases: tuple[str | None, ...]
    phase_sources: tuple[str | None, ...]
    phase_probabilities: NDArray[np.float64]
    phase_weights: NDArray[np.float64]
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
        """From the logits (n, outputs and phases) of a model's graph, not yet calibrated.

        Parameters
        ----------
        logits : (n, outputs + phases)
        phases : sequence of n
            As stated, None where they are not.
        spec : ModelSpec
        error_rate : float, 0.001 to 0.5
        faults : (n,), int8, optional
        domains : sequence of n, optional

        Raises
        ------
        UsageError
            For an error rate outside its range.

        Examples
        --------
        >>> _example().calls.shape[0]
        1
        """
        numbers, count = spec.confidence, len(logits)
        faults = np.zeros(count, np.int8) if faults is None else faults
        outputs, posterior = np.asarray(logits)[:, : len(spec.outputs)], None
        if spec.phase_scale is not None:
            posterior = spec.phase_scale.probabilities(logits[:, len(spec.outputs) :])
        weights = numbers.weights(phases, posterior)
        said = decide(outputs, weights, numbers, error_rate, spec.parents)
        calls = np.where(faults[:, None] == 0, said.calls, np.int8(NO_ANSWER))
        told = _phases(phases, posterior, numbers)
        return cls(
            spec=spec,
            error_rate=error_rate,
            said=said._replace(calls=calls),
            phases=tuple(phase for phase, _, _ in told),
            phase_sources=tuple(source for _, source, _ in told),
            phase_probabilities=np.array([probability for _, _, probability in told], float),
            phase_weights=weights,
            faults=faults,
            domains=tuple(domains or [None] * count),
        )

    @classmethod
    def joined(cls, parts: Sequence[Predicted]) -> Predicted:
        """Answers of one model, at one error rate, one below the other; at least one part.

        Examples
        --------
        >>> len(Predicted.joined([_example(), _example()]))
        2
        """
        if len(parts) == 1:
            return parts[0]

        def below(arrays: Iterable[NDArray[Any]]) -> Any:
            return np.concatenate(list(arrays))

        return replace(
            parts[0],
            said=Decided(*map(below, zip(*(part.said for part in parts), strict=True))),
            phases=tuple(phase for part in parts for phase in part.phases),
            phase_sources=tuple(source for part in parts for source in part.phase_sources),
            phase_probabilities=below(part.phase_probabilities for part in parts),
            phase_weights=below(part.phase_weights for part in parts),
            faults=below(part.faults for part in parts),
            domains=tuple(domain for part in parts for domain in part.domains),
        )

    def __len__(self) -> int:
        """Number of rows, with and without an answer."""
        return len(self.faults)

    @property
    def groups(self) -> tuple[str, ...]:
        """The names of the groups, in order.

        Examples
        --------
        >>> _example().groups[0]
        'alkane'
        """
        return tuple(group.name for group in self.spec.groups)

    @property
    def logits(self) -> NDArray[np.float64]:
        """(n, groups): probability = 1 / (1 + exp(-logit)); NaN where there is no answer.

        Examples
        --------
        >>> _example().logits.dtype.name
        'float64'
        """
        return self.said.logits[:, : len(self.spec.groups)]

    @property
    def probabilities(self) -> NDArray[np.float64]:
        """(n, groups), calibrated; NaN where there is no answer.

        Examples
        --------
        >>> found = _example()
        >>> bool(np.allclose(found.probabilities, 1 / (1 + np.exp(-found.logits))))
        True
        """
        return self.said.probabilities[:, : len(self.spec.groups)]

    @property
    def calls(self) -> NDArray[np.int8]:
        """(n, groups): 1 present, 0 uncertain, -1 absent; NO_ANSWER where there is none.

        Examples
        --------
        >>> set(_example().calls.ravel().tolist()) <= {-1, 0, 1}
        True
        """
        return self.said.calls[:, : len(self.spec.groups)]

    @property
    def best_guesses(self) -> NDArray[np.bool_]:
        """(n, groups): True for present, at any error rate; False where there is no answer.

        Examples
        --------
        >>> _example().best_guesses.dtype.name
        'bool'
        """
        return self.said.guesses[:, : len(self.spec.groups)]

    @property
    def details(self) -> Details:
        """The finer groups; no columns from a model without them.

        Examples
        --------
        >>> found = _example()
        >>> found.details.probabilities.shape == (1, len(found.details.names))
        True
        """
        finer, first = self.spec.details, len(self.spec.groups)
        return Details(
            names=tuple(detail.name for detail in finer),
            parents=tuple(detail.parent for detail in finer),
            logits=self.said.logits[:, first:],
            probabilities=self.said.probabilities[:, first:],
            calls=self.said.calls[:, first:],
            best_guesses=self.said.guesses[:, first:],
        )

    @property
    def ok(self) -> NDArray[np.bool_]:
        """(n,): True where there is an answer.

        Examples
        --------
        >>> _example().ok.tolist()
        [True]
        """
        answered: NDArray[np.bool_] = self.faults == 0
        return answered

    @property
    def errors(self) -> NDArray[np.str_]:
        """(n,): error codes as in docs/reference/error-codes.md, empty where there is an answer.

        Examples
        --------
        >>> _example().errors.tolist()
        ['']
        """
        return np.array(FAULT_CODES)[self.faults]

    def message(self, row: int) -> str:
        """What is wrong with a row, in words; empty where nothing is.

        Examples
        --------
        >>> _example().message(0)
        ''
        """
        return fault_text(int(self.faults[row]), self.spec.preprocessing)

    @property
    def outside(self) -> int:
        """How many rows are outside the model's domain.

        Examples
        --------
        >>> _example().outside
        0
        """
        return sum(domain is not None and domain.verdict == OUTSIDE for domain in self.domains)

    def predictions(self, *, calls: bool = True) -> list[Prediction | None]:
        """The answers as one plain object a spectrum, None where there is none.

        ``calls``: False leaves out groups and details, whose objects take longer than the network.

        Examples
        --------
        >>> _example().predictions()[0].phase
        'gas'
        """
        known = zip(
            self.ok.tolist(),
            self._calls() if calls else repeat((), len(self)),
            self.phases,
            self.phase_sources,
            self.phase_probabilities.tolist(),
            map(tuple, self.phase_weights.tolist()),
            self.domains,
            strict=True,
        )
        groups = len(self.spec.groups)
        return [
            Prediction(
                model=self.spec.label,
                groups=each[:groups],
                phase=phase,
                error_rate=self.error_rate,
                domain=domain,
                details=each[groups:],
                phase_source=source,
                phase_probability=None if isnan(probability) else probability,
                phase_weights=weights,
            )
            if ok
            else None
            for ok, each, phase, source, probability, weights, domain in known
        ]

    def _calls(self) -> Iterator[tuple[GroupCall, ...]]:
        outputs, said = self.spec.outputs, self.said
        fixed = [[getattr(one, name) for one in outputs] for name in ("title", "parent", "covers")]
        names = [one.name for one in outputs]
        base_rates = self.spec.confidence.mean("base_rate", self.phase_weights)
        columns = (said.probabilities, said.calls, said.logits, said.guesses, base_rates)
        for p, calls, logits, guesses, rates in zip(*(c.tolist() for c in columns), strict=True):
            words = [WORDS.get(call, "") for call in calls]
            guessed = [_GUESSES[guess] for guess in guesses]
            yield tuple(map(GroupCall, names, p, words, logits, guessed, *fixed, rates))


def _phases(
    stated: Sequence[str | None], posterior: NDArray[np.float64] | None, numbers: Confidence
) -> list[tuple[str | None, str | None, float]]:
    """For each spectrum: its phase, where that is from, and how probable the spectrum makes it."""
    found: list[tuple[str | None, str | None, float]] = []
    for row, given in enumerate(stated):
        phase = numbers.known(given)
        if posterior is None:
            found.append((phase, STATED if phase else None, nan))
            continue
        each = dict(zip(numbers.phases, posterior[row].tolist(), strict=True))
        likeliest = max(each, key=each.__getitem__)
        source = STATED if phase else INFERRED
        found.append((phase or likeliest, source, each.get(phase or likeliest, nan)))
    return found


def _example() -> Predicted:
    """The answer to one spectrum without absorption, for the examples in docstrings."""
    spec = find_model("default")
    phases = len(spec.phase_scale.names) if spec.phase_scale else 0
    return Predicted.of(np.zeros((1, len(spec.outputs) + phases)), ["gas"], spec)
