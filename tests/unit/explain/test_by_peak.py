"""The sum told by peaks: exact, each peak once, the same in single and double precision."""

from __future__ import annotations

import numpy as np
import pytest
import synthetic
from heads import direct_logits, random_head
from hypothesis import given, settings
from hypothesis import strategies as st

from irclassify.batch.explanations import explain_source
from irclassify.classifier import Classifier
from irclassify.explain import by_peak
from irclassify.explain.by_peak import nearest, straighten
from irclassify.explain.contributions import column_shares, position_terms
from irclassify.explain.peaks import Curve, extents
from irclassify.model.folder import ModelSpec
from irclassify.model.preprocessing import to_grid
from irclassify.sources.paths import expand


@given(seed=st.integers(0, 2**32 - 1), factors=st.integers(0, 4), positions=st.integers(1, 20))
@settings(max_examples=30, deadline=None)
def test_columns_with_half_of_their_pairs_add_up_to_the_logit_in_either_precision(
    seed, factors, positions
):
    rng = np.random.default_rng(seed)
    head = random_head(rng, 2, factors, (3, positions))
    latent = rng.normal(size=(4, 3, positions)).astype(np.float32)
    expected = np.array([direct_logits(one, head) for one in latent])
    size = 1 + np.abs(expected).max() + np.abs(latent).sum() ** 2
    for dtype, rounding in ((np.float64, 1e-12), (np.float32, 1e-6)):
        shares = column_shares(*position_terms(latent, head, dtype), head.mix)
        assert shares.dtype == dtype
        assert np.allclose(head.bias + shares.sum(2), expected, rtol=0, atol=rounding * size)


@pytest.mark.parametrize("bands", [synthetic.ESTER, synthetic.KETONE, synthetic.ALCOHOL])
def test_bias_peaks_and_no_peak_are_the_logit(tmp_path, tiny: ModelSpec, bands):
    file = tmp_path / "one.jdx"
    file.write_text(synthetic.jdx(bands), encoding="utf-8")
    (source,) = expand([str(file)])
    explanation = explain_source(source, tiny)
    assert [peak.number for peak in explanation.peaks] == list(range(1, len(bands) + 1))
    made = sorted((cm1 for cm1, _, _ in bands), reverse=True)
    assert [peak.cm1 for peak in explanation.peaks] == pytest.approx(made, abs=2)
    for group in explanation.groups:
        assert [share.number for share in group.by_peak] == [p.number for p in explanation.peaks]
        told = group.bias + group.no_peak + sum(share.contribution for share in group.by_peak)
        assert told == pytest.approx(group.logit, abs=1e-4)


def test_every_column_belongs_to_one_peak_or_to_none(tiny: ModelSpec):
    found = extents(Curve.of(synthetic.spectrum(synthetic.ESTER)))
    owners = nearest(found, tiny)
    assert owners.shape == (len(found) + 1, tiny.latent.positions)
    assert (owners.sum(0) == 1).all()
    assert owners[-1].any()
    centres = np.asarray(tiny.centres_cm1())
    for each, row in zip(found, owners, strict=False):
        assert abs(centres[row > 0] - each.band.cm1).min() < 16
    assert (nearest([], tiny) == 1).all()


def test_straightening_changes_the_spectrum_only_inside_the_band(tiny: ModelSpec):
    spectrum = synthetic.spectrum(synthetic.ESTER)
    grid = to_grid(spectrum, tiny.preprocessing)
    axis = tiny.preprocessing.grid.wavenumber
    for each in extents(Curve.of(spectrum)):
        (changed,) = straighten(grid, [each], tiny).grids
        outside = (axis < each.low) | (axis > each.high)
        assert np.array_equal(changed[outside], grid[outside])
        inside = ~outside
        assert changed[inside].max() < 0.2 * grid[inside].max()


def test_bands_in_one_copy_change_columns_as_each_does_alone(tiny: ModelSpec):
    near = (1690.0, 0.6, 12.0)  # to the carbonyl at 1746: the same columns see both
    spectrum = synthetic.spectrum((*synthetic.ESTER, *synthetic.ALCOHOL, near))
    grid = to_grid(spectrum, tiny.preprocessing)
    found = extents(Curve.of(spectrum))
    latent = Classifier(tiny, threads=1).latent
    (whole,) = latent(grid[None])
    together = straighten(grid, found, tiny)
    changed = latent(together.grids)
    assert 1 < len(together.grids) < len(found)
    for each, copy, (first, end) in zip(found, together.copy, together.columns, strict=True):
        (alone,) = latent(straighten(grid, [each], tiny).grids)
        assert np.array_equal(changed[copy, :, first:end], alone[:, first:end])
        alone[:, first:end] = whole[:, first:end]
        assert np.array_equal(alone, whole)  # no other column sees the band


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 6)), max_size=12))
def test_spans_of_one_copy_share_no_column(spans):
    columns = [(first, first + size) for first, size in spans]
    copies = by_peak._apart(columns)
    for copy in set(copies):
        held = [p for at, c in enumerate(copies) if c == copy for p in range(*columns[at])]
        assert len(held) == len(set(held))
