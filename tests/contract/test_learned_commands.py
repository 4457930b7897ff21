"""``patterns`` and ``weights`` as others use them: keys, forms, refusals."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import command_line
import pytest
from command_line import ENVIRONMENT, TINY
from learned import model_with_patterns


@pytest.fixture(scope="module")
def model(tmp_path_factory) -> Path:
    return model_with_patterns(tmp_path_factory.mktemp("models") / "tiny")


def irclassify(*arguments: object) -> subprocess.CompletedProcess[str]:
    done = command_line.irclassify(*arguments)
    texts = [stream.decode() for stream in (done.stdout, done.stderr)]
    return subprocess.CompletedProcess(arguments, done.returncode, *texts)


def test_patterns_record(model: Path):
    done = irclassify("patterns", "-m", model)
    assert done.returncode == 0
    record = json.loads(done.stdout)
    assert list(record) == ["model", "networks", "spectra", "window_cm1", "shapes", "channels"]
    assert record["model"] == "tiny@1.0.0"
    assert [channel["channel"] for channel in record["channels"]] == [0, 1]
    for channel in record["channels"]:
        assert list(channel) == [
            "channel",
            "network",
            "shape",
            "alike",
            "width_cm1",
            "typical_cm1",
            "pattern",
            "uses",
        ]
        assert channel["shape"] in record["shapes"]
        assert len(channel["pattern"]) == 16
        assert list(channel["uses"][0]) == ["group", "from_cm1", "to_cm1", "lift"]


def test_one_channel(model: Path):
    record = json.loads(irclassify("patterns", "-m", model, "--channel", 1).stdout)
    assert [channel["channel"] for channel in record["channels"]] == [1]


def test_weights_record(model: Path):
    done = irclassify("weights", "ketone", "-m", model)
    assert done.returncode == 0
    record = json.loads(done.stdout)
    assert list(record) == [
        "model",
        "group",
        "networks",
        "spectra",
        "total_lift",
        "consistency",
        "regions",
        "profile",
    ]
    for region in record["regions"]:
        assert list(region) == [
            "from_cm1",
            "to_cm1",
            "sees_from_cm1",
            "sees_to_cm1",
            "lift",
            "share",
            "reads",
            "networks_agreeing",
            "channels",
            "known_bands",
        ]
        assert list(region["channels"][0]) == ["channel", "shape", "share"]
        assert list(region["known_bands"][0]) == [
            "group",
            "vibration",
            "from_cm1",
            "to_cm1",
            "intensity",
            "note",
            "source",
        ]
    assert [region["reads"] for region in record["regions"]] == ["band", "gap"]
    assert {len(values) for values in record["profile"].values()} == {209}
    assert set(record["profile"]) == {"wavenumber_cm1", "lift", "wants", "weight"}


def test_a_wanted_band_is_the_groups_own_and_a_gap_is_anothers(model: Path):
    band, gap = json.loads(irclassify("weights", "ketone", "-m", model).stdout)["regions"]
    assert {known["group"] for known in band["known_bands"]} == {"ketone"}
    assert "ketone" not in {known["group"] for known in gap["known_bands"]}


def test_top_limits_the_regions(model: Path):
    limited = json.loads(irclassify("weights", "ketone", "-m", model, "--top", 1).stdout)
    assert len(limited["regions"]) == 1
    every = json.loads(irclassify("weights", "ketone", "-m", model, "--top", 0).stdout)
    assert len(every["regions"]) == 2


@pytest.mark.parametrize(
    "arguments", [("patterns",), ("patterns", "-c", 1), ("weights", "carboxylic_acid")]
)
def test_tables_without_colour_fit_80_columns(model: Path, arguments: tuple[object, ...]):
    done = subprocess.run(
        [sys.executable, "-m", "irclassify", *map(str, arguments), "-m", model, "-f", "table"],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=ENVIRONMENT
        | {"NO_COLOR": "1", "COLUMNS": "80", "TTY_COMPATIBLE": "1", "FORCE_COLOR": "1"},
        timeout=60,
        check=False,
    )
    assert done.returncode == 0
    assert "\x1b[3" not in done.stdout  # bold is no colour
    plain = done.stdout.replace("\x1b[1m", "").replace("\x1b[2m", "").replace("\x1b[0m", "")
    assert max(map(len, plain.splitlines())) <= 80


def test_output_file(model: Path, tmp_path: Path):
    done = irclassify("weights", "ester", "-m", model, "-o", tmp_path / "ester.json")
    assert (done.returncode, done.stdout) == (0, "")
    assert json.loads((tmp_path / "ester.json").read_text(encoding="utf-8"))["group"] == "ester"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("patterns", "--channel", 2), "channels 0 to 1"),
        (("weights", "thiol"), "The model knows alkane"),
    ],
)
def test_what_there_is_not_is_a_usage_error(model: Path, arguments: tuple[object, ...], says: str):
    done = irclassify(*arguments, "-m", model)
    assert done.returncode == 2
    assert says in done.stderr


@pytest.mark.parametrize("arguments", [("patterns",), ("weights", "ester")])
def test_a_model_that_does_not_say_what_it_learned(arguments: tuple[str, ...]):
    done = irclassify(*arguments, "-m", TINY)
    assert done.returncode == 2
    assert "no description of what it learned" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_altered_file_is_refused(model: Path, tmp_path: Path):
    folder = model_with_patterns(tmp_path / "altered")
    with (folder / "patterns.json").open("a") as stream:
        stream.write(" ")
    done = irclassify("patterns", "-m", folder)
    assert done.returncode == 2
    assert "altered" in done.stderr
