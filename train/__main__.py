"""``python -m train STAGE``: every stage of building a model, in the order the data flows."""

from __future__ import annotations

import argparse
import importlib
import sys

STAGES = {
    "fetch": "download spectra and structures from the NIST Chemistry WebBook",
    "dataset": "read spectra, label structures, print what falls out and why",
    "fit": "train the networks",
    "evaluate": "print and store the accuracy on held-out spectra",
    "domain": "fit the detector of spectra outside the model's domain, and measure it",
    "trials": "train variations of the default recipe on one fold: what was tried",
    "faithfulness": "print and store how far the explanations can be trusted",
    "calibrate": "measure probabilities and three-state calls on folds they were not fitted on",
    "flags": "print and store how often an explanation contradicts right and wrong calls",
    "readme": "write the generated parts of README.md",
    "export": "write exported/<model>/: ONNX, head, thresholds, calibration, model card",
    "patterns": "write exported/<model>/patterns.json: what its channels and groups look for",
    "figures": "draw what the paper shows, and train/results/REPORT.md",
}


def main(arguments: list[str] | None = None) -> int:
    """Run one stage; only that stage's module is imported."""
    chosen = (arguments if arguments is not None else sys.argv[1:])[:1]
    parser = argparse.ArgumentParser(prog="python -m train", description=__doc__)
    stages = parser.add_subparsers(metavar="STAGE", required=True)
    for name, purpose in STAGES.items():
        stage = stages.add_parser(name, help=purpose, description=purpose)
        if chosen == [name]:
            module = importlib.import_module(f"train.{name}")
            module.add_arguments(stage)
            stage.set_defaults(run=module.run)
    options = parser.parse_args(arguments)
    return int(options.run(options))


if __name__ == "__main__":
    sys.exit(main())
