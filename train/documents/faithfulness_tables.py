"""The scorecard in full, as markdown."""

from __future__ import annotations

from train.documents.faithfulness_digest import Results, interval, pairs, short, small, textbook
from train.faithfulness.explainers import AVERAGE, SHOWN
from train.labels.groups import GROUPS


def render(results: Results) -> str:
    """Everything, as tables."""
    parts = [short(results), _reading(results["models"]["default"])]
    parts += [_removal(results["models"]), _by_group(results["models"]["default"])]
    parts += [_book(name, model) for name, model in results["models"].items()]
    parts += [_stability(results["models"]), _locality(results["models"])]
    parts.append(_comparison(results["comparison"]))
    return "\n\n".join(parts)


def _reading(default: Results) -> str:
    """What the numbers mean, and what falls short."""
    book = default["regions"][SHOWN]["textbook"]
    low = sorted((own["loose"]["first"], group) for group, own in book.items())
    named = ", ".join(f"{group} {share:.2f}" for share, group in low if share < 0.9)
    peaks = (default["regions"][way]["removal"]["top_three"] for way in (SHOWN, AVERAGE))
    shown, average = (f"{each['by_group']['to_peaks'][0]:.2f}" for each in peaks)
    return (
        "How to read it. As users see it the account is around a spectrum without absorption: it "
        "credits bands only. The same sum around the average training spectrum also credits what "
        "is missing (an alkane shows no =C-H band), which no table of bands lists and no straight "
        "line takes away; for the default model that changes the textbook's mean from "
        f"{textbook(default, SHOWN)} to {textbook(default, AVERAGE)}, the ratio to the highest "
        f"peaks from {shown} to {average}, the correlation of both regions of a pair from "
        f"{pairs(default, SHOWN)} to {pairs(default, AVERAGE)}. This choice, and where regions are "
        "cut and trimmed (irclassify/explain/regions.py), were made on fold 4 by these measures. "
        "Random stretches as wide as three regions often lie on evidence themselves, which caps "
        "the ratio "
        "to them: narrower regions score higher. First regions are off the textbook most often for "
        f"{named or 'none'}; the tables by group say where they stand instead. Where the ranges of "
        "a group are wide, compare with chance."
    )


def _removal(models: Results) -> str:
    lines = [
        "### Regions taken out and put in",
        "",
        "Stretches are replaced by straight lines, the scale of the spectrum held fixed; random "
        "ones have the same widths and lie anywhere in the measured range. Areas: mean over one, "
        "two and three regions. Ratios of mean changes of the true group's logit, with 95% "
        "intervals; each group counts the same, in the last two columns each call.",
        "",
        "| model, regions | width of three, cm-1 | fall: regions, random, peaks | to random "
        "| to peaks | deletion area to random, peaks | insertion area to random, peaks "
        "| by call: to random | to peaks |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for model, measured in models.items():
        for way, each in measured["regions"].items():
            r = each["removal"]
            top = r["top_three"]["by_group"]
            areas = (r[a]["by_group"] for a in ("deletion_area", "insertion_area"))
            cells = [
                f"{r['width_cm1']:.0f}",
                ", ".join(f"{v:.2f}" for v in top["mean"]),
                interval(top["to_random"], 1),
                interval(top["to_peaks"], 2),
                *(f"{a['to_random'][0]:.1f}, {a['to_peaks'][0]:.2f}" for a in areas),
                interval(r["top_three"]["by_call"]["to_random"], 1),
                interval(r["top_three"]["by_call"]["to_peaks"], 2),
            ]
            lines.append(f"| {model}, {way} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _by_group(default: Results) -> str:
    ways = default["regions"]
    lines = [
        "Fall of the default model's logit by group (regions, random, peaks):",
        "",
        f"| group | {' | '.join(ways)} |",
        "|---|" + "---|" * len(ways),
    ]
    for group in ways[SHOWN]["removal"]["groups"]:
        cells = (
            ", ".join(f"{v:.1f}" for v in each["removal"]["groups"][group])
            for each in ways.values()
        )
        lines.append(f"| {group} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _book(name: str, model: Results) -> str:
    shown, average = (model["regions"][way]["textbook"] for way in (SHOWN, AVERAGE))
    lines = [
        f"### Textbook agreement, {name}",
        "",
        "Share of correct positive calls whose first region (or any of the first three) overlaps a "
        "band of the group in irclassify/explain/bands.csv, with what random regions of the same "
        "widths would "
        "get; strict: the region's strongest column within one step of a band; elsewhere: the "
        "places (to 50 cm-1) of first regions off the textbook, with their share of the calls. The "
        "last column reads the same sum around the average training spectrum.",
        "",
        "| group | calls | first | by chance | first three | by chance | strict, first "
        "| by chance | elsewhere | around the average: first, strict |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for group in (g for g in GROUPS if g in shown):
        own, loose, strict = shown[group], shown[group]["loose"], shown[group]["strict"]
        cells = [
            str(own["calls"]),
            interval([loose["first"], *own["first_interval"]], 2),
            f"{loose['chance_first']:.2f}",
            f"{loose['any']:.2f}",
            f"{loose['chance_any']:.2f}",
            f"{strict['first']:.2f}",
            f"{strict['chance_first']:.2f}",
            ", ".join(f"{cm1:.0f} ({share:.0%})" for cm1, share in own["elsewhere"]),
            f"{average[group]['loose']['first']:.2f}, {average[group]['strict']['first']:.2f}",
        ]
        lines.append(f"| {group} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _stability(models: Results) -> str:
    lines = [
        "### Stability, consistency, sanity",
        "",
        "Overlap (Jaccard, in cm-1) of the first three regions with those of the undisturbed "
        "spectrum, and rank correlation of all positions.",
        "",
        f"| disturbance | {' | '.join(models)} |",
        "|---|" + "---|" * len(models),
    ]
    for what in next(iter(models.values()))["stability"]:
        cells = []
        for model in models.values():
            own = model["stability"][what]
            rank = f", r = {own['rank_correlation'][0]:.2f}" if "rank_correlation" in own else ""
            cells.append(interval(own["overlap"], 2) + rank)
        lines.append(f"| {what} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _locality(models: Results) -> str:
    lines = [
        "### Exactness and locality",
        "",
        "Pairs: correlation of what the account claims with what the logit does when the windows "
        "of a call's strongest pair of regions become straight lines. Pair: f(x) - f(without a) - "
        "f(without b) + f(without both). Both: f(x) - f(without both), against all that the "
        "account gives to either.",
        "",
        "| model, account | inexact by | occlusion moves the first region by | pair | both |",
        "|---|---|---|---|---|",
    ]
    for name, model in models.items():
        for way, own in model["locality"].items():
            cells = (small(model["exactness"]), small(own["occlusion"]))
            removed = (pairs(model, way, what) for what in ("pair", "both"))
            lines.append(f"| {name}, {way} | {' | '.join((*cells, *removed))} |")
    return "\n".join(lines)


def _comparison(results: Results) -> str:
    accuracy = results["accuracy"]
    lines = [
        "### Beside integrated gradients",
        "",
        f"{results['calls']} calls of fold 0 that both networks get right; integrated gradients "
        "choose the best places for regions of the widths of the default's. The dense network is "
        "trained like the default but has a hidden layer instead of a sum. Called at probability "
        "0.5, its accuracy (molecular perfection, molecular F1, mean AUC): "
        + "; ".join(
            f"{phase} {_accuracy(own['dense'])}, default {_accuracy(own['default'])}"
            for phase, own in accuracy.items()
        )
        + f". Its attributions miss their sum by {results['untold']:.2f} on average.",
        "",
        "| explained | fall: regions, random, peaks | to random | to peaks | calls lost: regions, "
        "random, peaks | textbook: first, strict | occlusion changes the first region by |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, own in results["explained"].items():
        top = own["top_three"]
        cells = [
            ", ".join(f"{v:.2f}" for v in top["mean"]),
            interval(top["to_random"], 1),
            interval(top["to_peaks"], 2),
            ", ".join(f"{v:.0%}" for v in own["calls_lost"]),
            ", ".join(f"{v:.2f}" for v in own["textbook_first"]),
            f"{own['occlusion']:.0%}",
        ]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _accuracy(measures: dict[str, float]) -> str:
    names = ("molecular_perfection", "molecular_f1", "mean_auc")
    return ", ".join(f"{measures[name]:.3f}" for name in names)
