"""Rates are found again in made-up spectra, and every name of the tables has its structure."""

from __future__ import annotations

import numpy as np
import pytest
from rdkit import Chem

from irclassify.explain.bands import BANDS, CLASSES, FOREIGN, structures, wider
from irclassify.explain.observed import Observed
from irclassify.explain.rates import Table
from irclassify.results.bands import Band
from train.assignments.check import by_products
from train.assignments.fit import fit
from train.assignments.known import Known, names
from train.assignments.measure import (
    ALLOWED,
    ARTEFACT,
    FORBIDDEN,
    NOT_ASSIGNED,
    is_wrong,
    range_tests,
    verdict,
)
from train.labels.groups import GROUPS

KETONE = Band("ketone", 1700, 1720, "C=O stretch", "strong", "Socrates")
NITRILE = Band("nitrile", 2230, 2250, "C≡N stretch", "medium", "Socrates")


def known(rng: np.random.Generator, *groups: str) -> Known:
    """A spectrum with a band at 1710 for a ketone, one at 2240 in half of the nitriles, and one
    that is nobody's."""
    places = [float(rng.uniform(600, 900))]
    places += [1710.0] if "ketone" in groups else []
    places += [2240.0] if "nitrile" in groups and rng.random() < 0.5 else []
    found = np.array([name in groups for name in names()])
    bands = Observed(np.array(places), np.full(len(places), 0.3), ("",) * len(places))
    return Known("f", "gas", 0, "m", "C", "", bands, found)


def spectra() -> list[Known]:
    """200 of each kind."""
    rng = np.random.default_rng(0)
    kinds = [("ketone",), ("nitrile",), ("ketone", "nitrile"), ()]
    return [known(rng, *kind) for kind in kinds for _ in range(200)]


def test_the_rate_of_a_vibration_is_found():
    table = Table([KETONE, NITRILE], GROUPS)
    rates = fit(spectra(), table).expected(table, 0)
    assert rates[0] == pytest.approx(1.0, abs=0.05)
    assert rates[1] == pytest.approx(0.5, abs=0.1)


def test_a_range_in_which_no_band_stands_is_called_wrong():
    elsewhere = Band("ketone", 1500, 1520, "C=O stretch", "strong", "Socrates")
    right, wrong = (
        is_wrong(row, found)
        for row, found in range_tests(spectra(), Table([KETONE, elsewhere], GROUPS))
        if found["phase"] == "gas"
    )
    assert wrong
    assert not right


def test_what_is_allowed_is_what_the_structure_has():
    has = dict.fromkeys(names(), False) | {"ketone": True}
    air = next(band for band in FOREIGN if band.expect == "artefact")
    assert verdict(KETONE, has) == ALLOWED
    assert verdict(NITRILE, has) == FORBIDDEN
    assert verdict(air, has) == ARTEFACT
    assert verdict(None, has) == NOT_ASSIGNED


def test_every_structure_of_the_tables_is_defined_and_used():
    used = {each.structure for each in (*BANDS, *FOREIGN, *CLASSES)} - {""}
    assert used <= {*structures(), *GROUPS}
    assert set(structures()) <= used | set(wider().values()) | set(GROUPS)
    for name, smarts in structures().items():
        assert Chem.MolFromSmarts(smarts) is not None, name


def test_by_products_are_other_molecules():
    found = dict(by_products("CCOC(C)=O"))
    assert found == {"acid for ester": "CC(=O)O"}
    assert "ketone for alcohol" in dict(by_products("CC(C)O"))
