"""What a model folder says it learned, against the model itself."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from command_line import TINY

from irclassify.explain.fragments import shape_of
from irclassify.model.folder import ModelSpec, installed_models, load_spec
from irclassify.model.session import Model
from irclassify.results.patterns import parse_learned
from train.data.records import Dataset
from train.export import observed, patterns
from train.settings import path

INSTALLED = [spec for spec in installed_models() if (spec.folder / patterns.FILE).exists()]


@pytest.fixture(scope="module")
def data(tiny: ModelSpec) -> Dataset:
    """Forty synthetic spectra: ketones have a band at 1715 cm-1, the others one at 1120."""
    random = np.random.default_rng(0)
    ketone = np.arange(40) < 20
    centre = np.where(ketone, 1715, 1120) + random.normal(0, 3, 40)
    grid = tiny.preprocessing.grid.wavenumber
    vectors = np.exp(-(((grid - centre[:, None]) / 12) ** 2)) + 0.01 * random.random((40, 850))
    labels = np.zeros((40, 17), bool)
    labels[:, [g.name for g in tiny.groups].index("ketone")] = ketone
    labels[::2, 0] = True
    return Dataset([None] * 40, labels, vectors.astype(np.float32))  # type: ignore[list-item]


@pytest.fixture(scope="module")
def described(tiny: ModelSpec, data: Dataset) -> dict:
    return json.loads(json.dumps(patterns.describe(tiny, data)))


def test_the_tool_reads_it(described: dict, tiny: ModelSpec):
    learned = parse_learned(described)
    assert len(learned.channels) == tiny.latent.channels
    assert [group.name for group in learned.groups] == [group.name for group in tiny.groups]


def test_lift_adds_up_to_the_difference_of_the_mean_logits(
    described: dict, tiny: ModelSpec, data: Dataset
):
    logits = Model(tiny).logits(data.vectors)
    for name in ("ketone", "alkane"):
        i = [group.name for group in tiny.groups].index(name)
        present = data.labels[:, i]
        expected = logits[present, i].mean() - logits[~present, i].mean()
        assert described["groups"][name]["total_lift"] == pytest.approx(expected, abs=2e-3)
        assert sum(described["groups"][name]["lift"]) == pytest.approx(expected, abs=0.1)


def test_the_ketones_strongest_region_is_the_carbonyl_band(described: dict):
    region = described["groups"]["ketone"]["regions"][0]
    assert region["from_cm1"] < 1715 < region["to_cm1"]
    assert region["reads"] == "band"
    assert region["agreeing"] == 1


def test_a_pattern_is_that_of_the_strongest_windows(described: dict, data: Dataset):
    channel = described["channels"][1]
    assert len(channel["pattern"]) == 16
    assert channel["shape"] == shape_of(np.array(channel["pattern"])) == "peak"
    assert channel["alike"] > 0.5
    assert channel["uses"][0]["group"] == "ketone"


def test_one_network_has_no_consistency(described: dict):
    assert described["groups"]["ketone"]["consistency"] is None


def test_consistency_is_the_mean_pairwise_correlation():
    base = np.random.default_rng(0).random(50)
    assert patterns.consistency(np.stack([base, 3 * base])) == pytest.approx(1)
    assert patterns.consistency(np.stack([base, -base])) == pytest.approx(-1)
    assert patterns.consistency(base[None]) is None


def test_correlations_by_column():
    a = np.random.default_rng(0).random((30, 3))
    found = observed.correlations(a, np.stack([2 * a[:, 0], -a[:, 1], np.ones(30)], 1))
    assert found == pytest.approx([1, -1, 0])


def test_model_json_vouches_for_it(tmp_path: Path, monkeypatch, data: Dataset):
    folder = Path(shutil.copytree(TINY, tmp_path / "model"))
    monkeypatch.setattr(patterns, "spectra_of", lambda _spec: data)
    patterns.add_to(folder)
    assert load_spec(folder).learned.spectra == 40
    assert patterns.FILE in load_spec(folder).definition["sha256"]
    first = (folder / patterns.FILE).read_bytes()
    patterns.add_to(folder)
    assert (folder / patterns.FILE).read_bytes() == first


@pytest.mark.parametrize("spec", INSTALLED, ids=lambda spec: spec.name)
def test_what_ships_is_small_and_of_this_model(spec: ModelSpec):
    assert (spec.folder / patterns.FILE).stat().st_size < 200_000
    learned = spec.learned
    low, high = spec.columns_cm1()
    assert learned.position_cm1 == pytest.approx(((low + high) / 2).tolist(), abs=0.051)
    assert learned.networks == observed.networks_of(spec)
    for i, group in enumerate(learned.groups):
        assert group.weight == pytest.approx(spec.head.weight[i].max(0).tolist(), abs=2e-3)
        assert sum(group.lift) == pytest.approx(group.total_lift, abs=0.11)


@pytest.mark.shared
@pytest.mark.parametrize("spec", INSTALLED, ids=lambda spec: spec.name)
def test_what_ships_is_what_the_spectra_say(spec: ModelSpec):
    if not (path("work") / f"{spec.name.removesuffix('-single')}.npy").exists():
        pytest.skip("run python -m train dataset first")
    data = patterns.spectra_of(spec)
    few = data.where(np.arange(len(data.records)) % 10 == 0)
    seen = observed.observe(spec, few)
    for i, group in enumerate(spec.learned.groups):
        if few.labels[:, i].sum() >= 100:
            ours = seen.lift[:, i].mean(0)
            assert np.corrcoef(ours, group.lift)[0, 1] > 0.9


def test_a_bands_height_is_taken_in_the_middle_above_the_windows_lowest_point(tiny: ModelSpec):
    vectors = np.full((1, 850), 0.2)
    vectors[0, 407] = 0.45  # window 100 sees points 400 to 415
    heights = observed.band_heights(tiny, vectors)[0]
    assert heights.shape == (209,)
    assert heights[100] == pytest.approx(0.5)
    assert heights[[50, 98, 102]] == pytest.approx(0)
