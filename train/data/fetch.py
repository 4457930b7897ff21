"""Stage ``fetch``: infrared spectra and structures from the NIST Chemistry WebBook, politely.

For every CAS registry number at most two requests: the JCAMP-DX file and, if there is one, the
compound page that shows the InChI. In the folder it leaves ``<CAS>.jdx``, byte for byte as served,
and ``manifest.csv``, rewritten after each compound, so that a run can be stopped and resumed.

Manners: one request in ``DELAY_S`` seconds (the Crawl-delay of the WebBook's robots.txt, which is
read first and obeyed), waits doubled after each failure, ``Retry-After`` honoured, and the run
stops where the server refuses or seems to be down. The spectra are copyrighted collections
(NIST Standard Reference Data, Coblentz Society): for local use, not to be passed on.
"""

from __future__ import annotations

import argparse
import csv
import email.utils
import html
import http.client
import re
import sys
import time
import urllib.error
import urllib.request
import urllib.robotparser
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from irclassify.version import __version__

WEBBOOK = "https://webbook.nist.gov"
USER_AGENT = f"irclassify/{__version__} (python -m train fetch; one spectrum at a time)"

DELAY_S = 5.0
TRIES = 5  # waits of 5, 10, 20, 40 s between them
LONGEST_WAIT_S = 3600.0  # a Retry-After beyond this ends the run instead
LARGEST_BODY = 32 * 2**20  # bytes
FAILURES_IN_A_ROW = 3  # compounds that failed one after the other: the server is down

MANIFEST = "manifest.csv"
OK = "ok"  # spectrum and structure
NO_STRUCTURE = "no_structure"  # spectrum, but the page shows no InChI
NO_DATA = "no_data"  # a header without points ("only scanned image is available")
NO_SPECTRUM = "no_spectrum"  # the WebBook has none, or does not know the number
FAILED = "failed"  # asked again by the next run; all others are final

T = TypeVar("T")


class MissingError(Exception):
    """The WebBook answers that it has no such thing: final, never asked again."""


class TransientError(Exception):
    """May go well next time. ``wait_s`` is the server's Retry-After, None when it names none."""

    def __init__(self, message: str, wait_s: float | None = None) -> None:
        super().__init__(message)
        self.wait_s = wait_s


class FailedError(Exception):
    """This compound could not be had; the next may be."""


class RefusedError(Exception):
    """The server does not want to be asked: the run ends."""


@dataclass(frozen=True)
class Row:
    """One compound of the manifest. ``file`` and ``inchi`` are empty where there is none."""

    file: str
    cas: str
    inchi: str
    status: str
    detail: str = ""


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


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``python -m train fetch`` CAS... | --list FILE, --out FOLDER."""
    parser.add_argument("cas", nargs="*", type=cas_number, metavar="CAS", help="such as 64-17-5")
    parser.add_argument(
        "--list", type=cas_list, default=[], metavar="FILE", help="CAS numbers, one a line"
    )
    parser.add_argument("--out", type=Path, required=True, metavar="FOLDER", help="kept, resumed")
    parser.add_argument(
        "--delay", type=float, default=DELAY_S, help="seconds between requests (%(default)g)"
    )
    parser.add_argument("--base-url", default=WEBBOOK, help="%(default)s")


def run(args: argparse.Namespace) -> int:
    """Fetch what is not there yet. 0: all answered; 1: some failed or the run was cut short."""
    wanted = list(dict.fromkeys([*args.cas, *args.list]))
    if not wanted:
        print("fetch: no CAS number given (CAS... or --list FILE)", file=sys.stderr)
        return 2
    client = Client(base_url=args.base_url, delay_s=args.delay)
    try:
        rows = fetch(wanted, args.out, client, lambda line: print(line, file=sys.stderr))
    except RefusedError as error:
        print(f"fetch: stopped: {error}. Run again later to resume.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("fetch: interrupted. Run again to resume.", file=sys.stderr)
        return 130
    counts = Counter(row.status for row in rows)
    for status, count in counts.most_common():
        print(f"{status:<12}  {count:6d}")
    return 1 if counts[FAILED] else 0


def fetch(
    wanted: Iterable[str], out: Path, client: Client, report: Callable[[str], None]
) -> list[Row]:
    """One row of the manifest in ``out`` for each CAS number, asking only for what is not there.

    Raises RefusedError when the run has to end; what was fetched so far is in the manifest.
    """
    out.mkdir(parents=True, exist_ok=True)
    manifest = read_manifest(out)
    wanted = list(wanted)
    failures = 0
    for number, cas in enumerate(wanted, 1):
        if _is_settled(manifest.get(cas), out):
            continue
        row = _fetch_one(cas, out, client)
        manifest[cas] = row
        _write_manifest(out, manifest)
        report(f"{number}/{len(wanted)}  {cas}  {row.status}  {row.detail}".rstrip())
        failures = failures + 1 if row.status == FAILED else 0
        if failures == FAILURES_IN_A_ROW:
            raise RefusedError(f"{failures} compounds failed in a row, the last: {row.detail}")
    return [manifest[cas] for cas in wanted]


def _fetch_one(cas: str, out: Path, client: Client) -> Row:
    file = f"{cas}.jdx"
    identifier = "C" + cas.replace("-", "")
    try:
        content = _stored(out / file)
        if content is None:
            content = client.get(f"/cgi/cbook.cgi?JCAMP={identifier}&Type=IR&Index=0", jcamp_in)
            _write_atomically(out / file, content)
    except MissingError as error:
        return Row("", cas, "", NO_SPECTRUM, str(error))
    except FailedError as error:
        return Row("", cas, "", FAILED, str(error))
    try:
        inchi = client.get(f"/cgi/cbook.cgi?ID={identifier}", inchi_in)
    except MissingError as error:
        return Row(file, cas, "", NO_STRUCTURE, str(error))
    except FailedError as error:
        return Row(file, cas, "", FAILED, str(error))
    return Row(file, cas, inchi, OK if b"##XYDATA" in content else NO_DATA)


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
    said = f"HTTP {status} {http.client.responses.get(status, '')}".strip()
    if status in (404, 410):
        return MissingError(said)
    if status in (401, 403, 407, 451):
        return RefusedError(said)
    if status in (408, 425, 429) or status >= 500:
        return TransientError(said, _seconds(retry_after))
    return FailedError(said)


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


def cas_number(text: str) -> str:
    """A CAS registry number, hyphenated. Its last digit is the sum of the others, each times its
    place counted from the right, modulo 10 (CAS, "Check Digit Verification").

    Raises argparse.ArgumentTypeError.
    """
    match = re.fullmatch(r"(\d{2,7})-?(\d{2})-?(\d)", text.strip(), re.ASCII)
    digits = "".join(match.groups()) if match else ""
    weighted = sum(int(d) * place for place, d in enumerate(reversed(digits)))
    if match is None or weighted % 10 != int(digits[-1]):
        raise argparse.ArgumentTypeError(f"{text.strip()!r} is no CAS registry number")
    return "-".join(match.groups())


def cas_list(file: str) -> list[str]:
    """The CAS numbers of a text file, one a line; ``#`` starts a comment."""
    try:
        lines = Path(file).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise argparse.ArgumentTypeError(f"cannot read {file}: {error}") from error
    entries = (line.split("#")[0].strip() for line in lines)
    return [cas_number(entry) for entry in entries if entry]


def read_manifest(out: Path) -> dict[str, Row]:
    """The rows of ``out``/manifest.csv by CAS number, none where there is no manifest yet."""
    try:
        with (out / MANIFEST).open(newline="", encoding="utf-8") as stream:
            return {row["cas"]: Row(**row) for row in csv.DictReader(stream)}
    except FileNotFoundError:
        return {}


def _is_settled(row: Row | None, out: Path) -> bool:
    """Whether a former run got the final answer and its file is still there."""
    return row is not None and row.status != FAILED and (not row.file or (out / row.file).is_file())


def _stored(file: Path) -> bytes | None:
    """A spectrum that is there already (the manifest was lost, or only the structure failed)."""
    try:
        return jcamp_in(file.read_bytes())
    except (FileNotFoundError, MissingError, TransientError):
        return None


def _write_manifest(out: Path, manifest: dict[str, Row]) -> None:
    temporary = out / f"{MANIFEST}.part"
    with temporary.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, [column.name for column in fields(Row)])
        writer.writeheader()
        writer.writerows(asdict(row) for row in manifest.values())
    temporary.replace(out / MANIFEST)


def _write_atomically(file: Path, content: bytes) -> None:
    """A reader of ``file`` sees all of the content or nothing, whenever the run is killed."""
    temporary = file.with_name(f"{file.name}.part")
    temporary.write_bytes(content)
    temporary.replace(file)
