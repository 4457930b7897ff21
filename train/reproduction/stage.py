"""Stage ``figures``: what Rieger et al. 2023 show, from our fits and real spectra.

One file a figure. Each draws (SVG and PNG) and stores the numbers behind it (CSV, JSON) in
exported/rieger2023/reproduction/. No spectrum and no part of one is written there, only averages
over many. What the paper shows of single spectra goes to the work folder, which is never committed.
"""

from __future__ import annotations

import argparse
import time

from train.reproduction import (
    fig3_patterns,
    fig4_alkene,
    fig5_weights,
    fig6_consistency,
    fig7_overtones,
    labels,
    size,
    textbook,
)
from train.reproduction.material import Material

PARTS = (
    labels,
    fig3_patterns,
    fig4_alkene,
    fig5_weights,
    fig6_consistency,
    fig7_overtones,
    textbook,
    size,
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``python -m train figures``: no options."""


def run(_options: argparse.Namespace) -> int:
    """Draw everything."""
    material = Material()
    for part in PARTS:
        started = time.monotonic()
        part.draw(material)
        print(f"{part.NAME}: {time.monotonic() - started:.1f} s", flush=True)
    return 0
