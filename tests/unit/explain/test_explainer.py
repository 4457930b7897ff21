"""The exact sum by columns and by peaks, and the words around it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import synthetic
from heads import direct_logits, pair_contributions, position_contributions, random_head
from hypothesis import given, settings
from hypothesis import strategies as st

from irclassify.explain.account import SpectrumAccount
from irclassify.explain.assignment import Measured
from irclassify.explain.explainer import explain_groups, interpret
from irclassify.explain.observed import Bands
from irclassify.model.folder import LatentGeometry, ModelSpec
from irclassify.model.head import Head
from irclassify.model.predicted import Predicted
from irclassify.model.preprocessing import to_grid
from irclassify.model.session import Model
from irclassify.results.explanation import GroupExplanation, Peak
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
    return group.bias + sum(share.contribution for share in group.by_peak) + group.no_peak


@given(seed=st.integers(0, 2**32 - 1))
@settings(max_examples=25, deadline=None)
def test_explanations_of_random_heads_add_up(tiny: ModelSpec, seed: int):
    rng = np.random.default_rng(seed)
    head = random_head(rng, 17, 2, (2, 209))
    spec = with_head(tiny, head)
    latent = rng.normal(size=(2, 209)).astype(np.float32)
    logits = direct_logits(latent, head)
    calls = tuple(
        GroupCall(group.name, 0.5, "absent", float(logit), "absent")
        for group, logit in zip(spec.groups, logits, strict=True)
    )
    spectrum, said = synthetic.spectrum(synthetic.ESTER), Prediction("m", calls)
    account = SpectrumAccount.of(to_grid(spectrum, spec.preprocessing), spec, latent, said)
    assert np.allclose(head.bias + account.shares.sum(1), logits, atol=1e-6 * np.abs(logits).max())

    def run(grids: np.ndarray) -> np.ndarray:
        return rng.normal(size=(len(grids), 2, 209)).astype(np.float32)

    bands = Bands.of(spectrum)
    seen, measured = interpret(bands, said), Measured.of(spectrum, bands, said.phase)
    groups = explain_groups(account, said, measured, bands.found, seen.peaks, run)
    size = np.abs(logits).max()
    for group, logit in zip(groups, logits, strict=True):
        assert told(group) == pytest.approx(logit, abs=1e-6 * size)


def with_head(spec: ModelSpec, head: Head) -> ModelSpec:
    """The same model with another head in the place where it is kept after reading."""
    changed = replace(spec)
    changed.__dict__["head"] = head
    return changed


def explained(
    tiny: ModelSpec, phase: str | None = None, error_rate: float = 0.05
) -> tuple[tuple[GroupExplanation, ...], tuple[Peak, ...], np.ndarray]:
    """The account of an ester: groups, peaks, and the logits of the graph."""
    spectrum, model = synthetic.spectrum(synthetic.ESTER), Model(tiny)
    grid = to_grid(spectrum, tiny.preprocessing)
    logits, latent = model.run(grid[None])
    (said,) = Predicted.of(logits, [phase], tiny, error_rate).predictions()
    account = SpectrumAccount.of(grid, tiny, latent[0], said)
    bands = Bands.of(spectrum)
    seen, measured = interpret(bands, said), Measured.of(spectrum, bands, said.phase)
    groups = explain_groups(
        account, said, measured, bands.found, seen.peaks, lambda grids: model.run(grids)[1]
    )
    return groups, seen.peaks, logits[0]


@pytest.mark.parametrize(("phase", "slope"), [(None, 1.0), ("gas", 1.0), ("condensed", 0.5)])
def test_real_graph_and_head_agree(tiny: ModelSpec, phase: str | None, slope: float):
    groups, peaks, logits = explained(tiny, phase)
    for i, group in enumerate(groups):
        assert len(group.by_peak) == len(peaks) > 0
        assert told(group) == pytest.approx(slope * float(logits[i]), abs=1e-5)


@pytest.mark.parametrize("phase", ["gas", "condensed", None])
@pytest.mark.parametrize("rate", [0.001, 0.01, 0.05, 0.2])
def test_explanations_state_the_limits_of_the_calls(tiny: ModelSpec, phase: str, rate: float):
    for group in explained(tiny, phase, rate)[0]:
        p, low, high = group.probability, group.absent_below, group.present_from
        assert 0 <= low <= high <= 1
        by_limits = "absent" if p < low else "present" if p >= high else "uncertain"
        assert group.call == by_limits
        assert group.best_guess == ("present" if p >= group.threshold else "absent")


def test_an_ester_is_its_carbonyl_with_its_ether_band(tiny: ModelSpec):
    groups, peaks, _ = explained(tiny)
    ester = next(group for group in groups if group.name == "ester")
    assert ester.call == ester.shown == "present"
    order = sorted(ester.by_peak, key=lambda share: -share.contribution)
    assert {round(peaks[share.number - 1].cm1) for share in order[:2]} == {1240, 1746}
    pair = ester.peak_pairs[0]
    assert {round(peaks[number - 1].cm1) for number in (pair.first, pair.second)} == {1240, 1746}
    assert pair.contribution > 0


def test_columns_see_their_receptive_field(tiny: ModelSpec):
    sees_from, sees_to = tiny.columns_cm1()
    grid = tiny.preprocessing.grid.wavenumber
    assert sees_from[0] == grid[0]
    assert sees_to[0] == grid[15]
    assert sees_from[-1] == grid[4 * 208]
    assert tiny.latent == LatentGeometry(2, 209, 16, 4)
