"""An evaluation as a plain JSON object. The keys are an interface: add to them, rename none."""

from __future__ import annotations

from irclassify.reports.json import Record
from irclassify.results.evaluation import (
    Calibration,
    Confusion,
    Estimate,
    Evaluation,
    FileScore,
    GroupMeasures,
    Rate,
)

DIGITS = 6


def evaluation_record(found: Evaluation) -> Record:
    """What ``evaluate`` says; null for what cannot be measured."""
    return {
        "model": found.model,
        "error_rate": found.error_rate,
        "spectra": {
            "judged": found.n,
            "fully_labelled": found.complete,
            "failed": len(found.failed),
            "missing": len(found.missing),
            "unlabelled": len(found.unlabelled),
        },
        "molecular_perfection": _estimate(found.molecular_perfection),
        "molecular_f1": _estimate(found.molecular_f1),
        "macro_f1": _number(found.macro_f1),
        "missed": _estimate(found.missed),
        "false_alarms": _estimate(found.false_alarms),
        "decided": _estimate(found.decided),
        "over_error_rate": [{"group": group, "rate": rate} for group, rate in found.over_rate],
        "groups": [_group(group) for group in found.groups],
        "calibration": _calibration(found.calibration),
        "confusion": [_confusion(row) for row in found.confusion],
        "domain": [
            {
                "verdict": verdict.verdict,
                "molecular_perfection": _rate(verdict.molecular_perfection),
                "molecular_f1": _number(verdict.molecular_f1),
            }
            for verdict in found.verdicts
        ],
        "files": [_file(score) for score in found.files],
        "failed": [
            {"file": file, "error": {"code": code, "message": message}}
            for file, code, message in found.failed
        ],
        "missing": list(found.missing),
        "unlabelled": list(found.unlabelled),
        "notes": list(found.notes),
    }


def _group(group: GroupMeasures) -> Record:
    return {
        "name": group.name,
        "n": group.n,
        "positives": group.positives,
        "few": group.few,
        "precision": _number(group.precision),
        "recall": _number(group.recall),
        "f1": _number(group.f1),
        "auc": _number(group.auc),
        "brier": _number(group.brier),
        "ece": _number(group.ece),
        "missed": _rate(group.missed),
        "false_alarms": _rate(group.false_alarms),
        "decided": _rate(group.decided),
    }


def _calibration(found: Calibration) -> Record:
    return {
        "n": found.n,
        "brier": _number(found.brier),
        "ece": _number(found.ece),
        "ece_by_chance": _number(found.ece_by_chance),
        "bins": [{"stated": _number(one.stated), "true": _rate(one.true)} for one in found.bins],
    }


def _confusion(row: Confusion) -> Record:
    instead = dict(row.instead)
    return {"group": row.group, "total": row.total, "missed": row.missed, "instead": instead}


def _file(score: FileScore) -> Record:
    return {
        "file": score.file,
        "loss": _number(score.loss),
        "perfect": score.perfect,
        "domain": score.domain,
        "mistakes": [
            {
                "group": mistake.group,
                "present": mistake.present,
                "probability": _number(mistake.probability),
                "call": mistake.call,
            }
            for mistake in score.mistakes
        ],
    }


def _estimate(found: Estimate | None) -> Record | None:
    if found is None:
        return None
    return {"value": _number(found.value), "low": _number(found.low), "high": _number(found.high)}


def _rate(found: Rate | None) -> Record | None:
    if found is None:
        return None
    return {
        "count": found.count,
        "total": found.total,
        "value": _number(found.value),
        "low": _number(found.low),
        "high": _number(found.high),
    }


def _number(value: float | None) -> float | None:
    return None if value is None else round(value, DIGITS)
