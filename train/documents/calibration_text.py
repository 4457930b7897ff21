"""The results of stage ``calibrate`` as markdown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from irclassify.options import DEFAULT_ERROR_RATE

ENOUGH = 200  # positives, for a group's calibration error to mean anything
USUAL = f"{DEFAULT_ERROR_RATE:g}"


def render(found: dict[str, Any]) -> str:
    """Every table of a model."""
    return f"{_maps(found)}\n\n{summary(found)}\n\n{by_group(found)}"


def _maps(found: dict[str, Any]) -> str:
    phases = list(found["maps"][0]["phases"])
    lines = [
        "Ways to calibrate, on folds not fitted on (negative log-likelihood, and calibration "
        "error over all groups in 15 bins of equal mass):\n",
        f"| map | fitted | {' | '.join(f'{phase} NLL | {phase} error' for phase in phases)} |",
        "|---|---|" + "---|" * 2 * len(phases),
    ]
    for one in found["maps"]:
        cells = (
            f"{p['negative_log_likelihood']:.5f} | {p['calibration_error']:.4f}"
            for p in one["phases"].values()
        )
        lines.append(f"| {one['map']} | {one['fitted']} | {' | '.join(cells)} |")
    return "\n".join([*lines, "", _shipped(found["maps"], phases)])


def _shipped(maps: Sequence[Any], phases: Sequence[str]) -> str:
    """Which map is shipped, and what that costs beside the best of the table."""
    scores = {
        (one["map"], one["fitted"]): [
            one["phases"][phase]["negative_log_likelihood"] for phase in phases
        ]
        for one in maps
    }
    best = [min(column) for column in zip(*scores.values(), strict=True)]
    ours = scores["Platt", "phase by phase"]
    costs = ", ".join(
        f"{own - low:.5f} in {phase}" for phase, own, low in zip(phases, ours, best, strict=True)
    )
    return (
        "Shipped is Platt's, phase by phase: a logit that is rescaled stays the exact sum of its "
        f"regions. Its negative log-likelihood lies above the best of the table by {costs}."
    )


def summary(found: dict[str, Any]) -> str:
    """Calibration, share decided and mistakes by phase: a few lines for README and card."""
    rates = list(next(iter(found["calls"].values())))
    heads = [
        "spectra",
        "calibration error, all groups",
        "by chance",
        f"worst group with {ENOUGH} spectra or more",
        *(f"decided at {rate}" for rate in rates),
        f"missed at {USUAL}",
        f"false alarms at {USUAL}",
        f"groups above {USUAL}, beyond chance",
    ]
    lines = [f"| {' | '.join(heads)} |", "|---|" + "---|" * (len(heads) - 1)]
    for phase, measured in found["calibration"].items():
        error = f"{measured['all']['calibration_error']:.4f}"
        chance = f"{measured['all']['by_chance']:.4f}"
        cells = [f"{measured['spectra']} {phase}", error, chance, _worst(measured)]
        lines.append(f"| {' | '.join(cells + _calls(found['calls'][phase]))} |")
    for phase, own in found["calls_phase_not_stated"].items():
        name = f"{found['calibration'][phase]['spectra']} {phase}, phase not stated"
        lines.append(f"| {' | '.join([name, '', '', '', *_calls(own)])} |")
    return "\n".join(lines)


def _calls(by_rate: dict[str, Any]) -> list[str]:
    """Shares decided; mistakes over all groups; the groups whose interval lies above the rate."""
    groups = by_rate[USUAL]["groups"]
    shares, above = [], []
    for kind, word in (("missed", "missed"), ("false_alarms", "false")):
        rates = {g: one[kind] for g, one in groups.items() if one[kind]}
        total = sum(rate["of"] for rate in rates.values())
        shares.append(f"{sum(rate['wrong'] for rate in rates.values()) / total:.3f}")
        over = [g for g, rate in rates.items() if rate["interval"][0] > DEFAULT_ERROR_RATE]
        above += [f"{group} ({word})" for group in over]
    decided = [_share(found["decided"]) for found in by_rate.values()]
    return [*decided, *shares, ", ".join(above) or "none"]


def _worst(measured: dict[str, Any]) -> str:
    groups = {g: m for g, m in measured["groups"].items() if m["positives"] >= ENOUGH}
    if not groups:
        return "none"
    group = max(groups, key=lambda g: groups[g]["calibration_error"])
    worst = groups[group]
    return f"{worst['calibration_error']:.4f} {group} (by chance {worst['by_chance']:.4f})"


def by_group(found: dict[str, Any]) -> str:
    """Achieved rates at the usual error rate, group by group, with exact intervals."""
    phases = [phase for phase in found["calls"] if " and " not in phase]
    lines = [
        f"At error rate {USUAL}, by group: missed (called absent, of the spectra with the group), "
        "false alarms (called present, of those without), with exact 95% intervals; decided.\n",
        f"| group | {' | '.join(f'{p} missed | false alarms | decided' for p in phases)} |",
        "|---|" + "---|" * 3 * len(phases),
    ]
    for group in found["calls"][phases[0]][USUAL]["groups"]:
        cells = []
        for phase in phases:
            own = found["calls"][phase][USUAL]["groups"][group]
            cells += [_rate(own["missed"]), _rate(own["false_alarms"]), f"{own['decided']:.3f}"]
        lines.append(f"| {group} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _share(interval: list[float]) -> str:
    return "{:.3f} ({:.3f}-{:.3f})".format(*interval)


def _rate(measured: dict[str, Any] | None) -> str:
    if measured is None:
        return "none"
    share = _share([measured["share"], *measured["interval"]])
    return f"{share} of {measured['of']}"
