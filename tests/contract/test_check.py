"""``check``: a spectrum against a structure, as a person and as a program get it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("rdkit")
ESTER = "irclassify/samples/ethyl_acetate.jdx"
ROOT = Path(__file__).parents[2]


def check(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command in the repository's root."""
    command = [sys.executable, "-m", "irclassify", "check", *arguments]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)


def test_the_true_structure_is_not_contradicted_and_another_is():
    right = json.loads(check(ESTER, "--smiles", "CCOC(C)=O").stdout)
    assert right["verdict"] != "contradicted"
    assert {"name": "ester", "in_structure": True, "verdict": "shown"}.items() <= next(
        group for group in right["groups"] if group["name"] == "ester"
    ).items()
    wrong = json.loads(check(ESTER, "--smiles", "N#Cc1ccccc1").stdout)
    assert wrong["verdict"] == "contradicted"
    assert wrong["score"] > right["score"]
    missing = {g["name"] for g in wrong["groups"] if g["verdict"] == "missing"}
    assert {"nitrile", "aromatic"} <= missing
    assert wrong["reasons"]
    assert 0 <= wrong["false_alarms"] <= 0.05
    assert wrong["caught"]["another molecule"] > 0.8


def test_the_screen_says_the_verdict_first_and_the_error_rates_last():
    said = check(ESTER, "--smiles", "N#Cc1ccccc1", "--format", "table").stdout.splitlines()
    assert said[2] == "contradicted: The spectrum contradicts the structure."
    assert any("does not show it" in line for line in said)
    assert "of true structures are called contradicted" in " ".join(said[-4:])
    assert max(map(len, said)) <= 80


def test_many_are_a_table_a_tally_and_one_line_for_those_without_a_structure(tmp_path: Path):
    table = tmp_path / "known.csv"
    table.write_text("file,smiles\nethyl_acetate.jdx,CCOC(C)=O\nethanol.jdx,N#Cc1ccccc1\n")
    done = check("irclassify/samples", "--labels", str(table), "--format", "table")
    head, _, *rows = done.stdout.splitlines()
    assert head.split() == ["Verdict", "File", "Structure", "Against", "it"]
    assert [row.split()[0] for row in rows] == ["contradicted", "consistent"]
    assert "no nitrile" in rows[0]
    left_out, tally = done.stderr.splitlines()
    assert left_out.endswith("and 8 more: left out")
    assert "2 structures checked: 1 consistent, 1 contradicted, 0 failed" in tally


def test_a_table_gives_each_file_its_structure(tmp_path: Path):
    table = tmp_path / "known.csv"
    table.write_text("file,smiles\nethyl_acetate.jdx,CCOC(C)=O\nethanol.jdx,CCO\n")
    done = check(ESTER, "irclassify/samples/ethanol.jdx", ESTER, "--labels", str(table))
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [Path(line["file"]).name for line in lines][:2] == ["ethyl_acetate.jdx", "ethanol.jdx"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([ESTER], "give the structure"),
        ([ESTER, "--smiles", "C(("], "is not a SMILES"),
        ([ESTER, "--labels", "no-such-file.csv"], "cannot be read"),
    ],
)
def test_wrong_usage_is_2_and_says_what_to_do(arguments: list[str], said: str):
    done = check(*arguments)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
