"""Our limits beside the conformal classifier of a maintained library, crepes (Boström 2022)."""

from __future__ import annotations

import numpy as np
import pytest

from train.calibrate.limits import raw_limits

crepes = pytest.importorskip("crepes", reason="pip install --group train")


@pytest.mark.parametrize("count", [12, 39, 40, 777])
@pytest.mark.parametrize("rate", [0.013, 0.05, 0.1, 0.33])
def test_limits_decide_as_class_conditional_prediction_sets(count: int, rate: float) -> None:
    random = np.random.default_rng(count)
    truth = random.random(count) < 0.3
    logits = np.round(random.normal(0, 2, count) + 2 * truth, 4)  # as many decimals as are stored
    new = np.round(random.normal(0.5, 3, 500), 4)
    (lower,), (upper,) = (
        side[:, 0] for side in raw_limits(truth[:, None], logits[:, None], [rate])
    )
    by_class = crepes.ConformalClassifier().fit(
        np.where(truth, -logits, logits), bins=truth.astype(int)
    )
    # A nonconformity score a class: without the group a high logit is odd, with it a low one.
    p = [
        by_class.predict_p(
            sign * new[:, None],
            bins=np.full(new.size, has),
            smoothing=False,
        )[:, 0]
        for has, sign in ((0, 1), (1, -1))
    ]
    # crepes keeps a class whose p-value equals the rate; to leave it out is as valid, and is ours.
    np.testing.assert_array_equal(new >= upper, p[0] <= rate + 1e-12)
    np.testing.assert_array_equal(new < lower, p[1] <= rate + 1e-12)
