"""Two spectra compared by their peaks: what each group's difference is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from irclassify.results.explanation import Explanation, GroupExplanation, Peak


@dataclass(frozen=True)
class PeakMatch:
    """A peak that both spectra show, or one of them: the other is None.

    Examples
    --------
    >>> from irclassify.results.explanation import Peak
    >>> peak = Peak(1, 1717.0, 0.9, 20.0, 0.8, 1.0, 1700.0, 1735.0, "")
    >>> match = PeakMatch(peak, None)
    >>> match.one.cm1, match.shown_by
    (1717.0, 'a')
    """

    a: Peak | None
    b: Peak | None

    @property
    def one(self) -> Peak:
        """The peak of b, or of a where b does not show it."""
        found = self.b or self.a
        assert found is not None
        return found

    @property
    def shown_by(self) -> str:
        """``both``, ``a`` or ``b``."""
        if self.a is None:
            return "b"
        return "a" if self.b is None else "both"


@dataclass(frozen=True)
class PeakContrast:
    """What a peak adds to a group's logit in either spectrum; 0 where it is not shown.

    ``first``, ``second``: its numbers in a and in b; None where it is not shown.

    Examples
    --------
    >>> PeakContrast(1, 2, a=0.5, b=2.0).difference
    1.5
    """

    first: int | None
    second: int | None
    a: float
    b: float

    @property
    def difference(self) -> float:
        """What it adds to b's logit beyond a's."""
        return self.b - self.a


@dataclass(frozen=True)
class GroupContrast:
    """Why two spectra differ in a group.

    b's logit - a's = ``bias`` + the differences of ``by_peak`` + ``no_peak``. ``by_peak`` has one
    contrast for each of the comparison's ``peaks``, in their order. ``bias`` and ``no_peak``: that
    of b less that of a; ``bias`` is zero for two spectra of one phase.

    Examples
    --------
    >>> from irclassify.results.explanation import GroupExplanation
    >>> a = GroupExplanation("ketone", 0.12, "absent", logit=-2.0, bias=-2.5, no_peak=0.5)
    >>> b = GroupExplanation("ketone", 0.95, "present", logit=3.0, bias=-2.5, no_peak=1.0)
    >>> contrast = GroupContrast("ketone", a, b, ())
    >>> contrast.difference, contrast.bias, contrast.no_peak
    (5.0, 0.0, 0.5)
    >>> contrast.differs, contrast.is_called
    (True, True)
    """

    name: str
    a: GroupExplanation
    b: GroupExplanation
    by_peak: tuple[PeakContrast, ...]

    @property
    def bias(self) -> float:
        """The bias of b less that of a."""
        return self.b.bias - self.a.bias

    @property
    def no_peak(self) -> float:
        """What absorption outside of all peaks adds to b's logit beyond a's."""
        return self.b.no_peak - self.a.no_peak

    @property
    def differs(self) -> bool:
        """True when the calls are not the same."""
        return self.a.call != self.b.call

    @property
    def is_called(self) -> bool:
        """True when it is called present in one of them."""
        return "present" in (self.a.call, self.b.call)

    @property
    def difference(self) -> float:
        """b's logit minus a's."""
        return self.b.logit - self.a.logit


@dataclass(frozen=True)
class Comparison:
    """Two explained spectra: their peaks, from high to low wavenumber, and groups.

    ``groups`` stand in the model's order: what each group's difference is made of.

    Examples
    --------
    >>> from irclassify.results.explanation import Explanation, GroupExplanation
    >>> a = GroupExplanation("ketone", 0.12, "absent", logit=-2.0, bias=-2.5, no_peak=0.5)
    >>> b = GroupExplanation("ketone", 0.95, "present", logit=3.0, bias=-2.5, no_peak=1.0)
    >>> of = Explanation("a.jdx", "default", "", ())
    >>> compared = Comparison(of, of, (), (GroupContrast("ketone", a, b, ()),))
    >>> [group.name for group in compared.by_change]
    ['ketone']
    """

    a: Explanation
    b: Explanation
    peaks: tuple[PeakMatch, ...]
    groups: tuple[GroupContrast, ...]

    @property
    def by_change(self) -> tuple[GroupContrast, ...]:
        """Groups called present in one of the two first, each kind by the size of its change."""
        return tuple(sorted(self.groups, key=lambda g: (not g.is_called, -abs(g.difference))))
