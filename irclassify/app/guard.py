"""Who may talk to the local page: the browser window that the command opened, and nobody else.

Any web page that is open in the same browser can send requests to 127.0.0.1. Three checks keep them
out: a random token in the address that opens the page, afterwards in a cookie that browsers do not
send along from other sites (SameSite=Strict); the Host header, against names that are rebound to
127.0.0.1; the Origin header, against forms and scripts of other sites.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from email.message import Message
from http.cookies import CookieError, SimpleCookie

COOKIE = "irclassify"


@dataclass(frozen=True)
class Guard:
    """The token of one run and the port it listens on."""

    port: int
    token: str = field(default_factory=lambda: secrets.token_urlsafe(32))

    @property
    def address(self) -> str:
        """What opens the page; it holds the token.

        Examples
        --------
        >>> Guard(8000, token="secret").address
        'http://127.0.0.1:8000/?token=secret'
        """
        return f"http://127.0.0.1:{self.port}/?token={self.token}"

    @property
    def cookie(self) -> str:
        """The Set-Cookie header that replaces the token in the address.

        Examples
        --------
        >>> Guard(8000, token="secret").cookie
        'irclassify=secret; HttpOnly; SameSite=Strict; Path=/'
        """
        return f"{COOKIE}={self.token}; HttpOnly; SameSite=Strict; Path=/"

    def opens(self, token: str) -> bool:
        """True for the token of this run.

        Examples
        --------
        >>> Guard(8000, token="secret").opens("guessed")
        False
        """
        return secrets.compare_digest(token.encode(), self.token.encode())

    def refusal(self, method: str, headers: Message) -> str | None:
        """Why a request is refused before its cookie is looked at; None for a good one.

        Examples
        --------
        >>> headers = Message()
        >>> headers["Host"] = "evil.example"
        >>> Guard(8000).refusal("GET", headers)
        'this page answers to 127.0.0.1 only'
        """
        hosts = {f"127.0.0.1:{self.port}", f"localhost:{self.port}"}
        if str(headers.get("Host", "")).lower() not in hosts:
            return "this page answers to 127.0.0.1 only"
        origin = headers.get("Origin")
        if origin and origin not in {f"http://{host}" for host in hosts}:
            return "the request comes from a page of another site"
        if method != "GET" and not origin:
            return "a request that changes something must say where it comes from"
        if headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
            return "the request comes from a page of another site"
        return None

    def knows(self, headers: Message) -> bool:
        """True when the request carries the cookie of this run.

        Examples
        --------
        >>> headers = Message()
        >>> headers["Cookie"] = "irclassify=secret"
        >>> Guard(8000, token="secret").knows(headers)
        True
        """
        try:
            found = SimpleCookie(str(headers.get("Cookie", ""))).get(COOKIE)
        except CookieError:
            return False
        return found is not None and self.opens(found.value)
