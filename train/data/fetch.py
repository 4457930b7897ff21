"""Stage ``fetch``: infrared spectra and structures from the NIST Chemistry WebBook, politely.

For every CAS registry number at most two requests: the JCAMP-DX file and, if there is one, the
compound page that shows the InChI. In the folder it leaves ``<CAS>.jdx``, byte for byte as served,
and ``manifest.csv``, rewritten after each compound, so that a run can be stopped and resumed. The
spectra are copyrighted collections (NIST Standard Reference Data, Coblentz Society): for local use,
not to be passed on.
"""

from __future__ import annotations

import argparse
import csv
import io
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import astuple, dataclass, fields
from pathlib import Path

from train.data.webbook import (
    DELAY_S,
    WEBBOOK,
    Client,
    FailedError,
    MissingError,
    RefusedError,
    TransientError,
    inchi_in,
    jcamp_in,
)
from train.settings import read_table

MANIFEST = "manifest.csv"
OK = "ok"  # spectrum and structure
NO_STRUCTURE = "no_structure"  # spectrum, but the page shows no InChI
NO_DATA = "no_data"  # a header without points ("only scanned image is available")
NO_SPECTRUM = "no_spectrum"  # the WebBook has none, or does not know the number
FAILED = "failed"  # asked again by the next run; all others are final
FAILURES_IN_A_ROW = 3  # compounds that failed one after the other: the server is down


@dataclass(frozen=True)
class Row:
    """One compound of the manifest. ``file`` and ``inchi`` are empty where there is none."""

    file: str
    cas: str
    inchi: str
    status: str
    detail: str = ""


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


def cas_number(text: str) -> str:
    """A CAS registry number, hyphenated. Its last digit is the sum of the others, each times its
    place counted from the right, modulo 10 (CAS, "Check Digit Verification").

    Raises argparse.ArgumentTypeError.
    """
    match = re.fullmatch(r"(\d{2,7})-?(\d{2})-?(\d)", text.strip(), re.ASCII)
    digits = "".join(match.groups()) if match else ""
    weighted = sum(int(d) * place for place, d in enumerate(reversed(digits)))
    if match is None or weighted % 10 != int(digits[-1]):
        raise argparse.ArgumentTypeError(f"{text.strip()!r} is not a CAS registry number")
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
    return {row["cas"]: Row(**row) for row in read_table(out / MANIFEST)}


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
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(column.name for column in fields(Row))
    writer.writerows(astuple(row) for row in manifest.values())
    _write_atomically(out / MANIFEST, text.getvalue().encode())


def _write_atomically(file: Path, content: bytes) -> None:
    """A reader of ``file`` sees all of the content or nothing, whenever the run is killed."""
    temporary = file.with_name(f"{file.name}.part")
    temporary.write_bytes(content)
    temporary.replace(file)
