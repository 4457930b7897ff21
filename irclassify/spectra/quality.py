"""How good a spectrum is: what may mislead a classifier, and a grade from A to D.

The limits were set on 12,228 spectra of the NIST WebBook so that each warning is rare (below a
tenth of an archive of very mixed age): a warning that always fires is not read.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from irclassify.spectra.extremes import greatest, least
from irclassify.spectra.spectrum import Spectrum

Floats = NDArray[np.float64]

_Limits = dict[float, int]

MINOR, SERIOUS, SEVERE = 1, 2, 3

# Wavenumbers (cm-1) between which something is looked for, looked up in a spectrum all at once.
_LIMITS: tuple[float, ...] = (
    600.0,
    1800.0,
    1840.0,
    1920.0,
    2280.0,
    2300.0,
    2390.0,
    2410.0,
    2450.0,
    2600.0,
    3820.0,
    3900.0,
)
_EDGES = np.array(_LIMITS)


class Issue(NamedTuple):
    """One fault: how much it matters (MINOR, SERIOUS, SEVERE) and a sentence for the user."""

    severity: int
    text: str


def find_issues(wavenumber: Floats, absorbance: Floats, *, saturates: bool = True) -> list[Issue]:
    """Find the faults of a spectrum.

    Parameters
    ----------
    wavenumber : (n,), strictly ascending, in cm-1
    absorbance : (n,)
    saturates : bool
        False where the values are only proportional to absorbance.

    Examples
    --------
    >>> x = np.linspace(950, 2800, 926)
    >>> [issue.text for issue in find_issues(x, np.exp(-(((x - 1715) / 12) ** 2)))][0]
    'nothing above 2800 cm-1: O-H, N-H and C-H cannot be seen'
    """
    low, high = float(_lower(absorbance, 0.05)), greatest(absorbance)
    height = max(high - low, 1e-12)  # of the strongest band above the baseline
    step, slope = _differences(wavenumber), _differences(absorbance)
    rough = np.abs(_differences(slope))
    limits = dict(zip(_LIMITS, wavenumber.searchsorted(_EDGES).tolist(), strict=True))
    return [
        *(_saturation(step, absorbance, high) if saturates else ()),
        *_noise(rough, height),
        *_carbon_dioxide(wavenumber, absorbance, height, limits),
        *_water_vapour(rough, height, limits),
        *_baseline(absorbance, low, high, height),
        *_gaps(wavenumber, step),
        *_coverage(wavenumber, limits),
    ]


def quality_warnings(
    wavenumber: Floats, absorbance: Floats, *, saturates: bool = True
) -> list[str]:
    """The sentences of ``find_issues``, which says what the arguments are.

    Examples
    --------
    >>> x = np.linspace(400, 4000, 1801)
    >>> quality_warnings(x, np.exp(-(((x - 1715) / 12) ** 2)))
    []
    """
    return [issue.text for issue in find_issues(wavenumber, absorbance, saturates=saturates)]


def grade(spectrum: Spectrum) -> str:
    """The quality of the data: A no fault found, B minor, C serious, D do not trust the answer.

    Examples
    --------
    >>> x = np.linspace(400, 4000, 1801)
    >>> grade(Spectrum(x, np.exp(-(((x - 1715) / 12) ** 2))))
    'A'
    """
    issues = find_issues(spectrum.wavenumber, spectrum.absorbance)
    known = {issue.text for issue in issues}
    counted = [issue for issue in issues if issue.text in spectrum.warnings]
    others = [text for text in spectrum.warnings if text not in known]
    worst = max((issue.severity for issue in counted), default=MINOR if others else 0)
    serious = sum(issue.severity >= SERIOUS for issue in counted)
    return "ABCD"[min(worst + (serious > 1), SEVERE)]


def _saturation(step: Floats, y: Floats, high: float) -> Iterator[Issue]:
    """Below 0.3 % transmittance an instrument shows its stray light, not the sample.

    Fires from a total width of 8 cm-1 on, twice the usual resolution.
    """
    width = float(step[y[1:] > 2.5].sum()) if high > 2.5 else 0.0
    if width >= 8:
        yield Issue(
            SERIOUS if width > 100 else MINOR,
            f"saturated: {width:.0f} cm-1 lie above absorbance 2.5; measure a thinner sample",
        )


def _noise(rough: Floats, height: float) -> Iterator[Issue]:
    """Noise is the scatter of second differences in the quietest fifth of the spectrum.

    For white noise of standard deviation s their median absolute value is 0.6745 sqrt(6) s.
    """
    window = 30  # points
    count = rough.size // window
    if count < 3:
        return
    windows = rough[: count * window].reshape(count, window)
    noise = float(_lower(_lower(windows, 0.5), 0.2)) / (0.6745 * 6**0.5)
    if noise * 100 > height:
        ratio = height / noise
        severity = SEVERE if ratio < 20 else SERIOUS if ratio < 50 else MINOR
        yield Issue(severity, f"noisy: the strongest band is {ratio:.0f} times the noise")


def _carbon_dioxide(x: Floats, y: Floats, height: float, limits: _Limits) -> Iterator[Issue]:
    """The antisymmetric stretch of CO2, 2349 cm-1, against the line through both its sides."""
    before, first, last, after = (limits[at] for at in (2280, 2300, 2390, 2410))
    if last - first < 5 or (first - before) + (after - last) < 2:
        return
    if greatest(y[before:after]) - least(y[before:after]) <= 0.1 * height:
        return  # as most are: the line between the sides cannot be farther away
    inside = x[first:last]
    sides_x = np.concatenate([x[before:first], x[last:after]])
    sides_y = np.concatenate([y[before:first], y[last:after]])
    band = y[first:last] - np.interp(inside, sides_x, sides_y)
    at = int(np.abs(band).argmax())
    if abs(band[at]) > 0.1 * height and 2325 <= inside[at] <= 2370:
        sign = "band" if band[at] > 0 else "negative band (over-corrected)"
        yield Issue(
            MINOR,
            f"carbon dioxide: a {sign} at {inside[at]:.0f} cm-1, "
            f"{abs(band[at]) / height:.0%} of the strongest; renew the background",
        )


def _water_vapour(rough: Floats, height: float, limits: _Limits) -> Iterator[Issue]:
    """Sharp lines where water vapour has them and little else absorbs, none where it has none."""

    def roughness(first: float, last: float) -> float:
        """Median absolute second difference between two wavenumbers, 0 for too few points."""
        inside = rough[limits[first] : max(limits[last] - 2, limits[first])]
        return float(_lower(inside, 0.5)) if inside.size > 3 else 0.0

    lines = roughness(3820, 3900)
    if lines <= 0.01 * height or lines <= 5 * roughness(2450, 2600):
        return
    if roughness(1840, 1920) > 3 * roughness(2450, 2600):
        yield Issue(MINOR, "water vapour: sharp lines near 3850 and 1880 cm-1; dry the instrument")


def _baseline(y: Floats, low: float, high: float, height: float) -> Iterator[Issue]:
    """Slope and offset of the lower envelope, negative bands."""
    parts = y[: y.size // 20 * 20].reshape(20, -1)
    floor = sorted(_lower(parts, 0.1).tolist())
    rise = floor[17] - floor[2]  # without the two most unusual parts at each end
    if rise > 0.5 * height:
        share = rise / height
        yield Issue(SERIOUS, f"sloping baseline: it varies by {share:.0%} of the strongest band")
    if low > 0.5 * high > 0:
        yield Issue(SERIOUS, f"high baseline: {low / high:.0%} of the strongest band")
    lowest = least(y)
    if lowest < low - 0.2 * height and lowest < -0.1 * height:
        yield Issue(SERIOUS, f"negative bands, down to {lowest / height:.0%} of the strongest")


def _gaps(x: Floats, step: Floats) -> Iterator[Issue]:
    if not greatest(step) > 8:
        return
    usual = np.maximum(np.minimum(np.append(step[1:], step[-1]), np.append(step[0], step[:-1])), 0)
    gap = (step > 3 * usual) & (step > 8)
    if gap.any():
        at = int(np.argmax(np.where(gap, step, 0)))
        yield Issue(
            SERIOUS if step[at] > 100 else MINOR,
            f"gaps: nothing was measured between {x[at]:.0f} and {x[at + 1]:.0f} cm-1",
        )


def _coverage(x: Floats, limits: _Limits) -> Iterator[Issue]:
    """Resolution and range that hide whole groups."""
    fingerprint = x[limits[600] : limits[1800]]
    span = float(fingerprint[-1] - fingerprint[0]) if fingerprint.size > 1 else 0.0
    spacing = span / max(fingerprint.size - 1, 1)
    if spacing > 8:
        yield Issue(SERIOUS, f"coarse: {spacing:.0f} cm-1 between points; sharp bands are lost")
    if x[-1] < 3000:
        yield Issue(SERIOUS, f"nothing above {x[-1]:.0f} cm-1: O-H, N-H and C-H cannot be seen")
    if x[0] > 900:
        yield Issue(MINOR, f"nothing below {x[0]:.0f} cm-1: out-of-plane C-H bends cannot be seen")


def _differences(values: Floats) -> Floats:
    """numpy's diff without its overhead, which counts where files are small."""
    return values[1:] - values[:-1]


def _lower(values: Floats, share: float) -> Floats:
    """The value below which ``share`` of each row lies (numpy's percentile is 10 times slower).

    Short rows are sorted in less time than they are parted.
    """
    rank = int(share * (values.shape[-1] - 1))
    ordered = values.copy()
    if values.ndim > 1:
        ordered.sort(axis=-1)
    else:
        ordered.partition(rank)
    quantile: Floats = ordered[..., rank]
    return quantile
