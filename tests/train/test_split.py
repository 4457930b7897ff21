"""Splits: everything once, sizes as stated, no molecule on two sides."""

from __future__ import annotations

import numpy as np

from train.split import grouped_split, random_split


def test_random_split_is_seventy_fifteen_fifteen_and_complete() -> None:
    split = random_split(1000, seed=3)
    assert [len(split.train), len(split.validation), len(split.test)] == [700, 150, 150]
    together = np.concatenate([split.train, split.validation, split.test])
    assert sorted(together) == list(range(1000))


def test_random_split_repeats_itself() -> None:
    assert (random_split(50, 1).test == random_split(50, 1).test).all()
    assert (random_split(50, 1).test != random_split(50, 2).test).any()


def test_grouped_split_keeps_folds_whole() -> None:
    folds = np.array([0, 1, 2, 3, 4, 0, 1, 2, 3, 4])
    split = grouped_split(folds, test=0, validation=1)
    assert set(folds[split.test]) == {0}
    assert set(folds[split.validation]) == {1}
    assert set(folds[split.train]) == {2, 3, 4}
