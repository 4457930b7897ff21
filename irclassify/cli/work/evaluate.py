"""``irclassify evaluate``: the tool's answers against structures the user knows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TextIO

from irclassify.batch.files import predict_sources
from irclassify.batch.outputs.files import whole_file
from irclassify.cli.outputs import counted, plan, say_failed, shows_table
from irclassify.cli.requests import EvaluateOptions
from irclassify.cli.streams import as_text, output, say
from irclassify.errors import IrclassifyError, UsageError
from irclassify.evaluation.labels import Labels, read_labels, text_of
from irclassify.evaluation.matching import Matched, match
from irclassify.evaluation.scores import evaluate, judged
from irclassify.evaluation.smiles import Structures
from irclassify.model.folder import ModelSpec, find_model
from irclassify.options import ReadOptions
from irclassify.reports import html, terminal
from irclassify.reports.json import record_of
from irclassify.reports.rows import to_json
from irclassify.reports.text import plural
from irclassify.results.evaluation import Evaluation
from irclassify.results.prediction import Failed, Ok, Result

_FORMATS = ("table", "json", "html")


def run(
    paths: Sequence[str],
    *,
    labels: Path,
    model: str,
    options: ReadOptions,
    error_rate: float,
    view: EvaluateOptions,
    workers: int | None = None,
) -> int:
    """Classify what has a label and print how good that was; 1 if any labelled file failed.

    An interrupted evaluation writes nothing. Raises
    UsageError for labels that cannot be used or belong to none of the files, IrclassifyError when
    none of these can be read, ModelError.
    """
    spec = find_model(model)
    form = view.form or _natural_form(view.file)
    known = _known_structures(labels, spec)
    matched = match(known.rows, iter(plan(paths, view.file, labels, quiet=view.quiet)), paths)
    if not matched.sources:
        raise UsageError(_none_found(labels, known, paths))
    with _stream(view.file, data=form != "table") as stream:
        found = predict_sources(
            matched.sources, spec, options=options, error_rate=error_rate, workers=workers
        )
        with closing(found):
            results = list(counted(found, len(matched.sources), quiet=view.quiet))
        evaluation = _judge(results, matched, known)
        _write(evaluation, form, stream, view)
    _summarise(evaluation, view)
    return 1 if evaluation.failed or evaluation.missing else 0


@contextmanager
def _stream(file: Path | None, *, data: bool) -> Iterator[TextIO]:
    if file is None:
        with output(None, data=data) as stream:
            yield stream
        return
    with whole_file(file) as whole, as_text(whole) as stream:
        yield stream


def _judge(results: Sequence[Result], matched: Matched, known: Labels) -> Evaluation:
    read = [result for result in results if isinstance(result, Ok)]
    pairs = [(ok, truth) for ok in read if (truth := matched.truth_of(ok.file)) is not None]
    if not pairs:
        say_failed(results)
        raise IrclassifyError("no labelled spectrum could be read")
    oks, truths = zip(*pairs, strict=True)
    said = [ok.prediction for ok in oks]
    files = [result.file for result in results]
    without = [ok.file for ok in read if matched.truth_of(ok.file) is None]
    return replace(
        evaluate(
            judged(oks, truths),
            model=said[0].model,
            error_rate=said[0].error_rate,
            verdicts=[one.domain.verdict if one.domain else None for one in said],
        ),
        failed=tuple((f.file, f.code, f.message) for f in results if isinstance(f, Failed)),
        missing=(*matched.missing, *matched.never_seen(files)),
        unlabelled=(*matched.unlabelled, *without),
        notes=known.notes,
    )


def _write(evaluation: Evaluation, form: str, stream: TextIO, view: EvaluateOptions) -> None:
    if form == "json":
        stream.write(to_json(record_of(evaluation), indent=1) + "\n")
    elif form == "html":
        stream.write(html.evaluation.evaluation_page(evaluation))
    else:
        terminal.evaluation.print_evaluation(evaluation, stream, worst=view.worst)


def _summarise(evaluation: Evaluation, view: EvaluateOptions) -> None:
    if view.quiet:
        return
    parts = [f"{plural(evaluation.n, 'spectrum')} judged"]
    for word, names in (
        ("failed", evaluation.failed),
        ("in the table but not found", evaluation.missing),
        ("without a label", evaluation.unlabelled),
    ):
        if names:
            parts.append(f"{len(names):,} {word}")
    say(f"{', '.join(parts)} (model {evaluation.model})")


def _none_found(labels: Path, known: Labels, paths: Sequence[str]) -> str:
    return (
        f"--labels {labels}: none of its {plural(len(known.rows), 'file')} "
        f"(first: {known.rows[0].file}) is among {', '.join(paths)}"
    )


def _natural_form(file: Path | None) -> str:
    """What a person at a terminal, a pipe, or the output file's suffix asks for."""
    if file is None:
        return "table" if shows_table(None) else "json"
    forms = {"html": "html", "htm": "html", "json": "json", "txt": "table", "": "table"}
    form = forms.get(file.suffix.lower().lstrip("."))
    if form is None:
        raise UsageError(f"-o {file}: say --format table, json or html")
    return form


def _known_structures(file: Path, spec: ModelSpec) -> Labels:
    """The labels in ``file``. Raises UsageError, naming it, when they cannot be used."""
    holds = Structures({group.name: group.smarts for group in spec.groups})
    text = text_of(file)
    try:
        return read_labels(
            text, [group.name for group in spec.groups], lambda smiles: _groups(smiles, holds)
        )
    except UsageError as error:
        raise UsageError(f"--labels {file}: {error}") from error


def _groups(smiles: str, holds: Structures) -> tuple[bool, ...] | None:
    found = holds(smiles)
    return None if found is None else tuple(found.values())
