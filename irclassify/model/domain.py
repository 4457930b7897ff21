"""Is a spectrum something the model was trained for? Latent matrix -> verdict and reasons.

Two tests look at the latent matrix, averaged over BLOCKS stretches of the wavenumber axis:

- *strangeness*: the part of it that the principal directions of the known spectra, gas or
  condensed, cannot reproduce (the residual of a principal component model, Jackson & Mudholkar
  1979), in units of what is usual in the phase it fits better;
- *likeness*: whether it resembles deliberately spoiled spectra (shifted, mirrored, transmittance
  for absorbance, noise, ...) more than known ones (outlier exposure, Hendrycks et al. 2019).

Each is turned into a rarity, -log10 of the share of known spectra (of molecules the networks had
not seen) with a score as high; the limits are on the larger of the two. A third, plain rule asks
how much of the model's wavenumbers was measured at all. train/domain fits and measures this.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from irclassify.model.preprocessing import Grid
from irclassify.results.prediction import IN_DOMAIN, OUTSIDE, UNUSUAL, Domain
from irclassify.spectra.spectrum import Spectrum

Floats = NDArray[np.float32]

BLOCKS = 20

# Less of the model's range measured than this share is unusual, or outside.
COVERED_UNUSUAL, COVERED_OUTSIDE = 0.75, 0.5

# Rarities at which the scores of the known spectra are stored: from all of them to 1 in 3162.
_RAREST = 3.5
RARITIES = np.linspace(0.0, _RAREST, 71)

# Features this many standard deviations away say no more than nearer ones: to the network, which
# learned from few so far away, and to the residual, whose rounding errors grow with them.
FARTHEST, FARTHEST_RESIDUAL = 8.0, 100.0

# What is said where no kind is sure enough.
UNNAMED, UNLIKE = -1, "unlike the known spectra"

LOOKS_LIKE = {
    "shift": "bands where known spectra show none, as after a shift of the wavenumber axis",
    "mirror": "band positions as in a spectrum whose wavenumber axis is reversed",
    "transmittance": "dips from a high level, as of transmittance read as absorbance",
    "noise": "almost only noise",
    "saturation": "flat tops, as of a sample too thick to be measured",
    "humps": "broad humps or slopes instead of bands, as of UV-visible data or a bare baseline",
    "raman": "sharp lines and a background like those of a Raman spectrum",
}


class Detector(NamedTuple):
    """What domain.npz holds; f features = channels * BLOCKS, p phases, k directions, u units.

    ``mean``, ``scale`` (p, f) and ``basis`` (p, f, k): the principal component model of each phase,
    ``usual`` (p,) its residual's 95th percentile. ``centre``, ``spread`` (f,), ``hidden`` (f, u),
    ``hidden_bias`` (u,), ``output`` (u, p + kinds), ``output_bias``: the network that tells known
    spectra (first p outputs) from ``kinds`` of spoiled ones. ``strangeness``, ``likeness``: scores
    of known spectra at RARITIES. ``limits`` (2,): the rarity from which a spectrum is unusual, and
    outside. ``sure`` (kinds,): the log odds of a kind from which it is right nine times in ten, so
    that it is given as a reason; inf where it never is.
    """

    mean: Floats
    scale: Floats
    basis: Floats
    usual: Floats
    centre: Floats
    spread: Floats
    hidden: Floats
    hidden_bias: Floats
    output: Floats
    output_bias: Floats
    kinds: tuple[str, ...]
    strangeness: Floats
    likeness: Floats
    limits: tuple[float, float]
    sure: Floats

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Detector:
        """From the arrays of domain.npz, stored at half precision. Raises KeyError, ValueError.

        Examples
        --------
        >>> from irclassify.model.folder import find_model
        >>> stored = np.load(find_model("default").folder / "domain.npz")
        >>> Detector.from_arrays(stored).limits[0] < Detector.from_arrays(stored).limits[1]
        True
        """
        plain: dict[str, Any] = {
            name: np.asarray(arrays[name], np.float32)
            for name in cls._fields
            if name not in ("kinds", "limits", "sure")
        }
        unusual, outside = (float(limit) for limit in arrays["limits"])
        kinds = tuple(str(kind) for kind in arrays["kinds"])
        sure = np.asarray(arrays.get("sure", np.full(len(kinds), -np.inf)), np.float32)
        return cls(kinds=kinds, limits=(unusual, outside), sure=sure, **plain)

    def scores(self, features: Floats) -> tuple[Floats, Floats, NDArray[np.intp], Floats]:
        """Features (n, f) -> strangeness, likeness, nearest kind and its log odds, all (n,).

        The log odds are those of the kind against everything else.

        Examples
        --------
        >>> from irclassify.model.folder import find_model
        >>> detector = find_model("default").detector
        >>> [each.shape for each in detector.scores(detector.mean[:1])]
        [(1,), (1,), (1,), (1,)]
        """
        residual = np.stack(
            [
                _residual(features, mean, scale, basis) / usual
                for mean, scale, basis, usual in zip(
                    self.mean, self.scale, self.basis, self.usual, strict=True
                )
            ]
        )
        z = _standardised(features, self.centre, self.spread, FARTHEST)
        out = np.maximum(z @ self.hidden + self.hidden_bias, 0) @ self.output + self.output_bias
        known, spoiled = out[:, : len(self.mean)], out[:, len(self.mean) :]
        nearest: Floats = residual.min(0)
        likeness: Floats = _log_sum(spoiled) - _log_sum(known)
        kind = spoiled.argmax(1)
        rows = np.arange(len(out))
        best = spoiled[rows, kind]
        others = out.copy()
        others[rows, len(self.mean) + kind] = -np.inf
        return nearest, likeness, kind, best - _log_sum(others)

    def judge(self, latent: Floats, covered: NDArray[np.floating]) -> list[Domain]:
        """Verdicts for latent matrices (n, channels, positions).

        ``covered`` (n,): the share of the model's wavenumbers that was measured, 0 to 1.

        Examples
        --------
        >>> from irclassify.model.folder import find_model
        >>> spec = find_model("default")
        >>> nothing = np.zeros((1, spec.latent.channels, spec.latent.positions), np.float32)
        >>> spec.detector.judge(nothing, np.array([0.3]))[0].verdict
        'outside'
        """
        with np.errstate(all="ignore"):  # of a batch with a spectrum that has no answer
            features = pooled(latent)
            if not np.isfinite(features).all():
                features = np.nan_to_num(features, posinf=1e9, neginf=-1e9)
            strangeness, likeness, kind, odds = self.scores(features)
        strange = np.interp(strangeness, self.strangeness, RARITIES)
        alike = np.interp(likeness, self.likeness, RARITIES)
        unusual, _ = self.limits
        usual = (strange < unusual) & (alike < unusual) & (covered >= COVERED_UNUSUAL)
        known = _domain(IN_DOMAIN)  # most are, and nothing is to be said of them
        named = np.where(odds >= self.sure[kind], kind, UNNAMED)
        rows = zip(strange.tolist(), alike.tolist(), named.tolist(), covered.tolist(), strict=True)
        return [
            known if plain else self._verdict(*row)
            for plain, row in zip(usual.tolist(), rows, strict=True)
        ]

    def _verdict(self, strange: float, alike: float, kind: int, covered: float) -> Domain:
        unusual, outside = self.limits
        reasons = []
        if covered < COVERED_UNUSUAL:
            reasons.append(f"only {covered:.0%} of the model's wavenumber range was measured")
        if alike >= unusual:
            named = UNLIKE if kind == UNNAMED else self.kinds[kind]
            reasons.append(LOOKS_LIKE.get(named, named))
        if strange >= unusual:
            reasons.append(f"an unusual combination of bands: {_one_in(strange)} is as unusual")
        far = max(strange, alike) >= outside or covered < COVERED_OUTSIDE
        return _domain(OUTSIDE if far else UNUSUAL if reasons else IN_DOMAIN, *reasons)


@lru_cache(maxsize=4096)
def _domain(verdict: str, *reasons: str) -> Domain:
    """One object for all the spectra of which the same is said: a table has millions."""
    return Domain(verdict, reasons)


def pooled(latent: Floats) -> Floats:
    """Latent (n, channels, positions) -> its mean over BLOCKS stretches, (n, channels * BLOCKS).

    Examples
    --------
    >>> pooled(np.ones((2, 3, 4 * BLOCKS), np.float32)).shape == (2, 3 * BLOCKS)
    True
    """
    count, channels, positions = latent.shape
    block = np.arange(positions) * BLOCKS // positions
    average = (block[:, None] == np.arange(BLOCKS)).astype(np.float32)
    average /= np.maximum(average.sum(0), 1)
    means: Floats = latent.reshape(-1, positions) @ average
    return means.reshape(count, channels * BLOCKS)


def covered_share(first_cm1: float, last_cm1: float, grid: Grid) -> float:
    """The share, 0 to 1, of the grid's range between the ends of what was measured (cm-1).

    Examples
    --------
    >>> covered_share(900, 4000, Grid(400.0, 3900.0, 1000))
    0.8571428571428571
    """
    low, high = max(float(first_cm1), grid.first_cm1), min(float(last_cm1), grid.last_cm1)
    return max(high - low, 0.0) / (grid.last_cm1 - grid.first_cm1)


def spectrum_share(spectrum: Spectrum, grid: Grid) -> float:
    """``covered_share`` of a spectrum.

    Examples
    --------
    >>> x = np.linspace(400, 4000, 1801)
    >>> spectrum_share(Spectrum(x, np.exp(-(((x - 1715) / 12) ** 2))), Grid(400.0, 3900.0, 1000))
    1.0
    """
    return covered_share(spectrum.wavenumber[0], spectrum.wavenumber[-1], grid)


def _residual(features: Floats, mean: Floats, scale: Floats, basis: Floats) -> Floats:
    """Squared length of what the orthonormal ``basis`` (f, k) leaves of each row of features."""
    z = _standardised(features, mean, scale, FARTHEST_RESIDUAL)
    inside = z @ basis
    left: Floats = np.einsum("nf,nf->n", z, z) - np.einsum("nk,nk->n", inside, inside)
    return left


def _standardised(features: Floats, mean: Floats, scale: Floats, farthest: float) -> Floats:
    """(features - mean) / scale, no farther than ``farthest`` from 0. In place: time is short."""
    z = features - mean
    z *= 1 / scale
    return np.clip(z, -farthest, farthest, out=z)


def _log_sum(values: Floats) -> Floats:
    """log(sum(exp(values))) along each row, without overflow."""
    highest = values.max(1)
    total: Floats = highest + np.log(np.exp(values - highest[:, None]).sum(1))
    return total


def _one_in(rarity: float) -> str:
    """``1 in 200 known spectra``, rounded to one digit so that it claims no more than it knows."""
    count = 10**rarity
    digit = 10 ** int(math.log10(count))
    fewer = "fewer than " if rarity >= _RAREST else ""
    return f"{fewer}1 in {round(count / digit) * digit:.0f} known spectra"
