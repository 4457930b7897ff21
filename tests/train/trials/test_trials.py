"""Every variation of the first teacher can be made, and its measurement is stored."""

from __future__ import annotations

import json

from train.settings import path
from train.trials import run, teachers


def test_variations_have_names_of_their_own_and_one_epoch_number_unless_said() -> None:
    found = dict(teachers.variations())
    assert len(found) == len(teachers.OWN["teachers"])
    assert found["base"]["epochs"] == teachers.OWN["teacher_epochs"]
    assert found["80 epochs, decay 1"]["epochs"] == 80


def test_each_variation_is_measured_in_the_stored_results() -> None:
    file = path("exported") / "default" / "evaluation" / f"{run.NAME}.json"
    stored = [trial["name"] for trial in json.loads(file.read_text("utf-8"))["trials"]]
    assert {name for name, _ in teachers.variations()} <= set(stored)
