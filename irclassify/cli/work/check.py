"""``irclassify check``: does a spectrum fit a structure, or many spectra those of a table?"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path, PurePath

from irclassify.batch.checks import check_source, structures_of
from irclassify.cli.outputs import plan, say_failed, shows_table
from irclassify.cli.requests import CheckOptions, Stated
from irclassify.cli.streams import output, say
from irclassify.errors import IrclassifyError, ModelError, UsageError
from irclassify.evaluation.labels import text_of
from irclassify.model.folder import find_model
from irclassify.options import ReadOptions
from irclassify.reports import terminal
from irclassify.reports.json import record_of
from irclassify.reports.rows import to_json
from irclassify.reports.text import plural
from irclassify.reports.wording import SHOWN_NAMES
from irclassify.results.check import Check
from irclassify.results.prediction import Failed
from irclassify.sources.paths import Source


def run(
    paths: Sequence[str],
    *,
    stated: Stated,
    model: str,
    options: ReadOptions,
    error_rate: float,
    view: CheckOptions,
) -> int:
    """Check, and print; the exit code: 0, or 1 when a file failed.

    Raises UsageError without a structure, or for what is no SMILES; ModelError.
    """
    if (stated.smiles is None) == (stated.labels is None):
        raise UsageError("give the structure: --smiles SMILES, or --labels FILE for many spectra")
    spec = find_model(model)
    holds = structures_of(spec)
    found: list[Check | Failed] = []
    sources = plan(paths, view.file)
    for source, text in _claims(sources, stated):
        try:
            found.append(
                check_source(source, spec, text, holds, options=options, error_rate=error_rate)
            )
        except (ModelError, UsageError):
            raise
        except IrclassifyError as error:
            found.append(Failed(source.name, error.code, str(error)))
    as_table, many = shows_table(view.form, view.file), stated.labels is not None
    checks = [each for each in found if isinstance(each, Check)]
    with output(view.file, data=not as_table) as stream:
        if not as_table:
            stream.write(_json(found, many=many))
        elif len(checks) == 1:
            terminal.check.print_check(checks[0], stream)
        elif checks:
            terminal.check.print_checks(checks, stream)
    if many:
        say(_tally(checks, len(found) - len(checks), spec.label))
    return say_failed(found)


def _claims(sources: Iterable[Source], stated: Stated) -> Iterator[tuple[Source, str]]:
    """Each spectrum with its structure. Raises UsageError where there is none for any."""
    if stated.smiles is not None or stated.labels is None:
        yield from ((source, stated.smiles or "") for source in sources)
        return
    labels, named = stated.labels, _table(stated.labels)
    none, left_out = True, []
    for source in sources:
        name = _file_name(source.name)
        text = named.get(name) or named.get(PurePath(name).stem)
        if text:
            none = False
            yield source, text
        else:
            left_out.append(source.name)
    if none:
        raise UsageError(f"--labels {labels}: names none of the spectra")
    if left_out:
        say(f"no structure in {labels} for {_listed(left_out)}: left out")


def _listed(names: Sequence[str]) -> str:
    """``a.jdx, b.jdx and 7 more``."""
    shown, more = ", ".join(names[:SHOWN_NAMES]), len(names) - SHOWN_NAMES
    return f"{shown} and {more:,} more" if more > 0 else shown


def _tally(checks: Sequence[Check], failed: int, model: str) -> str:
    """``30 structures checked: 28 consistent, 2 not decidable, 0 failed (model default@2.0.0)``."""
    of_each = Counter(each.verdict for each in checks)
    said = ", ".join(f"{count:,} {verdict}" for verdict, count in sorted(of_each.items()))
    checked = f"{plural(len(checks), 'structure')} checked"
    return f"{checked}{': ' if said else ''}{said}, {failed:,} failed (model {model})"


def _table(file: Path) -> dict[str, str]:
    """File name -> SMILES, of a table with the columns file and smiles."""
    text = text_of(file)
    delimiter = max(",;\t", key=text.split("\n", 1)[0].count)
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    columns = {name.strip().casefold(): name for name in rows.fieldnames or ()}
    if "file" not in columns or "smiles" not in columns:
        raise UsageError(f"--labels {file}: the header needs the columns file and smiles")
    found = {
        _file_name((row[columns["file"]] or "").strip()): (row[columns["smiles"]] or "").strip()
        for row in rows
    }
    return {name: smiles for name, smiles in found.items() if name and smiles}


def _file_name(path: str) -> str:
    """The last part of a path, of which a table made on Windows has backslashes."""
    return path.replace("\\", "/").rpartition("/")[2]


def _json(found: Sequence[Check | Failed], *, many: bool) -> str:
    records = [record_of(each) for each in found]
    if many or len(records) != 1:
        return "".join(f"{to_json(record)}\n" for record in records)
    return to_json(records[0], indent=2) + "\n"
