"""The results of stage ``evaluate``, in Markdown."""

from __future__ import annotations

from typing import Any

from train.documents.tables import f1_and_count, mistakes_table
from train.labels.groups import GROUPS
from train.settings import load_results

PHASES = {
    "gas": "gas (NIST, the paper's selection)",
    "condensed": "condensed (Coblentz, single organic molecules)",
    "atr": "ATR (benzene derivatives, another instrument, not trained on)",
}
MEANINGS = {"repaired": "amides", "index": "alcohols, as in the paper"}

# Published molecular perfection and F1, as the papers state them.
PUBLISHED = [
    ("Rieger et al. 2023, ten seeds", "0.589 ± 0.015", "0.896 ± 0.003"),
    ("Fine et al. 2020", "0.63", "0.905"),
]


def render(model: str, results: dict[str, Any]) -> str:
    """All tables of a model."""
    return paper(results) if "random" in results else by_phase(results)


def by_phase(results: dict[str, Any]) -> str:
    """Molecular measures of every model and phase, then F1 by group, as markdown."""
    models = {"default": results, "rieger2023": load_results("rieger2023", "accuracy")}
    lines = [
        "| spectra | N-H amides are | model | molecular perfection | molecular F1 | macro F1 |",
        "|---|---|---|---|---|---|",
    ]
    for phase, name in PHASES.items():
        for reading, meaning in MEANINGS.items():
            for model, found in models.items():
                r = found["phases"][phase][reading]
                cells = (
                    "{:.3f} ({:.3f}-{:.3f})".format(*r[m])
                    for m in ("molecular_perfection", "molecular_f1")
                )
                lines.append(
                    f"| {r['spectra']} {name} | {meaning} | {model} | {' | '.join(cells)} "
                    f"| {r['macro_f1']:.3f} |"
                )
    default = {phase: r["repaired"] for phase, r in results["phases"].items()}
    lines += [
        "",
        "#### By group",
        "",
        "F1 of the default model, N-H amides as amides (spectra with the group):",
        "",
        f"| group | {' | '.join(PHASES)} |",
        "|---|" + "---|" * len(PHASES),
    ]
    for group in GROUPS:
        cells = (f1_and_count(default[phase], group) for phase in PHASES)
        lines.append(f"| {group} | {' | '.join(cells)} |")
    lines += ["", "#### The surest mistakes", "", mistakes_table(results["mistakes"])]
    return "\n".join(lines)


def paper(results: dict[str, Any]) -> str:
    """Table 2, then Table 1 of both protocols, as markdown."""
    random, grouped = results["random"], results["grouped"]
    sizes = ", ".join(f"{count} {part}" for part, count in random["spectra"].items())
    return (
        f"#### Molecular measures (Table 2)\n\n{_molecular_table(results)}\n\n"
        f"#### By group (Table 1), random split as in the paper\n\n{random['seeds']} seeds, each "
        f"its own split: {sizes} spectra. Mean ± standard deviation over seeds.\n\n"
        f"{_group_table(random)}\n\n"
        "#### By group, cross-validated by molecule\n\n"
        f"{grouped['spectra']['test']} spectra, each predicted by networks that saw no spectrum of "
        f"its molecule; {grouped['seeds']} seeds, and their average.\n\n{_group_table(grouped)}"
    )


def _molecular_table(results: dict[str, Any]) -> str:
    lines = [
        "| | molecular perfection | molecular F1 | macro F1 |",
        "|---|---|---|---|",
        *(f"| {name} | {perfection} | {f1} | |" for name, perfection, f1 in PUBLISHED),
    ]
    random, grouped = results["random"], results["grouped"]
    for name, run in (
        ("ours, single, random split", random["single"]),
        (
            "ours, single, random split, thresholds from training predictions",
            random["single, thresholds chosen on training predictions as in the paper"],
        ),
        ("ours, single, cross-validated by molecule", grouped["single"]),
    ):
        cells = (
            "{:.3f} ± {:.3f}".format(*run[m])
            for m in ("molecular_perfection", "molecular_f1", "macro_f1")
        )
        lines.append(f"| {name} | {' | '.join(cells)} |")
    average = grouped["average"]
    cells = (
        "{:.3f} ({:.3f}-{:.3f})".format(*average[m])
        for m in ("molecular_perfection", "molecular_f1")
    )
    name = f"ours, {grouped['seeds']} networks averaged, cross-validated (95% interval)"
    lines.append(f"| **{name}** | {' | '.join(cells)} | {average['macro_f1']:.3f} |")
    return "\n".join(lines)


def _group_table(result: dict[str, Any]) -> str:
    """Mean ± standard deviation over seeds; behind it the average's own, where there is one."""
    measures = result["single"]["groups"]
    average = result.get("average", {}).get("groups", {})
    titles = [*measures, *(f"{name}, averaged" for name in average)]
    lines = [f"| group | share | {' | '.join(titles)} |", "|---|" + "---|" * (len(titles) + 1)]
    for group in GROUPS:
        cells = ["{:.3f} ± {:.3f}".format(*values[group]) for values in measures.values()]
        cells += [f"{values[group]:.3f}" for values in average.values()]
        lines.append(f"| {group} | {result['prevalence'][group]:.3f} | {' | '.join(cells)} |")
    return "\n".join(lines)
