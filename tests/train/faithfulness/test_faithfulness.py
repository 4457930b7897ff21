"""Each measure of the scorecard, on networks small enough that the right answer is known."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pytest
import torch
from heads import pair_contributions, position_contributions
from hypothesis import given, settings
from hypothesis import strategies as st

from irclassify.model.head import Head
from irclassify.results.bands import Band
from train.faithfulness import agreement, summary
from train.faithfulness.agreement import GRID, common_places, hits_of, in_cm1, random_overlap
from train.faithfulness.explainers import (
    Additive,
    Evidence,
    Found,
    Geometry,
    evidence_of,
    strongest,
)
from train.faithfulness.gradient import Gradient, best_regions, integrated
from train.faithfulness.locality import occluded, pair_deletions
from train.faithfulness.removal import curves, peak_stretches, random_stretches, straightened
from train.faithfulness.stability import (
    blurred,
    jaccard,
    likeness,
    noisy,
    rank_correlation,
    scrambled,
    shifted,
)
from train.networks.dense import DenseNetwork
from train.networks.pair import PairEnsemble, PairNetwork
from train.networks.rieger2023 import Rieger2023

POINTS = 850
ONE_GROUP = np.zeros(1, int)


@dataclass(frozen=True)
class Areas:
    """Logit = area between points 400 and 408, some of that from 600 to 604, and of their product.

    Columns of four points that see nothing else.
    """

    partner: float = 0.0
    pair: float = 0.0

    @property
    def geometry(self):
        return Geometry(field=4, stride=4, positions=212)

    def logits(self, vectors, groups):
        return np.array([e.total for e in self.evidence(vectors, groups)])

    def evidence(self, vectors, groups):
        columns = vectors[:, :848].reshape(len(vectors), 212, 4).sum(2, dtype=float)
        return [self._evidence(row) for row in columns]

    def _evidence(self, columns):
        alone, pairs = np.zeros(212), np.zeros((212, 212))
        alone[100:102] = columns[100:102]
        alone[150] = self.partner * columns[150]
        pairs[100:102, 150] = pairs[150, 100:102] = self.pair * columns[100:102] * columns[150] / 2
        return Evidence(alone, pairs)


def bands(*places: tuple[int, float]) -> np.ndarray:
    """One spectrum, (1, points): on a small pedestal, at these points triangles of some height."""
    vector = np.full(POINTS, 0.01, np.float32)
    for place, height in places:
        vector[place - 3 : place + 4] += height * np.array([0.25, 0.5, 0.75, 1, 0.75, 0.5, 0.25])
    return vector[None]


def test_the_region_that_matters_takes_all_of_the_logit_and_the_highest_peak_nothing():
    explainer, vectors = Areas(), bands((404, 0.5), (600, 1.0))
    regions = explainer.evidence(vectors, ONE_GROUP)[0].regions()
    ranked = [[explainer.geometry.cells(own) for own in strongest(regions, 1)]]
    assert ranked == [[(400, 408)]]
    deletion, insertion = curves(explainer, vectors, ONE_GROUP, ranked, 1)[0, :, :, 0]
    area = 0.5 * 4
    assert deletion[0] == pytest.approx(area, abs=1e-5)
    assert insertion[0] == pytest.approx(area, abs=1e-5)
    assert deletion[2] == pytest.approx(0, abs=1e-6)
    assert insertion[2] == pytest.approx(0, abs=1e-6)


@given(
    values=st.lists(st.floats(0, 1, width=32), min_size=3, max_size=40),
    data=st.data(),
)
@settings(max_examples=60, deadline=None)
def test_a_straight_line_keeps_the_rest_and_makes_no_peak(values, data):
    vector = np.array(values, np.float32)
    mask = np.array(data.draw(st.lists(st.booleans(), min_size=len(values), max_size=len(values))))
    drawn = straightened(vector, mask)
    assert (drawn[~mask] == vector[~mask]).all()
    if not mask.all():
        assert drawn.max() <= vector[~mask].max()
        assert drawn.min() >= vector[~mask].min()


def test_random_stretches_lie_apart_in_the_measured_range():
    vector = np.zeros(POINTS, np.float32)
    vector[100:400] = 1.0
    random = np.random.default_rng(0)
    for _ in range(20):
        found = sorted(random_stretches(vector, [40, 60, 20], random))
        assert found[0][0] >= 100
        assert found[-1][1] <= 400
        assert all(a[1] <= b[0] for a, b in pairwise(found))


def test_the_highest_peaks_come_first_and_none_twice():
    vector = bands((300, 1.0), (305, 0.9), (500, 0.5), (700, 0.8))[0]
    assert peak_stretches(vector, [20, 20]) == [(290, 310), (690, 710)]


def test_a_pair_taken_out_changes_the_logit_by_what_it_claims():
    """A pair of separate areas on a pedestal of zero: claim and change are equal."""
    vectors = bands((404, 0.5), (602, 1.0))
    for first, end in ((396, 412), (596, 608)):  # lines drawn from zero to zero leave nothing
        vectors[:, [*range(first, 400 if first < 500 else 600), *range(end - 4, end)]] = 0
    (found,) = pair_deletions(Areas(partner=0.1, pair=0.3), vectors, ONE_GROUP)
    pair, pair_seen, both, both_seen = found
    assert pair > 0
    assert pair_seen == pytest.approx(pair, rel=1e-5)
    assert both_seen == pytest.approx(both, rel=1e-5)


def ensemble(members: int = 2) -> Additive:
    """A small pair network of random weights around the mean of random spectra."""
    torch.manual_seed(0)
    networks = []
    for _ in range(members):
        network = PairNetwork(
            17, first=8, width=8, channels=4, residuals=1, factors=5, dropout=0.2
        ).train()
        for _ in range(10):
            network(torch.rand(16, POINTS))
        networks.append(network.eval())
    with torch.no_grad():
        mean = torch.cat([n.latent(torch.rand(8, POINTS)) for n in networks], 1).mean(0)
    merged = PairEnsemble(networks, mean).eval()
    head = Head(**{name: value.numpy() for name, value in merged.head_arrays().items()})
    return Additive(merged, head, Geometry(34, 4, 205))


def spectra(count: int) -> np.ndarray:
    return np.random.default_rng(1).random((count, POINTS), dtype=np.float32)


def test_many_at_once_give_the_tools_account():
    explainer, vectors = ensemble(), spectra(4)
    groups = np.array([0, 3, 9, 16])
    latent = explainer.latent(vectors)
    for each, matrix, g in zip(
        evidence_of(latent, explainer.head, groups), latent, groups, strict=True
    ):
        expected = position_contributions(matrix, explainer.head)[g]
        assert each.positions == pytest.approx(expected, abs=1e-4)
        assert each.pairs == pytest.approx(pair_contributions(matrix, explainer.head, g), abs=1e-4)


def test_pairs_shared_half_and_half_leave_the_sum():
    explainer = ensemble()
    for each in explainer.evidence(spectra(3), np.array([0, 5, 9])):
        assert each.halved.total == pytest.approx(each.total)
        assert each.halved.pairs is None


def test_a_region_owes_nothing_to_what_its_columns_cannot_see():
    explainer, vectors, groups = ensemble(), spectra(3), np.array([0, 5, 9])
    regions = [e.regions()[0].columns for e in explainer.evidence(vectors, groups)]
    before, after = occluded(explainer, vectors, groups, regions).T
    assert np.abs(before).min() > 1e-4
    assert after == pytest.approx(before, abs=1e-6)


def dense() -> DenseNetwork:
    torch.manual_seed(0)
    network = DenseNetwork(17, first=4, width=8, channels=4, residuals=1, hidden=32, dropout=0.0)
    for _ in range(10):
        network(torch.rand(16, POINTS))
    return network.eval()


def test_integrated_gradients_add_up_and_leak():
    """Complete, by their axiom; but what a dense head adds to a region depends on all the rest."""
    network, vectors, groups = dense(), spectra(3), np.array([0, 5, 9])
    attributed = integrated(network, vectors, groups, steps=1000).sum(1)
    explainer = Gradient(network, Geometry(34, 4, 205))
    risen = explainer.logits(vectors, groups) - explainer.logits(np.zeros_like(vectors), groups)
    assert attributed == pytest.approx(risen, abs=0.03 * float(np.abs(risen).max()))
    regions = [e.regions()[0].columns for e in explainer.evidence(vectors, groups)]
    before, after = occluded(explainer, vectors, groups, regions).T
    assert np.abs(after - before).max() > 1e-3


def test_integrated_gradients_of_a_weighted_sum_are_its_terms():
    weights = torch.linspace(-1, 1, POINTS)

    class Sum(torch.nn.Module):
        def forward(self, spectrum):
            return (spectrum @ weights)[:, None], spectrum

    vectors = spectra(2)
    found = integrated(Sum(), vectors, np.zeros(2, int))
    assert found == pytest.approx(vectors * weights.numpy(), abs=1e-5)


def test_best_regions_hold_most_and_do_not_overlap():
    positions = np.array([0, 5, 5, 0, 0, 0, 3, 0, 1, 1, 1.0])
    found = best_regions(positions, [2, 3, 1])
    assert [(each.columns, each.contribution) for each in found] == [
        ((1, 3), 10.0),
        ((6, 9), 4.0),
        ((9, 10), 1.0),
    ]


def test_a_region_on_the_nitrile_band_agrees_and_one_elsewhere_does_not():
    geometry = Geometry(34, 4, 205)
    column = int((2245 - in_cm1(*geometry.cells((0, 1)))[0]) // (4 * GRID.spacing_cm1))
    on = Found((column, column + 1), 2.0, column)
    off = Found((10, 12), 1.0, 10)
    assert hits_of([on, off], "nitrile", geometry)[:2] == [1.0, 1.0]
    assert hits_of([off, on], "nitrile", geometry)[:2] == [0.0, 1.0]
    assert hits_of([off], "nitrile", geometry)[:2] == [0.0, 0.0]
    against = Found((column, column + 1), -2.0, column)
    assert hits_of([against], "nitrile", geometry)[:2] == [0.0, 0.0]


def test_places_off_the_textbook_are_named_by_how_common_they_are():
    places = np.array([1010.0, 2990.0, 1020.0, 3010.0, 2985.0])
    assert common_places(places, 10) == [[3000.0, 0.3], [1000.0, 0.2]]
    assert common_places(np.array([]), 10) == []


def test_chance_is_the_share_of_places_that_would_meet_a_band(monkeypatch: pytest.MonkeyPatch):
    """A region of 35 cm-1 meets a band at 2215-2260 when it starts between 2180 and 2260."""
    band = Band("nitrile", 2215, 2260, "C≡N stretch", "medium", "")
    monkeypatch.setattr(agreement, "bands_of", lambda group: (band,))
    assert random_overlap("nitrile", 35.0) == pytest.approx(80 / (3400 - 35), abs=2e-3)


def test_likeness_of_an_explanation_with_itself_is_one():
    explainer = ensemble()
    evidence = explainer.evidence(spectra(3), np.array([0, 5, 9]))
    overlaps, ranks = likeness(evidence, evidence, explainer.geometry)
    assert overlaps == pytest.approx(1.0)
    assert ranks == pytest.approx(1.0)


def test_overlap_and_rank_correlation():
    assert jaccard([(0, 10)], [(5, 15)]) == pytest.approx(1 / 3)
    assert jaccard([(0, 10), (20, 30)], [(0, 10)]) == pytest.approx(1 / 2)
    assert jaccard([], []) == 0.0
    rising = np.array([1.0, 2.0, 30.0])
    assert rank_correlation(rising, np.exp(rising)) == pytest.approx(1.0)
    assert rank_correlation(rising, -rising) == pytest.approx(-1.0)
    assert rank_correlation(rising, np.ones(3)) == 0.0


def test_disturbances_do_what_their_names_say():
    x = np.arange(POINTS) * GRID.spacing_cm1
    width = 8 / np.sqrt(8 * np.log(2))
    line = np.exp(-0.5 * ((x - x[400]) / width) ** 2).astype(np.float32)
    centre = (shifted(line) * x).sum() / shifted(line).sum()
    assert centre - x[400] == pytest.approx(2.0, abs=0.01)
    spread = np.sqrt((blurred(line) * (x - x[400]) ** 2).sum() / blurred(line).sum())
    assert spread == pytest.approx(2 * width, rel=0.02)
    flat = np.full(POINTS, 0.5, np.float32)
    flat[400] = 1
    assert noisy(flat)[:400].std() == pytest.approx(0.01, rel=0.15)


@pytest.mark.parametrize("part", ["head", "body"])
def test_shuffled_weights_are_the_same_numbers_elsewhere(part: str):
    torch.manual_seed(0)
    network = Rieger2023().eval()
    twin = scrambled(network, part, spectra(8))
    changed = set()
    for name, weight in network.named_parameters():
        other = dict(twin.named_parameters())[name]
        assert torch.equal(weight.flatten().sort()[0], other.flatten().sort()[0])
        if not torch.equal(weight, other):
            changed.add(name.split(".")[0])
    assert changed == {part}


def test_means_weigh_groups_or_calls():
    values, groups = np.array([1.0, 1.0, 4.0]), np.array([0, 0, 2])
    equal, calls = np.ones(3), np.array([30.0, 0.0, 10.0])
    assert summary.mean(values, groups, equal) == pytest.approx(2.5)
    assert summary.mean(values, groups, calls) == pytest.approx(1.75)


def test_an_interval_holds_its_ratio_and_shrinks_with_the_number_of_calls():
    random = np.random.default_rng(0)
    above, below = 4 + random.normal(size=800), 2 + random.normal(size=800)
    groups = np.arange(800) % 4
    few = slice(0, 80)
    value, low, high = summary.ratio(above, below, groups, np.ones(4))
    _, wide_low, wide_high = summary.ratio(above[few], below[few], groups[few], np.ones(4))
    assert low < value < high
    assert value == pytest.approx(2, abs=0.15)
    assert high - low < wide_high - wide_low
