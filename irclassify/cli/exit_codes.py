"""Exit codes, and how a command ends: what was raised becomes one line on stderr and a code.

====  =======================================================================================
   0  Every file was read. Also when the reader of a pipe stopped early.
   1  Some files failed; the others were classified. Or the output could not be written.
   2  The command line is wrong, or there is no such model. Nothing was written.
   3  With ``--strict``: a spectrum is outside what the model knows.
 130  Interrupted by Ctrl-C. What was printed stays.
 143  Ended by SIGTERM.
====  =======================================================================================

The numbers are part of the interface; docs/reference/exit-codes.md gives them to users.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from irclassify.cli.streams import discard_stdout, flush_stdout, say
from irclassify.errors import IrclassifyError, ModelError, OutputError, UsageError

FAILED = 1
WRONG_USAGE = 2
OUTSIDE_DOMAIN = 3
INTERRUPTED = 130
TERMINATED = 143


@contextmanager
def exit_codes() -> Iterator[None]:
    """Turn what a command raises into SystemExit with the code above.

    Examples
    --------
    >>> with exit_codes():
    ...     raise UsageError("say --format csv")
    Traceback (most recent call last):
        ...
    SystemExit: 2
    """
    try:
        try:
            yield
        finally:
            flush_stdout()
    except KeyboardInterrupt as interrupt:
        say("; ".join(["interrupted", *map(str, interrupt.args)]))
        raise SystemExit(INTERRUPTED) from None
    except (UsageError, ModelError) as error:
        say(str(error))
        raise SystemExit(WRONG_USAGE) from None
    except IrclassifyError as error:
        if isinstance(error, OutputError):
            discard_stdout()
        say(str(error))
        raise SystemExit(FAILED) from None
    except MemoryError:
        say("there is too little memory; see ulimit -v, or give fewer files at a time")
        raise SystemExit(FAILED) from None
    except OSError as error:  # of no input, which is a row, and of no output
        say(" ".join(f"{error.filename or 'a file'}: {error.strerror or error}".split()))
        raise SystemExit(FAILED) from None
