"""Export: ONNX equals PyTorch or nothing is written, and the tool's account equals the logits."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import pytest
import torch
from heads import pair_contributions, position_contributions
from torch import nn

from irclassify.model.folder import installed_models
from irclassify.model.session import Model
from train.export.onnx import ParityError, check_parity, to_onnx
from train.networks.pair import PairEnsemble, PairNetwork, calibrated
from train.networks.rieger2023 import Rieger2023

EXAMPLES = np.random.default_rng(0).random((64, 850), dtype=np.float32)


def pairs() -> nn.Module:
    torch.manual_seed(0)
    networks = [
        PairNetwork(17, first=8, width=8, channels=4, residuals=1, factors=5, dropout=0.2).eval()
        for _ in range(2)
    ]
    return PairEnsemble(networks, torch.rand(8, 205)).eval()


@pytest.mark.parametrize("network", [Rieger2023(members=2).eval(), pairs()], ids=["paper", "pairs"])
def test_onnx_equals_pytorch_and_names_no_folder(network: nn.Module, tmp_path: Path) -> None:
    graph = tmp_path / "model.onnx"
    to_onnx(network, graph, EXAMPLES)
    check_parity(network, graph, EXAMPLES)
    model = onnx.load(graph)
    for weights in model.graph.initializer:
        weights.ClearField("raw_data")  # where any three letters turn up by chance
    assert b".py" not in model.SerializeToString()
    assert [output.name for output in model.graph.output] == ["logits", "latent"]
    with torch.no_grad():
        next(network.parameters()).mul_(1.5)
    with pytest.raises(ParityError):
        check_parity(network, graph, EXAMPLES)


@pytest.mark.parametrize("network", [Rieger2023().eval(), pairs()], ids=["paper", "pairs"])
def test_calibration_in_the_head_is_slope_and_intercept_on_every_logit(network: nn.Module) -> None:
    slope, intercept = np.linspace(0.5, 2, 17), np.linspace(-1, 1, 17)
    spectra = torch.from_numpy(EXAMPLES)
    with torch.no_grad():
        before = network(spectra)[0].numpy()
        after = calibrated(network, slope, intercept)(spectra)[0].numpy()
        assert network(spectra)[0].numpy() == pytest.approx(before)  # the original is untouched
    assert after == pytest.approx(slope * before + intercept, abs=1e-4)


@pytest.mark.parametrize("spec", list(installed_models()), ids=lambda spec: spec.name)
def test_a_shipped_models_head_gives_its_logits(spec) -> None:
    logits, latent = Model(spec).run(EXAMPLES[:4])
    for row, matrix in zip(logits, latent, strict=True):
        positions = position_contributions(matrix, spec.head).sum(1)
        both = [pair_contributions(matrix, spec.head, g).sum() for g in range(len(row))]
        assert spec.head.bias + positions + both == pytest.approx(row, abs=1e-3, rel=1e-4)
