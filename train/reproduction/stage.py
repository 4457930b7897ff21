"""Stage ``figures``: what Rieger et al. 2023 show, from our fits and real spectra.

Each part draws (SVG and PNG) and stores the numbers behind it (CSV, JSON) in
exported/rieger2023/reproduction/. No spectrum and no part of one is written, only averages over
many.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from typing import Any

from train.reproduction import canvas, fig3_patterns, fig7_overtones, labels, textbook, weights
from train.reproduction.material import Material

PARTS: dict[str, Callable[[Material], dict[str, Any] | None]] = {
    "figS23_labels": labels.draw,
    "fig3_patterns": fig3_patterns.draw,
    "fig4_alkene": weights.alkene,
    "fig5_weights": weights.every_group,
    "fig6_consistency": weights.consistency,
    "fig7_overtones": fig7_overtones.draw,
    "textbook": textbook.compared,
    "size": textbook.sizes,
}


def run(_options: argparse.Namespace) -> int:
    """Draw everything."""
    material = Material()
    for name, part in PARTS.items():
        started = time.monotonic()
        if numbers := part(material):
            text = json.dumps(numbers, indent=1) + "\n"
            (canvas.folder() / f"{name}.json").write_text(text, encoding="utf-8")
        print(f"{name}: {time.monotonic() - started:.1f} s", flush=True)
    return 0
