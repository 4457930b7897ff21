"""``irclassify demo``: the tool at work on its own samples, with no data at hand."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from irclassify import samples
from irclassify.batch.explanations import explain_source
from irclassify.batch.files import predict_sources
from irclassify.cli.work.samples import write_samples
from irclassify.model.folder import ModelSpec, find_model
from irclassify.reports.terminal.explanation import print_explanation
from irclassify.reports.terminal.predictions import call_text, flow, make_console, print_table
from irclassify.results.nouns import spoken
from irclassify.results.prediction import NOT_SEEN, OUTSIDE, UNUSUAL, Failed, Result
from irclassify.sources.paths import Source
from irclassify.text import printable

_FOLDER = "irclassify-samples"
_FAVOURITE = "ethyl_acetate.jdx"  # explained when it is right: two bands that every chemist knows
_LINE = 46  # cells of answers, beside the longest file name in 80 columns


def run(*, model: str) -> int:
    """Classify every sample, mark what is right, and explain one. Raises ModelError."""
    spec = find_model(model)
    console = make_console(sys.stdout)
    sources = [Source(s.name, s.name, data=s.read_bytes()) for s in samples.spectra()]
    folder = Path(_FOLDER)
    write_samples(folder)
    _command(console, f"samples {_FOLDER}")
    _command(console, f"predict {_FOLDER}")
    results = list(predict_sources(sources, spec, workers=1))
    print_table(console, _judged(results))
    right = [result.file for result in results if _is_right(result)]
    score = (
        f"{len(right)} of {len(results)} samples: the best guess is exactly the groups of the "
        "molecule. The spectra are simulated."
    )
    console.print(Text(score))
    if odd := _odd(results):
        console.print(Text(odd, style="yellow"))
    console.print()
    _explain(console, sources, right, spec)
    console.print()
    console.print(Text(f"The samples are in the folder {_FOLDER}. Next: irclassify YOUR_FILE"))
    return 0


def _command(console: Console, words: str) -> None:
    console.print(Text(f"$ irclassify {words}", style="dim"), soft_wrap=True)


def _is_right(result: Result) -> bool:
    return not isinstance(result, Failed) and _present(result) == samples.expected()[result.file]


def _present(result: Result) -> frozenset[str]:
    """The best guess: that a call is left open at the usual error rate is no mistake."""
    groups = () if isinstance(result, Failed) else result.prediction.groups
    return frozenset(group.name for group in groups if group.best_guess == "present")


def _odd(results: Sequence[Result]) -> str:
    """How many the domain verdict doubts, which ``predict`` says of each; "" for none."""
    domains = [r.prediction.domain for r in results if not isinstance(r, Failed)]
    said = [domain.verdict for domain in domains if domain]
    counts = [(said.count(verdict), verdict) for verdict in (UNUSUAL, OUTSIDE)]
    words = ", ".join(f"{count} {verdict}" for count, verdict in counts if count)
    return words and f"{words}: unlike the spectra that the model was trained on."


def _judged(results: Sequence[Result]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    table.add_column("", no_wrap=True)
    table.add_column("File", no_wrap=True)
    table.add_column("Groups present")
    for result in results:
        mark = Text("✓", style="green") if _is_right(result) else Text("✗", style="red")
        table.add_row(mark, Text(result.file), _answer(result))
    return table


def _answer(result: Result) -> Text:
    """The groups, and for a wrong answer those missed and those too many."""
    if isinstance(result, Failed):
        return Text(printable(result.message), style="red")
    said = result.prediction
    unsure = [group for group in said.called("uncertain") if group.shown != NOT_SEEN]
    answer = flow([call_text(g) for g in (*said.present, *unsure)], _LINE)
    expected, present = samples.expected()[result.file], _present(result)
    for word, names in (("missed", expected - present), ("wrong", present - expected)):
        if names:
            answer.append(f"\n{word}: {', '.join(map(spoken, sorted(names)))}", style="yellow")
    return answer


def _explain(
    console: Console, sources: Sequence[Source], right: Sequence[str], spec: ModelSpec
) -> None:
    """A sample that is right (any, when none is)."""
    source = min(sources, key=lambda s: (s.name not in right, s.name != _FAVOURITE))
    explanation = explain_source(source, spec)
    _command(console, f"explain {_FOLDER}/{source.name}")
    print_explanation(explanation, sys.stdout)
