"""Two spectra compared: what each group's difference is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from irclassify.results.explanation import Explanation, GroupExplanation


@dataclass(frozen=True)
class Contrast:
    """A region (from, to in cm-1), what it adds in either spectrum, and what stands there.

    ``difference`` is b - a.
    """

    from_cm1: float
    to_cm1: float
    a: float
    b: float
    a_is: str
    b_is: str

    @property
    def difference(self) -> float:
        """What it adds to b's logit beyond a's."""
        return self.b - self.a


@dataclass(frozen=True)
class PairContrast:
    """Two regions (from, to in cm-1) that count together, and what they add in either spectrum.

    ``words`` says what stands there in the spectrum in which they count for more.
    """

    first: tuple[float, float]
    second: tuple[float, float]
    a: float
    b: float
    words: str

    @property
    def difference(self) -> float:
        """What they add to b's logit beyond a's."""
        return self.b - self.a


@dataclass(frozen=True)
class GroupContrast:
    """Why two spectra differ in a group: b's logit - a's = bias + regions + pairs + remainder.

    The regions are those of the difference, each counted as b - a; so is ``bias``, which is zero
    for two spectra of one phase.
    """

    name: str
    a: GroupExplanation
    b: GroupExplanation
    bias: float
    regions: tuple[Contrast, ...]
    pairs: tuple[PairContrast, ...]
    remainder: float

    @property
    def differs(self) -> bool:
        """True when the verdicts are not the same."""
        return self.a.call != self.b.call

    @property
    def difference(self) -> float:
        """b's logit minus a's."""
        return self.b.logit - self.a.logit


@dataclass(frozen=True)
class Comparison:
    """Two explained spectra and, in the model's order, what each group's difference is made of."""

    a: Explanation
    b: Explanation
    groups: tuple[GroupContrast, ...]
