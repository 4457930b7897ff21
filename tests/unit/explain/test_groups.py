"""The exact sum, and how columns become regions."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
import synthetic
from heads import direct_logits, random_head
from hypothesis import given, settings
from hypothesis import strategies as st

from irclassify.explain.groups import (
    explain_groups,
    merge_columns,
    pair_contributions,
    position_contributions,
)
from irclassify.explain.peaks import measured_bands
from irclassify.explain.regions import View
from irclassify.model.folder import LatentGeometry, ModelSpec
from irclassify.model.head import Head
from irclassify.model.predicted import Predicted
from irclassify.model.preprocessing import to_grid
from irclassify.model.session import Model
from irclassify.results.explanation import GroupExplanation
from irclassify.results.prediction import GroupCall, Prediction


@given(
    seed=st.integers(0, 2**32 - 1),
    channels=st.integers(1, 5),
    positions=st.integers(1, 30),
    factors=st.integers(0, 4),
)
@settings(max_examples=60, deadline=None)
def test_positions_and_pairs_add_up_to_the_logit(seed, channels, positions, factors):
    rng = np.random.default_rng(seed)
    head = random_head(rng, 3, factors, (channels, positions))
    latent = rng.normal(size=(channels, positions)).astype(np.float32)
    single = position_contributions(latent, head)
    expected = direct_logits(latent, head)
    for group in range(3):
        pairs = pair_contributions(latent, head, group)
        assert np.allclose(pairs, pairs.T)
        assert not pairs.diagonal().any()
        total = head.bias[group] + single[group].sum() + pairs.sum()
        assert total == pytest.approx(expected[group], abs=1e-6 * (1 + np.abs(expected).max()))


def told(group: GroupExplanation) -> float:
    """The sum of all that an explanation names."""
    terms = [r.contribution for r in group.regions] + [p.contribution for p in group.pairs]
    return group.bias + sum(terms) + group.remainder


@given(seed=st.integers(0, 2**32 - 1), top=st.sampled_from([0, 1, 5, 500]))
@settings(max_examples=25, deadline=None)
def test_explanations_of_random_heads_add_up(tiny: ModelSpec, seed: int, top: int):
    rng = np.random.default_rng(seed)
    head = random_head(rng, 17, 2, (2, 209))
    spec = with_head(tiny, head)
    latent = rng.normal(size=(2, 209)).astype(np.float32)
    logits = direct_logits(latent, head)
    calls = tuple(
        GroupCall(group.name, 0.5, "absent", float(logit), "absent")
        for group, logit in zip(spec.groups, logits, strict=True)
    )
    spectrum = synthetic.spectrum(synthetic.ESTER)
    groups = explain_groups(spectrum, latent, Prediction("m", calls), spec, top=top)
    for group, logit in zip(groups, logits, strict=True):
        assert told(group) == pytest.approx(logit, abs=1e-6)
        assert group.bias + sum(group.profile) == pytest.approx(logit, abs=1e-6)


def with_head(spec: ModelSpec, head: Head) -> ModelSpec:
    """The same model with another head in the place where it is kept after reading."""
    changed = replace(spec)
    changed.__dict__["head"] = head
    return changed


@pytest.mark.parametrize("top", [0, 5])
@pytest.mark.parametrize(("phase", "slope"), [(None, 1.0), ("gas", 1.0), ("condensed", 0.5)])
def test_real_graph_and_head_agree(tiny: ModelSpec, phase: str | None, slope: float, top: int):
    spectrum = synthetic.spectrum(synthetic.ESTER)
    logits, latent = Model(tiny, threads=1).run(to_grid(spectrum, tiny.preprocessing)[None])
    (said,) = Predicted.of(logits, [phase], tiny).predictions()
    for i, group in enumerate(explain_groups(spectrum, latent[0], said, tiny, top=top)):
        assert told(group) == pytest.approx(slope * float(logits[0, i]), abs=1e-6)
        assert group.bias + sum(group.profile) == pytest.approx(group.logit, abs=1e-5)
        exact = slope * direct_logits(latent[0], tiny.head)[i]
        assert group.logit == pytest.approx(exact, abs=1e-5)


@pytest.mark.parametrize("phase", ["gas", "condensed", None])
@pytest.mark.parametrize("rate", [0.001, 0.01, 0.05, 0.2])
def test_explanations_state_the_limits_of_the_calls(tiny: ModelSpec, phase: str, rate: float):
    spectrum = synthetic.spectrum(synthetic.ESTER)
    logits, latent = Model(tiny, threads=1).run(to_grid(spectrum, tiny.preprocessing)[None])
    (said,) = Predicted.of(logits, [phase], tiny, rate).predictions()
    for group in explain_groups(spectrum, latent[0], said, tiny):
        p, low, high = group.probability, group.absent_below, group.present_from
        assert 0 <= low <= high <= 1
        by_limits = "absent" if p < low else "present" if p >= high else "uncertain"
        assert group.call == by_limits
        assert group.best_guess == ("present" if p >= group.threshold else "absent")


def test_an_ester_is_its_carbonyl_with_its_ether_band(tiny: ModelSpec):
    spectrum = synthetic.spectrum(synthetic.ESTER)
    logits, latent = Model(tiny, threads=1).run(to_grid(spectrum, tiny.preprocessing)[None])
    (said,) = Predicted.of(logits, [None], tiny).predictions()
    groups = {g.name: g for g in explain_groups(spectrum, latent[0], said, tiny)}
    ester = groups["ester"]
    assert ester.call == "present"
    strongest, second = ester.regions[:2]
    assert {strongest.band_cm1, second.band_cm1} == {1240.0, 1746.0}
    pair = ester.pairs[0]
    assert pair.contribution > strongest.contribution > 0
    assert pair.a[0] < 1240 < pair.a[1]
    assert pair.b[0] < 1745 < pair.b[1]


def test_a_region_names_a_band_of_its_own_before_one_beside_it(tiny: ModelSpec):
    sees_from, sees_to = tiny.columns_cm1()
    centre = (sees_from[100] + sees_to[100]) / 2
    own, beside = (centre, 0.3, 4.0), (centre + 24.0, 1.0, 4.0)
    both = view(tiny, own, beside).band_of((100, 101))
    alone = view(tiny, beside).band_of((100, 101))
    assert both is not None
    assert alone is not None
    assert both.cm1 == pytest.approx(own[0], abs=2)
    assert alone.cm1 == pytest.approx(beside[0], abs=2)
    assert view(tiny, beside).own_band_of((100, 101)) is None


def test_a_ripple_on_the_side_of_a_band_is_no_band_of_its_own(tiny: ModelSpec):
    sees_from, sees_to = tiny.columns_cm1()
    centre = (sees_from[100] + sees_to[100]) / 2
    ripple = (centre + 14.0, 0.02, 4.0)
    assert view(tiny, ripple).own_band_of((100, 101)) is not None
    seen = view(tiny, (centre - 20.0, 1.0, 10.0), ripple)
    assert len(seen.bands) == 2
    assert seen.own_band_of((100, 101)) is None
    assert seen.band_of((100, 101)) == seen.bands[0]


def view(spec: ModelSpec, *bands: tuple[float, float, float]) -> View:
    """A simulated spectrum of these bands (cm-1, absorbance, width) seen by a model."""
    spectrum = synthetic.spectrum(bands)
    return View.of(to_grid(spectrum, spec.preprocessing), measured_bands(spectrum), spec)


def test_shares_of_all_regions_of_one_sign_are_a_whole(tiny: ModelSpec):
    spectrum = synthetic.spectrum(synthetic.KETONE)
    logits, latent = Model(tiny, threads=1).run(to_grid(spectrum, tiny.preprocessing)[None])
    (said,) = Predicted.of(logits, [None], tiny).predictions()
    for group in explain_groups(spectrum, latent[0], said, tiny, top=0):
        for sign in (1, -1):
            shares = [r.share for r in group.regions if r.contribution * sign > 0]
            assert not shares or sum(shares) == pytest.approx(1.0)


def test_top_0_lists_every_position_along_the_axis(tiny: ModelSpec):
    spectrum = synthetic.spectrum(synthetic.KETONE)
    logits, latent = Model(tiny, threads=1).run(to_grid(spectrum, tiny.preprocessing)[None])
    (said,) = Predicted.of(logits, [None], tiny).predictions()
    regions = explain_groups(spectrum, latent[0], said, tiny, top=0)[0].regions
    assert len(regions) == tiny.latent.positions
    edges = [(r.from_cm1, r.to_cm1) for r in regions]
    for (_, end), (start, _) in pairwise(edges):
        assert end == pytest.approx(start)


def test_columns_see_their_receptive_field(tiny: ModelSpec):
    sees_from, sees_to = tiny.columns_cm1()
    grid = tiny.preprocessing.grid.wavenumber
    assert sees_from[0] == grid[0]
    assert sees_to[0] == grid[15]
    assert sees_from[-1] == grid[4 * 208]
    assert tiny.latent == LatentGeometry(2, 209, 16, 4)


# --- merge_columns: synthetic contributions, the regions a reader would see ---


def test_one_band_is_one_region():
    assert merge_columns(np.array([0, 1, 2, 3, 2, 1, 0.0])) == [(1, 6)]


def test_two_signs_are_two_regions():
    assert merge_columns(np.array([1, 2, 1, -1, -2, -1.0])) == [(0, 3), (3, 6)]


def test_two_maxima_with_a_deep_valley_are_two_regions():
    assert merge_columns(np.array([1, 4, 1, 2, 4, 1.0])) == [(0, 2), (2, 6)]


def test_a_shallow_valley_does_not_cut():
    assert merge_columns(np.array([2, 4, 3, 4, 2.0])) == [(0, 5)]


def test_a_change_of_sign_parts_regions():
    assert merge_columns(np.array([3, 4, -0.5, 4, 3.0])) == [(0, 2), (2, 3), (3, 5)]


def test_tails_are_trimmed():
    assert merge_columns(np.array([0.1, 0.1, 5, 5, 0.1, 0.1])) == [(2, 4)]


@given(st.lists(st.floats(-10, 10), min_size=1, max_size=60))
def test_regions_are_in_order_and_never_overlap(values):
    regions = merge_columns(np.array(values))
    assert all(start < end for start, end in regions)
    assert all(a[1] <= b[0] for a, b in pairwise(regions))
    assert regions[0][0] >= 0
    assert regions[-1][1] <= len(values)
