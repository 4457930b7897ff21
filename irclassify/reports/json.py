"""Results as plain JSON objects. The keys are a public interface: add to them, rename none.

KEYS says for each result what its object holds, in which order and rounded to how many digits; one
walker does the rest. Probabilities keep six decimals, the terms of an explanation eight, so that
the printed numbers of even two hundred peaks still add up to the printed logit within 1e-5.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from irclassify.results.prediction import GroupCall, Ok

if TYPE_CHECKING:
    from irclassify.results.bands import Band
    from irclassify.results.patterns import GroupKnowledge, Learned, LearnedRegion

_Record = dict[str, Any]

# ``key``, ``key=attribute`` where they differ, ``key/digits`` after the decimal point.
KEYS = {
    # every command
    "Failed": "file ok error",
    # predict
    "Ok": "file ok model=prediction.model groups=prediction.groups warnings "
    "domain=prediction.domain phase=prediction.phase error_rate=prediction.error_rate details "
    "phase_source=prediction.phase_source phase_probability=prediction.phase_probability/6 "
    "summary unexplained",
    "GroupCall": "name probability/6 call best_guess",
    "Domain": "verdict reasons",
    # inspect
    "Inspection": "file ok format title state n_points first_cm1/6 last_cm1/6 x_unit y_unit "
    "spacing_cm1/6 max_absorbance grade warnings",
    # explain
    "Explanation": "file ok model title phase error_rate domain warnings summary "
    "resolution_cm1/2 peaks unexplained groups",
    "Peak": "number cm1/2 absorbance/6 width_cm1/2 height/4 from_cm1/2 to_cm1/2 shape "
    "artefact=is_artefact assignment second fit/4",
    "PeakShare": "peak=number contribution/8 remark",
    "PeakPair": "a=first b=second contribution/8",
    "GroupExplanation": "name probability/6 call best_guess absent_below/6 present_from/6 "
    "threshold/6 logit/8 bias/8 by_peak no_peak/8 peak_pairs missing contradicts",
    "Missing": "vibration known_bands=bands",
    "Unexplained": "peak=peak.number cm1=peak.cm1/2 height=peak.height/4 candidates",
    "Band": "group vibration=label from_cm1=low to_cm1=high intensity note source",
    # explain A B
    "Comparison": "ok a b peaks groups",
    "PeakMatch": "cm1=one.cm1/2 shown_by a b",
    "GroupContrast": "name differs difference/8 bias/8 by_peak no_peak/8",
    "PeakContrast": "a_peak=first b_peak=second a/8 b/8 difference/8",
    # check
    "Check": "file ok model smiles phase verdict score/4 contradicted_from/4 consistent_to/4 "
    "reasons groups peaks false_alarms/4 warnings domain caught",
    "GroupCheck": "name in_structure probability/6 verdict",
    "PeakCheck": "number=peak.number cm1=peak.cm1/2 height=peak.height/4 explained",
    # evaluate
    "Evaluation": "model error_rate spectra molecular_perfection molecular_f1 macro_f1/6 missed "
    "false_alarms decided over_error_rate groups calibration confusion domain=verdicts files "
    "failed missing unlabelled notes",
    "Estimate": "value/6 low/6 high/6",
    "Rate": "count total value/6 low/6 high/6",
    "GroupMeasures": "name n positives few precision/6 recall/6 f1/6 auc/6 brier/6 ece/6 missed "
    "false_alarms decided",
    "Calibration": "n brier/6 ece/6 ece_by_chance/6 bins",
    "Bin": "stated/6 true",
    "Confusion": "group total missed instead",
    "Verdict": "verdict molecular_perfection molecular_f1/6",
    "FileScore": "file loss/6 perfect domain mistakes",
    "Mistake": "group present probability/6 call",
    # patterns, weights: rounded when the model was made
    "Learned": "networks spectra window_cm1 shapes channels",
    "Channel": "channel=number network shape alike width_cm1 typical_cm1 pattern uses",
    "Use": "group from_cm1 to_cm1 lift",
    "LearnedRegion": "from_cm1 to_cm1 sees_from_cm1 sees_to_cm1 lift share reads "
    "networks_agreeing=agreeing",
}

# What no attribute holds as it is written.
_ROWS = ("Ok", "Inspection", "Explanation", "Comparison", "Check")
MADE: dict[tuple[str, str], Callable[[Any], Any]] = {
    ("Failed", "ok"): lambda _: False,
    **{(name, "ok"): lambda _: True for name in _ROWS},
    ("Failed", "error"): lambda failed: {"code": failed.code, "message": failed.message},
    ("PeakMatch", "a"): lambda match: match.a and match.a.number,
    ("PeakMatch", "b"): lambda match: match.b and match.b.number,
    ("Ok", "details"): lambda found: details_record(found.prediction.details),
    ("Inspection", "max_absorbance"): lambda found: float(f"{found.max_absorbance:.6g}"),
    ("Evaluation", "spectra"): lambda found: {
        "judged": found.n,
        "fully_labelled": found.complete,
        "failed": len(found.failed),
        "missing": len(found.missing),
        "unlabelled": len(found.unlabelled),
    },
    ("Evaluation", "over_error_rate"): lambda found: [
        {"group": group, "rate": rate} for group, rate in found.over_rate
    ],
    ("Evaluation", "failed"): lambda found: [
        {"file": file, "error": {"code": code, "message": message}}
        for file, code, message in found.failed
    ],
    ("Confusion", "instead"): lambda row: dict(row.instead),
    ("Check", "caught"): lambda found: dict(found.caught),
}


def details_record(details: Sequence[GroupCall]) -> list[_Record]:
    """What ``predict`` says about the details of one spectrum.

    Examples
    --------
    >>> phenol = GroupCall("phenol", 0.9, "present", 2.2, "present", "phenol", "alcohol")
    >>> [(each["name"], each["parent"]) for each in details_record([phenol])]
    [('phenol', 'alcohol')]
    """
    return [
        {
            "name": detail.name,
            "parent": detail.parent,
            "title": detail.title,
            "probability": round(detail.probability, 6),
            "call": detail.call,
            "best_guess": detail.best_guess,
        }
        for detail in details
    ]


def weights_record(
    model: str,
    learned: Learned,
    group: GroupKnowledge,
    known_bands: Callable[[LearnedRegion], Sequence[Band]],
    top: int | None,
) -> _Record:
    """What ``weights`` says; ``profile`` holds one value a latent position, ascending wavenumber.

    ``known_bands``: those of the literature at a learned region. ``top``: how many regions, None
    for all.

    Examples
    --------
    >>> from irclassify.model.folder import find_model
    >>> learned = find_model("default").learned
    >>> record = weights_record("m@1", learned, learned.groups[0], lambda region: (), top=1)
    >>> record["group"], len(record["regions"])
    ('alkane', 1)
    """
    shapes = [channel.shape for channel in learned.channels]
    regions = [
        record_of(region)
        | {
            "channels": [
                {"channel": c.channel, "shape": shapes[c.channel], "share": c.share}
                for c in region.channels
            ],
            "known_bands": plain(known_bands(region)),
        }
        for region in group.regions[:top]
    ]
    return {
        "model": model,
        "group": group.name,
        "networks": learned.networks,
        "spectra": learned.spectra,
        "total_lift": group.total_lift,
        "consistency": group.consistency,
        "regions": regions,
        "profile": {
            "wavenumber_cm1": list(learned.position_cm1),
            "lift": list(group.lift),
            "wants": ["band" if sign == "+" else "gap" for sign in group.wants],
            "weight": list(group.weight),
        },
    }


# --- the walker ---


def record_of(result: Any) -> _Record:
    """A result as an object of the keys that KEYS lists for its class, in that order.

    ``summary`` and ``unexplained`` of ``predict`` are left out where words were not asked for.

    Examples
    --------
    >>> record_of(GroupCall("ester", 0.12345678, "uncertain", -1.96, "absent"))
    {'name': 'ester', 'probability': 0.123457, 'call': 'uncertain', 'best_guess': 'absent'}
    """
    record = {
        key: plain(value_of(result), digits)
        for key, value_of, digits in _keys(type(result).__name__)
    }
    if isinstance(result, Ok) and result.summary is None:
        del record["summary"], record["unexplained"]
    return record


@cache
def _keys(name: str) -> tuple[tuple[str, Callable[[Any], Any], int | None], ...]:
    """For each key of a class: how to get its value, and its digits (None: as it is)."""
    keys = []
    for entry in KEYS[name].split():
        said, _, digits = entry.partition("/")
        key, _, attribute = said.partition("=")
        value_of = MADE.get((name, key)) or attrgetter(attribute or key)
        keys.append((key, value_of, int(digits) if digits else None))
    return tuple(keys)


_AS_THEY_ARE = frozenset((str, int, bool, dict, type(None)))


def plain(value: Any, digits: int | None = None) -> Any:
    """``value`` as JSON knows it: results as objects, tuples as lists, numbers rounded.

    ``digits``: after the decimal point of each number; None: all of them.

    Examples
    --------
    >>> plain((1715.125, None), digits=2)
    [1715.12, None]
    """
    if type(value) in _AS_THEY_ARE:
        return value
    if isinstance(value, float):
        return value if digits is None else round(value, digits)
    if type(value).__name__ in KEYS:
        return record_of(value)
    return [plain(item, digits) for item in value]
