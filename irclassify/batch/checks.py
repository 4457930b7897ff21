"""Sources and the structures that are said of them -> whether each spectrum fits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from irclassify.batch.explanations import explain_source
from irclassify.errors import UsageError
from irclassify.explain.bands import structures
from irclassify.explain.check import (
    STRONG,
    evidence,
    explained,
    group_checks,
    limits_of,
    phase_of_limits,
    reasons,
)
from irclassify.explain.matching import tables
from irclassify.explain.observed import Observed
from irclassify.model.folder import ModelSpec
from irclassify.options import DEFAULT_ERROR_RATE, ReadOptions
from irclassify.results.check import Check, PeakCheck
from irclassify.results.explanation import Explanation
from irclassify.sources.paths import Source

if TYPE_CHECKING:
    from irclassify.evaluation.structures import Matcher

_Holds = Callable[[str], Mapping[str, bool]]


def check_source(
    source: Source,
    spec: ModelSpec,
    smiles: str,
    holds: _Holds,
    *,
    options: ReadOptions | None = None,
    error_rate: float = DEFAULT_ERROR_RATE,
) -> Check:
    """Whether one spectrum fits a structure.

    ``holds``: a SMILES -> which groups of the model and structures of the tables it has, by name.
    Raises UsageError for what is no SMILES or a file of several spectra, IrclassifyError when the
    spectrum cannot be read and classified.
    """
    has = holds(smiles)
    found = explain_source(source, spec, options=options, error_rate=error_rate)
    return _check(found, smiles, has)


def _check(found: Explanation, smiles: str, has: Mapping[str, bool]) -> Check:
    """The same for a spectrum that is explained already."""
    calls = [(group.name, group.probability, group.call) for group in found.groups]
    names = tuple(group.name for group in found.groups)
    probabilities = {group.name: group.probability for group in found.groups}
    probabilities |= {detail.name: detail.probability for detail in found.details}
    bands = Observed.from_peaks(found.peaks)
    known = tables(tuple(probabilities))
    parts = evidence(has, probabilities, names, bands, found.phase, known)
    limits = limits_of(found.phase, details=bool(found.details))
    score = limits.score(parts)
    groups = group_checks(has, calls)
    peaks = tuple(
        PeakCheck(peak, bool(ok) or peak.is_artefact)
        for peak, ok in zip(found.peaks, explained(has, bands, found.phase, known), strict=True)
        if peak.height >= STRONG
    )
    unexplained = [(one.peak.cm1, one.peak.height) for one in peaks if not one.explained]
    return Check(
        file=found.file,
        model=found.model,
        smiles=smiles,
        phase=found.phase,
        limits_phase=phase_of_limits(found.phase),
        verdict=limits.verdict(score),
        score=score,
        contradicted_from=limits.contradicted_from,
        consistent_to=limits.consistent_to,
        reasons=reasons(groups, unexplained),
        groups=groups,
        peaks=peaks,
        false_alarms=limits.false_alarms,
        caught=limits.caught,
        warnings=found.warnings,
        domain=found.domain,
    )


class Structures:
    """Which groups and structures a SMILES has; RDKit is imported for the first of them."""

    def __init__(self, spec: ModelSpec) -> None:
        """By the model's own definitions of its groups and details."""
        own = {group.name: group.smarts for group in spec.outputs}
        self._smarts = structures() | own
        self._matcher: Matcher | None = None

    def __call__(self, smiles: str) -> Mapping[str, bool]:
        """By name. Raises UsageError for what is no SMILES, and without RDKit."""
        try:
            from irclassify.evaluation.structures import Matcher, molecule, repaired  # noqa: PLC0415
        except ImportError as error:
            raise UsageError(
                'to read SMILES, RDKit is needed: pip install "irclassify[smiles]"'
            ) from error
        self._matcher = self._matcher or Matcher(self._smarts.values())
        mol = molecule(smiles)
        if mol is None or mol.GetNumAtoms() == 0:
            raise UsageError(f"{smiles!r} is not a SMILES")
        return dict(zip(self._smarts, self._matcher.found_in(repaired(mol)), strict=True))
