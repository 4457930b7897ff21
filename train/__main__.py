"""``python -m train STAGE``: every stage of building a model, in the order the data flows."""

from __future__ import annotations

import argparse
import importlib
import sys

from train.documents import pages
from train.settings import TrainingError

# Stage -> its module and what it does.
STAGES = {
    "fetch": ("data.fetch", "download spectra and structures from the NIST Chemistry WebBook"),
    "dataset": ("data.dataset", "read spectra, label structures, print what falls out and why"),
    "fit": ("fit.stage", "train the networks"),
    "evaluate": ("evaluate.accuracy", "print and store the accuracy on held-out spectra"),
    "domain": (
        "domain.measure",
        "fit the detector of spectra outside the model's domain, and measure it",
    ),
    "trials": ("trials.run", "train variations of the default recipe on one fold: what was tried"),
    "faithfulness": (
        "faithfulness.stage",
        "print and store how far the explanations can be trusted",
    ),
    "calibrate": (
        "calibrate.measure",
        "measure probabilities and three-state calls on folds they were not fitted on",
    ),
    "flags": (
        "faithfulness.flags",
        "print and store how often an explanation contradicts right and wrong calls",
    ),
    "readme": ("documents.readme", "write the generated parts of README.md"),
    "export": (
        "export.onnx",
        "write exported/<model>/: ONNX, head, thresholds, calibration, model card",
    ),
    "patterns": (
        "export.patterns",
        "write exported/<model>/patterns.json: what its channels and groups look for",
    ),
    "figures": ("reproduction.stage", "draw the paper's figures from our fits, and compare"),
}


def main(arguments: list[str] | None = None) -> int:
    """Run one stage; only that stage's module is imported."""
    chosen = (arguments if arguments is not None else sys.argv[1:])[:1]
    parser = argparse.ArgumentParser(prog="python -m train", description=__doc__)
    stages = parser.add_subparsers(metavar="STAGE", required=True)
    for name, (module_name, purpose) in STAGES.items():
        stage = stages.add_parser(name, help=purpose, description=purpose)
        if chosen == [name]:
            module = importlib.import_module(f"train.{module_name}")
            module.add_arguments(stage)
            stage.set_defaults(run=module.run)
    options = parser.parse_args(arguments)
    try:
        status = int(options.run(options))
        if status == 0:
            pages.write(chosen[0], show=chosen[0] != "export")
        return status
    except TrainingError as error:
        print(f"train: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
