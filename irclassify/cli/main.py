"""The command line: ``irclassify COMMAND ...``, read by Typer, one command imported when chosen.

Nothing heavy is imported here: ``--help`` and ``--version`` answer at once.
"""

import atexit
import gc
import os
import signal
import sys
import warnings
from collections.abc import Sequence
from itertools import takewhile
from types import FrameType
from typing import Annotated, Any, NoReturn

import typer
from typer.core import TyperGroup
from typer.main import get_command

from irclassify.batch.outputs.files import left_beside
from irclassify.cli import commands, hear_ctrl_c
from irclassify.cli.exit_codes import FAILED, INTERRUPTED, TERMINATED, WRONG_USAGE, exit_codes
from irclassify.cli.light_command import LightCommand, LightParameters
from irclassify.cli.streams import prepare_console, say
from irclassify.model.installed import version_line
from irclassify.model.threads import start_blas_with_one_thread
from irclassify.text import did_you_mean

# Every command, in the order of the help, under its heading there. Its module is in commands/.
COMMANDS = {
    "predict": "Answers",
    "explain": "Answers",
    "report": "Answers",
    "app": "Answers",
    "watch": "Answers",
    "check": "Answers",
    "evaluate": "Answers",
    "inspect": "Files",
    "convert": "Files",
    "weights": "The model",
    "patterns": "The model",
    "groups": "The model",
    "models": "The model",
    "demo": "First steps",
    "samples": "First steps",
}

_WrongUsage: Any = typer.BadParameter.__base__  # what Typer raises, whichever parser it brings
_SETTINGS = {"rich_markup_mode": "markdown", "pretty_exceptions_enable": False}


class _Commands(LightParameters, TyperGroup):
    """The commands by name; a path in their place is explained (a file) or predicted (a folder)."""

    def list_commands(self, ctx: Any) -> list[str]:
        """The names, in the order of the help."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command, what it may be told imported now; None for an unknown name."""
        if cmd_name not in COMMANDS:
            return None
        one = typer.Typer(add_completion=False, **_SETTINGS)  # type: ignore[arg-type]
        command = getattr(getattr(commands, cmd_name), cmd_name)
        one.command(cmd_name, cls=LightCommand, rich_help_panel=COMMANDS[cmd_name])(command)
        return get_command(one)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command that the first word names, or that its path stands for."""
        word = args[0]
        if word in COMMANDS or word.startswith("-"):
            return super().resolve_command(ctx, args)
        if os.path.lexists(word):
            return super().resolve_command(ctx, [_command_for(args), *args])
        hint = did_you_mean(word, COMMANDS)
        return ctx.fail(f"there is no command or file {word}. {hint}".rstrip())


def _command_for(words: Sequence[str]) -> str:
    """``explain`` for one spectrum or two, ``predict`` for a folder, an archive or more files."""
    paths = list(takewhile(os.path.lexists, words))
    many = any(os.path.isdir(path) or path.lower().endswith(".zip") for path in paths)  # noqa: PTH112
    return "predict" if many or len(paths) > 2 else "explain"


def _print_version(wanted: bool) -> None:
    if wanted:
        print(version_line())  # noqa: T201
        raise typer.Exit


app = typer.Typer(
    name="irclassify",
    cls=_Commands,
    help="Functional groups from infrared spectra, with the wavenumbers that are the evidence.\n\n"
    "`irclassify FILE` explains one spectrum; `irclassify FOLDER` classifies all in it.",
    epilog="Exit codes: 0 all read, 1 some file failed, 2 wrong usage, 3 outside the model's "
    "domain (--strict), 130 interrupted.",
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    **_SETTINGS,  # type: ignore[arg-type]
)


@app.callback(invoke_without_command=True)
def _root(
    ctx: typer.Context,
    _version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Show tool and model."
        ),
    ] = False,
) -> None:
    if ctx.invoked_subcommand is None:
        print(ctx.get_help())  # noqa: T201
        raise typer.Exit(WRONG_USAGE)


def main(words: Sequence[str] | None = None) -> NoReturn:
    """Run a command line, by default the process's own; always raises SystemExit.

    Examples
    --------
    >>> main(["no_such_command"])
    Traceback (most recent call last):
        ...
    SystemExit: 2
    """
    start_blas_with_one_thread()
    atexit.register(gc.freeze)  # a last collection at exit costs 25 to 40 ms
    signal.signal(signal.SIGTERM, _terminate)  # so that worker processes are told to stop
    if not sys.warnoptions:
        warnings.simplefilter("ignore")  # remarks of libraries, which are for who writes programs
    with exit_codes():
        hear_ctrl_c()
        prepare_console()
        raise SystemExit(run(words))


def run(words: Sequence[str] | None = None) -> int:
    """The exit code of a command line. Raises IrclassifyError for what the command says.

    It is that of a failure when an output could not take its name.

    Examples
    --------
    >>> run(["no_such_command"])
    2
    """
    left_beside()  # of an earlier run in this process
    try:
        code = _run(words)
    finally:
        beside = left_beside()
        for one in beside:
            say(one)
    return code or (FAILED if beside else 0)


def _run(words: Sequence[str] | None) -> int:
    # Typer's own main turns Ctrl-C into an exit code, and its reason is lost.
    command = get_command(app)
    try:
        with command.make_context(
            "irclassify", list(sys.argv[1:] if words is None else words)
        ) as ctx:
            code = command.invoke(ctx)
    except typer.Exit as end:
        return int(end.exit_code)
    except typer.Abort:
        return INTERRUPTED
    except _WrongUsage as error:
        return _explain_usage(error)
    return int(code or 0)


def _explain_usage(error: Any) -> int:
    """One line: what is wrong, the nearest right words, and where the help is."""
    command = error.ctx.command_path if error.ctx else "irclassify"
    message = _message(error).rstrip(" .")
    ends = "" if message.endswith("?") else "."
    say(f"{message}{ends} See {command} --help")
    return WRONG_USAGE


def _message(error: Any) -> str:
    if hasattr(error, "possibilities") and error.ctx:  # an option that there is not
        known = [name for param in error.ctx.command.params for name in param.opts]
        return f"there is no option {error.option_name}. {did_you_mean(error.option_name, known)}"
    return str(error.format_message())


def _terminate(_signal: int, _frame: FrameType | None) -> NoReturn:
    sys.exit(TERMINATED)
