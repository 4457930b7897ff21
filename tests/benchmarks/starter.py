"""Runs a command from a small, fresh process and prints what it took, as JSON: see ``figures.run``.

A process begins with its parent's highest memory as its own: started from a benchmark that holds
hundreds of megabytes, a small command would seem as large. This one imports little.

    python starter.py OUTPUT SAMPLE_S COMMAND ...
"""

import json
import os
import sys
import threading
import time
from pathlib import Path


def family(pid: int) -> list[int]:
    """A process and its descendants, as /proc has them now."""
    found = [pid]
    for parent in found:  # grows while it is walked
        try:
            tasks = list(Path(f"/proc/{parent}/task").iterdir())
            found += [int(c) for task in tasks for c in (task / "children").read_text().split()]
        except OSError:
            continue
    return found


def proportional_mb(pid: int) -> float:
    """Its resident memory, MB; a page that n processes share counts as 1/n of a page."""
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    except OSError:
        pass
    return 0.0


def main(output: str, sample_s: float, *command: str) -> dict[str, float]:
    """Run the command to its end."""
    highest, done = [0.0], threading.Event()

    def watch() -> None:
        while not done.wait(sample_s):
            highest.append(max(highest.pop(), sum(map(proportional_mb, family(pid)))))

    stream = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o666)
    start = time.perf_counter()
    pid = os.posix_spawnp(
        command[0], command, os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, stream, 1)]
    )
    watching = threading.Thread(target=watch)
    if sample_s:
        watching.start()
    _, status, used = os.wait4(pid, 0)
    wall = time.perf_counter() - start
    done.set()
    if sample_s:
        watching.join()
    return {
        "wall_s": wall,
        "cpu_s": used.ru_utime + used.ru_stime,
        "resident_mb": highest[0] or float("nan"),
        "largest_mb": used.ru_maxrss / 1024,
        "exit_code": os.waitstatus_to_exitcode(status),
    }


if __name__ == "__main__":
    where, every, *what = sys.argv[1:]
    print(json.dumps(main(where, float(every), *what)))
