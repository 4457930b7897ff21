"""Whether a worker process should go on: asked between files, told by the run."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from multiprocessing.synchronize import Event

_stop: Event | None = None


def stop_on(event: Event) -> None:
    """Stop when ``event`` is set: called once, where a worker process starts.

    Examples
    --------
    >>> from threading import Event
    >>> stop_on(Event())
    >>> stopping()
    False
    """
    global _stop  # noqa: PLW0603 - the only way into a worker
    _stop = event


def stopping() -> bool:
    """True in a worker whose results nobody waits for any more.

    Examples
    --------
    >>> stopping()
    False
    """
    return _stop is not None and _stop.is_set()
