"""``irclassify watch``: a folder is followed until Ctrl-C, and the log can be gone on with."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from pathlib import Path

import synthetic
from command_line import COMMAND, ENVIRONMENT, TINY, hear_ctrl_c, irclassify, needs_unix


def start(folder: Path, log: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [*COMMAND, "watch", folder, "-m", TINY, "-o", log],
        stderr=subprocess.PIPE,
        env=ENVIRONMENT,
        preexec_fn=hear_ctrl_c,  # noqa: PLW1509 - it sets one signal handler
    )


def lines(log: Path, count: int, seconds: float = 15) -> list[dict[str, object]]:
    """The log once it has ``count`` lines."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = log.read_text().splitlines() if log.exists() else []
        if len(found) >= count:
            return [json.loads(line) for line in found]
        time.sleep(0.05)
    raise AssertionError(f"{len(found)} lines after {seconds} s")


@needs_unix
def test_a_file_written_in_steps_is_answered_once_and_ctrl_c_ends_the_watch(tmp_path: Path):
    folder, log = tmp_path / "instrument", tmp_path / "log.jsonl"
    folder.mkdir()
    process = start(folder, log)
    text = synthetic.jdx(synthetic.ESTER)
    with (folder / "slow.jdx").open("w") as stream:
        for at in range(0, len(text), len(text) // 4 + 1):
            stream.write(text[at : at + len(text) // 4 + 1])
            stream.flush()
            time.sleep(0.3)
    (row,) = lines(log, 1)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=20)
    assert row["ok"] is True
    assert process.returncode == 130
    assert b"Traceback" not in said
    assert b"1 spectrum classified, 0 failed" in said


def test_a_folder_that_is_not_there_is_wrong_usage(tmp_path: Path):
    done = irclassify("watch", tmp_path / "no", "-o", tmp_path / "log.jsonl")
    assert done.returncode == 2
    assert b"no such folder" in done.stderr
