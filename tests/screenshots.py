"""Pictures of the app's page for README and docs: ``python -m tests.screenshots``.

The page runs in headless Chromium with the simulated samples; nothing else is shown.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(Path(__file__).parent))  # as pytest has it

import browser  # noqa: E402
from command_line import COMMAND, ENVIRONMENT  # noqa: E402

TOLD = "return document.querySelectorAll('.rows .summary:not(:empty)').length"
OPEN = "document.querySelector('.rows tbody tr a, .rows tbody tr button').click()"
TO_THE_ROW = "document.querySelector('.rows tr:has(+ .detail)').scrollIntoView()"


def main() -> None:
    """Write docs/images/app.png, the rows, and app-spectrum.png, one of them open."""
    with tempfile.TemporaryDirectory() as place, browser.Browser() as window:
        folder = Path(place) / "samples"
        subprocess.run([*COMMAND, "samples", folder], env=ENVIRONMENT, check=True)
        app = subprocess.Popen(
            [*COMMAND, "app", "samples", "--no-browser"],
            stderr=subprocess.PIPE,
            env=ENVIRONMENT,
            cwd=place,
        )
        try:
            assert app.stderr is not None
            found = re.search(rb"http://127[^ ]+", app.stderr.readline())
            assert found is not None
            window.media(prefers_color_scheme="light")
            window.size(1000, 700)
            window._call("POST", "/url", {"url": found[0].decode()})
            until = time.monotonic() + 30
            while window.run(TOLD) < 14 and time.monotonic() < until:
                time.sleep(0.2)
            window.picture(ROOT / "docs/images/app.png")
            window.run(OPEN)
            window.size(1000, 1300)
            time.sleep(2)
            window.run(TO_THE_ROW)
            time.sleep(0.5)
            window.picture(ROOT / "docs/images/app-spectrum.png")
        finally:
            app.terminate()
            app.wait()


if __name__ == "__main__":
    main()
