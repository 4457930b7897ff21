"""The table of flags says what was counted."""

from __future__ import annotations

from train.faithfulness.flags import Counts, render


def test_shares_are_of_the_calls_of_that_group_and_phase():
    lacks = Counts(
        {
            ("gas", "nitrile", "", True): 10,
            ("gas", "nitrile", "", False): 4,
            ("gas", "nitrile", "C≡N stretch (defining)", False): 1,
        }
    )
    leftovers = Counts({("gas", "", "", True): 5, ("gas", "", "unexplained", True): 1})
    text = render(lacks, leftovers)
    row = "| gas | nitrile | C≡N stretch (defining) | 0.000 (0 of 10) | 0.250 (1 of 4) |"
    assert row in text
    assert "all 17 calls right: 0.200 (1 of 5) | some call wrong: none" in text
