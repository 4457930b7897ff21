"""With little of what a run needs it answers all the same, and says what was missing."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from command_line import COMMAND, ENVIRONMENT, TINY, tiny

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="conditions set by a POSIX shell")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    tiny_samples = tmp_path / "spectra"
    assert (
        subprocess.run(
            [*COMMAND, "samples", tiny_samples], capture_output=True, env=ENVIRONMENT, check=False
        ).returncode
        == 0
    )
    return tiny_samples


def shell(before: str, folder: Path, after: str = "") -> subprocess.CompletedProcess[str]:
    """``predict`` with four workers, in a shell that has set its conditions."""
    words = [*map(str, COMMAND), "predict", str(folder), "--model", str(TINY)]
    words += ["--format", "csv", "--workers", "4"]
    line = f"{before} {shlex.join(words)} {after}"
    return subprocess.run(
        ["sh", "-c", line], capture_output=True, text=True, env=ENVIRONMENT, timeout=60, check=False
    )


def answers(done: subprocess.CompletedProcess[str]) -> int:
    return sum(",true," in line for line in done.stdout.splitlines())


def test_with_few_file_descriptors_one_process_answers_with_a_warning(folder: Path):
    done = shell("ulimit -n 16;", folder)
    assert (done.returncode, answers(done)) == (0, 14)
    assert "reading in one process" in done.stderr


@pytest.mark.skipif(
    getattr(os, "geteuid", int)() != 0 or sys.platform == "win32", reason="only root can mount"
)
def test_without_shared_memory_one_process_answers_with_a_warning(folder: Path):
    mounted = 'unshare -m sh -c \'mount -t tmpfs -o ro tmpfs /dev/shm && exec "$0" "$@"\''
    if subprocess.run(["sh", "-c", f"{mounted} true"], capture_output=True, check=False).returncode:
        pytest.skip("no mount namespaces here")
    done = shell(mounted, folder)
    assert (done.returncode, answers(done)) == (0, 14)
    assert "reading in one process" in done.stderr


def test_closed_standard_input_is_a_row_and_the_folder_is_answered(folder: Path):
    done = shell("", folder, "- <&-")
    assert (done.returncode, answers(done)) == (1, 14)
    assert "standard input is closed" in done.stdout


def test_with_closed_standard_output_the_summary_is_printed_all_the_same(folder: Path):
    done = shell("", folder, ">&-")
    assert done.returncode == 0
    assert "14 spectra classified" in done.stderr


@pytest.mark.parametrize("kilobytes", [200_000, 250_000, 300_000])
def test_too_little_memory_is_one_line(folder: Path, kilobytes: int):
    done = shell(f"ulimit -v {kilobytes};", folder)
    assert "Traceback" not in done.stderr
    assert done.returncode in (0, 1, 2)
    assert done.returncode == 0 or done.stderr.count("\n") <= 2


def test_where_messages_cannot_be_written_the_answers_are_complete(folder: Path):
    done = shell("", folder, "2>/dev/full")
    assert (done.returncode, answers(done)) == (0, 14)


@pytest.mark.parametrize("before", ["TMPDIR=/nowhere", "env -u HOME LANG=C LC_ALL=C"])
def test_no_folder_for_temporary_files_and_no_home_change_nothing(folder: Path, before: str):
    done = shell(before, folder)
    assert (done.returncode, answers(done)) == (0, 14)


def test_a_name_in_an_archive_that_is_not_utf_8_is_read(folder: Path, tmp_path: Path):
    path = tmp_path / "old.zip"
    with zipfile.ZipFile(path, "w") as packed:
        packed.write(folder / "ethanol.jdx", "caf\u00e9.jdx")
    content = bytearray(path.read_bytes().replace("\u00e9".encode(), b"\x82_"))  # as DOS wrote it
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.find(signature) + flags + 1] &= ~8  # no longer said to be UTF-8
    path.write_bytes(content)
    done = tiny("predict", path, "--format", "csv")
    assert done.returncode == 0
    assert "old.zip/caf\u00e9_.jdx,true" in done.stdout.decode()
