"""Splits: everything once, sizes as stated, no molecule on two sides."""

from __future__ import annotations

import numpy as np

from train.data.split import grouped_split, random_split


def test_random_split_is_seventy_fifteen_fifteen_and_complete() -> None:
    split = random_split(1000, seed=3)
    assert [len(split.train), len(split.validation), len(split.test)] == [700, 150, 150]
    together = np.concatenate([split.train, split.validation, split.test])
    assert sorted(together) == list(range(1000))


def test_random_split_repeats_itself() -> None:
    assert (random_split(50, 1).test == random_split(50, 1).test).all()
    assert (random_split(50, 1).test != random_split(50, 2).test).any()


def test_grouped_split_never_parts_a_molecule() -> None:
    random = np.random.default_rng(0)
    molecules = random.integers(0, 60, 300).astype(str)
    tested = np.isin(molecules, ["3", "14", "15"])
    validated = []
    for part in range(5):
        split = grouped_split(molecules, tested, part, 5)
        sides = [set(molecules[rows]) for rows in (split.train, split.validation, split.test)]
        assert not sides[0] & sides[1]
        assert not sides[0] & sides[2]
        assert not sides[1] & sides[2]
        assert sides[2] == {"3", "14", "15"}
        assert sum(map(len, (split.train, split.validation, split.test))) == 300
        validated += split.validation.tolist()
    assert sorted(validated) == np.flatnonzero(~tested).tolist()
