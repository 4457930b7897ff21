"""What instruments and samples do to a spectrum, done at random to training batches.

Every step is a physical cause: wavenumber calibration (shift), line shape (broadening), detector
and sample thickness (power, saturation), penetration depth of ATR (a slope in wavenumber), sloping
baseline, noise, partial range, and the sum of two compounds.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from train.fit.atr import POINTS, WAVENUMBER, attenuated


@dataclass(frozen=True)
class Augmentation:
    """How strong each cause is.

    ``shift``: standard deviation in grid points. ``tilt``: standard deviation of the exponent of
    the wavenumber, twice its mean (ATR: 1). ``mixtures``: the share of sums of two compounds.
    ``attenuated``: the share that is turned into ATR spectra. ``strength`` scales everything else.
    """

    strength: float
    shift: float
    tilt: float
    mixtures: float
    attenuated: float = 0.0

    def __call__(self, spectra: Tensor, truth: Tensor) -> tuple[Tensor, Tensor]:
        """(n, points) with maximum 1 and labels (n, 17) in [0, 1] -> the same, disturbed."""
        s = self.strength
        if self.attenuated:
            some = torch.rand(len(spectra), 1) < self.attenuated
            spectra = torch.where(some, attenuated(spectra), spectra)
        spectra = broadened(shifted(spectra, self.shift), s).clamp(min=0)
        measured = (spectra > 0).float()
        spectra = tilted(spectra, self.tilt) ** torch.exp(0.2 * s * torch.randn(len(spectra), 1))
        spectra = spectra + (baseline(len(spectra), s) + noise(len(spectra), s)) * measured
        spectra = rescaled(cropped(spectra, s))
        return mixed(spectra, truth, self.mixtures)


def sometimes(count: int, share: float) -> Tensor:
    """(count, 1) of ones and zeros, ones with probability ``share``."""
    return (torch.rand(count, 1) < share).float()


def shifted(spectra: Tensor, spread: float) -> Tensor:
    """Moved along the axis by about ``spread`` grid points, linearly interpolated."""
    place = torch.arange(float(POINTS)) + spread * torch.randn(len(spectra), 1)
    place = place.clamp(0, POINTS - 1.001)
    left = place.long()
    part = place - left
    return spectra.gather(1, left) * (1 - part) + spectra.gather(1, left + 1) * part


def broadened(spectra: Tensor, strength: float) -> Tensor:
    """Half of them convolved with a Gaussian of up to 1.2 * ``strength`` grid points."""
    n = len(spectra)
    sigma = 1.2 * strength * torch.rand(n, 1) * sometimes(n, 0.5) + 0.05
    kernel = torch.exp(-0.5 * (torch.arange(-4.0, 5.0) / sigma) ** 2)
    kernel = kernel / kernel.sum(1, keepdim=True)
    return nn.functional.conv1d(spectra[None], kernel[:, None], padding=4, groups=n)[0]


def tilted(spectra: Tensor, spread: float) -> Tensor:
    """Half of them divided by a power of the wavenumber, as ATR's penetration depth does."""
    n = len(spectra)
    power = spread * (0.5 + torch.randn(n, 1)) * sometimes(n, 0.5)
    return spectra * (WAVENUMBER / 1500) ** -power


def baseline(count: int, strength: float) -> Tensor:
    """For half of them a random parabola of a few per cent of the maximum, (count, points)."""
    u = torch.linspace(-1, 1, POINTS)
    a, b, c = 0.03 * strength * torch.randn(3, count, 1)
    return (a + b * u + c * u * u) * sometimes(count, 0.5)


def noise(count: int, strength: float) -> Tensor:
    """For half of them white noise of 0.1 to 2 per cent of the maximum, (count, points)."""
    level = 10 ** (-3 + 1.3 * torch.rand(count, 1)) * strength * sometimes(count, 0.5)
    return level * torch.randn(count, POINTS)


def cropped(spectra: Tensor, strength: float) -> Tensor:
    """Some lose up to 300 cm-1 at the low or 800 cm-1 at the high end: zeros, as unmeasured."""
    n = len(spectra)
    place = torch.arange(POINTS)
    low = sometimes(n, 0.3 * strength) * torch.rand(n, 1) * 75
    high = POINTS - sometimes(n, 0.15 * strength) * torch.rand(n, 1) * 200
    return spectra * ((place >= low) & (place < high))


def mixed(spectra: Tensor, truth: Tensor, share: float) -> tuple[Tensor, Tensor]:
    """A ``share`` of them gets up to equal parts of another: groups of both, in part when faint."""
    n = len(spectra)
    other = torch.randperm(n)
    part = 0.5 * torch.rand(n, 1) * sometimes(n, share)
    both = rescaled(spectra * (1 - part) + spectra[other] * part)
    recognisable = (4 * part).clamp(max=1)  # a quarter of the sum is taken to suffice
    return both, 1 - (1 - truth) * (1 - truth[other] * recognisable)


def rescaled(spectra: Tensor) -> Tensor:
    """Maximum 1 again; a spectrum with nothing left stays zero."""
    return spectra / spectra.amax(1, keepdim=True).clamp(min=1e-4)
