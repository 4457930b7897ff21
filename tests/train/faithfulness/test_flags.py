"""Flags are counted by phase, group and missing band."""

from __future__ import annotations

from train.faithfulness.flags import Counts, rates


def test_flags_are_counted_against_the_calls_of_their_group_and_phase() -> None:
    lacks = Counts(
        {
            ("gas", "nitrile", "", True): 10,
            ("gas", "nitrile", "", False): 4,
            ("gas", "nitrile", "C≡N stretch (defining)", False): 1,
        }
    )
    leftovers = Counts({("gas", "", "", True): 5, ("gas", "", "unexplained", True): 1})
    found = rates(lacks, leftovers)
    (flag,) = found["missing"]
    assert (flag["right"], flag["wrong"]) == ([0, 10], [1, 4])
    assert found["unexplained"][0] == {"phase": "gas", "right": [1, 5], "wrong": [0, 0]}
