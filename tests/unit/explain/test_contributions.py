"""What each stretch of the spectrum adds to a logit, of many spectra at a time."""

from __future__ import annotations

import numpy as np
import pytest

from irclassify.explain.contributions import Account, stretches
from irclassify.model.folder import find_model


@pytest.mark.parametrize("model", ["default", "rieger2023"])
def test_totals_are_own_and_shared_contributions_together(model: str):
    spec = find_model(model)
    pieces = stretches(spec, 50.0)
    account = Account(spec.head.rows(range(len(spec.groups))), pieces)
    shape = (3, spec.latent.channels, spec.latent.positions)
    latent = np.random.default_rng(0).exponential(0.3, shape).astype(np.float32)
    own, shared = account(latent)
    totals = account.totals(latent)
    assert totals.shape == (3, len(spec.groups), len(pieces))
    np.testing.assert_allclose(totals, own + shared, atol=2e-5 * np.abs(totals).max())
    assert shared.any() == (model == "default")
