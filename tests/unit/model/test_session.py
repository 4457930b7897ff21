"""Loading what runs the network."""

from __future__ import annotations

import signal
import sys

import pytest

from irclassify.model import session


@pytest.mark.skipif(sys.platform == "win32", reason="signals of Unix")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_while_the_library_loads_is_heard_after_it(number: signal.Signals):
    heard: list[int] = []
    before = signal.signal(number, lambda *_: heard.append(1))
    try:
        with session._undisturbed():
            signal.raise_signal(number)
            assert not heard
        assert heard
    finally:
        signal.signal(number, before)
