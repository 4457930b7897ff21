"""Stage ``domain``: fit the domain detector and measure it on held-out molecules.

Every spectrum is scored by a detector fitted without its molecule, on the latent matrices of
networks that had not seen it either. Rarities and limits a fold is judged by come from the scores
of the other folds. The shipped detector is the same recipe on all spectra and the shipped networks;
its rarities and limits come from all the held-out scores. Spectra corrupted for the test are
corrupted natively, by other rules than those the detector learned from
(train/domain/corruptions.py).
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from torch import nn

from irclassify.evaluation.metrics import exact_interval
from irclassify.model.domain import COVERED_OUTSIDE, COVERED_UNUSUAL, LOOKS_LIKE, RARITIES, Detector
from train.arrays import Bools, Floats, Ints, Singles
from train.calibrate.limits import precise_from
from train.data.records import Dataset
from train.data.split import FOLDS, phase_rows, set_rows, testing_folds, training_rows
from train.domain.detector import OWN, features, fit, ladder, rounded, unlimited
from train.domain.test_sets import KNOWN, UnknownSet, unknown_sets
from train.fit.models import DEFAULT
from train.networks.checkpoint import DataChangedError, check_data, fitted_hash
from train.settings import TrainingError, load_results, path, save_results

FILE = path("fitted") / "domain" / "all.npz"
WRONG = 0.1  # the share of named kinds that may be wrong

# Which kind the spectra of a test set really are, by the words of its name; others are none.
WORDS = {
    "shifted": "shift",
    "mirrored": "mirror",
    "transmittance": "transmittance",
    "noise": "noise",
    "saturated": "saturation",
    "sloped": "humps",
    "UV-visible": "humps",
    "Raman": "raman",
}


@dataclass(frozen=True)
class Scores:
    """Strangeness and likeness (n,) of spectra, and the share (n,) of their range measured.

    ``kind`` and ``odds`` (n,): what each resembles most, and the log odds of that.
    """

    strangeness: Floats
    likeness: Floats
    kind: Floats
    odds: Floats
    covered: Floats

    @classmethod
    def unfilled(cls, covered: Floats) -> Scores:
        """Zeros, to be filled."""
        return cls(*np.zeros((4, len(covered))), covered)

    def where(self, rows: Bools) -> Scores:
        """The rows (n,) that are true."""
        return Scores(*(values[rows] for values in vars(self).values()))

    def fill(
        self, rows: Bools, detector: Detector, bodies: list[nn.Module], vectors: Singles
    ) -> None:
        """Score some rows (n,) of ``vectors`` (n, points), in place."""
        if rows.any():
            found = detector.scores(features(bodies, vectors[rows]))
            for own, values in zip(vars(self).values(), found, strict=False):
                own[rows] = values


@dataclass(frozen=True)
class Limits:
    """Ladders of known scores, and the rarities from which a spectrum is unusual, outside."""

    strangeness: Floats
    likeness: Floats
    unusual: float = np.inf
    outside: float = np.inf

    @classmethod
    def of(cls, known: Scores) -> Limits:
        """From the scores of held-out known spectra."""
        ladders = ladder(known.strangeness), ladder(known.likeness)
        rarity = np.maximum(*cls(*ladders).rarities(known))
        unusual, outside = np.quantile(rarity, [1 - OWN["flagged"], 1 - OWN["outside"]])
        return cls(*ladders, float(unusual), float(outside))

    def rarities(self, scores: Scores) -> tuple[Floats, Floats]:
        """Of strangeness and of likeness, each (n,)."""
        return (
            np.interp(scores.strangeness, self.strangeness, RARITIES),
            np.interp(scores.likeness, self.likeness, RARITIES),
        )

    def verdicts(self, scores: Scores) -> Ints:
        """0 in_domain, 1 unusual, 2 outside, (n,): as Detector.judge does."""
        rarity = np.maximum(*self.rarities(scores))
        far = (rarity >= self.outside) | (scores.covered < COVERED_OUTSIDE)
        odd = (rarity >= self.unusual) | (scores.covered < COVERED_UNUSUAL)
        return np.where(far, 2, np.where(odd, 1, 0))

    def flagged_alone(self, scores: Scores) -> Bools:
        """What strangeness and likeness would flag alone, (2, n), at the same share of known."""
        return np.stack(self.rarities(scores)) >= -np.log10(OWN["flagged"])


def shares(scores: Scores, folds: Ints, limits: list[Limits], gas: Bools | None) -> dict[str, Any]:
    """Shares of spectra flagged, each by the limits of its fold; ``gas`` (n,) splits by phase."""
    verdicts = np.choose(folds, [own.verdicts(scores) for own in limits])
    alone = np.choose(folds, [own.flagged_alone(scores) for own in limits]).mean(1)
    found: dict[str, Any] = {
        **_shares(verdicts),
        "alone": dict(zip(("strangeness", "likeness"), alone.tolist(), strict=True)),
    }
    if gas is not None:
        found |= {"gas": _shares(verdicts[gas]), "condensed": _shares(verdicts[~gas])}
    return found


def run(_options: argparse.Namespace) -> int:
    """Fit and measure; write the detector's arrays, and domain.json beside the model."""
    data = DEFAULT.dataset()
    check_data(DEFAULT.model, data.fingerprint)
    save_results(DEFAULT.model, "domain", measure(data))
    return 0


def measure(data: Dataset) -> dict[str, Any]:
    """Scores of all folds -> the shipped detector (written) and the measured shares."""
    phases = [phase_rows(data, phase) for phase in ("gas", "condensed", "atr")]
    gas, phase = phases[0], np.select(phases, [0, 1, 2])
    known, folds = np.logical_or.reduce(phases), testing_folds(data)
    others, covered = unknown_sets(data, phases[0] | phases[1])
    own = Scores.unfilled(covered)
    scored = {name: Scores.unfilled(s.covered) for name, s in others.items()}
    for fold, kind in enumerate(FOLDS):
        bodies = [network.body for network in DEFAULT.fitted(kind)]
        detector = _fitted(data, bodies, training_rows(data, kind) & known, phase)
        own.fill(folds == fold, detector, bodies, data.vectors)
        for name, scores in scored.items():
            scores.fill(others[name].folds == fold, detector, bodies, others[name].vectors)
        print(f"fold {fold}: scored", flush=True)
    shipped = Limits.of(own.where(known))
    sure, reasons = surely_named(own.where(known), folds[known], scored, others, shipped.unusual)
    _write(data, known, phase, shipped, sure)
    by_fold = [Limits.of(own.where(known & (folds != fold))) for fold in range(len(FOLDS))]
    sets = {
        name: shares(own.where(rows), folds[rows], by_fold, gas[rows] if name == KNOWN else None)
        for name, rows in _dataset_sets(data, known).items()
    }
    for name, other in others.items():
        found = shares(scored[name], other.folds, by_fold, other.gas)
        sets[name] = found | {"refused": other.refused}
    return {
        "limits": {"unusual": shipped.unusual, "outside": shipped.outside},
        "sets": sets,
        "reasons": reasons,
    }


def _fitted(data: Dataset, bodies: list[nn.Module], rows: Bools, phase: Ints) -> Detector:
    return unlimited(fit(bodies, data.vectors[rows], phase[rows]))


def shipped() -> dict[str, Any]:
    """The arrays of the detector that goes with the fitted networks.

    Raises TrainingError without it, or when it was fitted with other ones.
    """
    if not FILE.exists():
        raise TrainingError(f"{FILE} does not exist: run python -m train domain")
    with np.load(FILE, allow_pickle=False) as stored:
        arrays = {name: stored[name] for name in stored.files}
    if str(arrays.pop("fitted_sha256")) != fitted_hash(DEFAULT.model, "all"):
        raise DataChangedError(f"{FILE} belongs to other networks: run python -m train domain")
    return arrays


def measured() -> dict[str, Any]:
    """The same in short, for model.json: of each set its size, the shares flagged and outside."""
    results = load_results(DEFAULT.model, "domain")
    keys = ("spectra", "flagged", "outside")
    brief = {name: {key: own[key] for key in keys} for name, own in results["sets"].items()}
    return {"sets": brief, "reasons": results["reasons"]}


def _write(data: Dataset, known: Bools, phase: Ints, limits: Limits, sure: Floats) -> None:
    rows = training_rows(data, "all") & known
    bodies = [network.body for network in DEFAULT.fitted("all")]
    arrays = fit(bodies, data.vectors[rows], phase[rows]) | {
        "strangeness": limits.strangeness,
        "likeness": limits.likeness,
        "limits": np.array([limits.unusual, limits.outside]),
        "sure": sure,
        "fitted_sha256": np.array(fitted_hash(DEFAULT.model, "all")),
    }
    FILE.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(FILE, **rounded(arrays))


def _dataset_sets(data: Dataset, known: Bools) -> dict[str, Bools]:
    """Spectra of the dataset: known, ATR, and those that are not a single organic molecule."""
    smiles = data.column("smiles")
    organic = data.column("single_organic")
    ions = np.array(["." in s for s in smiles])
    reflected = data.column("phase") == "atr"
    carbon = np.array(["C" in s.replace("Cl", "") or "c" in s for s in smiles])
    return {
        KNOWN: known & (data.column("phase") != "atr"),
        "known: ATR of benzene derivatives": set_rows(data, "benzenes"),
        "known: ATR of drugs": set_rows(data, "drugs"),
        "known: ATR of amine salts": set_rows(data, "salts"),
        "plastics, of a study not seen": set_rows(data, "plastics"),
        "inorganic compounds (no carbon)": ~reflected & ~organic & ~carbon,
        "salts and adducts with carbon": ~reflected & ~organic & carbon & ions,
        "metal compounds and one-carbon molecules": ~reflected & ~organic & carbon & ~ions,
    }


def _shares(verdicts: Ints) -> dict[str, Any]:
    """Number, and the shares that are not in the domain and outside it, with 95% intervals."""
    shares = {"flagged": verdicts > 0, "outside": verdicts > 1}
    return {"spectra": len(verdicts)} | {
        name: [float(flags.mean()), *exact_interval(int(flags.sum()), len(flags))]
        for name, flags in shares.items()
    }


def surely_named(
    known: Scores,
    folds: Ints,
    scored: Mapping[str, Scores],
    others: Mapping[str, UnknownSet],
    unusual: float,
) -> tuple[Floats, dict[str, Any]]:
    """The log odds from which each kind is named (kinds,), and how often that was right.

    Judged are the spectra of all sets, known ones too, whose likeness is flagged. What is measured
    uses for each fold the odds that the other folds gave.
    """
    kinds = list(LOOKS_LIKE)
    parts = [(known, -1, folds)]
    for name, scores in scored.items():
        kind = next((kinds.index(kind) for word, kind in WORDS.items() if word in name), -1)
        parts.append((scores, kind, others[name].folds))
    liked = np.quantile(known.likeness, 1 - 10**-unusual)
    found = []
    for scores, kind, own in parts:
        flagged = scores.likeness >= liked
        n = int(flagged.sum())
        found.append((scores.odds[flagged], scores.kind[flagged], np.full(n, kind), own[flagged]))
    z, named, really, where = map(np.concatenate, zip(*found, strict=True))
    sure, measured = np.full(len(kinds), np.inf), {}
    for k, name in enumerate(kinds):
        odds, right, fold = z[named == k], really[named == k] == k, where[named == k]
        sure[k] = precise_from(right, odds, WRONG, -np.inf)
        given = np.zeros(len(odds), bool)
        for one in np.unique(fold):
            rest = fold != one
            given[~rest] = odds[~rest] >= precise_from(right[rest], odds[rest], WRONG, -np.inf)
        count, hits = int(given.sum()), int((given & right).sum())
        measured[name] = {
            "named": count,
            "right": hits,
            "interval": list(exact_interval(hits, count)) if count else None,
        }
    return sure, measured
