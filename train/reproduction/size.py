"""Model size: parameters, and multiply-adds for one spectrum."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from train.fit.models import DEFAULT
from train.networks.rieger2023 import average, parameter_count
from train.reproduction.canvas import save_json
from train.reproduction.material import GRID, Material

NAME = "size"
PUBLISHED = [
    {"model": "Rieger et al. 2023", "parameters": 28_845},
    {"model": "Jung et al. 2023", "parameters": 64_000_000},
]


def draw(material: Material) -> dict[str, Any]:
    """Ours and the published ones."""
    seeds = len(material.networks)
    pair = DEFAULT.new_network()
    numbers = {
        "published": PUBLISHED,
        "ours": [
            _row("rieger2023-single", material.networks[0], 1),
            _row(f"rieger2023 ({seeds} averaged)", average(material.networks), 1),
            _row(f"default ({DEFAULT.seeds} pair networks averaged)", pair, DEFAULT.seeds),
        ],
    }
    save_json(numbers, NAME)
    return numbers


def _row(name: str, network: nn.Module, members: int) -> dict[str, Any]:
    return {
        "model": name,
        "parameters": parameter_count(network) * members,
        "multiply_adds": multiply_adds(network) * members,
    }


def multiply_adds(network: nn.Module) -> int:
    """Of the convolutions and linear layers, for one spectrum; other operations hardly count."""
    counter = FlopCounterMode(display=False)
    with torch.no_grad(), counter:
        network.eval()(torch.zeros(1, len(GRID)))
    return counter.get_total_flops() // 2
