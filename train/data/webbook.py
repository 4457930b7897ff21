"""The NIST Chemistry WebBook: asking it politely, and understanding what it answers.

One request in ``DELAY_S`` seconds (the Crawl-delay of the WebBook's robots.txt, which is read first
and obeyed). Waits double after each failure, ``Retry-After`` is honoured, and the run stops where
the server refuses or seems to be down.
"""

from __future__ import annotations

import email.utils
import html
import http.client
import re
import time
import urllib.error
import urllib.request
import urllib.robotparser
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TypeVar

from irclassify.version import __version__

WEBBOOK = "https://webbook.nist.gov"
USER_AGENT = f"irclassify/{__version__} (python -m train fetch; one spectrum at a time)"

DELAY_S = 5.0
TRIES = 5  # waits of 5, 10, 20, 40 s between them
LONGEST_WAIT_S = 3600.0  # a Retry-After beyond this ends the run instead
LARGEST_BODY = 32 * 2**20  # bytes

T = TypeVar("T")


class MissingError(Exception):
    """The WebBook answers that it has no such thing: final, never asked again."""


class TransientError(Exception):
    """May go well next time. ``wait_s`` is the server's Retry-After, None when it names none."""

    def __init__(self, message: str, wait_s: float | None = None) -> None:
        super().__init__(message)
        self.wait_s = wait_s


class FailedError(Exception):
    """This compound could not be fetched; the next one may work."""


class RefusedError(Exception):
    """The server refuses: the run ends."""


@dataclass
class Client:
    """Asks one thing at a time, at least ``delay_s`` after the last, and tries again on trouble."""

    base_url: str = WEBBOOK
    delay_s: float = DELAY_S
    tries: int = TRIES
    timeout_s: float = 60.0
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    _not_before: float = field(default=float("-inf"), init=False)
    _robots: urllib.robotparser.RobotFileParser | None = field(default=None, init=False)

    def get(self, path: str, understand: Callable[[bytes], T]) -> T:
        """What ``understand`` makes of the answer to ``path``; a TransientError of it is retried.

        Raises MissingError, FailedError or RefusedError.
        """
        if self._robots is None:
            self._robots = self._read_robots()
        url = self.base_url.rstrip("/") + path
        if not self._robots.can_fetch(USER_AGENT, url):
            raise RefusedError(f"robots.txt of {self.base_url} forbids {path}")
        return self._get(url, understand)

    def _get(self, url: str, understand: Callable[[bytes], T]) -> T:
        reason = ""
        for attempt in range(self.tries):
            self._pause()
            try:
                return understand(self._request(url))
            except TransientError as error:
                reason = str(error)
                wait_s = max(self.delay_s * 2**attempt, error.wait_s or 0.0)
                if wait_s > LONGEST_WAIT_S:
                    raise RefusedError(
                        f"{reason}; the server asks to wait {wait_s:.0f} s"
                    ) from error
                self._not_before = self.clock() + wait_s
        raise FailedError(f"{reason} (tried {self.tries} times)")

    def _pause(self) -> None:
        wait_s = self._not_before - self.clock()
        if wait_s > 0:
            self.sleep(wait_s)
        self._not_before = self.clock() + self.delay_s

    def _request(self, url: str) -> bytes:
        request = urllib.request.Request(url, headers={"User-Agent": USER_AGENT})
        try:
            with urllib.request.urlopen(request, timeout=self.timeout_s) as response:
                body: bytes = response.read(LARGEST_BODY + 1)
                stated = response.headers.get("Content-Length", "")
        except urllib.error.HTTPError as error:
            with error:
                raise _from_status(error.code, error.headers.get("Retry-After")) from error
        except (OSError, http.client.HTTPException) as error:
            raise TransientError(f"no answer: {error or type(error).__name__}") from error
        if len(body) > LARGEST_BODY:
            raise FailedError(f"an answer of more than {LARGEST_BODY} bytes")
        if stated.isdigit() and len(body) < int(stated):
            raise TransientError(f"truncated: {len(body)} of {stated} bytes")
        return body

    def _read_robots(self) -> urllib.robotparser.RobotFileParser:
        """robots.txt, empty (all allowed) where there is none; raises ``delay_s`` to its own."""
        robots = urllib.robotparser.RobotFileParser()
        try:
            body = self._get(self.base_url.rstrip("/") + "/robots.txt", lambda body: body)
        except MissingError:
            body = b""
        except FailedError as error:
            raise RefusedError(f"{self.base_url} cannot be reached: {error}") from error
        robots.parse(body.decode("utf-8", "replace").splitlines())
        self.delay_s = max(self.delay_s, float(robots.crawl_delay(USER_AGENT) or 0))
        return robots


def jcamp_in(body: bytes) -> bytes:
    """The body, if it is a whole JCAMP-DX file.

    Raises MissingError for the WebBook's ways of saying that it has none (a file of nothing but
    ``##TITLE=Spectrum not found.``, or a page, both also with status 200) and TransientError for
    anything else that is not a file ending in ``##END=``.
    """
    text = body.decode("latin-1").strip()
    if not text.startswith("##"):
        raise _from_page(text)
    if re.match(r"##TITLE=\s*Spectrum not found", text, re.IGNORECASE):
        raise MissingError("Spectrum not found")
    if not text.splitlines()[-1].startswith("##END="):
        raise TransientError(f"truncated: {len(body)} bytes without ##END=")
    return body


def inchi_in(body: bytes) -> str:
    """The standard InChI that a compound page shows.

    Raises MissingError if the page knows no such compound or shows no InChI, TransientError if
    it is cut off or no compound page at all.
    """
    page = body.decode("utf-8", "replace")
    # The closing "<" shows that the identifier is whole.
    shown = re.search(r"IUPAC Standard InChI:.*?(InChI=1S?/[^\s<>\"']+)\s*<", page, re.DOTALL)
    if shown:
        return html.unescape(shown[1])
    if not re.search(r"</html>\s*$", page, re.IGNORECASE):
        raise TransientError(f"truncated: a page of {len(body)} bytes without </html>")
    if re.search(r"CAS Registry Number:", page):
        raise MissingError("the page shows no InChI")
    raise _from_page(page)


def _from_page(page: str) -> MissingError | TransientError:
    """What a page says that came in place of the answer."""
    heading = re.search(r"<(title|h1)\b[^>]*>(.*?)</\1>", page, re.IGNORECASE | re.DOTALL)
    words = " ".join(html.unescape(re.sub(r"<[^>]*>", " ", page)).split())
    title = " ".join(html.unescape(heading[2]).split()) if heading else words[:60]
    not_found = re.search(
        r"\b(spectrum|CAS number|registry number|name|species)( was)? not found",
        words,
        re.IGNORECASE,
    )
    if not_found:
        return MissingError(not_found[0])
    return TransientError(f"a page instead of the data: {title!r}" if words else "an empty answer")


def _from_status(status: int, retry_after: str | None) -> Exception:
    """What an HTTP status other than success means here."""
    reason = f"HTTP {status} {http.client.responses.get(status, '')}".strip()
    if status in (404, 410):
        return MissingError(reason)
    if status in (401, 403, 407, 451):
        return RefusedError(reason)
    if status in (408, 425, 429) or status >= 500:
        return TransientError(reason, _seconds(retry_after))
    return FailedError(reason)


def _seconds(retry_after: str | None) -> float | None:
    """A Retry-After header, seconds or a date (RFC 9110, 10.2.3), as seconds from now."""
    if not retry_after:
        return None
    if retry_after.strip().isdigit():
        return float(retry_after)
    try:
        until = email.utils.parsedate_to_datetime(retry_after)
    except ValueError:
        return None
    if until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    return max(0.0, (until - datetime.now(UTC)).total_seconds())
