"""What is released: the default model and the paper's, from fitted networks and stored results."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from torch import nn

from irclassify.model.calibration import Confidence
from irclassify.model.phases import PhaseScale
from irclassify.model.preprocessing import Preprocessing
from irclassify.options import DEFAULT_ERROR_RATE
from train.arrays import Singles
from train.calibrate import by_phase
from train.calibrate import confidence as confidences
from train.calibrate.by_phase import Known
from train.calibrate.known import known_of, shipped
from train.data.records import Dataset
from train.data.split import FOLDS, training_rows
from train.domain import measure as domain
from train.evaluate.accuracy import single_networks
from train.fit.models import DEFAULT, RIEGER2023, FitPlan
from train.labels.details import DETAILS, OUTPUTS
from train.labels.groups import GROUPS, TABLE
from train.networks.checkpoint import fitted_hash
from train.networks.pair import PairEnsemble, PairNetwork, calibrated, no_absorption
from train.networks.rieger2023 import Rieger2023, average, linear_head, parameter_count
from train.settings import SETTINGS, load_results, preprocessing

EXAMPLES = 64  # vectors for the check that ONNX equals PyTorch


PLAIN_GROUPS: tuple[dict[str, Any], ...] = tuple(
    {key: row[key] for key in ("name", "smarts", "title")} | {"covers": row["covers"].split()}
    for row in TABLE
)


@dataclass(frozen=True)
class Release:
    """All that goes into a model folder."""

    name: str
    version: str
    description: str
    phases: tuple[str, ...]  # of the spectra it was trained on
    network: nn.Module  # calibrated
    head: dict[str, Singles]  # the arrays of irclassify.model.head.Head
    preprocessing: Preprocessing
    latent: dict[str, int]  # the fields of irclassify.model.folder.LatentGeometry
    confidence: Confidence
    metrics: dict[str, Any]
    training: dict[str, Any]
    examples: Singles  # real vectors, for the parity check only
    domain: dict[str, Any] | None = None  # arrays of irclassify.model.domain.Detector
    domain_measured: dict[str, Any] | None = None  # what train/domain/measure.py measured
    groups: tuple[dict[str, Any], ...] = PLAIN_GROUPS  # the objects of model.json
    details: tuple[dict[str, Any], ...] = ()
    phase_scale: PhaseScale | None = None


def rieger2023() -> Iterator[Release]:
    """The average of ten networks, and the network of seed 0."""
    name = RIEGER2023.model
    data = RIEGER2023.dataset()
    results = load_results(name, "accuracy")["grouped"]
    tested = {"test_spectra": results["spectra"]["test"]}
    measured = results["average"] | tested | {"confidence": _measured_confidence(name)}
    note = {"note": f"mean and standard deviation over {results['seeds']} seeds"}
    networks = RIEGER2023.fitted("all")
    logits, _ = single_networks(data)
    several = f"{len(networks)} networks averaged into one"
    yield _rieger(name, several, average(networks), data, logits.mean(0), measured)
    single, measured = f"{name}-single", results["single"] | tested | note
    yield _rieger(single, "one network (seed 0)", networks[0], data, logits[0], measured)


def _rieger(
    name: str,
    what: str,
    network: Rieger2023,
    data: Dataset,
    out_of_fold: Singles,
    metrics: dict[str, Any],
) -> Release:
    calibration, confidence = confidences.fit(data.labels, out_of_fold, "gas")
    network = calibrated(network, calibration.slope, calibration.intercept)
    return Release(
        name=name,
        version=SETTINGS[RIEGER2023.model]["version"],
        description=f"Rieger et al. 2023, {what}, trained on NIST gas-phase spectra",
        phases=("gas",),
        network=network,
        head=linear_head(network),
        preprocessing=preprocessing(RIEGER2023.model),
        latent=_geometry(network.head.in_features // network.positions, network),
        confidence=confidence,
        metrics=metrics,
        training={"data": "NIST WebBook, gas phase, absorbance (MSDC-IR)"}
        | _trained(RIEGER2023, "all", data, parameter_count(network)),
        examples=data.vectors[:EXAMPLES],
    )


def default(kind: str = "all") -> Iterator[Release]:
    """The pair network with details and phases; scales and limits from out-of-fold predictions.

    Networks, scales and limits of ``kind`` fold0 to fold4 know nothing of this fold; they have no
    detector. Which details are shipped is decided by stage ``calibrate``, for every kind.
    """
    name = DEFAULT.model
    data = DEFAULT.dataset()
    measured = load_results(name, "calibration")
    networks = DEFAULT.fitted(kind)
    known = shipped(known_of(name, data), measured["details"])
    fitted = by_phase.fit(choosing(known, kind))
    names = [*GROUPS, *measured["details"]["shipped"], *OUTPUTS[-3:]]
    network = PairEnsemble(networks, no_absorption(networks)).eval()
    network = network.only([OUTPUTS.index(output) for output in names])
    groups, details = vocabulary(measured)
    trained = data.where(training_rows(data, kind))
    yield Release(
        name=name,
        version=SETTINGS[name]["version"],
        description=DEFAULT_DESCRIPTION,
        phases=tuple(known.rows),
        network=network,
        head={array: value.numpy() for array, value in network.head_arrays().items()},
        preprocessing=preprocessing(name),
        latent=_geometry(len(network.reference), networks[0]),
        confidence=fitted.confidence,
        metrics=_default_metrics(),
        training={"data": DEFAULT_DATA, "limits": DEFAULT_LIMITS}
        | _trained(DEFAULT, kind, trained, sum(map(parameter_count, networks))),
        examples=data.vectors[:EXAMPLES],
        domain=domain.shipped() if kind == "all" else None,
        domain_measured=domain.measured() if kind == "all" else None,
        groups=groups,
        details=details,
        phase_scale=fitted.phase_scale,
    )


def _default_metrics() -> dict[str, Any]:
    stored = load_results(DEFAULT.model, "accuracy")
    gas = stored["sets"]["gas"]
    return gas | {
        "test_spectra": gas["spectra"],
        "phases": stored["sets"],
        "confidence": _measured_confidence(DEFAULT.model),
        "mistakes": stored["mistakes"],
    }


def _geometry(channels: int, network: PairNetwork | Rieger2023) -> dict[str, int]:
    return {
        "channels": channels,
        "positions": network.positions,
        "receptive_field_points": network.receptive_field,
        "stride_points": network.STRIDE,
    }


def _trained(plan: FitPlan, kind: str, data: Dataset, parameters: int) -> dict[str, Any]:
    """How the networks of a kind were made from which spectra."""
    return {
        "spectra": len(data.records),
        "data_fingerprint": data.fingerprint,
        "fitted_sha256": fitted_hash(plan.model, kind),
        "parameters": parameters,
        "settings": SETTINGS[plan.model],
    }


def choosing(known: Known, kind: str) -> Known:
    """The spectra that scales and limits come from: those of the other folds, all for ``all``."""
    return known if kind == "all" else known.only(known.folds != FOLDS.index(kind))


def _measured_confidence(model: str) -> dict[str, Any]:
    """What stage ``calibrate`` found, as far as the card shows it: groups at the usual rate."""
    measured = load_results(model, "calibration")
    shown = {"calibration": measured["calibration"]}
    for key in ("calls", "calls_phase_not_stated"):
        shown[key] = {
            phase: {
                rate: found if rate == f"{DEFAULT_ERROR_RATE:g}" else {"decided": found["decided"]}
                for rate, found in by_rate.items()
            }
            for phase, by_rate in measured[key].items()
        }
    return shown


DEFAULT_DESCRIPTION = (
    "Pair network: local convolutions, then an exact sum over positions and pairs of positions; "
    "trained on NIST gas-phase and condensed-phase spectra and on ATR spectra of benzenes, drugs, "
    "amine salts and plastics"
)
DEFAULT_DATA = (
    "NIST WebBook, gas phase (MSDC-IR) and condensed phase (Coblentz); ATR of benzene derivatives, "
    "of drugs and amine salts, and of plastics from two studies"
)
DEFAULT_LIMITS = (
    "What the sample form hides cannot be seen: the C-H bands of Nujol cover those of the sample, "
    "and solvent bands leave gaps. Answers for condensed phases and ATR are less certain than "
    "gas-phase ones (see the table by phase). In ATR the limits of rare groups rest on few "
    "molecules, and those of plastics on two studies. Size and training were chosen by trial fits "
    "judged on folds of the index, and the student that is shipped from two with all folds in "
    "sight, which slightly favours the numbers. Which details are told, "
    "and in which phases, was chosen with the held-out calls that are reported."
)

RELEASES = {"rieger2023": rieger2023, "default": default}


def vocabulary(
    measured: Mapping[str, Any],
) -> tuple[tuple[dict[str, Any], ...], tuple[dict[str, Any], ...]]:
    """Groups and shipped details with what stage ``calibrate`` measured of them."""
    groups = tuple(group | _accuracy(measured, group["name"]) for group in PLAIN_GROUPS)
    shipped = measured["details"]["shipped"]
    details = tuple(
        {
            "name": detail.name,
            "parent": detail.parent or None,
            "smarts": detail.smarts,
            "title": detail.title,
            "covers": [name for name in detail.covers.split() if name in shipped],
            "bands": detail.bands_cm1,
            "source": detail.bands_source,
        }
        | _accuracy(measured, detail.name)
        for detail in DETAILS
        if detail.name in shipped
    )
    return groups, details


def _accuracy(measured: Mapping[str, Any], name: str) -> dict[str, Any]:
    phases = measured["outputs"][name]
    return {
        "positives": {phase: found["positives"] for phase, found in phases.items()},
        "f1": {phase: _rounded(found["f1"]) for phase, found in phases.items()},
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)
