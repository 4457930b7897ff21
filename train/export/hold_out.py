"""The default model as if a fold had never been seen, to hold the installed command to its claims.

    python -m train.export.hold_out 3 FOLDER
    irclassify evaluate SPECTRA --labels FOLDER/labels.csv --model FOLDER/default-fold3

Networks, calibration and limits are those by which stage ``calibrate`` judges the fold, so the
command must find the same rates.
"""

from __future__ import annotations

import csv
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np

from train.data.records import Dataset
from train.data.split import FOLDS, choosing_rows, testing_folds
from train.export import onnx as export
from train.export import releases
from train.fit.models import DEFAULT
from train.labels.groups import GROUPS


def main(fold: int, folder: Path) -> None:
    """Write FOLDER/default-foldK, and FOLDER/labels.csv of the fold's spectra that are judged."""
    kind = FOLDS[fold]
    (model,) = releases.default(kind)
    model = replace(model, version=f"{model.version}-without-{kind}")
    print(export.write(model, folder / f"{model.name}-{kind}"))
    write_labels(DEFAULT.dataset(), fold, folder / "labels.csv")


def write_labels(data: Dataset, fold: int, target: Path) -> None:
    """file, and 1 or 0 for each group, of the gas and condensed spectra of a fold."""
    rows = choosing_rows(DEFAULT.model, data)
    rows &= testing_folds(data) == fold
    with target.open("w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["file", *GROUPS])
        for row in np.flatnonzero(rows):
            writer.writerow([data.records[row].file, *data.labels[row].astype(int)])


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
