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

# Headers that a request may have once: they say whose it is and where it ends.
ONCE = ("Host", "Origin", "Cookie", "Content-Length", "Sec-Fetch-Site")


@dataclass(frozen=True)
class Guard:
    """The token of one run and the port it listens on.

    Examples
    --------
    >>> from email import message_from_string
    >>> guard = Guard(8000, token="secret")
    >>> guard.address
    'http://127.0.0.1:8000/?token=secret'
    >>> guard.cookie_name
    'irclassify-8000'
    >>> guard.cookie
    'irclassify-8000=secret; HttpOnly; SameSite=Strict; Path=/'
    >>> guard.opens("guessed")
    False
    >>> headers = message_from_string("Host: evil.example\\nCookie: irclassify-8000=secret\\n\\n")
    >>> guard.refusal("GET", headers)
    'this page answers to 127.0.0.1 only'
    >>> guard.knows(headers)
    True
    """

    port: int
    token: str = field(default_factory=lambda: secrets.token_urlsafe(32))

    @property
    def address(self) -> str:
        """What opens the page; it holds the token."""
        return f"http://127.0.0.1:{self.port}/?token={self.token}"

    @property
    def cookie_name(self) -> str:
        """A name with the port: browsers share cookies between the ports of a computer."""
        return f"irclassify-{self.port}"

    @property
    def cookie(self) -> str:
        """The Set-Cookie header that replaces the token in the address."""
        return f"{self.cookie_name}={self.token}; HttpOnly; SameSite=Strict; Path=/"

    def opens(self, token: str) -> bool:
        """True for the token of this run."""
        return secrets.compare_digest(token.encode(), self.token.encode())

    def refusal(self, method: str, headers: Message) -> str | None:
        """Why a request is refused before its cookie is looked at; None for a good one."""
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
        """True when the request carries the cookie of this run."""
        # Other programs of this computer set cookies for 127.0.0.1 too, whatever their port.
        cookies = str(headers.get("Cookie", "")).split(";")
        pairs = (each.strip().partition("=") for each in cookies)
        return any(name == self.cookie_name and self.opens(value) for name, _, value in pairs)


def is_ambiguous(headers: Message) -> bool:
    """True when two readers could disagree on where a request ends or whom it is for.

    Such requests hide a second request in the body of the first (request smuggling). The page
    sends none of these: a body of parts, a header twice, a line that is no header, a control
    character in a value, a length that is no number.

    Examples
    --------
    >>> from email import message_from_string
    >>> is_ambiguous(message_from_string("Host: 127.0.0.1:8000\\nContent-Length: 12\\n\\n"))
    False
    >>> is_ambiguous(message_from_string("Content-Length: 12\\nContent-Length: 0\\n\\n"))
    True
    """
    if headers.defects or headers.get_payload() or "Transfer-Encoding" in headers:
        return True
    if any(len(headers.get_all(name, [])) > 1 for name in ONCE):
        return True
    length = headers.get("Content-Length", "0")
    if not (length.isascii() and length.isdigit()):
        return True
    return any(letter < " " and letter != "\t" for each in headers.values() for letter in str(each))


def body_size(headers: Message) -> int:
    """The length of a request's body in bytes; a number of more than 18 digits stays large.

    Examples
    --------
    >>> from email import message_from_string
    >>> body_size(message_from_string("Content-Length: 12\\n\\n"))
    12
    >>> body_size(message_from_string(""))
    0
    """
    return int(headers.get("Content-Length", "0")[:19])
