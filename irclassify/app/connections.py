"""What one connection may cost: bytes, seconds, and a place among those that are not known yet."""

from __future__ import annotations

import contextlib
import io
import socket
import threading
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

# Connections that have not shown the cookie yet; a browser opens at most six.
MOST_STRANGERS = 64


class Allowance(io.RawIOBase):
    """Reads from a connection while its allowance lasts.

    The time-out of a socket counts from byte to byte: who sends one byte a second would be waited
    for all day. This one counts from ``grant``.

    Examples
    --------
    >>> here, there = socket.socketpair()
    >>> reader = Allowance(here)
    >>> reader.readable()
    True
    >>> reader.grant(3, seconds=1)
    >>> there.send(b"abcdef")
    6
    >>> reader.read(100)
    b'abc'
    >>> reader.readinto(bytearray(3))
    Traceback (most recent call last):
    ...
    TimeoutError
    >>> here.close(), there.close()
    (None, None)
    """

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._bytes = 0
        self._until = 0.0

    def grant(self, count: int, seconds: float) -> None:
        """Allow ``count`` bytes more, within ``seconds`` from now; what was left before is lost."""
        self._bytes = count
        self._until = time.monotonic() + seconds

    def readable(self) -> bool:
        """True."""
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Read some bytes. Raises TimeoutError when bytes or seconds are used up."""
        left = self._until - time.monotonic()
        view = memoryview(buffer)[: self._bytes]
        if left <= 0 or not view:
            raise TimeoutError
        self._connection.settimeout(left)
        count = self._connection.recv_into(view)
        self._bytes -= count
        return count


class Strangers:
    """Connections that have not shown the cookie; the oldest one is closed when there are many.

    So a program that opens connections and leaves them cannot keep the window of the user out.

    Examples
    --------
    >>> strangers = Strangers(most=1)
    >>> (first, second), (third, fourth) = socket.socketpair(), socket.socketpair()
    >>> strangers.came(first)
    >>> strangers.came(third)  # closes the first
    >>> second.recv(1)
    b''
    >>> strangers.gone(third)
    >>> for each in (first, second, third, fourth):
    ...     each.close()
    """

    def __init__(self, most: int = MOST_STRANGERS) -> None:
        self._most = most
        self._known: dict[socket.socket, None] = {}
        self._lock = threading.Lock()

    def came(self, connection: socket.socket) -> None:
        """Count a connection; close the oldest where there are too many."""
        with self._lock:
            self._known[connection] = None
            oldest = next(iter(self._known)) if len(self._known) > self._most else None
            self._known.pop(oldest, None) if oldest else None
        if oldest:
            with contextlib.suppress(OSError):  # it went away by itself
                oldest.shutdown(socket.SHUT_RDWR)

    def gone(self, connection: socket.socket) -> None:
        """Count a connection no more: it is closed, or it has shown the cookie."""
        with self._lock:
            self._known.pop(connection, None)
