"""Results as plain JSON objects. The keys are a public interface: add to them, rename none.

Probabilities keep six decimals, the terms of an explanation eight, so that the printed numbers of
even two hundred positions still add up to the printed logit within 1e-5.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from irclassify.results.prediction import Domain, Failed, Result

if TYPE_CHECKING:
    from irclassify.results.bands import Band
    from irclassify.results.explanation import (
        AssignedBand,
        Comparison,
        Explanation,
        GroupContrast,
        GroupExplanation,
        Inspection,
        Missing,
        Pair,
        Region,
    )

Record = dict[str, Any]


def result_record(result: Result) -> Record:
    """What ``predict`` says about one spectrum."""
    if isinstance(result, Failed):
        return failure_record(result)
    return {
        "file": result.file,
        "ok": True,
        "model": result.prediction.model,
        "groups": [
            {
                "name": g.name,
                "probability": round(g.probability, 6),
                "call": g.call,
                "best_guess": g.best_guess,
            }
            for g in result.prediction.groups
        ],
        "warnings": list(result.warnings),
        "domain": _domain(result.prediction.domain),
        "phase": result.prediction.phase,
        "error_rate": result.prediction.error_rate,
    }


def failure_record(failed: Failed) -> Record:
    """What every command says about a spectrum it could not read."""
    error = {"code": failed.code, "message": failed.message}
    return {"file": failed.file, "ok": False, "error": error}


def inspection_record(found: Inspection) -> Record:
    """What ``inspect`` says about one spectrum."""
    return {
        "file": found.file,
        "ok": True,
        "format": found.format,
        "title": found.title,
        "state": found.state,
        "n_points": found.n_points,
        "first_cm1": round(found.first_cm1, 6),
        "last_cm1": round(found.last_cm1, 6),
        "x_unit": found.x_unit,
        "y_unit": found.y_unit,
        "spacing_cm1": round(found.spacing_cm1, 6),
        "max_absorbance": float(f"{found.max_absorbance:.6g}"),
        "grade": found.grade,
        "warnings": list(found.warnings),
    }


def explanation_record(explanation: Explanation) -> Record:
    """What ``explain`` says: for each group, bias + regions + pairs + remainder = logit."""
    return {
        "file": explanation.file,
        "ok": True,
        "model": explanation.model,
        "title": explanation.title,
        "resolution_cm1": round(explanation.resolution_cm1, 2),
        "groups": [_group(group) for group in explanation.groups],
        "unexplained": [_unexplained(band) for band in explanation.unexplained],
        "warnings": list(explanation.warnings),
        "domain": _domain(explanation.domain),
        "phase": explanation.phase,
        "error_rate": explanation.error_rate,
    }


def _domain(domain: Domain | None) -> Record | None:
    """Null from a model that cannot tell."""
    if domain is None:
        return None
    return {"verdict": domain.verdict, "reasons": list(domain.reasons)}


def comparison_record(comparison: Comparison) -> Record:
    """What ``explain A B`` says: in differences, logit = bias + regions + pairs + remainder."""
    return {
        "ok": True,
        "a": explanation_record(comparison.a),
        "b": explanation_record(comparison.b),
        "groups": [_contrast(group) for group in comparison.groups],
    }


def _contrast(group: GroupContrast) -> Record:
    return {
        "name": group.name,
        "differs": group.differs,
        "difference": round(group.b.logit - group.a.logit, 8),
        "bias": round(group.bias, 8),
        "regions": [
            {
                "from_cm1": round(region.from_cm1, 2),
                "to_cm1": round(region.to_cm1, 2),
                "a": round(region.a, 8),
                "b": round(region.b, 8),
                "difference": round(region.difference, 8),
                "a_is": region.a_is,
                "b_is": region.b_is,
            }
            for region in group.regions
        ],
        "pairs": [
            {
                "first": [round(edge, 2) for edge in pair.first],
                "second": [round(edge, 2) for edge in pair.second],
                "a": round(pair.a, 8),
                "b": round(pair.b, 8),
                "difference": round(pair.difference, 8),
                "words": pair.words,
            }
            for pair in group.pairs
        ],
        "remainder": round(group.remainder, 8),
    }


def _group(group: GroupExplanation) -> Record:
    return {
        "name": group.name,
        "probability": round(group.probability, 6),
        "call": group.call,
        "threshold": round(group.threshold, 6),
        "logit": round(group.logit, 8),
        "bias": round(group.bias, 8),
        "regions": [_region(region) for region in group.regions],
        "pairs": [_pair(pair) for pair in group.pairs],
        "remainder": round(group.remainder, 8),
        "missing": [_missing(lack) for lack in group.missing],
        "contradicts": list(group.contradicts),
        "best_guess": group.best_guess,
        "absent_below": round(group.absent_below, 6),
        "present_from": round(group.present_from, 6),
    }


def band_record(band: Band) -> Record:
    """A band of the literature."""
    return {
        "group": band.group,
        "vibration": band.label,
        "from_cm1": band.low,
        "to_cm1": band.high,
        "intensity": band.intensity,
        "note": band.note,
        "source": band.source,
    }


def _missing(lack: Missing) -> Record:
    return {"vibration": lack.vibration, "known_bands": [band_record(b) for b in lack.bands]}


def _unexplained(found: AssignedBand) -> Record:
    return {
        "band_cm1": round(found.band.cm1, 2),
        "band_absorbance": round(found.band.absorbance, 6),
        "band_width": round(found.band.width_cm1, 2),
        "height": round(found.height, 4),
        "candidates": [band_record(band) for band in found.candidates],
    }


def _region(region: Region) -> Record:
    return {
        "from_cm1": round(region.from_cm1, 2),
        "to_cm1": round(region.to_cm1, 2),
        "contribution": round(region.contribution, 8),
        "share": round(region.share, 4),
        "band_cm1": _rounded(region.band_cm1, 2),
        "band_absorbance": _rounded(region.band_absorbance, 6),
        "band_width": _rounded(region.band_width_cm1, 2),
        "pattern": region.pattern,
        "known_bands": [band_record(band) for band in region.known_bands],
        "sees_from_cm1": round(region.sees_from_cm1, 2),
        "sees_to_cm1": round(region.sees_to_cm1, 2),
    }


def _pair(pair: Pair) -> Record:
    return {
        "a": [round(edge, 2) for edge in pair.a],
        "b": [round(edge, 2) for edge in pair.b],
        "contribution": round(pair.contribution, 8),
        "words": pair.words,
    }


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)
