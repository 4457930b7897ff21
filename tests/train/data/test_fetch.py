"""The fetch stage against a server on this machine that plays the WebBook. No test leaves it."""

from __future__ import annotations

import argparse
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from train.__main__ import main
from train.data import fetch
from train.data import webbook as webbook_of

ETHANOL, ACETONE, BENZENE, TOLUENE, PHENOL = "64-17-5", "67-64-1", "71-43-2", "108-88-3", "108-95-2"

JCAMP = (
    b"##TITLE=made up\r\n##JCAMP-DX=4.24\r\n##XUNITS=1/CM\r\n##NPOINTS=2\r\n"
    b"##XYDATA=(X++(Y..Y))\r\n450.0 1 2\r\n##END=\r\n"
)
SCAN_ONLY = b"##TITLE=made up\n##JCAMP-DX=4.24\n$$ only scanned image is available\n##END=\n"
NOT_FOUND = b"##TITLE=Spectrum not found.\n##END=\n"
PAGE = (
    "<!DOCTYPE html><html><head><title>made up</title></head><body><main><ul>"
    '<li><strong>IUPAC Standard InChI:</strong>\n<span clss="inchi-text">{inchi}</span></li>'
    "<li><strong>CAS Registry Number:</strong> {cas}</li></ul></main></body></html>\n"
)
INCHI = "InChI=1S/C2H6O/c1-2-3/h3H,2H2,1H3"
ERROR_PAGE = "<html><head><title>{0}</title></head><body><h1>{0}</h1></body></html>"


@dataclass
class Answer:
    """One answer of the server. ``cut``: bytes promised in Content-Length but never sent."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    cut: int = 0


@dataclass
class WebBook:
    """What the server answers next to each kind of request, and what it was asked."""

    url: str = ""
    robots: Answer = field(default_factory=lambda: Answer(status=404))
    spectra: dict[str, list[Answer]] = field(default_factory=dict)
    pages: dict[str, list[Answer]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    agents: set[str] = field(default_factory=set)

    def answer(self, target: str) -> Answer:
        if target == "/robots.txt":
            return self.robots
        self.asked.append(target)
        query = parse_qs(urlsplit(target).query)
        known = self.spectra if "JCAMP" in query else self.pages
        answers = known[query["JCAMP" if "JCAMP" in query else "ID"][0].removeprefix("C")]
        return answers.pop(0) if len(answers) > 1 else answers[0]  # the last one is repeated

    def knows(self, cas: str, *spectrum: Answer, page: list[Answer] | None = None) -> None:
        digits = cas.replace("-", "")
        self.spectra[digits] = list(spectrum) or [Answer(JCAMP)]
        self.pages[digits] = page or [Answer(PAGE.format(inchi=INCHI, cas=cas).encode())]


@pytest.fixture
def webbook(monkeypatch: pytest.MonkeyPatch) -> Iterator[WebBook]:
    monkeypatch.setenv("no_proxy", "*")
    book = WebBook()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            book.agents.add(self.headers["User-Agent"])
            answer = book.answer(self.path)
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.body) + answer.cut))
            self.end_headers()
            self.wfile.write(answer.body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    book.url = f"http://127.0.0.1:{server.server_port}"
    yield book
    server.shutdown()
    thread.join()
    server.server_close()


class Clock:
    """Time that passes only when the client sleeps."""

    def __init__(self) -> None:
        self.now = 0.0
        self.waits: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


Fetch = Callable[..., list[fetch.Row]]


@pytest.fixture
def fetched(webbook: WebBook, clock: Clock, tmp_path: Path) -> Fetch:
    """Fetches CAS numbers into tmp_path from the server, in no time."""

    def run(*cas: str) -> list[fetch.Row]:
        client = webbook_of.Client(webbook.url, clock=clock, sleep=clock.sleep)
        return fetch.fetch(cas, tmp_path, client, lambda _: None)

    return run


def test_spectrum_as_served_and_structure(webbook: WebBook, fetched: Fetch, tmp_path: Path) -> None:
    webbook.knows(ETHANOL)
    assert fetched(ETHANOL) == [fetch.Row(f"{ETHANOL}.jdx", ETHANOL, INCHI, fetch.OK)]
    assert (tmp_path / f"{ETHANOL}.jdx").read_bytes() == JCAMP
    assert webbook.asked == [
        "/cgi/cbook.cgi?JCAMP=C64175&Type=IR&Index=0",
        "/cgi/cbook.cgi?ID=C64175",
    ]
    assert webbook.agents == {webbook_of.USER_AGENT}
    assert webbook_of.USER_AGENT.startswith("irclassify/")
    assert (tmp_path / "manifest.csv").read_text().splitlines() == [
        "file,cas,inchi,status,detail",
        f'{ETHANOL}.jdx,{ETHANOL},"{INCHI}",ok,',
    ]
    assert not list(tmp_path.glob("*.part"))


def test_never_faster_than_the_delay(webbook: WebBook, fetched: Fetch, clock: Clock) -> None:
    webbook.knows(ETHANOL)
    webbook.knows(ACETONE)
    fetched(ETHANOL, ACETONE)
    # robots.txt at once, then four requests, each after the full delay.
    assert clock.waits == [webbook_of.DELAY_S] * 4


def test_crawl_delay_of_robots_txt_is_obeyed(
    webbook: WebBook, fetched: Fetch, clock: Clock
) -> None:
    webbook.robots = Answer(b"User-agent: *\nDisallow: /cdn-cgi/\nCrawl-delay: 30\n")
    webbook.knows(ETHANOL)
    fetched(ETHANOL)
    assert clock.waits == [5.0, 30.0]  # the first was due before the answer was known


def test_robots_txt_can_forbid(webbook: WebBook, fetched: Fetch) -> None:
    webbook.robots = Answer(b"User-agent: *\nDisallow: /cgi/\n")
    webbook.knows(ETHANOL)
    with pytest.raises(webbook_of.RefusedError, match="forbids"):
        fetched(ETHANOL)
    assert webbook.asked == []


@pytest.mark.parametrize(
    "answer",
    [
        Answer(NOT_FOUND),
        Answer(NOT_FOUND, status=404),
        Answer(ERROR_PAGE.format("Spectrum not found").encode()),
        Answer(ERROR_PAGE.format("CAS number not found").encode()),
        Answer(ERROR_PAGE.format("Registry Number Not Found").encode()),
        Answer(b"", status=410),
    ],
    ids=["jcamp", "jcamp-404", "spectrum-page", "cas-page", "registry-page", "gone"],
)
def test_no_such_spectrum_is_final_and_asked_once(
    answer: Answer, webbook: WebBook, fetched: Fetch, tmp_path: Path
) -> None:
    webbook.knows(ETHANOL, answer)
    assert [row.status for row in fetched(ETHANOL)] == [fetch.NO_SPECTRUM]
    assert [row.status for row in fetched(ETHANOL)] == [fetch.NO_SPECTRUM]
    assert len(webbook.asked) == 1
    assert [file.name for file in tmp_path.iterdir()] == ["manifest.csv"]


def test_header_without_points(webbook: WebBook, fetched: Fetch) -> None:
    webbook.knows(ETHANOL, Answer(SCAN_ONLY))
    assert fetched(ETHANOL)[0].status == fetch.NO_DATA


@pytest.mark.parametrize(
    "page",
    [
        Answer(PAGE.format(inchi="", cas=ETHANOL).encode()),
        Answer(ERROR_PAGE.format("Registry Number Not Found").encode()),
        Answer(b"", status=404),
    ],
    ids=["no-inchi", "unknown", "404"],
)
def test_spectrum_without_structure(page: Answer, webbook: WebBook, fetched: Fetch) -> None:
    webbook.knows(ETHANOL, page=[page])
    row = fetched(ETHANOL)[0]
    assert (row.file, row.inchi, row.status) == (f"{ETHANOL}.jdx", "", fetch.NO_STRUCTURE)


@pytest.mark.parametrize(
    "answer",
    [
        Answer(JCAMP[:60], cut=len(JCAMP) - 60),
        Answer(JCAMP[:60]),
        Answer(b""),
        Answer(ERROR_PAGE.format("Down for maintenance").encode()),
        Answer(status=500),
        Answer(status=503),
        Answer(status=429),
    ],
    ids=["cut-off", "no-end", "empty", "maintenance", "500", "503", "429"],
)
def test_trouble_is_tried_again(
    answer: Answer, webbook: WebBook, fetched: Fetch, tmp_path: Path
) -> None:
    webbook.knows(ETHANOL, answer, Answer(JCAMP))
    assert fetched(ETHANOL)[0].status == fetch.OK
    assert (tmp_path / f"{ETHANOL}.jdx").read_bytes() == JCAMP
    assert len(webbook.asked) == 3


def test_truncated_page_is_tried_again(webbook: WebBook, fetched: Fetch) -> None:
    page = PAGE.format(inchi=INCHI, cas=ETHANOL)
    in_the_inchi = page.index(INCHI) + 12
    webbook.knows(ETHANOL, page=[Answer(page[:in_the_inchi].encode()), Answer(page.encode())])
    assert fetched(ETHANOL)[0].inchi == INCHI


def test_waits_double_and_end(webbook: WebBook, fetched: Fetch, clock: Clock) -> None:
    webbook.knows(ETHANOL, Answer(status=500))
    row = fetched(ETHANOL)[0]
    assert row.status == fetch.FAILED
    assert "HTTP 500" in row.detail
    assert clock.waits == [5.0, 5.0, 10.0, 20.0, 40.0]
    assert len(webbook.asked) == webbook_of.TRIES


@pytest.mark.parametrize("as_date", [False, True])
def test_retry_after_is_honoured(
    as_date: bool, webbook: WebBook, fetched: Fetch, clock: Clock
) -> None:
    until = format_datetime(datetime.now(UTC) + timedelta(seconds=120), usegmt=True)
    busy = Answer(status=429, headers={"Retry-After": until if as_date else "120"})
    webbook.knows(ETHANOL, busy, Answer(JCAMP))
    fetched(ETHANOL)
    assert 115 <= max(clock.waits) <= 120


def test_too_long_a_retry_after_ends_the_run(webbook: WebBook, fetched: Fetch) -> None:
    webbook.knows(ETHANOL, Answer(status=503, headers={"Retry-After": "86400"}))
    with pytest.raises(webbook_of.RefusedError, match="86400 s"):
        fetched(ETHANOL)
    assert len(webbook.asked) == 1


def test_a_refusal_ends_the_run_and_keeps_what_there_is(
    webbook: WebBook, fetched: Fetch, tmp_path: Path
) -> None:
    webbook.knows(ETHANOL)
    webbook.knows(ACETONE, Answer(status=403))
    with pytest.raises(webbook_of.RefusedError, match="403"):
        fetched(ETHANOL, ACETONE, BENZENE)
    assert list(fetch.read_manifest(tmp_path)) == [ETHANOL]


def test_a_dead_server_is_left_alone(webbook: WebBook, fetched: Fetch) -> None:
    for cas in (ETHANOL, ACETONE, BENZENE, TOLUENE):
        webbook.knows(cas, Answer(status=500))
    with pytest.raises(webbook_of.RefusedError, match="in a row"):
        fetched(ETHANOL, ACETONE, BENZENE, TOLUENE)
    assert not any("C108883" in target for target in webbook.asked)


def test_no_server_at_all(clock: Clock, tmp_path: Path) -> None:
    client = webbook_of.Client("http://127.0.0.1:9", clock=clock, sleep=clock.sleep)
    with pytest.raises(webbook_of.RefusedError, match="cannot be reached"):
        fetch.fetch([ETHANOL], tmp_path, client, lambda _: None)


def test_resumes_where_it_stopped(webbook: WebBook, fetched: Fetch, tmp_path: Path) -> None:
    webbook.knows(ETHANOL)
    webbook.knows(ACETONE, *[Answer(status=500)] * webbook_of.TRIES, Answer(JCAMP))
    webbook.knows(BENZENE, Answer(NOT_FOUND))
    first = fetched(ETHANOL, ACETONE, BENZENE)
    assert [row.status for row in first] == [fetch.OK, fetch.FAILED, fetch.NO_SPECTRUM]

    webbook.asked.clear()
    (tmp_path / f"{PHENOL}.jdx.part").write_bytes(JCAMP[:20])  # a run killed while writing
    webbook.knows(PHENOL)
    second = fetched(ETHANOL, ACETONE, BENZENE, PHENOL)
    assert [row.status for row in second] == [fetch.OK, fetch.OK, fetch.NO_SPECTRUM, fetch.OK]
    assert not any("C64175" in target or "C71432" in target for target in webbook.asked)
    assert list(fetch.read_manifest(tmp_path)) == [ETHANOL, ACETONE, BENZENE, PHENOL]


def test_a_stored_spectrum_is_not_downloaded_again(
    webbook: WebBook, fetched: Fetch, tmp_path: Path
) -> None:
    webbook.knows(ETHANOL)
    (tmp_path / f"{ETHANOL}.jdx").write_bytes(JCAMP)
    assert fetched(ETHANOL)[0].status == fetch.OK
    assert webbook.asked == ["/cgi/cbook.cgi?ID=C64175"]


def test_a_deleted_or_broken_spectrum_is_fetched_again(
    webbook: WebBook, fetched: Fetch, tmp_path: Path
) -> None:
    webbook.knows(ETHANOL)
    fetched(ETHANOL)
    (tmp_path / f"{ETHANOL}.jdx").unlink()
    fetched(ETHANOL)
    (tmp_path / "manifest.csv").unlink()
    (tmp_path / f"{ETHANOL}.jdx").write_bytes(JCAMP[:40])
    fetched(ETHANOL)
    assert (tmp_path / f"{ETHANOL}.jdx").read_bytes() == JCAMP
    assert sum("JCAMP" in target for target in webbook.asked) == 3


def test_command_line(webbook: WebBook, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    webbook.knows(ETHANOL)
    webbook.knows(ACETONE)
    webbook.knows(BENZENE, Answer(NOT_FOUND))
    listed = tmp_path / "list.txt"
    listed.write_text(f"# solvents\n{ACETONE}  # a ketone\n\n71432\n")
    out = tmp_path / "out"
    shared = ["--out", str(out), "--base-url", webbook.url, "--delay", "0"]
    assert main(["fetch", ETHANOL, "--list", str(listed), *shared]) == 0
    assert capsys.readouterr().out.split() == ["ok", "2", "no_spectrum", "1"]
    assert sorted(file.name for file in out.iterdir()) == [
        f"{ETHANOL}.jdx",
        f"{ACETONE}.jdx",
        "manifest.csv",
    ]
    webbook.knows(PHENOL, Answer(status=403))
    assert main(["fetch", PHENOL, *shared]) == 1
    assert main(["fetch", *shared]) == 2


@pytest.mark.parametrize("text", ["64-17-6", "ethanol", "", "64-17", "6-41-75", "٦٤-17-5"])
def test_no_cas_number(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError):
        fetch.cas_number(text)


@pytest.mark.parametrize("text", ["7732-18-5", "7732185", " 7732-18-5\n"])
def test_cas_number(text: str) -> None:
    assert fetch.cas_number(text) == "7732-18-5"
