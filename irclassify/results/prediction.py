"""The answers, as renderers get them: plain values, no arrays, no science.

What is told beyond the answer, explanations above all, is in explanations.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

IN_DOMAIN, UNUSUAL, OUTSIDE = "in_domain", "unusual", "outside"


@dataclass(frozen=True)
class Domain:
    """Whether the model was trained for such a spectrum: ``verdict`` in_domain, unusual or outside.

    ``reasons`` are plain phrases, none for in_domain.
    """

    verdict: str
    reasons: tuple[str, ...] = ()


class GroupCall(NamedTuple):
    """One group of one spectrum. ``call`` is ``present``, ``absent`` or ``uncertain``.

    ``best_guess`` is ``present`` or ``absent``, whatever the error rate asked for; ``logit`` is the
    exact sum that ``explain`` accounts for: probability = 1 / (1 + exp(-logit)). A tuple because
    there are many: a frozen dataclass takes five times as long to make.
    """

    name: str
    probability: float
    call: str
    logit: float
    best_guess: str


@dataclass(frozen=True)
class Prediction:
    """The answer for one spectrum: every group the model knows, in the model's order.

    ``phase`` is the one that was reckoned with (``gas``, ``condensed``, None for unknown),
    ``error_rate`` the share of wrong calls that was allowed. ``domain`` is None from a model that
    cannot tell.
    """

    model: str
    groups: tuple[GroupCall, ...]
    phase: str | None = None
    error_rate: float = 0.05
    domain: Domain | None = None

    @property
    def present(self) -> tuple[GroupCall, ...]:
        """The groups called present, most probable first."""
        return self.called("present")

    def called(self, call: str) -> tuple[GroupCall, ...]:
        """The groups with a call, most probable first."""
        chosen = (g for g in self.groups if g.call == call)
        return tuple(sorted(chosen, key=lambda g: -g.probability))


@dataclass(frozen=True)
class Ok:
    """A spectrum that was read and classified. ``file`` is the name the user gave or would find."""

    file: str
    prediction: Prediction
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Failed:
    """A spectrum that could not be read or classified, with the error's stable code."""

    file: str
    code: str
    message: str


Result = Ok | Failed
