"""What networks learn beside the groups."""

from __future__ import annotations

import numpy as np

from train.labels.substructures import substructures


def test_spectra_of_one_molecule_have_the_same_and_isomers_differ() -> None:
    ortho, para = "Cc1ccccc1C", "Cc1ccc(C)cc1"
    has = substructures([ortho, para, ortho])
    assert (has[0] == has[2]).all()
    assert (has[0] != has[1]).any()


def test_every_column_tells_something_new() -> None:
    has = substructures(["CCO", "CCN", "c1ccccc1", "CC(=O)Cl", "CCCCCC"])
    assert has.shape[1] >= 10
    assert len(np.unique(has, axis=1).T) == has.shape[1]
    assert (has.sum(0) > 0).all()
    assert (has.sum(0) < 5).all()


def test_an_imidic_acid_counts_as_its_amide() -> None:
    has = substructures(["CC(O)=NC", "CC(=O)NC", "CCCC"])
    assert (has[0] == has[1]).all()


def test_no_structure_has_none() -> None:
    assert not substructures(["", "CCO", "CCN"])[0].any()
