"""Sources and the structures that are said of them -> whether each spectrum fits."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from irclassify.batch.explanations import explain_source
from irclassify.errors import UsageError
from irclassify.evaluation.smiles import Structures
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

_Holds = Callable[[str], Mapping[str, bool] | None]


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

    Examples
    --------
    >>> from irclassify import samples
    >>> from irclassify.model.folder import find_model
    >>> path = samples.spectra()[-1]
    >>> source = Source(path.name, path.name, data=path.read_bytes())
    >>> spec = find_model("default")
    >>> path.name, check_source(source, spec, "CCC(=O)O", structures_of(spec)).smiles
    ('propanoic_acid.jdx', 'CCC(=O)O')
    """
    has = holds(smiles)
    if has is None:
        raise UsageError(f"{smiles!r} is not a SMILES")
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


def structures_of(spec: ModelSpec) -> Structures:
    """By the model's own definitions of its groups and details, and those of the tables of bands.

    Examples
    --------
    >>> from irclassify.model.folder import find_model
    >>> structures_of(find_model("default"))("CCO")["alcohol"]
    True
    """
    return Structures(structures() | {group.name: group.smarts for group in spec.outputs})
