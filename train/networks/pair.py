"""Networks of single positions and pairs of positions, and several of them averaged into one."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from train.networks import GROUP_COUNT


class Residual(nn.Module):
    """Two unpadded convolutions beside a shortcut: sees four more columns, keeps the channels."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.branch = nn.Sequential(
            nn.BatchNorm2d(channels),
            nn.ReLU(),
            nn.Conv2d(channels, channels, (1, 3), bias=False),
            nn.BatchNorm2d(channels),
            nn.ReLU(),
            nn.Conv2d(channels, channels, (1, 3)),
        )

    def forward(self, columns: Tensor) -> Tensor:
        """(n, channels, 1, p) -> (n, channels, 1, p - 4)."""
        return columns[..., 2:-2] + self.branch(columns)


def local_body(
    width: int, channels: int, residuals: int, kernels: Sequence[int] = (7, 5)
) -> nn.Sequential:
    """Two views of a spectrum (n, 2, 1, 850) -> columns (n, channels, 1, positions), stride 4.

    Images one point high rather than lines: onnxruntime runs these twice as fast, and torch trains
    them a third faster with the channels last.
    """
    first, second = kernels
    layers = nn.Sequential(
        nn.Conv2d(2, width // 2, (1, first)),
        nn.BatchNorm2d(width // 2),
        nn.ReLU(),
        nn.MaxPool2d((1, 2)),
        nn.Conv2d(width // 2, width, (1, second)),
        nn.BatchNorm2d(width),
        nn.ReLU(),
        nn.MaxPool2d((1, 2)),
        *(Residual(width) for _ in range(residuals)),
        nn.BatchNorm2d(width),
        nn.ReLU(),
        nn.Conv2d(width, channels, 1),
        nn.BatchNorm2d(channels, affine=False),
        nn.ReLU(),
    )
    return layers.to(memory_format=torch.channels_last)


class PairNetwork(nn.Module):
    """Local convolutions, then a head of positions and pairs of positions.

    With the flattened latent matrix z: logit_g = b_g + w_g.z + sum_r C[g,r] (A_r.z)(B_r.z), an
    exact sum of single positions and pairs. A latent column sees ``receptive_field`` grid points.
    The input is the spectrum and its square root, which lifts weak bands.
    """

    STRIDE = 4

    def __init__(
        self,
        width: int,
        channels: int,
        residuals: int,
        factors: int,
        dropout: float,
        kernels: Sequence[int] = (7, 5),
        outputs: int = GROUP_COUNT,
    ) -> None:
        """``kernels`` of the two convolutions before the residuals; ``factors`` 0: no pairs."""
        super().__init__()
        first, second = kernels
        self.receptive_field = first + 2 * second + 1 + 16 * residuals
        self.body = local_body(width, channels, residuals, kernels)
        self.channels = channels
        self.positions = ((850 - first + 1) // 2 - second + 1) // 2 - 4 * residuals
        size = channels * self.positions
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

    # The mean of a standard normal after ReLU: dropout then drops deviations, not presence.
    CENTRE = 0.4

    def latent(self, spectrum: Tensor) -> Tensor:
        """(n, 850) -> (n, channels, positions), not negative."""
        views = two_views(spectrum).contiguous(memory_format=torch.channels_last)
        return self.body(views).squeeze(2)

    def forward(self, spectrum: Tensor) -> tuple[Tensor, Tensor]:
        """(n, 850) -> logits (n, 17), latent (n, channels, positions)."""
        latent = self.latent(spectrum)
        z = self.dropout(latent.flatten(1) - self.CENTRE)
        return self.single(z) + self.mix(self.left(z) * self.right(z)), latent

    def only(self, outputs: int) -> PairNetwork:
        """Forget all but the first ``outputs`` logits, in place."""
        for layer in (self.single, self.mix):
            layer.weight = nn.Parameter(layer.weight[:outputs].detach().clone())
            layer.out_features = outputs
        self.single.bias = nn.Parameter(self.single.bias[:outputs].detach().clone())
        return self


def two_views(spectrum: Tensor) -> Tensor:
    """(n, points) -> (n, 2, 1, points): the spectrum, not below zero, and its square root."""
    spectrum = spectrum.clamp(min=0)
    return torch.stack([spectrum, spectrum.sqrt()], 1).unsqueeze(2)


class PairEnsemble(nn.Module):
    """Pair networks averaged into one: latent matrices stacked, every logit still one exact sum.

    Its head is written around a reference latent matrix, d = z - reference, with the same arrays as
    irclassify.model.folder.Head: main effects and pairs are then deviations from it, and the
    logits do not change, but for the rounding of the factors to half precision, which halves the
    size of the model.
    """

    def __init__(self, networks: Sequence[PairNetwork], reference: Tensor) -> None:
        """``reference``: (members * channels, positions), see train/calibrate/averaged.py."""
        super().__init__()
        self.bodies = nn.ModuleList(network.body for network in networks)
        parts = reference.double().chunk(len(networks))
        heads = [centred(n, part) for n, part in zip(networks, parts, strict=True)]
        count = len(heads)
        self.register_buffer("reference", reference.float())
        self.register_buffer("bias", sum(h["bias"] for h in heads).float() / count)
        self.register_buffer("weight", torch.cat([h["weight"] for h in heads], 1).float() / count)
        self.register_buffer("left", torch.cat([h["left"] for h in heads]).half())
        self.register_buffer("right", torch.cat([h["right"] for h in heads]).half())
        self.register_buffer("mix", torch.cat([h["mix"] for h in heads], 1).float() / count)

    def latent(self, spectrum: Tensor) -> Tensor:
        """(n, 850) -> (n, members * channels, positions)."""
        views = two_views(spectrum)
        return torch.cat([body(views) for body in self.bodies], 1).squeeze(2)

    def forward(self, spectrum: Tensor) -> tuple[Tensor, Tensor]:
        """(n, 850) -> logits (n, 17), latent (n, members * channels, positions)."""
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
        single = nn.functional.linear(d.flatten(1), self.weight.flatten(1), self.bias)
        return single + nn.functional.linear(torch.cat(factors, 1), self.mix), latent

    def rescale(self, slope: Tensor, intercept: Tensor) -> None:
        """Make every logit slope * logit + intercept, both (17,): calibration, in place."""
        self.weight *= slope[:, None, None]
        self.mix *= slope[:, None]
        self.bias.copy_(slope * self.bias + intercept)

    def head_arrays(self) -> dict[str, Tensor]:
        """The arrays of irclassify.model.folder.Head."""
        return dict(self.named_buffers(recurse=False))


def centred(network: PairNetwork, reference: Tensor) -> dict[str, Tensor]:
    """A network's head in double precision, rewritten around ``reference`` (channels, positions).

    With z = reference + d, each product (a + A.d)(b + B.d) gives its constant to the bias and its
    linear parts to the single positions; what is left is a product of deviations.
    """
    state = {name: value.double() for name, value in network.state_dict().items()}
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
