"""Details stand below their groups, phases are inferred, and the most specific names are shown."""

from __future__ import annotations

import numpy as np
import pytest
import synthetic
from command_line import DETAILS
from heads import position_contributions
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from irclassify.classifier import Classifier
from irclassify.model.calibration import ABSENT, PRESENT
from irclassify.model.folder import load_spec, models_folder
from irclassify.model.predicted import Predicted
from irclassify.results.prediction import GroupCall, Prediction

SPEC = load_spec(DETAILS)
GROUPS = len(SPEC.groups)
OUTPUTS = len(SPEC.outputs)
PHASES = ("gas", "condensed", "atr")

random_logits = arrays(
    np.float64, (4, OUTPUTS + len(PHASES)), elements=st.floats(-20, 20, allow_nan=False)
)
random_phases = st.lists(st.sampled_from([*PHASES, None]), min_size=4, max_size=4)
random_rates = st.sampled_from([0.01, 0.05, 0.1, 0.3])


@given(logits=random_logits, phases=random_phases, rate=random_rates)
@settings(max_examples=200, deadline=None)
def test_a_present_detail_has_a_present_group_that_is_no_less_probable(logits, phases, rate):
    found = Predicted.of(logits, phases, SPEC, rate)
    for column, parent in enumerate(found.details.parents):
        if parent is None:
            continue
        above = found.groups.index(parent)
        calls, group_calls = found.details.calls[:, column], found.calls[:, above]
        assert (group_calls[calls == PRESENT] == PRESENT).all()
        assert (calls[group_calls == ABSENT] == ABSENT).all()
        assert (found.details.probabilities[:, column] <= found.probabilities[:, above]).all()
        assert (found.details.best_guesses[:, column] <= found.best_guesses[:, above]).all()


@given(logits=random_logits, phases=random_phases, rate=random_rates)
@settings(max_examples=50, deadline=None)
def test_details_change_nothing_about_the_groups(logits, phases, rate):
    with_details = Predicted.of(logits, phases, SPEC, rate)
    lowered = logits.copy()
    lowered[:, GROUPS:OUTPUTS] = -20
    without = Predicted.of(lowered, phases, SPEC, rate)
    assert (with_details.calls == without.calls).all()
    assert (with_details.probabilities == without.probabilities).all()


@given(logits=random_logits)
@settings(max_examples=50, deadline=None)
def test_an_inferred_phase_weighs_the_scales_by_its_probability(logits):
    found = Predicted.of(logits, [None] * 4, SPEC)
    assert found.phase_weights.sum(1) == pytest.approx(1)
    assert found.phases == tuple(PHASES[at] for at in found.phase_weights.argmax(1))
    assert set(found.phase_sources) == {"inferred"}
    assert found.phase_probabilities == pytest.approx(found.phase_weights.max(1))
    slope = {"gas": 1.0, "condensed": 0.5, "atr": 1.0}
    mean = found.phase_weights @ [slope[phase] for phase in PHASES]
    assert found.logits == pytest.approx(mean[:, None] * logits[:, :GROUPS], abs=1e-9)


def test_a_stated_phase_counts_alone_and_its_own_probability_is_told():
    logits = np.zeros((2, OUTPUTS + 3))
    logits[:, -3] = 5.0  # looks like a gas
    found = Predicted.of(logits, ["atr", "gas"], SPEC)
    assert found.phases == ("atr", "gas")
    assert found.phase_sources == ("stated", "stated")
    assert found.phase_weights.tolist() == [[0, 0, 1], [1, 0, 0]]
    assert found.phase_probabilities[0] < 0.05
    assert found.phase_probabilities[1] > 0.9


def test_limits_are_the_safest_of_all_plausible_phases():
    logits = np.zeros((1, OUTPUTS + 3))
    logits[0, :GROUPS] = 0.3
    logits[0, -3:] = (3.0, 2.5, -5.0)  # gas and condensed are equally probable
    torn, sure = (Predicted.of(logits, [phase], SPEC) for phase in (None, "gas"))
    assert (sure.calls == PRESENT).all()
    assert (torn.calls != PRESENT).all()


def test_a_row_without_an_answer_has_no_details_either():
    classifier = Classifier(SPEC)
    points = SPEC.preprocessing.grid.wavenumber
    found = classifier.predict(points, np.stack([np.full(850, np.nan), np.sin(points / 100) + 1]))
    first, second = found.predictions()
    assert first is None
    assert second is not None
    assert len(second.details) == len(SPEC.details)
    assert np.isnan(found.details.probabilities[0]).all()


@pytest.mark.parametrize("phase", ["gas", "atr", None])
def test_contributions_add_up_whether_the_phase_is_stated_or_inferred(phase: str | None):
    classifier = Classifier(SPEC)
    spectrum = synthetic.spectrum(synthetic.ALCOHOL)
    why = classifier.contributions(
        spectrum.wavenumber, spectrum.absorbance, phase=phase, width_cm1=50
    )
    found = classifier.predict(spectrum.wavenumber, spectrum.absorbance, phase=phase)
    assert why.bias + why.total.sum(-1) == pytest.approx(found.logits, abs=1e-4)
    assert why.pairs(0, "ester").sum() == pytest.approx(
        why.shared[0, classifier.groups.index("ester")].sum(), abs=1e-5
    )


@pytest.mark.parametrize("phase", ["condensed", None])
def test_the_head_of_a_spectrum_accounts_for_groups_and_details(phase: str | None):
    classifier = Classifier(SPEC)
    random = np.random.default_rng(0)
    grids = random.random((8, 850)).astype(np.float32)
    said, latent = classifier.answer_grids(grids, [phase] * 8)
    for prediction, matrix in zip(said.predictions(), latent, strict=True):
        every = (*prediction.groups, *prediction.details)
        names = [call.name for call in every if call.name not in ("ester", "carboxylic_acid")]
        names = [name for name in names if name != "conjugated_ester"]  # these have pairs
        head = SPEC.head_of(prediction, names)
        sums = head.bias + position_contributions(matrix, head).sum(1)
        logits = {call.name: call.logit for call in every}
        assert sums == pytest.approx([logits[name] for name in names], abs=1e-3)


def call(name: str, call: str = "present", probability: float = 0.9, **more) -> GroupCall:
    return GroupCall(name, probability, call, 1.0, call, **more)


ETHER = call("ether", covers=("ester",))
ESTER = call("ester", probability=0.99)
LACTONE = call("lactone", parent="ester", probability=0.8)


@pytest.mark.parametrize(
    ("groups", "details", "shown"),
    [
        ((ESTER, ETHER), (), ["ester"]),
        ((ESTER, ETHER), (LACTONE,), ["lactone"]),
        ((ETHER,), (), ["ether"]),
        ((ETHER, ESTER), (call("dialkyl_ether", parent="ether"),), ["ester", "dialkyl_ether"]),
        ((call("ketone"),), (call("thiol", probability=0.95),), ["thiol", "ketone"]),
        ((call("ketone", "uncertain"),), (), []),
    ],
)
def test_what_is_present_is_shown_by_its_most_specific_names(groups, details, shown):
    prediction = Prediction("m@1", groups, details=details)
    assert [one.name for one in prediction.most_specific] == shown


def test_an_uncertain_detail_is_shown_only_below_a_present_group():
    unsure = call("lactone", "uncertain", 0.3, parent="ester")
    told = Prediction("m@1", (ESTER,), details=(unsure,)).shown_as("uncertain")
    untold = Prediction("m@1", (call("ester", "uncertain", 0.4),), details=(unsure,))
    assert [one.name for one in told] == ["lactone"]
    assert [one.name for one in untold.shown_as("uncertain")] == ["ester"]


@pytest.mark.parametrize(
    ("verdict", "probability", "base_rate", "shown"),
    [
        ("uncertain", 0.04, 0.0, "not seen"),
        ("uncertain", 0.05, 0.0, "uncertain"),
        ("uncertain", 0.2, 0.3, "not seen"),
        ("uncertain", 0.6, 0.9, "uncertain"),
        ("uncertain", 0.4, 0.9, "not seen"),
        ("absent", 0.01, 0.3, "absent"),
        ("present", 0.7, 0.9, "present"),
    ],
)
def test_an_uncertain_group_less_probable_than_before_is_not_seen(
    verdict, probability, base_rate, shown
):
    assert call("amine", verdict, probability, base_rate=base_rate).shown == shown


def test_the_default_model_never_calls_against_the_odds_and_knows_three_phases():
    spec = load_spec(models_folder() / "default")
    assert spec.confidence.phases == PHASES
    for scale in spec.confidence.scales.values():
        assert (scale.upper >= 0).all()
        assert (scale.lower <= 0).all()
        assert (scale.threshold == 0.5).all()
    assert len(spec.groups) == 17
    assert len(spec.details) > 40
    files = ("model.onnx", "head.npz")
    assert sum((spec.folder / name).stat().st_size for name in files) <= 10e6
    assert spec.window_cm1 <= 150
