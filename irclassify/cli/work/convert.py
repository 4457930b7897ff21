"""``irclassify convert``: any readable file as CSV or JCAMP-DX."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePath

from irclassify.batch.spectra import spectra_of
from irclassify.cli.names import FreeNames
from irclassify.cli.options import Target
from irclassify.cli.outputs import plan
from irclassify.cli.streams import output, say
from irclassify.errors import IrclassifyError, UsageError
from irclassify.options import ReadOptions, TableOptions
from irclassify.reports.excel import excel_text
from irclassify.sources.held import patiently
from irclassify.spectra.export import to_csv, to_jdx
from irclassify.spectra.spectrum import Spectrum

_WRITERS = {Target.CSV: to_csv, Target.JDX: to_jdx}
_Item = tuple[str, Spectrum | IrclassifyError]
_Text = tuple[str, str | IrclassifyError]
_NUMBERED = re.compile(r"(.*)#(\d+)", re.DOTALL)  # the second spectrum of S.spa is S.spa#2
_REPLICATE = re.compile(r"\.\d{1,4}")  # as Bruker numbers its files: S.0, S.1


def run(
    paths: Sequence[str],
    *,
    target: Target,
    options: ReadOptions,
    asked: TableOptions,
    file: Path | None,
    folder: Path | None,
    excel: bool = False,
) -> int:
    """Write one spectrum to stdout or ``file``, or any number into ``folder``; 1 if one failed.

    Raises UsageError when there are several spectra and no folder, or it cannot be written.
    """
    if folder is not None and file is not None:
        raise UsageError("-o and --folder: give one of them")
    if excel and target != Target.CSV:
        raise UsageError(f"--excel: is for csv, not {target}; say --to csv")
    sources = plan(paths, file)  # before any file is added to a folder among them
    items = (item for source in sources for item in spectra_of(source, options, asked))
    texts = _texts(items, target, excel=excel)
    if folder:
        return _into(folder, texts, target)
    one, failed = _one(texts)
    if one is not None:
        with output(file, data=True) as stream:
            stream.write(one)
    return int(failed)


def _texts(items: Iterator[_Item], target: Target, *, excel: bool) -> Iterator[_Text]:
    """What is to be written of each spectrum."""
    write = _WRITERS[target]
    for name, item in items:
        if isinstance(item, IrclassifyError):
            yield name, item
        else:
            yield name, excel_text(write(item)) if excel else write(item)


def _one(items: Iterator[_Text]) -> tuple[str | None, bool]:
    """The text of the only spectrum, and whether something could not be read."""
    good: list[str] = []
    failed = False
    for name, item in items:
        if isinstance(item, IrclassifyError):
            say(f"{name}: {item}")
            failed = True
        else:
            good.append(item)
        if len(good) > 1:
            raise UsageError("several spectra: say --folder FOLDER, or choose one with --block N")
    return (good[0] if good else None), failed


def _into(folder: Path, items: Iterator[_Text], target: Target) -> int:
    """One file each, named after its source as every system allows; taken names get a number.

    A file that is there already stays: it may be one of those to read.
    """
    failed = False
    names = FreeNames()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"--folder {folder}: {error.strerror}") from error
    for name, item in items:
        if isinstance(item, IrclassifyError):
            say(f"{name}: {item}")
            failed = True
            continue
        path = folder / names.name(_stem(name), target)
        failed |= not _write_new(path, item)
    return int(failed)


def _write_new(path: Path, content: str) -> bool:
    """True when ``path`` now holds ``content``, False when it was taken."""
    try:
        with path.open("x", encoding="utf-8", errors="backslashreplace", newline="") as stream:
            stream.write(content)
    except FileExistsError:
        if _holds(path, content.encode(errors="backslashreplace")):
            return True
        say(f"{path} exists already and differs: not overwritten")
        return False
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}") from error
    return True


def _holds(path: Path, content: bytes) -> bool:
    try:
        return path.is_file() and patiently(path.read_bytes) == content
    except OSError:  # a viewer keeps it from being read
        return False


def _stem(name: str) -> str:
    """``a.zip/b/x.spa#2`` -> ``x_2``, ``S.1`` -> ``S.1``."""
    numbered = _NUMBERED.fullmatch(name)
    file, number = (numbered[1], numbered[2]) if numbered else (name, "")
    path = PurePath(file.replace("\\", "/"))
    stem = path.name if _REPLICATE.fullmatch(path.suffix) else path.stem
    return f"{stem}_{number}" if number else stem
