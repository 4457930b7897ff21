"""Spectra that are not what they should be: what a domain detector must notice.

Two independent sets of rules. ``on_grid`` corrupts grid vectors, at random strengths, for the
detector to learn from. ``natively`` corrupts whole spectra before preprocessing, by fixed amounts,
for the test; so do the synthetic ones, which start from no spectrum at all. Lengths in cm-1.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

import numpy as np
from scipy.signal import find_peaks

from irclassify.errors import IrclassifyError
from irclassify.model.preprocessing import Grid, Preprocessing, to_grid
from irclassify.spectra.spectrum import Spectrum
from train.arrays import Floats, Numbers, Singles
from train.settings import SETTINGS

T = TypeVar("T")
Curve = tuple[Floats, Floats]

GRID = Grid(**SETTINGS["grid"])
WAVENUMBER = GRID.wavenumber
PERCENTILE: float = SETTINGS["preprocessing"]["default"]["baseline_percentile"]


# --- to learn from: grid vectors ---


def on_grid(vectors: Singles, random: np.random.Generator) -> dict[str, Singles]:
    """Every kind of domain.LOOKS_LIKE, made from vectors (n, points): n of each."""
    made = {
        kind: np.stack([corrupt(v, random) for v in vectors]) for kind, corrupt in KINDS.items()
    }
    # A moved spectrum has its baseline already, and zeros where nothing is measured.
    return {
        kind: scaled(spectra if kind == "shift" else lowered(spectra))
        for kind, spectra in made.items()
    }


def lowered(spectra: Numbers) -> Numbers:
    """As the default model's preprocessing does it: the baseline percentile becomes 0."""
    return spectra - np.percentile(spectra, PERCENTILE, axis=1)[:, None]


def scaled(spectra: Numbers) -> Singles:
    """Maximum 1."""
    vectors: Singles = (spectra / np.maximum(spectra.max(1), 1e-6)[:, None]).astype(np.float32)
    return vectors


def _shifted(v: Singles, random: np.random.Generator) -> Singles:
    """Moved by 100 to 400 cm-1 either way; half of them measured where nothing moves in."""
    by = random.uniform(100, 400) * random.choice([-1, 1])
    ends = (v[0], v[-1]) if random.random() < 0.5 else (0, 0)
    moved: Singles = np.interp(WAVENUMBER - by, WAVENUMBER, v, left=ends[0], right=ends[1])
    return moved


def _noisy(v: Singles, random: np.random.Generator) -> Singles:
    level = _between(random, 0.06, 1)
    return v * (random.random() < 0.7) + level * random.standard_normal(v.size)


def _humps(_v: Singles, random: np.random.Generator) -> Singles:
    """None to four Gaussians of 120 to 2500 cm-1 at half maximum, mostly on a slope, some noise."""
    y = np.zeros(GRID.points)
    for _ in range(random.integers(0, 5)):
        place, width = random.uniform(0, 4400), _between(random, 50, 1060)
        y += random.lognormal(0, 0.7) * np.exp(-0.5 * ((WAVENUMBER - place) / width) ** 2)
    y = y / max(y.max(), 1e-6) if random.random() < 0.8 else np.zeros_like(y)
    y = y + random.normal(0, 1) * (WAVENUMBER - 500) / 3400 * (random.random() < 0.6)
    return y + _between(random, 1e-3, 0.03) * random.standard_normal(y.size)


def _raman(v: Singles, random: np.random.Generator) -> Singles:
    """Lines where the infrared has its bands, at other strengths; fluorescence; shot noise."""
    peaks, _ = find_peaks(v, height=0.03)
    y = np.zeros(GRID.points)
    for place in WAVENUMBER[peaks]:
        strength = random.lognormal(0, 1) * (3 if 2800 < place < 3100 else 1)
        y += strength / (1 + ((WAVENUMBER - place) / random.uniform(3, 10)) ** 2)
    y = y / max(y.max(), 1e-6)
    y = y + random.uniform(0, 1.5) * np.exp(-WAVENUMBER / random.uniform(600, 3000))
    return y + random.uniform(0.002, 0.04) * np.sqrt(y + 0.05) * random.standard_normal(y.size)


def _between(random: np.random.Generator, low: float, high: float) -> float:
    """A number whose logarithm is anywhere between those of two, with the same probability."""
    return float(np.exp(random.uniform(np.log(low), np.log(high))))


KINDS: dict[str, Callable[[Singles, np.random.Generator], Singles]] = {
    "shift": _shifted,
    "mirror": lambda v, r: np.interp(WAVENUMBER - r.uniform(-60, 60), WAVENUMBER, v[::-1]),
    "transmittance": lambda v, r: (
        10 ** (-np.clip(v, 0, None) * r.uniform(0.05, 2.5)) + 0.002 * r.standard_normal(v.size)
    ),
    "noise": _noisy,
    "saturation": lambda v, r: np.minimum(v, _between(r, 0.04, 0.25)),
    "humps": _humps,
    "raman": _raman,
}


# --- to test with: whole spectra ---


def natively(
    spectra: Sequence[Spectrum], partners: Sequence[int]
) -> Iterator[tuple[str, list[Spectrum | None]]]:
    """Name of a rule, and every spectrum after it; None where nothing to classify is left.

    ``partners``: the number of the spectrum that is added to each in the sum of two.
    """
    random = np.random.default_rng(7)
    for name, rule in _rules(spectra, partners, random).items():
        curves = (rule(i, s.wavenumber, s.absorbance) for i, s in enumerate(spectra))
        yield name, [_unless_refused(Spectrum, *curve) for curve in curves]


def vector(spectrum: Spectrum | None, how: Preprocessing) -> Singles | None:
    """The grid vector; None where the tool refuses to classify."""
    return None if spectrum is None else _unless_refused(to_grid, spectrum, how)


def _unless_refused(make: Callable[..., T], *arguments: Any) -> T | None:
    try:
        return make(*arguments)
    except IrclassifyError:
        return None


Rule = Callable[[int, Floats, Floats], Curve]


def _rules(
    spectra: Sequence[Spectrum], partners: Sequence[int], random: np.random.Generator
) -> dict[str, Rule]:
    """The rule (number, cm-1, absorbance) -> (cm-1, absorbance) behind every name."""

    def shift(by: float) -> Rule:
        return lambda _i, x, y: (x + by, y)

    def between(low: float, high: float) -> Rule:
        return lambda _i, x, y: (x[(x >= low) & (x <= high)], y[(x >= low) & (x <= high)])

    def noise(level: float) -> Rule:
        return lambda _i, x, y: (x, y + level * np.ptp(y) * random.standard_normal(y.size))

    def clipped(share: float) -> Rule:
        return lambda _i, x, y: (x, np.minimum(y, y.min() + share * np.ptp(y)))

    def sum_of_two(i: int, x: Floats, y: Floats) -> Curve:
        other = spectra[partners[i]]
        low = max(x[0], other.wavenumber[0])
        high = min(x[-1], other.wavenumber[-1])
        x, y = between(low, high)(i, x, y)
        second = np.interp(x, other.wavenumber, other.absorbance)
        return x, y / max(y.max(), 1e-9) + second / max(second.max(), 1e-9)

    return {
        "as measured": lambda _i, x, y: (x, y),
        "mirrored axis": lambda _i, x, y: ((x[0] + x[-1] - x)[::-1], y[::-1]),
        **{f"axis shifted by {by:+d} cm-1": shift(by) for by in (200, -200, 100, -100, 50, -50)},
        "transmittance as absorbance": lambda _i, x, y: (x, 10 ** -np.clip(y, -1, 6)),
        **{
            f"only {a} to {b} cm-1": between(a, b)
            for a, b in ((1000, 2000), (2000, 4000), (600, 1800), (700, 4000), (800, 3700))
        },
        **{f"noise, {p} % of the strongest band": noise(p / 100) for p in (1, 2, 5, 10)},
        **{f"saturated: cut off at {p} % of its height": clipped(p / 100) for p in (50, 20, 10)},
        "sum of two molecules, 50:50": sum_of_two,
    }


def synthetic(kind: str, count: int) -> list[Spectrum]:
    """``count`` spectra that no molecule gave. See SYNTHETIC for the kinds.

    UV-visible: one to four bands on 200 to 800 nm, Gaussian against energy and 3000 to 6000 cm-1
    wide there; the 601 points stand at 1000 to 4000 cm-1, as in a file that lost its axis. Raman:
    15 to 40 Lorentzian lines, 8 to 20 cm-1 wide, in 400 to 1700 and 2800 to 3100 cm-1 where
    organic molecules have fundamentals, log-normal strengths, fluorescence falling off, shot noise.
    """
    random = np.random.default_rng(11)
    x = np.arange(400.0, 4001.0, 2.0)
    return [Spectrum(*SYNTHETIC[kind](x, random)) for _ in range(count)]


def _slope(x: Floats, random: np.random.Generator) -> Floats:
    return 3 + random.uniform(0.1, 3) * random.choice([-1, 1]) * (x - x[0]) / np.ptp(x)


def _uv(_x: Floats, random: np.random.Generator) -> Curve:
    nanometre = np.arange(200.0, 801.0)
    energy = 1e7 / nanometre
    y = np.zeros_like(energy)
    for _ in range(random.integers(1, 5)):
        width = random.uniform(3000, 6000) / 2.355
        place = 1e7 / random.uniform(190, 600)
        y += random.lognormal(0, 1) * np.exp(-0.5 * ((energy - place) / width) ** 2)
    return 5 * nanometre, y + 0.001 * y.max() * random.standard_normal(y.size)


def _raman_lines(x: Floats, random: np.random.Generator) -> Curve:
    count = random.integers(15, 41)
    high = random.random(count) < 0.2
    places = np.where(high, random.uniform(2800, 3100, count), random.uniform(400, 1700, count))
    y = np.zeros_like(x)
    for place in places:
        half = random.uniform(4, 10)
        y += random.lognormal(0, 1) / (1 + ((x - place) / half) ** 2)
    y = y / y.max() + random.uniform(0, 1) * np.exp(-x / random.uniform(800, 3000))
    return x, y + random.uniform(0.002, 0.02) * np.sqrt(y) * random.standard_normal(x.size)


SYNTHETIC: dict[str, Callable[[Floats, np.random.Generator], Curve]] = {
    "white noise": lambda x, r: (x, r.standard_normal(x.size)),
    "flat line with 1 % noise": lambda x, r: (
        x,
        r.uniform(0.01, 2) * (1 + 0.01 * r.standard_normal(x.size)),
    ),
    "sloped line": lambda x, r: (x, _slope(x, r)),
    "sloped line with noise": lambda x, r: (x, _slope(x, r) + 0.001 * r.standard_normal(x.size)),
    "UV-visible, synthetic": _uv,
    "Raman, synthetic": _raman_lines,
}
