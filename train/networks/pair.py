"""Networks of single positions and pairs of positions, and several of them averaged into one."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn

from train.arrays import Floats
from train.networks import POINTS


class Residual(nn.Module):
    """Two unpadded convolutions beside a shortcut: sees four more columns, keeps the channels."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.branch = nn.Sequential(
            nn.Conv2d(channels, channels, (1, 3), bias=False),
            nn.BatchNorm2d(channels),
            nn.ReLU(),
            nn.Conv2d(channels, channels, (1, 3), bias=False),
            nn.BatchNorm2d(channels),
        )

    def forward(self, columns: Tensor) -> Tensor:
        """(n, channels, 1, p) -> (n, channels, 1, p - 4)."""
        return torch.relu(columns[..., 2:-2] + self.branch(columns))


class CroppingResidual(nn.Module):
    """A Residual whose crop is a convolution of every channel with (0, 0, 1, 0, 0).

    The same numbers; onnxruntime adds the result to the branch without leaving its own layout,
    which takes 15 % less time for the whole network.
    """

    def __init__(self, residual: Residual) -> None:
        super().__init__()
        channels = residual.branch[0].in_channels
        self.branch = residual.branch
        self.crop = nn.Conv2d(channels, channels, (1, 5), groups=channels, bias=False)
        with torch.no_grad():
            self.crop.weight.zero_()
            self.crop.weight[..., 2] = 1

    def forward(self, columns: Tensor) -> Tensor:
        """(n, channels, 1, p) -> (n, channels, 1, p - 4)."""
        return torch.relu(self.crop(columns) + self.branch(columns))


def local_body(first: int, width: int, channels: int, residuals: int) -> nn.Sequential:
    """Two views of a spectrum (n, 2, 1, 850) -> columns (n, channels, 1, positions), stride 4.

    Images one point high rather than lines: onnxruntime runs these twice as fast, and torch trains
    them a third faster with the channels last. Every convolution is followed by its normalisation,
    so that onnxruntime makes one of both. ``channels`` 0: the columns of the last residual.
    """
    layers: list[nn.Module] = [
        nn.Conv2d(2, first, (1, 7), bias=False),
        nn.BatchNorm2d(first),
        nn.ReLU(),
        nn.MaxPool2d((1, 2)),
        nn.Conv2d(first, width, (1, 5), bias=False),
        nn.BatchNorm2d(width),
        nn.ReLU(),
        nn.MaxPool2d((1, 2)),
        *(Residual(width) for _ in range(residuals)),
    ]
    if channels:
        layers += [
            nn.Conv2d(width, channels, 1, bias=False),
            nn.BatchNorm2d(channels, affine=False),
            nn.ReLU(),
        ]
    return nn.Sequential(*layers).to(memory_format=torch.channels_last)


class PairNetwork(nn.Module):
    """Local convolutions, then a head of positions and pairs of positions.

    With the flattened latent matrix z: logit_g = b_g + w_g.z + sum_r C[g,r] (A_r.z)(B_r.z), an
    exact sum of single positions and pairs. A latent column sees ``receptive_field`` grid points.
    The input is the spectrum and its square root, which lifts weak bands.
    """

    STRIDE = 4
    # The mean of a standard normal after ReLU: dropout then drops deviations, not presence.
    CENTRE = 0.4

    def __init__(  # noqa: PLR0913 - the sizes of its layers
        self,
        outputs: int,
        *,
        first: int,
        width: int,
        channels: int,
        residuals: int,
        factors: int,
        dropout: float,
        pooled: int = 0,
    ) -> None:
        """``pooled``: in training the head also sees means of so many neighbouring columns, a
        prior for weights that change slowly along the axis. They are linear in the latent matrix:
        ``unpooled_head`` gives the same head without them.
        """
        super().__init__()
        self.receptive_field = 18 + 16 * residuals
        self.body = local_body(first, width, channels, residuals)
        self.channels, self.pooled = channels, pooled
        self.positions = 209 - 4 * residuals
        size = channels * (self.positions + (self.positions // pooled if pooled else 0))
        self.dropout = nn.Dropout(dropout)
        self.single = nn.Linear(size, outputs)
        self.left = nn.Linear(size, factors)
        self.right = nn.Linear(size, factors)
        self.mix = nn.Linear(factors, outputs, bias=False)
        for layer, spread in (
            (self.single, 0.01),
            (self.left, size**-0.5),
            (self.right, size**-0.5),
            (self.mix, 0.3 * max(factors, 1) ** -0.5),
        ):
            nn.init.normal_(layer.weight, std=spread)

    def latent(self, spectrum: Tensor) -> Tensor:
        """(n, 850) -> (n, channels, positions), not negative."""
        return self.body(two_views(spectrum)).squeeze(2)

    def forward(self, spectrum: Tensor) -> tuple[Tensor, Tensor]:
        """(n, 850) -> logits (n, outputs), latent (n, channels, positions)."""
        latent = self.latent(spectrum)
        with torch.autocast(spectrum.device.type, enabled=False):
            z = self.dropout(latent.float() - self.CENTRE)
            features = z.flatten(1)
            if self.pooled:
                means = nn.functional.avg_pool1d(z, self.pooled) * self.pooled**0.5
                features = torch.cat([features, means.flatten(1)], 1)
            return self.single(features) + self.mix(
                self.left(features) * self.right(features)
            ), latent


def two_views(spectrum: Tensor) -> Tensor:
    """(n, points) -> (n, 2, 1, points): the spectrum, not below zero, and its square root."""
    spectrum = spectrum.clamp(min=0)
    views = torch.stack([spectrum, spectrum.sqrt()], 1).unsqueeze(2)
    return views.contiguous(memory_format=torch.channels_last)


class PairEnsemble(nn.Module):
    """Pair networks averaged into one: latent matrices stacked, every logit still one exact sum.

    Its head is written around a reference latent matrix, d = z - reference, with the same arrays as
    irclassify.model.head.Head: main effects and pairs are then deviations from the reference, and
    the logits do not change, but for the rounding of the large matrices to half precision, which
    halves the size of the model.
    """

    def __init__(self, networks: Sequence[PairNetwork], reference: Tensor) -> None:
        """``reference``: (members * channels, positions), see ``no_absorption``."""
        super().__init__()
        self.bodies = nn.ModuleList(cropping(network.body) for network in networks)
        parts = reference.double().chunk(len(networks))
        heads = [centred(n, part) for n, part in zip(networks, parts, strict=True)]
        count = len(heads)
        self.register_buffer("reference", reference.float())
        self.register_buffer("bias", sum(h["bias"] for h in heads).float() / count)
        self.register_buffer("weight", (torch.cat([h["weight"] for h in heads], 1) / count).half())
        self.register_buffer("left", torch.cat([h["left"] for h in heads]).half())
        self.register_buffer("right", torch.cat([h["right"] for h in heads]).half())
        self.register_buffer("mix", torch.cat([h["mix"] for h in heads], 1).float() / count)

    def latent(self, spectrum: Tensor) -> Tensor:
        """(n, 850) -> (n, members * channels, positions)."""
        views = two_views(spectrum)
        return torch.cat([body(views) for body in self.bodies], 1).squeeze(2)

    def forward(self, spectrum: Tensor) -> tuple[Tensor, Tensor]:
        """(n, 850) -> logits (n, outputs), latent (n, members * channels, positions)."""
        latent = self.latent(spectrum)
        d = latent - self.reference
        members = len(self.bodies)
        factors = [
            nn.functional.linear(own.flatten(1), left.flatten(1).float())
            * nn.functional.linear(own.flatten(1), right.flatten(1).float())
            for own, left, right in zip(
                d.chunk(members, 1),
                self.left.chunk(members),
                self.right.chunk(members),
                strict=True,
            )
        ]
        single = nn.functional.linear(d.flatten(1), self.weight.flatten(1).float(), self.bias)
        return single + nn.functional.linear(torch.cat(factors, 1), self.mix), latent

    def only(self, outputs: Sequence[int]) -> PairEnsemble:
        """A copy with some of the outputs, by number."""
        twin, chosen = copy.deepcopy(self), torch.tensor(list(outputs))
        for name in ("bias", "weight", "mix"):
            setattr(twin, name, getattr(self, name)[chosen])
        return twin

    def rescale(self, slope: Tensor, intercept: Tensor) -> None:
        """Make every logit slope * logit + intercept, both (outputs,): calibration, in place."""
        self.weight.copy_(self.weight * slope[:, None, None])
        self.mix *= slope[:, None]
        self.bias.copy_(slope * self.bias + intercept)

    def head_arrays(self) -> dict[str, Tensor]:
        """The arrays of irclassify.model.head.Head."""
        return dict(self.named_buffers(recurse=False))


def no_absorption(networks: Sequence[PairNetwork]) -> Tensor:
    """The reference of contributions: the latent matrices of a spectrum without absorption.

    A region then says what its bands add, and what was not measured adds nothing. Relative to the
    average training spectrum, the other natural choice, it would say how a spectrum differs from
    that one.
    """
    with torch.no_grad():
        return torch.cat([network.latent(torch.zeros(1, POINTS))[0] for network in networks])


def calibrated(network: nn.Module, slope: Floats, intercept: Floats) -> nn.Module:
    """The same network with Platt's slope and intercept in its head: sigmoid(logit) is calibrated.

    A linear rescaling of each logit, so the sum stays exact and its parts are in calibrated units.
    """
    twin = copy.deepcopy(network)
    twin.rescale(torch.tensor(slope).float(), torch.tensor(intercept).float())
    return twin


def cropping(body: nn.Sequential) -> nn.Sequential:
    """A copy of a body for onnxruntime, which gives the same numbers."""
    layers = copy.deepcopy(body)
    return nn.Sequential(
        *(CroppingResidual(layer) if isinstance(layer, Residual) else layer for layer in layers)
    ).eval()


def centred(network: PairNetwork, reference: Tensor) -> dict[str, Tensor]:
    """A network's head in double precision, rewritten around ``reference`` (channels, positions).

    With z = reference + d, each product (a + A.d)(b + B.d) gives its constant to the bias and its
    linear parts to the single positions; what is left is a product of deviations.
    """
    state = unpooled_head(network)
    start = reference.flatten() - network.CENTRE
    left, right, mix = state["left.weight"], state["right.weight"], state["mix.weight"]
    a = left @ start + state["left.bias"]
    b = right @ start + state["right.bias"]
    weight = state["single.weight"] + mix @ (a[:, None] * right + b[:, None] * left)
    bias = state["single.weight"] @ start + state["single.bias"] + mix @ (a * b)
    shape = (-1, *reference.shape)
    return {
        "bias": bias,
        "weight": weight.reshape(shape),
        "left": left.reshape(shape),
        "right": right.reshape(shape),
        "mix": mix,
    }


def unpooled_head(network: PairNetwork) -> dict[str, Any]:
    """The head's state in double precision, for the latent matrix alone: what the means of
    neighbouring columns add belongs to those columns."""
    state = {name: value.double() for name, value in network.state_dict().items()}
    if not network.pooled:
        return state
    width, count = network.pooled, network.positions // network.pooled
    size = network.channels * network.positions
    for name in ("single.weight", "left.weight", "right.weight"):
        fine = state[name][:, :size].reshape(-1, network.channels, network.positions).clone()
        means = state[name][:, size:].reshape(-1, network.channels, count)
        fine[..., : count * width] += means.repeat_interleave(width, 2) * width**-0.5
        state[name] = fine.flatten(1)
    return state


class DenseNetwork(nn.Module):
    """The same local convolutions under a hidden layer: no exact sum, so never shipped."""

    def __init__(
        self,
        outputs: int,
        *,
        first: int,
        width: int,
        channels: int,
        residuals: int,
        hidden: int,
        dropout: float,
    ) -> None:
        super().__init__()
        self.body = local_body(first, width, channels, residuals)
        self.head = nn.Sequential(
            nn.Dropout(dropout),
            nn.Linear(channels * (209 - 4 * residuals), hidden),
            nn.BatchNorm1d(hidden),
            nn.ReLU(),
            nn.Dropout(dropout),
            nn.Linear(hidden, outputs),
        )

    def forward(self, spectrum: Tensor) -> tuple[Tensor, Tensor]:
        """(n, 850) -> logits (n, outputs), latent (n, channels, positions)."""
        latent = self.body(two_views(spectrum)).squeeze(2)
        with torch.autocast(spectrum.device.type, enabled=False):
            return self.head(latent.float().flatten(1) - PairNetwork.CENTRE), latent
