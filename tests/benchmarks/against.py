"""Processor time of reading texts against that of an older commit, text by text.

    python -m tests.benchmarks.against COMMIT [--most 1.2]

prints the seconds of both and their ratio; exit code 1 when a ratio is above ``--most``. Each side
reads the same bytes in a process of its own, in turn, and the least of several runs counts.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from contextlib import suppress

import numpy as np

from tests.benchmarks.figures import ROOT

ROUNDS = 5
_CHILD = "--here"


def texts() -> dict[str, bytes]:
    """One spectrum of 3601 points in every common form, by its name."""
    x = np.linspace(4000, 400, 3601)
    y = np.exp(-(((x - 1700) / 50) ** 2))

    def two(mark: str, decimal: str) -> bytes:
        rows = (f"{a:.3f}{mark}{b:.6f}".replace(".", decimal) for a, b in zip(x, y, strict=True))
        return (f"wavenumber (cm-1){mark}absorbance\n" + "\n".join(rows)).encode()

    names = ",".join(f"s{i}" for i in range(10))
    rows = (f"{a:.3f}" + f",{b:.6f}" * 10 for a, b in zip(x, y, strict=True))
    labels = "##TITLE=x\n##XUNITS=1/CM\n##YUNITS=ABSORBANCE\n"
    return {
        "commas": two(",", "."),
        "tabs": two("\t", "."),
        "blanks": two(" ", "."),
        "semicolons, decimal commas": two(";", ","),
        "tabs, decimal commas": two("\t", ","),
        "ten columns": (f"cm-1,{names}\n" + "\n".join(rows)).encode(),
        "two columns under JCAMP-DX labels": labels.encode() + two("\t", "."),
    }


def measure() -> dict[str, float]:
    """Seconds to read each text ten times, the least of some rounds."""
    from irclassify.errors import IrclassifyError
    from irclassify.readers import read_measurements

    found = {}
    for name, data in texts().items():
        taken = []
        for _ in range(ROUNDS):
            start = time.process_time()
            for _ in range(10):
                with suppress(IrclassifyError):
                    read_measurements(data, "x.txt")
            taken.append(time.process_time() - start)
        found[name] = min(taken)
    return found


def _in(tree: str) -> dict[str, float]:
    """The same measurement with the package of another folder."""
    code = f"import sys; sys.path.insert(0, {tree!r}); import irclassify; "
    code += f"sys.path.append({str(ROOT)!r}); import runpy; "
    code += f"sys.argv = ['against', {_CHILD!r}]; "
    code += "runpy.run_module('tests.benchmarks.against', run_name='__main__')"
    environment = {**os.environ, "PYTHONPATH": tree, "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, cwd=tree, capture_output=True, check=True
    )
    return dict(json.loads(done.stdout))


def main() -> int:
    """Compare, print, and say by the exit code whether all is well."""
    if _CHILD in sys.argv:
        print(json.dumps(measure()))
        return 0
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("commit")
    parser.add_argument("--most", type=float, default=1.2)
    told = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        git = ["git", "-C", str(ROOT), "worktree"]
        subprocess.run([*git, "add", "-q", "--detach", folder, told.commit], check=True)
        try:
            pairs = [(_in(folder), _in(str(ROOT))) for _ in range(2)]
        finally:
            subprocess.run([*git, "remove", "--force", folder], check=True)
    worst = 0.0
    for name in texts():
        before, after = (min(pair[side][name] for pair in pairs) for side in (0, 1))
        worst = max(worst, after / before)
        print(f"{name:36s} {before:7.3f} s {after:7.3f} s  ratio {after / before:5.2f}")
    return int(worst > told.most)


if __name__ == "__main__":
    sys.exit(main())
