"""The limit on the processor time that reading one file may take."""

from __future__ import annotations

import re
import signal
import threading

import pytest

from irclassify import limits
from irclassify.batch.cpu_limit import watching, within_limit
from irclassify.batch.reading import read_grids
from irclassify.errors import TooSlowError
from irclassify.options import ReadOptions
from irclassify.sources.paths import Source

pytestmark = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="needs such a timer")


@pytest.fixture(autouse=True)
def short(monkeypatch):
    monkeypatch.setattr(limits, "SECONDS_A_MIB", 0.05)


def forever() -> None:
    while True:
        pass


def backtracks() -> None:
    re.fullmatch("(a|a)*b", "a" * 40)


@pytest.mark.parametrize("step", [forever, backtracks])
def test_what_would_not_end_is_ended(step):
    with pytest.raises(TooSlowError, match="processor time"):
        within_limit(10, step)


def test_a_reader_that_goes_on_after_an_error_is_ended_again():
    seen = []

    def stubborn() -> None:
        while len(seen) < 2:
            try:
                forever()
            except TooSlowError as error:
                seen.append(error)
        raise seen[-1]

    with pytest.raises(TooSlowError):
        within_limit(10, stubborn)
    assert len(seen) == 2


def test_larger_files_have_more_time_and_quick_ones_leave_no_timer():
    def work() -> int:
        return sum(range(2_000_000))

    assert within_limit(100 * 2**20, work) == 1999999000000
    assert signal.getitimer(signal.ITIMER_VIRTUAL) == (0.0, 0.0)
    assert signal.getsignal(signal.SIGVTALRM) == signal.SIG_DFL


def test_watching_many_files_keeps_each_limit_and_leaves_nothing_behind():
    with watching():
        with pytest.raises(TooSlowError):
            within_limit(10, forever)
        assert within_limit(10, lambda: 3) == 3
        with watching():
            pass
        with pytest.raises(TooSlowError):
            within_limit(10, forever)
    assert signal.getsignal(signal.SIGVTALRM) == signal.SIG_DFL
    assert signal.getitimer(signal.ITIMER_VIRTUAL) == (0.0, 0.0)


def test_outside_of_the_main_thread_there_is_no_limit():
    found = []
    thread = threading.Thread(target=lambda: found.append(within_limit(1, lambda: 3)))
    thread.start()
    thread.join()
    assert found == [3]


def test_a_file_that_takes_too_long_is_a_row_and_the_next_is_read(tiny, monkeypatch):
    from irclassify.batch import reading
    from irclassify.readers import read_measurements

    def slow(data: bytes, name: str, **options):
        return forever() if name == "slow" else read_measurements(data, name, **options)

    monkeypatch.setattr(reading, "read_measurements", slow)
    sources = [Source(name, name, data=b"1,2\n3,4\n") for name in ("slow", "quick")]
    rows = read_grids(sources, tiny.preprocessing, ReadOptions()).rows
    assert [row.file for row in rows] == ["slow", "quick"]
    assert rows[0].code == "too_slow"
    assert rows[1].code != "too_slow"
