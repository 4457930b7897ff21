"""``irclassify demo``: the tool at work on its own samples, with no data at hand."""

from __future__ import annotations

import sys
from importlib.resources import as_file
from pathlib import Path

from rich.text import Text

from irclassify import samples
from irclassify.artifact import ModelSpec, find_model
from irclassify.pipeline import explain_source, predict_sources
from irclassify.report.explanation import print_explanation
from irclassify.report.table import PredictionTable, make_console
from irclassify.results import Ok, Result
from irclassify.sources import Source

EXPLAINED = "ethyl_acetate.jdx"


def run(*, model: str) -> int:
    """Classify every sample, say how many are right, and explain one. Raises ModelError."""
    spec = find_model(model)
    console = make_console(sys.stdout)
    console.print(Text("$ irclassify predict irclassify-samples", style="dim"))
    results = _classify(spec)
    console.print(Text(_score(results)), soft_wrap=True)
    console.print()
    console.print(Text(f"$ irclassify explain irclassify-samples/{EXPLAINED}", style="dim"))
    with as_file(next(s for s in samples.spectra() if s.name == EXPLAINED)) as path:
        print_explanation(explain_source(Source(EXPLAINED, str(path)), spec), sys.stdout)
    console.print()
    console.print(Text("irclassify samples writes these spectra to a folder; try your own next."))
    return 0


def _classify(spec: ModelSpec) -> list[Result]:
    table = PredictionTable(sys.stdout)
    sources = []
    for sample in samples.spectra():
        data = sample.read_bytes()
        sources.append(Source(sample.name, str(Path(sample.name)), data=data))
    results = list(predict_sources(sources, spec, workers=1))
    for result in results:
        table.write(result)
    table.close()
    return results


def _score(results: list[Result]) -> str:
    expected = samples.expected()
    right = sum(
        isinstance(r, Ok) and {g.name for g in r.prediction.present} == expected[r.file]
        for r in results
    )
    return f"{right} of {len(results)} simulated samples have exactly the groups of their molecule."
