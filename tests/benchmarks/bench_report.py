"""``irclassify report`` on 1,000 spectra: time, memory, size of the page, and how fast it opens."""

from __future__ import annotations

import sys
import tempfile
import zipfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import browser
from browser import Browser

from tests.benchmarks.figures import ZIP, Figure, run


def measure(quick: bool) -> Iterator[Figure]:
    """Of spectra spread over the NIST archive; opening only where there is a Chromium."""
    wanted = 50 if quick else 1000
    with tempfile.TemporaryDirectory() as scratch:
        folder, page = Path(scratch, "spectra"), Path(scratch, "report.html")
        folder.mkdir()
        found = _extract(wanted, folder)
        command = [sys.executable, "-m", "irclassify", "report", folder, "-o", page, "-q"]
        used = run(command, sample_s=0.05)
        note = f"{found} files, exit code {used.exit_code}, {used.cpu_s:.1f} s of processor"
        rate = found / used.wall_s
        yield Figure("report is written", rate, "spectra/s", 100, at_least=True, note=note)
        plain = run([*command[:3], "predict", folder, "-o", page.with_suffix(".jsonl"), "-q"])
        yield Figure(
            "report / predict of the same files", used.cpu_s / plain.cpu_s, note="by processor time"
        )
        yield Figure("report takes", used.resident_mb, "MB", note=note)
        size = page.stat().st_size
        yield Figure("page", size / 1e6, "MB", note=note)
        yield Figure("page, a spectrum", size / found / 1e3, "kB", 10, note=note)
        if browser.MISSING is None:
            yield Figure("page opens", _opens_ms(page), "ms", 1000.0, note="headless Chromium")


def _extract(wanted: int, folder: Path) -> int:
    """Write about ``wanted`` spectra of the archive, evenly spread, to a folder."""
    with zipfile.ZipFile(ZIP) as archive:
        names = [name for name in archive.namelist() if name.endswith(".jdx")]
        chosen = list(islice(names, 0, None, max(len(names) // wanted, 1)))[:wanted]
        for name in chosen:
            (folder / Path(name).name).write_bytes(archive.read(name))
    return len(chosen)


def _opens_ms(page: Path) -> float:
    """Milliseconds until the page has loaded and its script has run."""
    with Browser() as chromium:
        chromium.open(page)
        return float(
            chromium.run("return performance.getEntriesByType('navigation')[0].loadEventEnd")
        )
