"""``irclassify samples``: write the sample spectra to a folder."""

from __future__ import annotations

from pathlib import Path

from irclassify import samples
from irclassify.batch.outputs.files import whole_file
from irclassify.cli.streams import say
from irclassify.errors import UsageError
from irclassify.reports.text import plural


def run(folder: Path, *, force: bool = False) -> int:
    """Write the samples and print their paths; files already there stay unless ``force``.

    Raises UsageError when the folder cannot be written.
    """
    kept = write_samples(folder, force=force, said=True)
    say(f"simulated spectra, not measurements; try: irclassify predict {folder}")
    if kept:
        say(f"{plural(kept, 'file')} kept")
    return 0


def write_samples(folder: Path, *, force: bool = False, said: bool = False) -> int:
    """Write every sample, ``said``: and print its path; how many files were kept.

    Raises UsageError when the folder cannot be written.

    Examples
    --------
    >>> write_samples(getfixture("tmp_path")), write_samples(getfixture("tmp_path"))
    (0, 0)
    """
    kept = 0
    for sample in samples.spectra():
        target = folder / sample.name
        if target.exists() and not force and target.read_bytes() != sample.read_bytes():
            kept += 1
            say(f"{target} exists already and differs: not overwritten (--force overwrites)")
            continue
        _write(target, sample.read_bytes())
        if said:
            print(target)  # noqa: T201 - the command's output
    return kept


def _write(target: Path, content: bytes) -> None:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with whole_file(target, "samples") as stream:
            stream.write(content)
    except OSError as error:
        raise UsageError(f"{target} cannot be written: {error.strerror}") from error
