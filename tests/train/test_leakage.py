"""Who may see whom: every reported number is about molecules that nothing behind it has seen."""

from __future__ import annotations

import csv
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from train.calibrate.by_phase import Known
from train.data.records import Dataset, Record
from train.data.split import FOLDS, choosing_phases, training_rows
from train.data.split import testing_folds as folds_of
from train.domain import measure as domain
from train.export import onnx, releases
from train.fit import out_of_fold
from train.labels.groups import GROUPS

KINDS = {"gas": "MSDC-IR", "condensed": "COBLENTZ", "atr": "ATR drugs"}


def dataset(spectra: list[tuple[int, str, bool]]) -> Dataset:
    """(molecule, phase, formula matches) of each spectrum; a vector is its molecule's number.

    As in the index a molecule is in one fold, here its number modulo 5.
    """
    records = [
        Record(
            file=f"{i}",
            molecule=f"M{molecule}",
            smiles="CC",
            fold=molecule % 5,
            collection=KINDS[phase],
            phase=phase,
            formula_matches=matches,
            in_paper=phase == "gas",
        )
        for i, (molecule, phase, matches) in enumerate(spectra)
    ]
    vectors = np.array([[float(molecule)] for molecule, _, _ in spectra], np.float32)
    labels = np.array([[(m + g) % 3 == 0 for g in range(len(GROUPS))] for m, _, _ in spectra])
    return Dataset(records, labels, vectors)


EVERYTHING = dataset([(m, phase, True) for m in range(30) for phase in KINDS] * 2)
some_spectra = st.lists(
    st.tuples(st.integers(0, 30), st.sampled_from(list(KINDS)), st.booleans()),
    min_size=1,
    max_size=60,
)


@given(some_spectra)
@settings(deadline=None)
def test_no_network_is_tested_on_a_molecule_it_was_trained_on(spectra) -> None:
    data = dataset(spectra)
    tested, molecules = folds_of(data), data.column("molecule")
    for fold, kind in enumerate(FOLDS):
        trained = training_rows(data, kind)
        assert not set(molecules[trained]) & set(molecules[tested == fold])


@given(some_spectra)
@settings(deadline=None)
def test_every_phase_is_calibrated_on_its_own_spectra(spectra) -> None:
    data = dataset(spectra)
    for model, phases in (("default", set(KINDS)), ("rieger2023", {"gas"})):
        chosen = choosing_phases(model, data)
        assert set(chosen) == phases
        for phase, rows in chosen.items():
            assert set(data.column("phase")[rows]) <= {phase}


def test_held_out_logits_come_from_the_networks_of_the_molecules_fold(monkeypatch) -> None:
    plan = SimpleNamespace(fitted=lambda kind: [kind, kind])

    def logits_of(kind: str, vectors: np.ndarray) -> np.ndarray:
        assert not (vectors % 5 != int(kind.removeprefix("fold"))).any()
        return np.repeat(vectors, len(out_of_fold.OUTPUTS), 1)

    monkeypatch.setitem(out_of_fold.PLANS, "default", plan)
    monkeypatch.setattr(out_of_fold, "logits_of", logits_of)
    found = out_of_fold.predicted("default", EVERYTHING)
    np.testing.assert_array_equal(found[:, 0], EVERYTHING.vectors[:, 0])


@pytest.fixture
def watched(monkeypatch) -> Callable[[Dataset, Callable[[Any], float]], dict[str, Any]]:
    """The stage ``domain`` with a detector that remembers the molecules it was fitted on."""
    written: dict[str, Any] = {}

    def measure(data: Dataset, score: Callable[[Any], float]) -> dict[str, Any]:
        def fitted(kind: str) -> list[Any]:
            seen = data.vectors[training_rows(data, kind)]
            return [SimpleNamespace(body=set(seen[:, 0].tolist()))]

        def detector(data: Dataset, bodies: Any, rows: np.ndarray, _phase: Any) -> Any:
            seen = bodies[0] | set(data.vectors[rows, 0].tolist())

            def scores(vectors: np.ndarray) -> Any:
                assert not seen & set(vectors[:, 0].tolist())
                return np.array([[score(v) for v in vectors[:, 0]]] * 4)

            return SimpleNamespace(scores=scores)

        def features(bodies: Any, vectors: np.ndarray) -> np.ndarray:
            assert not bodies[0] & set(vectors[:, 0].tolist())
            return vectors

        none = ({}, np.ones(len(data.records)))
        plan = SimpleNamespace(fitted=fitted)
        monkeypatch.setattr(domain, "DEFAULT", plan)
        monkeypatch.setattr(domain, "_fitted", detector)
        monkeypatch.setattr(domain, "features", features)
        monkeypatch.setattr(domain, "surely_named", lambda *_: (None, {}))
        monkeypatch.setattr(domain, "unknown_sets", lambda *_: none)
        monkeypatch.setattr(domain, "_write", lambda *args: written.update(limits=args[3]))
        monkeypatch.setattr(domain, "_shares", lambda verdicts: {"flagged": verdicts > 0})
        return domain.measure(data)["sets"] | written

    return measure


def test_no_detector_scores_a_molecule_it_has_seen(watched) -> None:
    found = watched(EVERYTHING, lambda molecule: molecule)
    assert len(found[domain.KNOWN]["flagged"]) == 120


def test_a_fold_is_judged_by_limits_of_the_others(watched) -> None:
    def odd_in_fold_2(molecule: float) -> float:
        return molecule + 100 if molecule % 5 == 2 else molecule / 1000

    flagged = watched(EVERYTHING, odd_in_fold_2)[domain.KNOWN]["flagged"]
    assert (
        sum(flagged) >= len(flagged) / 5
    )  # by limits that knew of fold 2, none of its spectra would stand out


def test_a_model_without_a_fold_is_calibrated_on_the_others() -> None:
    folds = folds_of(EVERYTHING)
    outputs = np.zeros((len(folds), 1))
    known = Known(outputs.astype(np.int8), outputs, {}, np.array([0]), folds)
    assert set(releases.choosing(known, "fold3").folds) == {0, 1, 2, 4}
    assert releases.choosing(known, "all") is known


def test_a_held_out_fold_is_labelled_by_its_judged_spectra(tmp_path) -> None:
    onnx.write_labels(EVERYTHING, 3, tmp_path / "labels.csv")
    with (tmp_path / "labels.csv").open(newline="") as stream:
        rows = {row.pop("file"): row for row in csv.DictReader(stream)}
    records = {r.file: r for r in EVERYTHING.records if r.fold == 3}
    assert rows.keys() == records.keys()
    truth = dict(zip((r.file for r in EVERYTHING.records), EVERYTHING.labels, strict=True))
    for file, row in rows.items():
        assert row == {g: f"{int(t)}" for g, t in zip(GROUPS, truth[file], strict=True)}
