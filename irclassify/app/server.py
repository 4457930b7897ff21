"""The local page: HTTP on 127.0.0.1, standard library only, one process.

The standard library's server is enough: one person, one browser, small requests. A framework would
be the largest dependency of the tool.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

from irclassify.app.guard import Guard
from irclassify.app.pages import Reply, Requested, routes
from irclassify.app.session import Session
from irclassify.errors import IrclassifyError, TooLargeError, UsageError
from irclassify.limits import MAX_BINARY_BYTES

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}

Route = Callable[[Session, Requested], Reply]

# Connections at a time: a browser opens six. A client that holds one has so many seconds for the
# head of its next request, however slowly it sends.
MOST_CONNECTIONS = 64
HEAD_WITHIN_S = 30.0


class _BoundedServer(ThreadingHTTPServer):
    """Bounds the connections, and the time that the head of a request may take."""

    daemon_threads = True
    allow_reuse_address = False

    def __init__(self, address: tuple[str, int], handler: type[BaseHTTPRequestHandler]) -> None:
        super().__init__(address, handler)
        self._open: set[socket.socket] = set()
        self._heads_due: dict[socket.socket, float] = {}

    def process_request(self, request: Any, client_address: Any) -> None:
        """Answer in a thread of its own; close at once what is one connection too many."""
        if len(self._open) >= MOST_CONNECTIONS:
            super().shutdown_request(request)
            return
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """Close a connection and forget it."""
        self._open.discard(request)
        self._heads_due.pop(request, None)
        super().shutdown_request(request)

    def expect_head(self, connection: socket.socket) -> None:
        """From now on the connection has HEAD_WITHIN_S to send the head of a request."""
        self._heads_due[connection] = time.monotonic() + HEAD_WITHIN_S

    def got_head(self, connection: socket.socket) -> None:
        """The head is there."""
        self._heads_due.pop(connection, None)

    def service_actions(self) -> None:
        """Twice a second: end connections whose head does not come."""
        now = time.monotonic()
        for connection, due in list(self._heads_due.items()):
            if due < now:
                self.got_head(connection)
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that went away is not worth a word."""


class LocalServer(_BoundedServer):
    """Listens on 127.0.0.1 only; ``port`` 0 takes a free one.

    ``serve_forever`` answers until ``stop`` is called or a page asks for it.
    """

    def __init__(self, session: Session, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.session = session
        self.guard = Guard(self.server_address[1])
        self.routes: Mapping[tuple[str, str], Route] = routes()

    def stop(self) -> None:
        """End ``serve_forever``, from any thread.

        Examples
        --------
        >>> import irclassify
        >>> server = LocalServer(Session(irclassify.load()))
        >>> server.stop()
        >>> server.serve_forever()  # ends at once
        >>> server.server_close()
        """
        threading.Thread(target=self.shutdown, daemon=True).start()


class _Handler(BaseHTTPRequestHandler):
    server: LocalServer
    protocol_version = "HTTP/1.1"
    server_version = "irclassify"
    sys_version = ""
    timeout: ClassVar[float | None] = 30  # seconds of silence in a request

    def handle_one_request(self) -> None:
        self.server.expect_head(self.connection)
        super().handle_one_request()

    def do_GET(self) -> None:
        self._answer("GET")

    def do_POST(self) -> None:
        self._answer("POST")

    def _answer(self, method: str) -> None:
        self.server.got_head(self.connection)
        guard = self.server.guard
        refusal = guard.refusal(method, self.headers)
        if refusal is not None:
            self._send(Reply.plain(refusal, HTTPStatus.FORBIDDEN), end=True)
            return
        url = urlsplit(self.path)
        query = {name: values[-1] for name, values in parse_qs(url.query).items()}
        if method == "GET" and url.path == "/" and guard.opens(query.get("token", "")):
            self._send(Reply(b"", status=HTTPStatus.SEE_OTHER, headers=self._entry()))
            return
        if not guard.knows(self.headers):
            said = "open the address that irclassify app printed"
            self._send(Reply.plain(said, HTTPStatus.FORBIDDEN), end=True)
            return
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
            said = {"ok": False, "error": {"code": error.code, "message": str(error)}}
            return Reply.json(said, HTTPStatus.BAD_REQUEST)
        except Exception as error:  # noqa: BLE001 - the page goes on, and says what happened
            said = {"code": "internal", "message": f"{type(error).__name__}: {error}"[:200]}
            return Reply.json({"ok": False, "error": said}, HTTPStatus.INTERNAL_SERVER_ERROR)

    def _body(self) -> bytes:
        """The request's body; nothing of it is read when it is refused.

        Raises TooLargeError when it is too large, and UsageError when it is not one body of a
        stated length: what followed could be taken for a request of its own.
        """
        lengths = self.headers.get_all("Content-Length", ["0"])
        self.close_connection = True  # of what is refused
        if "Transfer-Encoding" in self.headers or len(lengths) > 1:
            raise UsageError("a request says once how long it is")
        length = lengths[0]
        if not (length.isascii() and length.isdigit()):
            raise UsageError("the length of a request is a number of bytes")
        if len(length) > len(str(MAX_BINARY_BYTES)) or int(length) > MAX_BINARY_BYTES:
            raise TooLargeError(f"more than {MAX_BINARY_BYTES:,} bytes: not read")
        body = self.rfile.read(int(length))
        self.close_connection = self.headers.get("Connection", "").lower() == "close"
        return body

    def _send(self, reply: Reply, *, end: bool = False) -> None:
        self.close_connection = self.close_connection or end
        self.send_response(reply.status)
        for name, value in (HEADERS | reply.headers).items():
            self.send_header(name, value)
        self.send_header("Content-Type", reply.kind)
        self.send_header("Content-Length", str(len(reply.body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(reply.body)

    def log_message(self, format: str, *args: object) -> None:
        """Requests are not logged: file names of a laboratory are nobody's business."""
