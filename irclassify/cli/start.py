"""The console script. A plain ``predict`` starts without typer, everything else goes through it.

typer and the packages it brings take longer to import than numpy and onnxruntime together, which
is most of what one small file costs. So the words of a plain ``predict`` are read here. Whatever is
not plain (another option, a word that is wrong, help) is left to typer, so that nothing is said in
two places but the names of a few options; a test holds both readings against each other.
"""

from __future__ import annotations

import atexit
import gc
import os
import signal
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

from irclassify.model.installed import DEFAULT_MODEL, version_line

_VALUES = {
    **dict.fromkeys(("-o", "--output"), "output"),
    **dict.fromkeys(("-f", "--format"), "form"),
    **dict.fromkeys(("-m", "--model"), "model"),
}
_FLAGS = {**dict.fromkeys(("-q", "--quiet"), "quiet"), "--resume": "resume"}
_FORMS = ("table", "json", "jsonl", "csv", "tsv")


@dataclass(frozen=True)
class PlainPredict:
    """What ``predict`` is asked with no other than the commonest options."""

    paths: tuple[str, ...]
    output: str | None = None
    form: str | None = None
    model: str = DEFAULT_MODEL
    quiet: bool = False
    resume: bool = False


def plain_predict(words: Sequence[str]) -> PlainPredict | None:
    """The words of a command line as a plain ``predict``; None when typer is to read them."""
    if words[:1] != ["predict"]:
        return None
    paths: list[str] = []
    asked: dict[str, Any] = {}
    rest = iter(words[1:])
    for word in rest:
        if word in _FLAGS:
            asked[_FLAGS[word]] = True
        elif word in _VALUES:
            value = next(rest, "")
            if not value or value.startswith("-"):
                return None
            asked[_VALUES[word]] = value
        elif word.startswith("-") and word != "-":
            return None
        else:
            paths.append(word)
    if not paths or asked.get("form") not in (None, *_FORMS):
        return None
    return PlainPredict(tuple(paths), **asked)


def main() -> None:
    """Run the command line."""
    one_core_for_numpy()
    gc.set_threshold(50_000, 20, 20)  # modules are no rubbish: to look for some takes 5 ms
    atexit.register(gc.freeze)  # nor is a last search of all of memory of use to anyone
    signal.signal(signal.SIGTERM, _terminate)  # so that worker processes are told to stop
    from irclassify.cli.usage import exit_codes  # noqa: PLC0415 - once Ctrl-C is seen to

    with exit_codes():
        from irclassify.cli.streams import prepare_stdout  # noqa: PLC0415

        prepare_stdout()
        words = sys.argv[1:]
        plain = plain_predict(words)
        if words == ["--version"]:
            print(version_line())  # noqa: T201
        elif plain:
            code = _predict(plain)
        else:
            from irclassify.cli.main import app  # noqa: PLC0415 - slow

            app()
    if plain:
        _leave(code)


def _leave(code: int) -> NoReturn:
    """End, all being written. To take down what the libraries built would take 10 ms."""
    if "multiprocessing" not in sys.modules:  # which has things of the system's to give back
        os._exit(code)
    sys.exit(code)


def _predict(plain: PlainPredict) -> int:
    from irclassify.cli.predict import Printing, run  # noqa: PLC0415 - slow
    from irclassify.options import DEFAULT_ERROR_RATE, ReadOptions  # noqa: PLC0415

    output = None if plain.output is None else Path(plain.output)
    return run(
        plain.paths,
        model=plain.model,
        options=ReadOptions(),
        error_rate=DEFAULT_ERROR_RATE,
        printing=Printing(plain.form, output, quiet=plain.quiet, resume=plain.resume),
    )


def one_core_for_numpy() -> None:
    """Keep numpy's linear algebra to one thread, unless the user has said otherwise.

    The work is spread over the cores in batches already; its threads, which wait in loops, would
    only be in the way. To be called before numpy is imported.
    """
    names = ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
    if not os.environ.keys() & {"OMP_NUM_THREADS", *names}:
        os.environ.update(dict.fromkeys(names, "1"))


def _terminate(_signal: int, _frame: FrameType | None) -> NoReturn:
    sys.exit(128 + signal.SIGTERM)
