"""model.json -> MODEL_CARD.md: nothing in the card that is not in the definition."""

from __future__ import annotations

from typing import Any

from train.documents import calibration_text
from train.documents.domain_tables import left_out, short
from train.documents.tables import f1_and_count, mistakes_table

CITATION = (
    "L. H. Rieger, M. Wilson, T. Vegge, E. Flores, Understanding the patterns that neural networks "
    "learn from chemical spectra, Digital Discovery 2023, 2, 1957, doi:10.1039/D3DD00203A"
)


def render_card(definition: dict[str, Any]) -> str:
    """The card of a model as markdown."""
    sections = [
        *(_title, _use, _data, _accuracy, _groups, _confidence),
        *(_locality, _explanations, _domain, _limits),
    ]
    texts = (section(definition) for section in sections)
    return "\n\n".join(text for text in texts if text) + "\n"


def _title(d: dict[str, Any]) -> str:
    return f"# {d['name']} {d['version']}\n\n{d['description']}.\n\nArchitecture: {CITATION}."


def _use(d: dict[str, Any]) -> str:
    groups = ", ".join(group["name"] for group in d["groups"])
    return (
        "## Intended use\n\n"
        f"Which of {len(d['groups'])} functional groups ({groups}) a single organic compound "
        "contains, from its infrared spectrum, with the wavenumbers that are the evidence. A "
        "second opinion for a chemist, not a replacement for one."
    )


def _data(d: dict[str, Any]) -> str:
    training, grid = d["training"], d["grid"]
    return (
        "## Data\n\n"
        f"{training['data']}: {training['spectra']} spectra. Labels by SMARTS with RDKit (in "
        f"model.json). Each spectrum is interpolated to {grid['points']} points from "
        f"{grid['first_cm1']:g} to {grid['last_cm1']:g} cm-1, zero outside the measured range, "
        "maximum scaled to 1.\n\n"
        f"Data fingerprint (sha256): `{training['data_fingerprint']}`; "
        f"code: commit `{training['git_commit']}`; {training['parameters']:,} parameters."
        f"{_effort(training)}"
    )


def _effort(training: dict[str, Any]) -> str:
    if "core_hours" not in training:
        return ""
    return (
        " Its fits, those of the networks of every fold included, take "
        f"{training['core_hours']:.1f} hours of one CPU core (`train/fitted/default/seconds.json`)."
    )


def _accuracy(d: dict[str, Any]) -> str:
    metrics = d["metrics"]
    lines = [
        "## Accuracy\n",
        f"Cross-validated over {metrics['test_spectra']} spectra by molecule: every spectrum was "
        "predicted by networks that had seen no spectrum of its molecule, and called with "
        "thresholds from the other folds. The shipped weights are the same recipe on all spectra; "
        "calibration and thresholds come from the out-of-fold predictions. Printed by "
        f"`python -m train evaluate --model {d['name'].removesuffix('-single')}`:\n",
        "| measure | value |",
        "|---|---|",
    ]
    for key, name in (
        ("molecular_perfection", "molecular perfection (all groups right)"),
        ("molecular_f1", "molecular F1"),
        ("macro_f1", "macro F1 over the groups"),
    ):
        lines.append(f"| {name} | {_value(metrics[key])} |")
    if "note" in metrics:
        lines.append(f"\n{metrics['note'][:1].upper()}{metrics['note'][1:]}.")
    return "\n".join(lines)


def _value(measured: Any) -> str:
    """One number, a mean with its deviation, or a value with its 95% interval."""
    if not isinstance(measured, list):
        return f"{measured:.3f}"
    if len(measured) == 2:
        return "{:.3f} ± {:.3f}".format(*measured)
    return "{:.3f} (95% interval {:.3f}-{:.3f})".format(*measured)


def _groups(d: dict[str, Any]) -> str:
    if "phases" in d["metrics"]:
        return _groups_by_phase(d)
    measures = d["metrics"]["groups"]
    lines = [
        "## By group\n",
        f"| group | {' | '.join(measures)} | threshold |",
        "|---|" + "---|" * (len(measures) + 1),
    ]
    for i, group in enumerate(d["groups"]):
        cells = " | ".join(_value(values[group["name"]]) for values in measures.values())
        lines.append(f"| {group['name']} | {cells} | {_threshold(d, i)} |")
    return "\n".join(lines)


def _groups_by_phase(d: dict[str, Any]) -> str:
    phases = d["metrics"]["phases"]
    lines = [
        "## By phase\n",
        "| spectra | number | molecular perfection | molecular F1 | macro F1 |",
        "|---|---|---|---|---|",
    ]
    for phase, r in phases.items():
        values = (_value(r[m]) for m in ("molecular_perfection", "molecular_f1", "macro_f1"))
        lines.append(f"| {phase} | {r['spectra']} | {' | '.join(values)} |")
    lines += [
        "\nNo ATR spectrum was trained on.\n",
        "## F1 by group and phase (spectra with the group)\n",
        f"| group | {' | '.join(phases)} | threshold: {', '.join(d['phases'])} |",
        "|---|" + "---|" * (len(phases) + 1),
    ]
    for i, group in enumerate(d["groups"]):
        cells = (f1_and_count(r, group["name"]) for r in phases.values())
        lines.append(f"| {group['name']} | {' | '.join(cells)} | {_threshold(d, i)} |")
    return "\n".join(lines)


def _threshold(d: dict[str, Any], group: int) -> str:
    """The probability from which the best guess is present, in each phase trained on."""
    scales = (d["confidence"]["phases"][phase] for phase in d["phases"])
    return ", ".join(f"{scale['threshold'][group]:.3f}" for scale in scales)


def _confidence(d: dict[str, Any]) -> str:
    """What stage ``calibrate`` measured; a model it did not judge says so."""
    measured = d["metrics"].get("confidence")
    head = (
        "## Probabilities and calls\n\n"
        "Probabilities are calibrated by a slope and an intercept for each group and phase, calls "
        "are `present`, `absent` or `uncertain` by class-conditional conformal limits; both from "
        "out-of-fold predictions. Limits carry over to new spectra as far as these are like the "
        "calibration spectra."
    )
    if not measured:
        return f"{head} Not measured for this model by itself."
    return (
        f"{head} Measured on folds that they were not fitted on, by `python -m train calibrate` "
        f"(the shipped networks have seen all folds; the limits have not been loosened for it):\n\n"
        f"{calibration_text.summary(measured)}\n\n{calibration_text.by_group(measured)}"
    )


def _locality(d: dict[str, Any]) -> str:
    latent, grid = d["latent"], d["grid"]
    spacing = (grid["last_cm1"] - grid["first_cm1"]) / (grid["points"] - 1)
    window = (latent["receptive_field_points"] - 1) * spacing
    step = latent["stride_points"] * spacing
    return (
        "## Locality\n\n"
        f"The latent matrix has {latent['channels']} channels and {latent['positions']} positions. "
        f"Each column sees {latent['receptive_field_points']} neighbouring points, {window:.0f} "
        f"cm-1 from first to last; neighbouring columns are {step:.1f} cm-1 apart. Every logit "
        f"is the exact sum of a bias and the contributions of these columns{_pairs(d)}."
    )


def _explanations(d: dict[str, Any]) -> str:
    measured = d["metrics"].get("explanations")
    if not measured:
        return ""
    lines = [
        "## How far to trust the explanations\n",
        "On correct positive calls, by networks that had seen no spectrum of the molecule; printed "
        "by `python -m train faithfulness`:\n",
        "| measure | target | value |",
        "|---|---|---|",
    ]
    return "\n".join(lines + ["| {measure} | {target} | {value} |".format(**m) for m in measured])


def _pairs(d: dict[str, Any]) -> str:
    return ", one by one and in pairs" if d["name"] == "default" else ""


def _domain(d: dict[str, Any]) -> str:
    if not d.get("domain"):
        return ""
    return "\n".join(
        [
            "## Outside the domain\n",
            "Shares of spectra called unusual or outside, printed by `python -m train domain`: "
            "detectors and networks that had not seen the molecule, limits from the other folds. "
            "The shipped detector is fitted to all known spectra, with the limits of all the "
            "held-out scores.\n",
            *short(d["domain"]["sets"]),
            f"\n{left_out(d['domain']['without'])}",
        ]
    )


def _limits(d: dict[str, Any]) -> str:
    return _known_limits(d) + _mistakes(d)


def _mistakes(d: dict[str, Any]) -> str:
    if "mistakes" not in d["metrics"]:
        return ""
    return (
        "\n\n## The surest mistakes\n\n"
        "For every group the most confident miss and the most confident false alarm on held-out "
        "molecules. Some are the library's: spectra that cannot be of the molecule they are filed "
        f"under.\n\n{mistakes_table(d['metrics']['mistakes'])}"
    )


def _known_limits(d: dict[str, Any]) -> str:
    return (
        "## Known limits\n\n"
        f"{d['training'].get('limits', GAS_LIMITS)}\n\n"
        "By the definition of the SMARTS every ester is also an ether, and every carboxylic acid "
        "also an alcohol. Mixtures, polymers, salts and inorganic compounds were not tested"
        f"{', but for the domain verdict above' if d.get('domain') else ''}."
    )


GAS_LIMITS = (
    "Trained on gas-phase spectra only: hydrogen bonding and band shifts of condensed samples "
    "(ATR, KBr, mull, film, solution) are unknown to it. `python -m train evaluate --model "
    "default` measures it there too, and the tool warns. N-H amides, carbamates and ureas are "
    "labelled alcohols, as in the paper (train/labels/groups.py). Early stopping looks at the loss "
    "without class weights, the paper's at the weighted one (train/fit/early_stopping.py); the two "
    "were compared on fold 0, which slightly favours that fifth of the numbers. Groups with few "
    "examples (acyl halide, amide, alkyne, aldehyde) have wide uncertainties."
)
