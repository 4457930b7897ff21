"""How a command ends: what was raised becomes one line on stderr and an exit code."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from irclassify.cli.streams import discard_stdout, flush_stdout, say
from irclassify.errors import IrclassifyError, ModelError, UsageError

INTERRUPTED = 130
OUTSIDE_DOMAIN = 3


@contextmanager
def exit_codes() -> Iterator[None]:
    """Turn what a command raises into SystemExit: 2 wrong usage, 1 failure, 130 interrupted."""
    try:
        try:
            yield
        finally:
            flush_stdout()
    except KeyboardInterrupt:
        raise SystemExit(INTERRUPTED) from None
    except (UsageError, ModelError) as error:
        say(str(error))
        raise SystemExit(2) from None
    except IrclassifyError as error:
        say(str(error))
        raise SystemExit(1) from None
    except OSError as error:  # the disk is full, say; a closed pipe never comes here
        discard_stdout()
        say(f"the output cannot be written: {error.strerror or error}")
        raise SystemExit(1) from None
