"""``irclassify explain``: the evidence for the groups of one spectrum, or what parts two."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from irclassify import reports
from irclassify.batch.explanations import compare_sources, explain_source
from irclassify.batch.outputs.files import whole_file
from irclassify.cli.group_names import group_name
from irclassify.cli.outputs import plan, say_failed, shows_table, write_json
from irclassify.cli.requests import ExplainOptions
from irclassify.cli.streams import output
from irclassify.errors import IrclassifyError, ModelError, UsageError
from irclassify.extras import need_extra
from irclassify.model.folder import ModelSpec, find_model
from irclassify.options import ReadOptions, TableOptions
from irclassify.reports import terminal
from irclassify.reports.excel import for_excel
from irclassify.reports.json import record_of
from irclassify.reports.peaks import write_peaks
from irclassify.results.comparison import Comparison, GroupContrast
from irclassify.results.explanation import Explanation, GroupExplanation
from irclassify.results.prediction import Failed
from irclassify.sources.paths import Source

_PICTURES = ("png", "svg", "pdf")

_G = TypeVar("_G", GroupExplanation, GroupContrast)


def run(
    paths: Sequence[str],
    *,
    model: str,
    options: ReadOptions,
    error_rate: float,
    view: ExplainOptions,
    asked: TableOptions | None = None,
) -> int:
    """Explain one spectrum or compare two, and print; the exit code: 0, or 1 when a file failed.

    Raises UsageError for a group the model does not know, a path of several spectra, or more than
    two; ModelError.
    """
    spec = find_model(model)
    known = [output.name for output in spec.outputs]
    chosen = tuple(group_name(typed, known, option="--group") for typed in view.groups)
    view = view._replace(groups=chosen)
    if view.excel and not view.peaks:
        raise UsageError("--excel: is for the table of peaks; say --peaks FILE.csv")
    if len(paths) > 2:
        raise UsageError(f"{len(paths)} files: explain takes one, or two to compare")
    sources = [_one_source(path, view.file) for path in paths]
    how: dict[str, Any] = {"options": options, "asked": asked, "error_rate": error_rate}
    how["details"] = view.groups
    if len(sources) == 1:
        explain = partial(explain_source, **how)
        return _explain(sources[0], spec, explain, view)
    if view.plot or view.peaks:
        raise UsageError("--plot and --peaks are for one spectrum: leave the other file out")
    return _compare(sources, spec, partial(compare_sources, **how), view)


def _explain(
    source: Source,
    spec: ModelSpec,
    explain: Callable[..., Explanation],
    view: ExplainOptions,
) -> int:
    if view.plot:
        _check_plot(view.plot, source.name, view.file)
    try:
        explanation = explain(source, spec)
    except (ModelError, UsageError):
        raise
    except IrclassifyError as error:
        failed = Failed(source.name, error.code, str(error))
        return _fail([failed], record_of(failed), view)
    if view.plot:
        _draw(explanation, view.plot, view.groups)
    if view.peaks:
        plan([source.name], view.peaks, option="--peaks")
        with output(view.peaks, data=True) as stream:
            write_peaks(explanation, for_excel(stream, view.excel), view.groups)
    if shows_table(view.form, view.file):
        _print_table(terminal.explanation.print_explanation, explanation, view)
    else:
        shown = _chosen(explanation.groups, view)
        write_json(record_of(replace(explanation, groups=shown)), view.file)
    return 0


def _compare(
    sources: Sequence[Source],
    spec: ModelSpec,
    compare: Callable[..., Comparison | tuple[Failed, ...]],
    view: ExplainOptions,
) -> int:
    found = compare(sources[0], sources[1], spec)
    if isinstance(found, tuple):
        record = {"ok": False, "failed": [record_of(failed) for failed in found]}
        return _fail(found, record, view)
    if shows_table(view.form, view.file):
        _print_table(terminal.comparison.print_comparison, found, view)
    else:
        shown = _chosen(found.groups, view)
        write_json(record_of(replace(found, groups=shown)), view.file)
    return 0


def _chosen(groups: Iterable[_G], view: ExplainOptions) -> tuple[_G, ...]:
    return tuple(group for group in groups if not view.groups or group.name in view.groups)


def _print_table(printer: Callable[..., None], found: object, view: ExplainOptions) -> None:
    with output(view.file, data=False) as stream:
        printer(found, stream, view.groups or None, every_group=view.every_group)


def _fail(failed: Sequence[Failed], record: object, view: ExplainOptions) -> int:
    if not shows_table(view.form, view.file):
        write_json(record, view.file)
    return say_failed(failed)


def _check_plot(plot: Path, path: str, file: Path | None) -> None:
    if _suffix(plot) not in _PICTURES:
        raise UsageError(f"--plot {plot}: the name ends in .{', .'.join(_PICTURES[:-1])} or .pdf")
    need_extra("matplotlib", "plot")
    if file is not None and plot.resolve() == file.resolve():
        raise UsageError(f"--plot {plot}: is the file of -o; choose another name")
    plan([path], plot, option="--plot")


def _draw(explanation: Explanation, plot: Path, chosen: Sequence[str]) -> None:
    """The ``chosen`` groups in their order; without any, those present, most probable first."""
    by_name = {group.name: group for group in explanation.groups}
    present = (group for group in explanation.groups if group.call == "present")
    groups = (
        [by_name[name] for name in dict.fromkeys(chosen)]
        if chosen
        else sorted(present, key=lambda group: -group.probability)
    )
    with whole_file(plot, "--plot") as stream:
        reports.figure.draw_figure(explanation, groups, _suffix(plot), stream)


def _suffix(file: Path) -> str:
    return file.suffix.lower().lstrip(".")


def _one_source(path: str, file: Path | None) -> Source:
    sources = plan([path], file)
    if len(sources) > 1:
        raise UsageError(f"{path} holds several files: explain takes one at a time")
    return sources[0]
