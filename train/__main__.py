"""Build and measure the models, stage by stage. train/README.md says what each reads and writes."""

from __future__ import annotations

import argparse
import importlib
import sys

from train.settings import TrainingError

# Stage -> its module and what it does, in the order in which data flow.
STAGES = {
    "fetch": ("data.fetch", "Download spectra and structures from the NIST Chemistry WebBook."),
    "dataset": ("data.dataset", "Read and label the spectra; say which are left out, and why."),
    "fit": ("fit.out_of_fold", "Fit the networks of a model and store their held-out logits."),
    "calibrate": ("calibrate.measure", "Measure probabilities and calls on held-out spectra."),
    "domain": ("domain.measure", "Fit and measure the detector of spectra unlike the known ones."),
    "evaluate": ("evaluate.accuracy", "Measure the accuracy on held-out spectra."),
    "faithfulness": ("faithfulness.measures", "Measure how far explanations can be trusted."),
    "assignments": ("assignments.measure", "Measure whether structures allow the names of bands."),
    "check": ("assignments.check", "Measure how often wrong structures are found out."),
    "flags": ("faithfulness.flags", "Count how often measured bands contradict a call."),
    "export": ("export.onnx", "Write exported/<model>/ from the fitted networks."),
    "patterns": ("export.patterns", "Describe what an exported model has learned."),
    "figures": ("reproduction.stage", "Draw the figures of Rieger et al. 2023 from our fits."),
    "readme": ("documents.readme", "Write all pages, and the numbers in README.md and docs/."),
}


def main(arguments: list[str] | None = None) -> int:
    """Run one stage, then write its pages. Only that stage's module is imported."""
    chosen = (arguments if arguments is not None else sys.argv[1:])[:1]
    parser = argparse.ArgumentParser(
        prog="python -m train",
        description=__doc__,
        formatter_class=lambda prog: argparse.HelpFormatter(prog, max_help_position=18, width=100),
    )
    stages = parser.add_subparsers(metavar="STAGE", required=True)
    for name, (module_name, purpose) in STAGES.items():
        stage = stages.add_parser(name, help=purpose, description=purpose)
        if chosen == [name]:
            module = importlib.import_module(f"train.{module_name}")
            getattr(module, "add_arguments", lambda _: None)(stage)
            stage.set_defaults(run=module.run)
    options = parser.parse_args(arguments)
    try:
        status = int(options.run(options))
        if status == 0:
            pages = importlib.import_module("train.documents.pages")
            pages.write(chosen[0], show=chosen[0] != "export")
        return status
    except TrainingError as error:
        print(f"train: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
