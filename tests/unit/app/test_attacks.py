"""Attacks on the local server: each is refused in one sentence, and the window goes on working."""

from __future__ import annotations

import http.client
import json
import os
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import quote

import pytest
import synthetic
from command_line import TINY

import irclassify
from irclassify.app import server as server_module
from irclassify.app import session as session_module
from irclassify.app.connections import MOST_STRANGERS
from irclassify.app.server import LocalServer
from irclassify.app.session import Session

ESTER = synthetic.jdx(synthetic.ESTER).encode()


@pytest.fixture(scope="module")
def server() -> Iterator[LocalServer]:
    made = LocalServer(Session(irclassify.load(str(TINY))))
    threading.Thread(target=made.serve_forever, args=(0.05,), daemon=True).start()
    yield made
    made.shutdown()
    made.server_close()


def head(server: LocalServer, line: str, *more: str, **changed: str | None) -> bytes:
    """The head of a request as the page sends it, with ``more`` lines."""
    port = server.server_address[1]
    own: dict[str, str | None] = {
        "Host": f"127.0.0.1:{port}",
        "Cookie": f"{server.guard.cookie_name}={server.guard.token}",
        "Origin": f"http://127.0.0.1:{port}",
    }
    own |= changed
    lines = [line, *(f"{name}: {value}" for name, value in own.items() if value), *more, "", ""]
    return "\r\n".join(lines).encode("latin-1")


def send(server: LocalServer, data: bytes, *, end: bool = True) -> bytes:
    """Everything that the server answers to raw bytes until it closes."""
    with socket.create_connection(("127.0.0.1", server.server_address[1]), timeout=10) as talk:
        talk.sendall(data)
        if end:
            talk.shutdown(socket.SHUT_WR)
        found = b""
        try:
            while part := talk.recv(65536):
                found += part
        except ConnectionResetError:
            pass
    return found


def status(answer: bytes) -> int:
    """0 when there is no answer, or only a sentence as HTTP/0.9 has it."""
    return int(answer.split(b" ", 2)[1]) if answer.startswith(b"HTTP/1.1 ") else 0


def body(answer: bytes) -> bytes:
    return answer.partition(b"\r\n\r\n")[2]


def post(server: LocalServer, name: str, data: bytes) -> bytes:
    line = f"POST /spectra?name={quote(name)} HTTP/1.1"
    return send(server, head(server, line, f"Content-Length: {len(data)}") + data)


def works(server: LocalServer) -> bool:
    """True when the window of the user is answered at once."""
    started = time.monotonic()
    answer = send(server, head(server, "GET /rows HTTP/1.1"))
    return status(answer) == 200 and time.monotonic() - started < 2


HIDDEN = "POST /stop HTTP/1.1"


@pytest.mark.parametrize(
    "more",
    [
        ["Content-Length: 5", "Content-Length: 0"],
        ["Content-Length: 0", "Transfer-Encoding: chunked"],
        ["Transfer-Encoding: chunked"],
        ["Transfer-Encoding: identity"],
        ["Transfer-Encoding : chunked"],
        ["Content-Length : 5"],
        ["Content-Length: +5"],
        ["Content-Length: 0x5"],
        ["Content-Length: -1"],
        ["Content-Length: 1, 1"],
        ["Content-Length: ³"],
        ["Content-Length: 5 5"],
        ["X: a\r\n Content-Length: 5"],
        ["X: a\x00b"],
        ["no header at all"],
        ["Host: evil.example"],
        ["Origin: http://evil.example"],
        ["Cookie: irclassify=guessed"],
    ],
    ids=" ".join,
)
def test_a_request_that_two_readers_understand_differently_is_refused(
    server: LocalServer, more: list[str]
) -> None:
    hidden = head(server, HIDDEN)
    answer = send(server, head(server, "POST /remove?id=1 HTTP/1.1", *more) + hidden)
    assert status(answer) == 400
    assert answer.count(b"HTTP/1.1 ") == 1  # what hides in the body is not answered
    assert works(server)


def test_what_hides_in_the_body_of_a_refused_request_is_not_answered(server: LocalServer) -> None:
    hidden = head(server, HIDDEN)
    line = f"Content-Length: {len(hidden)}"
    for first in ("GET /?token=" + server.guard.token, "GET /nowhere", "GET /rows"):
        answer = send(server, head(server, f"{first} HTTP/1.1", line) + hidden)
        assert answer.count(b"HTTP/1.1 ") == 1
    assert works(server)


@pytest.mark.parametrize(
    "line",
    [
        "GET http://evil.example/ HTTP/1.1",
        "GET http://[ HTTP/1.1",
        "GET //[ HTTP/1.1",
        "GET \\..\\x HTTP/1.1",
        "GET * HTTP/1.1",
        "CONNECT evil.example:443 HTTP/1.1",
        "GET / HTTP/9.9",
        "GET /",
        "GET / extra HTTP/1.1",
        "\x00\x01\x02",
        "\x16\x03\x01\x02\x00\x01",
        "PRI * HTTP/2.0",
    ],
)
def test_a_first_line_that_no_browser_sends_is_refused(server: LocalServer, line: str) -> None:
    assert status(send(server, head(server, line, Cookie=None))) in (0, 400, 403, 501, 505)
    assert works(server)


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE", "get"])
@pytest.mark.parametrize("cookie", [True, False])
def test_other_methods_do_nothing(server: LocalServer, method: str, cookie: bool) -> None:
    changed = {} if cookie else {"Cookie": None}
    answer = send(server, head(server, f"{method} /spectra?name=x HTTP/1.1", **changed))
    assert status(answer) in (400, 403, 501)
    assert b"Access-Control" not in answer
    assert method.encode() not in body(answer)  # nothing is repeated
    assert b"X-Content-Type-Options: nosniff" in answer


def test_a_length_of_5000_digits_is_too_large_and_unread(server: LocalServer) -> None:
    hidden = head(server, HIDDEN)
    line = "Content-Length: " + "9" * 5000
    answer = send(server, head(server, "POST /spectra?name=x HTTP/1.1", line) + hidden)
    assert answer.count(b"HTTP/1.1 ") == 1
    assert json.loads(body(answer))["error"]["code"] == "too_large"
    assert works(server)


def test_a_preflight_of_another_site_is_refused(server: LocalServer) -> None:
    asked = head(
        server,
        "OPTIONS /spectra HTTP/1.1",
        "Access-Control-Request-Method: POST",
        "Access-Control-Request-Private-Network: true",
        Origin="http://evil.example",
    )
    answer = send(server, asked)
    assert status(answer) == 501
    assert b"Access-Control" not in answer


def test_a_websocket_is_not_opened(server: LocalServer) -> None:
    upgrade = ["Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13"]
    key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="
    line = "GET /rows HTTP/1.1"
    assert status(send(server, head(server, line, *upgrade, key, Cookie=None))) == 403
    assert status(send(server, head(server, line, *upgrade, key, Origin="http://x.test"))) == 403
    assert status(send(server, head(server, line, *upgrade, key))) == 200  # not 101


@pytest.mark.parametrize(
    "more",
    [
        [f"X: {'a' * 70_000}"],
        [f"X-{i}: a" for i in range(200)],
        [f"X-{i}: {'a' * 60_000}" for i in range(90)],
        [f"Cookie: {'irclassify=x; ' * 4000}"],
    ],
    ids=["one large", "many", "many large", "cookies"],
)
def test_gigantic_headers_are_refused(server: LocalServer, more: list[str]) -> None:
    data = head(server, "GET /rows HTTP/1.1", *more, Cookie=None)
    assert status(_sent_as_far_as_read(server, data)) in (0, 400, 403, 431)
    assert works(server)


def _sent_as_far_as_read(server: LocalServer, data: bytes) -> bytes:
    try:
        return send(server, data)
    except (BrokenPipeError, ConnectionResetError):
        return b""


PATHS = [
    "/../../../../etc/passwd",
    "/..%2f..%2fetc/passwd",
    "/%2e%2e/%2e%2e/etc/passwd",
    "/static/../app/server.py",
    "/sheet/../../etc/passwd",
    "/\\..\\..\\windows\\win.ini",
    "/C:/Windows/win.ini",
    "//etc/passwd",
    "/file:///etc/passwd",
    "/assets/app.js%00.html",
    "/rows%00",
    "/sheet?id=../../etc/passwd",
    "/sheet?id=1%00",
    "/trace?id=/etc/passwd",
    "/words?id=..",
    "/save?form=../../etc/passwd",
    "/save?form=csv%00.html",
    "/rows?after=../x",
]


@pytest.mark.parametrize("path", PATHS)
def test_no_address_leads_to_a_file(server: LocalServer, path: str) -> None:
    answer = send(server, head(server, f"GET {path} HTTP/1.1"))
    assert status(answer) in (400, 404)
    assert b"root:" not in answer


NAMES = [
    "../../../../tmp/evil.jdx",
    "..\\..\\evil.jdx",
    "/etc/passwd",
    "C:\\Windows\\evil.jdx",
    "\\\\server\\share\\evil.jdx",
    "nul\x00.jdx",
    "line\r\nSet-Cookie: a=b.jdx",
    "\u202excod.jdx",
    "<script>alert(1)</script>.jdx",
    "http://evil.example/a.jdx",
    "-",
    "a.zip/b.jdx",
    "x" * 5000 + ".jdx",
    "CON",
    "=cmd|' /C calc'!A0.jdx",
]


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_the_name_of_an_upload_is_a_label_and_never_a_place(server: LocalServer, name: str) -> None:
    (row,) = json.loads(body(post(server, name, ESTER)))["rows"]
    assert row["file"].isprintable()
    assert row["ok"] is True  # the bytes that were sent were read, no file of that name
    address = f"GET /sheet?id={row['id']} HTTP/1.1"
    sheet = body(send(server, head(server, address)))
    assert b"<script>alert" not in sheet
    assert "\u202e".encode() not in sheet
    saved = send(server, head(server, "GET /save?form=csv HTTP/1.1"))
    assert b"Set-Cookie" not in saved.partition(b"\r\n\r\n")[0]
    assert b"\n=cmd" not in saved


def test_the_reason_of_a_bad_file_with_a_hostile_name_is_printable(server: LocalServer) -> None:
    unit = ESTER.replace(b"##YUNITS=ABSORBANCE", "##YUNITS=\u202eA.U.\x1b[2J".encode())
    for data in (b"", b"##TITLE=\xe2\x80\xae\n##END=\n", unit):
        (row,) = json.loads(body(post(server, "\u202excod\x1b[2J.jdx", data)))["rows"]
        texts = [row["file"], row.get("error", {}).get("message", ""), *row.get("warnings", [])]
        assert all(text.isprintable() for text in texts)


def test_a_hostile_title_is_shown_as_text(server: LocalServer) -> None:
    hostile = ESTER.replace(b"##TITLE=", "##TITLE=<img src=x onerror=alert(1)>\u202e ".encode())
    (row,) = json.loads(body(post(server, "a.jdx", hostile)))["rows"]
    said = body(send(server, head(server, f"GET /words?id={row['id']} HTTP/1.1")))
    assert "\u202e" not in json.loads(said)["title"]
    sheet = body(send(server, head(server, f"GET /sheet?id={row['id']} HTTP/1.1")))
    assert b"<img src=x" not in sheet


def test_uploads_never_touch_the_disk(
    server: LocalServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("TMPDIR", "TEMP", "TMP"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.chdir(tmp_path)
    written: list[str] = []
    watching = [True]

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        if not watching or event != "open" or not isinstance(arguments[2], int):
            return
        if arguments[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
            written.append(str(arguments[0]))

    sys.addaudithook(hook)  # it cannot be removed; without ``watching`` it does nothing
    (row,) = json.loads(body(post(server, "ester.jdx", ESTER + b"\n" * 3_000_000)))["rows"]
    for path in (f"/sheet?id={row['id']}", f"/words?id={row['id']}", "/save?form=html"):
        assert status(send(server, head(server, f"GET {path} HTTP/1.1"))) == 200
    watching.clear()
    assert written == []
    assert list(tmp_path.iterdir()) == []


def test_too_many_spectra_are_refused_in_one_sentence(
    server: LocalServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session_module, "MOST_ROWS", len(server.session.rows()))
    answer = post(server, "a.jdx", ESTER)
    assert status(answer) == 400
    assert json.loads(body(answer))["error"]["code"] == "too_large"


def test_an_upload_that_ends_early_is_no_row(server: LocalServer) -> None:
    before = len(server.session.rows())
    line = f"Content-Length: {len(ESTER)}"
    answer = send(server, head(server, "POST /spectra?name=a HTTP/1.1", line) + ESTER[:-100])
    assert status(answer) == 400
    assert b"ended early" in answer
    assert len(server.session.rows()) == before


def test_who_sends_a_byte_now_and_then_is_cut_off_and_blocks_nobody(
    server: LocalServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_module, "HEAD_S", 0.6)
    with socket.create_connection(("127.0.0.1", server.server_address[1]), timeout=10) as slow:
        started = time.monotonic()
        slow.sendall(b"GET / HTTP/1.1\r\n")
        assert works(server)
        slow.settimeout(0.1)
        while time.monotonic() - started < 5:
            try:
                slow.sendall(b"X")
                if slow.recv(100) == b"":
                    break
            except TimeoutError:
                continue
            except OSError:
                break
        assert time.monotonic() - started < 3


def test_many_silent_connections_do_not_keep_the_window_out(server: LocalServer) -> None:
    before = threading.active_count()
    with ExitStack() as stack:
        for _ in range(3 * MOST_STRANGERS):
            address = ("127.0.0.1", server.server_address[1])
            talk = stack.enter_context(socket.create_connection(address, timeout=10))
            talk.sendall(b"GET /rows HTTP/1.1\r\nHost: ")
        assert works(server)
        assert threading.active_count() - before <= MOST_STRANGERS + 8


def test_the_window_keeps_its_connection_while_strangers_come(server: LocalServer) -> None:
    own = http.client.HTTPConnection("127.0.0.1", server.server_address[1], timeout=10)
    headers = {"Cookie": f"{server.guard.cookie_name}={server.guard.token}"}
    own.request("GET", "/rows", headers=headers)
    own.getresponse().read()
    before = own.sock
    with ExitStack() as stack:
        for _ in range(2 * MOST_STRANGERS):
            address = ("127.0.0.1", server.server_address[1])
            stack.enter_context(socket.create_connection(address, timeout=10))
        own.request("GET", "/rows", headers=headers)
        assert own.getresponse().status == 200
        assert own.sock is before
    own.close()


def test_cookies_of_other_programs_do_not_lock_the_window_out(server: LocalServer) -> None:
    own = f"{server.guard.cookie_name}={server.guard.token}"
    others = ('a={"b": [1]}; ', "x; ", "irclassify-1=other; ", "\xe9=; ")
    for cookie in (f"{other}{own}" for other in others):
        assert status(send(server, head(server, "GET /rows HTTP/1.1", Cookie=cookie))) == 200
