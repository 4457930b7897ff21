"""The local page: HTTP on 127.0.0.1, standard library only, one process.

The standard library's server is enough: one person, one browser, small requests. A framework would
be the largest dependency of the tool.
"""

from __future__ import annotations

import io
import socket
import threading
from collections.abc import Callable, Mapping
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

from irclassify.app.connections import Allowance, Strangers
from irclassify.app.guard import Guard, body_size, is_ambiguous
from irclassify.app.pages import Reply, Requested, routes
from irclassify.app.session import Session
from irclassify.errors import IrclassifyError, TooLargeError, UsageError
from irclassify.limits import MAX_BINARY_BYTES
from irclassify.text import printable

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}

# Bytes and seconds that a request may take: its head, and its body besides the body's own size.
MOST_HEAD_BYTES = 256 * 1024
HEAD_S = 20.0
IDLE_S = 300.0  # once the cookie is known
BODY_S = 120.0

Route = Callable[[Session, Requested], Reply]


class _Connections(ThreadingHTTPServer):
    """A thread a connection; those that have not shown the cookie are few."""

    daemon_threads = True
    allow_reuse_address = False
    request_queue_size = 128  # with the default of 5, a burst delays the window's own
    strangers: Strangers

    def process_request(self, request: Any, client_address: Any) -> None:
        """Answer a connection in a thread of its own; the oldest stranger makes room for it."""
        self.strangers.came(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """Close a connection."""
        self.strangers.gone(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that went away is not worth a word."""


class LocalServer(_Connections):
    """Listens on 127.0.0.1 only; ``port`` 0 takes a free one.

    ``serve_forever`` answers until ``stop`` is called or a page asks for it.

    Examples
    --------
    >>> from urllib.request import urlopen
    >>> import irclassify
    >>> server = LocalServer(Session(irclassify.load("default", threads=1)))
    >>> thread = threading.Thread(target=server.serve_forever)
    >>> thread.start()
    >>> with urlopen(server.guard.address.partition("?")[0]) as reply:  # without the token
    ...     reply.status
    Traceback (most recent call last):
    ...
    urllib.error.HTTPError: HTTP Error 403: Forbidden
    >>> server.stop()
    >>> thread.join()
    >>> server.server_close()
    """

    def __init__(self, session: Session, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.session = session
        self.guard = Guard(self.server_address[1])
        self.strangers = Strangers()
        self.routes: Mapping[tuple[str, str], Route] = routes()

    def stop(self) -> None:
        """End ``serve_forever``, from any thread."""
        threading.Thread(target=self.shutdown, daemon=True).start()


class _Handler(BaseHTTPRequestHandler):
    server: LocalServer
    protocol_version = "HTTP/1.1"
    server_version = "irclassify"
    sys_version = ""
    timeout: ClassVar[float | None] = 30  # seconds for sending a reply
    connection: socket.socket

    def setup(self) -> None:
        super().setup()
        self.allowance = Allowance(self.connection)
        self.rfile = io.BufferedReader(self.allowance)
        self.patience_s = HEAD_S

    def handle_one_request(self) -> None:
        self.allowance.grant(MOST_HEAD_BYTES, self.patience_s)
        super().handle_one_request()

    def do_GET(self) -> None:
        self._answer("GET")

    def do_POST(self) -> None:
        self._answer("POST")

    def _answer(self, method: str) -> None:
        guard = self.server.guard
        try:
            url = urlsplit(self.path)
        except ValueError:
            self.send_error(HTTPStatus.BAD_REQUEST)
            return
        if is_ambiguous(self.headers) or not self.path.startswith("/"):
            self.send_error(HTTPStatus.BAD_REQUEST)
            return
        refusal = guard.refusal(method, self.headers)
        if refusal is not None:
            self._send(Reply.plain(refusal, HTTPStatus.FORBIDDEN), end=True)
            return
        query = {name: values[-1] for name, values in parse_qs(url.query).items()}
        if method == "GET" and url.path == "/" and guard.opens(query.get("token", "")):
            self._send(Reply(b"", status=HTTPStatus.SEE_OTHER, headers=self._entry()), end=True)
            return
        if not guard.knows(self.headers):
            said = "open the address that irclassify app printed"
            self._send(Reply.plain(said, HTTPStatus.FORBIDDEN), end=True)
            return
        self.server.strangers.gone(self.connection)
        self.patience_s = IDLE_S
        route = self.server.routes.get((method, url.path))
        if route is None:
            self._send(Reply.plain("no such page", HTTPStatus.NOT_FOUND), end=True)
            return
        self._send(self._routed(route, query))

    def _entry(self) -> dict[str, str]:
        return {"Set-Cookie": self.server.guard.cookie, "Location": "/"}

    def _routed(self, route: Route, query: dict[str, str]) -> Reply:
        try:
            return route(self.server.session, Requested(query, self._body(), self.server.stop))
        except IrclassifyError as error:
            said = {"ok": False, "error": {"code": error.code, "message": printable(str(error))}}
            return Reply.json(said, HTTPStatus.BAD_REQUEST)
        except Exception as error:  # noqa: BLE001 - the page goes on, and says what happened
            said = {"code": "internal", "message": f"{type(error).__name__}: {error}"[:200]}
            return Reply.json({"ok": False, "error": said}, HTTPStatus.INTERNAL_SERVER_ERROR)

    def _body(self) -> bytes:
        """The request's body.

        Raises TooLargeError before it is read when it is too large, UsageError when it ends early.
        """
        size = body_size(self.headers)
        if size > MAX_BINARY_BYTES:
            self.close_connection = True
            raise TooLargeError(f"more than {MAX_BINARY_BYTES:,} bytes: not read")
        self.allowance.grant(size, BODY_S)
        try:
            found = self.rfile.read(size)
        except OSError:
            found = b""
        if len(found) < size:
            self.close_connection = True
            raise UsageError("the upload ended early: drop the file again")
        return found

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """A refusal, as short as it can be; nothing that was sent is repeated."""
        self._send(Reply.plain("this request cannot be answered", HTTPStatus(code)), end=True)

    def _send(self, reply: Reply, *, end: bool = False) -> None:
        self.close_connection = self.close_connection or end
        self.connection.settimeout(self.timeout)
        self.send_response(reply.status)
        for name, value in (HEADERS | reply.headers).items():
            self.send_header(name, value)
        self.send_header("Content-Type", reply.kind)
        self.send_header("Content-Length", str(len(reply.body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(reply.body)

    def log_message(self, format: str, *args: object) -> None:
        """Requests are not logged: file names of a laboratory are nobody's business."""
