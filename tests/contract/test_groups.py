"""``irclassify groups``: the tree of groups and details."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import synthetic
from command_line import DETAILS, TINY
from in_process import irclassify


def test_groups_come_first_then_details_with_their_parent():
    done = irclassify("groups", "--model", DETAILS, "--format", "json")
    found = json.loads(done.stdout)
    assert list(found) == ["model", "groups", "details"]
    assert [len(found["groups"]), len(found["details"])] == [17, 4]
    assert {d["name"]: d["parent"] for d in found["details"]} == {
        "phenol": "alcohol",
        "aliphatic_alcohol": "alcohol",
        "conjugated_ester": "ester",
        "thiol": None,
    }
    ether = next(group for group in found["groups"] if group["name"] == "ether")
    assert ether["covers"] == ["ester"]
    assert list(ether) == [
        "name",
        "parent",
        "title",
        "smarts",
        "covers",
        "bands",
        "source",
        "positives",
        "f1",
    ]
    assert "C-O" in ether["bands"]
    assert ether["f1"] == {"gas": 0.9, "condensed": 0.9, "atr": 0.9}


def test_a_model_without_details_lists_its_groups():
    done = irclassify("groups", "--model", TINY, "--format", "json")
    found = json.loads(done.stdout)
    assert found["details"] == []
    assert found["groups"][8]["title"] == "alkyl halide"


@pytest.mark.parametrize("model", [TINY, DETAILS])
def test_every_name_and_title_stands_in_the_table(model, monkeypatch):
    done = irclassify("groups", "--model", model, "--format", "table")
    text = str(done.stdout)
    assert "alkyl_halide" in text
    assert ("phenol" in text) == (model == DETAILS)


def test_one_group_is_told_in_full():
    text = irclassify("groups", "ester", "--model", DETAILS, "--format", "table").stdout.decode()
    for words in ("ester", "Definition (SMARTS)", "C=O stretch", "conjugated ester"):
        assert words in text
    found = json.loads(irclassify("groups", "phenol", "-m", DETAILS, "-f", "json").stdout)
    assert (found["groups"], [one["name"] for one in found["details"]]) == ([], ["phenol"])


def test_a_name_that_is_not_a_group_is_answered_with_the_nearest():
    done = irclassify("groups", "estr", "--model", DETAILS)
    assert done.returncode == 2
    assert b"ester" in done.stderr


def test_the_piped_table_of_groups_has_lines_that_can_be_read():
    text = irclassify("groups", "--model", "default", "--format", "table").stdout.decode()
    assert max(map(len, text.splitlines())) <= 140


@pytest.mark.parametrize("detail", ["phenol", "thiol", "conjugated_ester"])
def test_a_detail_is_explained_by_name_and_its_account_adds_up(detail: str, tmp_path: Path):
    file = tmp_path / "a.jdx"
    file.write_text(synthetic.jdx(synthetic.ESTER), encoding="utf-8")
    words = ("explain", file, "--model", DETAILS, "--group", detail, "--format", "json")
    (found,) = json.loads(irclassify(*words).stdout)["groups"]
    assert found["name"] == detail
    told = found["bias"] + found["no_peak"]
    told += sum(part["contribution"] for part in found["by_peak"])
    assert told == pytest.approx(found["logit"], abs=1e-4)
    said = json.loads(irclassify("predict", file, "--model", DETAILS, "-f", "jsonl").stdout)
    expected = next(d["probability"] for d in said["details"] if d["name"] == detail)
    assert found["probability"] == expected
