"""``irclassify watch``: a folder an instrument writes to, answers appended to a log."""

from __future__ import annotations

from pathlib import Path
from threading import Event

from irclassify.app.follow import Log, folder_watcher, new_results
from irclassify.batch.in_words import IN_WORDS
from irclassify.classifier import load
from irclassify.cli.exit_codes import INTERRUPTED
from irclassify.cli.streams import say
from irclassify.errors import UsageError
from irclassify.options import ReadOptions
from irclassify.reports.text import plural
from irclassify.results.prediction import Failed


def run(
    folder: Path,
    *,
    log: Path,
    model: str,
    options: ReadOptions,
    error_rate: float,
    in_words: bool,
) -> int:
    """Watch until Ctrl-C; the exit code is that of an interruption.

    Raises UsageError when the folder or the log cannot be used, ModelError for the model.
    """
    if not folder.is_dir():
        raise UsageError(f"{folder}: no such folder")
    classifier = load(model)
    watcher = folder_watcher(folder)
    written = Log(log)
    earlier = written.resume(watcher)
    say(f"watching {folder}, {plural(earlier, 'spectrum')} in {log}; Ctrl-C ends it")
    answered = failed = 0
    results = new_results(
        watcher,
        classifier,
        options,
        Event(),
        error_rate=error_rate,
        said=say,
        in_words=IN_WORDS if in_words else None,
    )
    try:
        for result in results:
            written.append(result)
            answered += 1
            failed += isinstance(result, Failed)
    except KeyboardInterrupt:
        written.close()
        say(f"{plural(answered - failed, 'spectrum')} classified, {failed:,} failed: {log}")
    return INTERRUPTED
