"""What files say of the sample's phase, in NIST's words and others'."""

from __future__ import annotations

import pytest

from irclassify.spectra.phase import phase_of, phase_warning


@pytest.mark.parametrize(
    ("state", "phase"),
    [
        ("gas", "gas"),
        ("GAS (50 mmHg, N2 ADDED, TOTAL PRESSURE 600 mmHg)", "gas"),
        ("VAPOR (200 C)", "gas"),
        ("SOLID (KBr DISC)", "condensed"),
        ("SOLID (MINERAL OIL MULL)", "condensed"),
        ("SOLUTION (10% CCl4 FOR 3800-1330)", "condensed"),
        ("LIQUID (NEAT)", "condensed"),
        ("thin film", "condensed"),
        ("KBr", "condensed"),
        ("ATR", "atr"),
        ("solid, ATR-FTIR (diamond)", "atr"),
        ("gas, ATR", None),
        ("consolidated gasoline", None),
        ("LIQUID AND GAS", None),
        ("unknown", None),
        ("", None),
        (None, None),
    ],
)
def test_phases_of_files(state: str | None, phase: str | None):
    assert phase_of(state) == phase


def test_only_a_phase_the_model_never_saw_is_warned_of():
    assert phase_warning("SOLID (KBr)", "m", {"gas"}) == (
        "measured as 'SOLID (KBr)', but m was trained on gas-phase spectra only: unreliable"
    )
    assert phase_warning("gas", "m", {"condensed"})
    assert len(phase_warning("solid " * 100, "m", {"gas"}) or "") < 150
    for state, phases in (
        ("gas", {"gas"}),
        ("solid", {"gas", "condensed"}),
        ("liquid, ATR", {"gas", "condensed"}),
        (None, {"gas"}),
        ("?", {"gas"}),
    ):
        assert phase_warning(state, "m", phases) is None
