"""Stage ``check``: how often a true structure is called contradicted, and wrong ones found out.

A spectrum is checked against its own structure, that of another molecule of the same phase, that of
an isomer, and those of plausible by-products. The rates of the bands, the weights of the evidence
and the limits are fitted on folds 0, 1 and 2, the table is of folds 3 and 4. The answers are those
of networks that never saw the molecule; once with the details of the model, once with its groups
only. ``--write`` writes check.json with the limits and what was measured of them.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np
from rdkit import Chem
from rdkit.Chem import AllChem
from rdkit.Chem.rdMolDescriptors import CalcMolFormula
from sklearn.linear_model import LogisticRegression

from irclassify.explain.check import Limits, evidence
from irclassify.explain.rates import Rates, Table
from train.assignments.fit import fit
from train.assignments.known import MODEL, Answered, answered, holds, in_folds, matcher, names
from train.assignments.measure import table_for
from train.labels.groups import GROUPS
from train.settings import ROOT, save_results

LIMITS = ROOT / "irclassify" / "explain" / "check.json"
FITTED_ON, TESTED_ON = (0, 1, 2), (3, 4)
PHASES = ("gas", "condensed", "atr")
TRUE, ANOTHER, ISOMER = "true", "another molecule", "isomer"
MOST = 1500  # spectra of a phase
FALSE_ALARMS = 0.03  # of true structures when fitted: 0.05 is promised of others
WRONG_CONSISTENT = 0.05  # of other molecules called consistent, when fitted


# What is claimed instead of what was made, and how one is written from the other.
BY_PRODUCTS = {
    "acid for ester": "[CX3:1](=[O:2])[OX2H0;!R:3][#6;!$(C=O)]>>[CX3:1](=[O:2])[OX2H:3]",
    "ester for acid": "[#6:4][CX3:1](=[O:2])[OX2H:3]>>[#6:4][CX3:1](=[O:2])[O:3]C",
    "alcohol for ketone": "[#6:1][CX3:2](=[O:3])[#6:4]>>[#6:1][C:2]([OH:3])[#6:4]",
    "ketone for alcohol": "[#6:1][CX4;H1:2]([OX2H:3])[#6:4]>>[#6:1][C:2](=[O:3])[#6:4]",
    "amine for amide": "[NX3;!$(N(C=O)C=O);!R:1][CX3;!R](=O)[#6]>>[N:1]",
    "amide for amine": "[NX3;H1,H2;!$(N[C,S,P]=[O,S,N]);!$(N[#7,#8]):1]>>[N:1]C(C)=O",
}
_REACTIONS = {name: AllChem.ReactionFromSmarts(text) for name, text in BY_PRODUCTS.items()}


@dataclass(frozen=True)
class Claim:
    """A structure that is said of a spectrum: how it came about, and the evidence against it."""

    kind: str
    parts: np.ndarray


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``python -m train check`` [--write]."""
    parser.add_argument("--write", action="store_true", help="write check.json")


def run(options: argparse.Namespace) -> int:
    """Fit, measure, store."""
    spectra = answered()
    results: dict[str, Any] = {}
    for name, own in (("details", spectra), ("groups", [_groups_only(each) for each in spectra])):
        results[name] = {phase: _phase(own, phase) for phase in PHASES}
    save_results(MODEL, "check", results)
    if options.write:
        LIMITS.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    return 0


def _groups_only(each: Answered) -> Answered:
    return replace(each, probabilities={group: each.probabilities[group] for group in GROUPS})


def _phase(spectra: Sequence[Answered], phase: str) -> dict[str, Any]:
    table = table_for(spectra)
    known = table, fit([each.known for each in in_folds(spectra, FITTED_ON)], table)
    own = [each for each in spectra if each.known.phase == phase]
    fitted = list(_claims(_some(in_folds(own, FITTED_ON)), own, known))
    tested = list(_claims(_some(in_folds(own, TESTED_ON)), own, known))
    limits = fit_limits(fitted)
    measured = {}
    for kind in (TRUE, ANOTHER, ISOMER, *BY_PRODUCTS):
        verdicts = [limits.verdict(limits.score(c.parts)) for c in tested if c.kind == kind]
        if not verdicts:
            continue
        measured[kind] = {
            "claims": len(verdicts),
            "contradicted": round(verdicts.count("contradicted") / len(verdicts), 4),
            "consistent": round(verdicts.count("consistent") / len(verdicts), 4),
        }
    return {
        "weights": [round(float(weight), 5) for weight in limits.weights],
        "contradicted_from": round(limits.contradicted_from, 5),
        "consistent_to": round(limits.consistent_to, 5),
        "false_alarms": measured[TRUE]["contradicted"],
        "caught": {kind: own["contradicted"] for kind, own in measured.items() if kind != TRUE},
        "table": measured,
    }


def _some(spectra: Sequence[Answered]) -> list[Answered]:
    order = np.random.default_rng(0).permutation(len(spectra))[:MOST]
    return [spectra[i] for i in order]


def fit_limits(claims: Sequence[Claim]) -> Limits:
    """Weights that part true from wrong structures, never negative; limits by their scores."""
    parts = np.stack([claim.parts for claim in claims])
    wrong = np.array([claim.kind != TRUE for claim in claims])
    scale = parts.std(0) + 1e-9
    fitted = LogisticRegression(class_weight="balanced", max_iter=1000).fit(parts / scale, wrong)
    weights = np.maximum(fitted.coef_[0], 0.0) / scale
    scores = parts @ weights
    another = scores[[claim.kind == ANOTHER for claim in claims]]
    contradicted = float(np.quantile(scores[~wrong], 1 - FALSE_ALARMS))
    consistent = min(float(np.quantile(another, WRONG_CONSISTENT)), contradicted)
    return Limits(weights, contradicted, consistent, FALSE_ALARMS, ())


def _claims(
    spectra: Sequence[Answered], every: Sequence[Answered], known: tuple[Table, Rates]
) -> Iterator[Claim]:
    random = np.random.default_rng(1)
    formulas: dict[str, list[str]] = {}
    for smiles in dict.fromkeys(each.known.smiles for each in every):
        formulas.setdefault(_formula(smiles), []).append(smiles)
    for each in spectra:
        own = each.known
        yield Claim(TRUE, _parts(each, holds(own), known))
        other = every[int(random.integers(len(every)))].known
        if other.molecule != own.molecule:
            yield Claim(ANOTHER, _parts(each, holds(other), known))
        isomers = [s for s in formulas[_formula(own.smiles)] if s != own.smiles]
        if isomers:
            yield Claim(ISOMER, _parts(each, _holds(str(random.choice(isomers))), known))
        for kind, smiles in by_products(own.smiles):
            yield Claim(kind, _parts(each, _holds(smiles), known))


@cache
def _formula(smiles: str) -> str:
    return str(CalcMolFormula(Chem.MolFromSmiles(smiles)))


@cache
def _holds(smiles: str) -> dict[str, bool]:
    return dict(zip(names(), matcher().found_in(Chem.MolFromSmiles(smiles)), strict=True))


def _parts(each: Answered, has: dict[str, bool], known: tuple[Table, Rates]) -> np.ndarray:
    return evidence(has, each.probabilities, GROUPS, each.known.bands, each.known.phase, known)


def by_products(smiles: str) -> Iterator[tuple[str, str]]:
    """Kind and SMILES of each by-product that the molecule has, one of a kind."""
    mol = Chem.MolFromSmiles(smiles)
    for kind, reaction in _REACTIONS.items():
        for product, *_ in reaction.RunReactants((mol,), maxProducts=1):
            if not Chem.SanitizeMol(product, catchErrors=True):
                fragments = Chem.GetMolFrags(product, asMols=True)
                largest = max(fragments, key=lambda part: part.GetNumHeavyAtoms())
                yield kind, Chem.MolToSmiles(largest)
