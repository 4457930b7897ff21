"""``python tests/golden/regenerate.py``: store what the shipped models say of the sample spectra.

Run it when a model changes on purpose, and read the difference before committing it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from irclassify import samples
from irclassify.classifier import Classifier
from irclassify.model.folder import installed_models
from irclassify.model.preprocessing import to_grid
from irclassify.readers import read_spectrum
from irclassify.spectra.phase import phase_of

STORED = Path(__file__).parent / "samples.json"


def current() -> dict[str, Any]:
    """Logits rounded to three decimals and calls, by model, file and group."""
    answers: dict[str, Any] = {}
    for spec in installed_models():
        classifier = Classifier(spec, threads=1)
        answers[spec.label] = {}
        for file in samples.spectra():
            spectrum = read_spectrum(file.read_bytes(), file.name)
            grid = to_grid(spectrum, spec.preprocessing)
            said, _ = classifier.answer_grids(grid[None], [phase_of(spectrum.state)])
            (prediction,) = said.predictions()
            answers[spec.label][file.name] = {
                g.name: [round(g.logit, 3), g.call] for g in prediction.groups
            }
    return answers


if __name__ == "__main__":
    STORED.write_text(json.dumps(current(), indent=1) + "\n", encoding="utf-8")
