"""An explanation as a figure for print: the spectrum, and under it what each group's logit is of.

matplotlib is an extra of the tool (``irclassify[plot]``) and imported here only when a figure is
drawn. Colours are Okabe and Ito's, which every kind of colour vision tells apart; the sign of a
contribution also shows as up or down. Text stays text in SVG and PDF.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, BinaryIO

from irclassify.reports.text import likely, printable
from irclassify.results.explanation import Explanation, GroupExplanation, Region, Trace

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FORMATS = ("png", "svg", "pdf")
HOW_TO_INSTALL = "python -m pip install 'irclassify[plot]'"

WIDTH_IN, SPECTRUM_IN, STRIP_IN, MARGIN_IN = 7.2, 2.6, 0.62, 0.85
LEFT, RIGHT = 0.085, 0.88
DPI = 300
FOR, AGAINST, INK, FAINT = "#0072B2", "#D55E00", "#222222", "#767676"
TITLE_LETTERS = 90
BANDS_LABELLED = 8
BAND_SHARE = 0.02  # of the highest point
REGIONS_LABELLED = 3
LABEL_GAP_CM1 = 75.0  # what a label that stands upright needs of the axis
REGION_LABEL_GAP_CM1 = 420.0  # what one that lies needs

_STYLE: dict[str, Any] = {
    "font.family": "sans-serif",
    "font.sans-serif": ["Arial", "Helvetica", "Liberation Sans", "DejaVu Sans"],
    "font.size": 8,
    "axes.linewidth": 0.6,
    "axes.edgecolor": INK,
    "xtick.major.width": 0.6,
    "xtick.minor.width": 0.4,
    "ytick.major.width": 0.6,
    "svg.fonttype": "none",
    "svg.hashsalt": "irclassify",
    "pdf.fonttype": 42,
    "axes.unicode_minus": True,
}


def is_available() -> bool:
    """True when matplotlib is installed."""
    return find_spec("matplotlib") is not None


def draw_figure(
    explanation: Explanation, groups: Sequence[GroupExplanation], form: str, stream: BinaryIO
) -> None:
    """Write the figure of one explanation as ``form`` (one of FORMATS) to ``stream``.

    ``groups``: those whose contributions are drawn, in this order. Needs matplotlib 3.8.
    """
    with _drawing() as rc_context, rc_context(_STYLE):
        figure = _figure(explanation, groups)
        metadata = {"Title": printable(explanation.title or explanation.file)}
        dated = {"svg": {"Date": None}, "pdf": {"CreationDate": None}}.get(form, {})
        figure.savefig(stream, format=form, dpi=DPI, metadata=metadata | dated)


@contextmanager
def _drawing() -> Iterator[Any]:
    """matplotlib, silent about letters that no font here has: the file's title may hold any."""
    from matplotlib import rc_context  # noqa: PLC0415 - an extra, and slow to import

    logger = logging.getLogger("matplotlib")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield rc_context
    finally:
        logger.setLevel(level)


def _figure(explanation: Explanation, groups: Sequence[GroupExplanation]) -> Figure:
    from matplotlib.figure import Figure  # noqa: PLC0415

    height = MARGIN_IN + SPECTRUM_IN + STRIP_IN * len(groups)
    figure = Figure(figsize=(WIDTH_IN, height))
    above = figure.subplots(
        1 + len(groups),
        sharex=True,
        squeeze=False,
        gridspec_kw={
            "height_ratios": [SPECTRUM_IN, *[STRIP_IN] * len(groups)],
            "hspace": 0.12,
            "left": LEFT,
            "right": RIGHT,
            "top": 1 - 0.35 / height,
            "bottom": 0.5 / height,
        },
    )[:, 0]
    spectrum, strips = above[0], above[1:]
    _draw_head(figure, explanation, height)
    if explanation.trace:
        seen = BAND_SHARE * max(explanation.trace.absorbance)
        _draw_spectrum(spectrum, explanation.trace, _bands(groups, seen))
    values = [value for group in groups for value in group.profile]
    top = max(map(abs, values), default=1.0) or 1.0
    bottom = min(min(values, default=0.0), -0.2 * top)
    for axes, group in zip(strips, groups, strict=True):
        _draw_strip(axes, explanation.columns_cm1, group, (bottom, top))
    _draw_axis(above[-1], explanation)
    if len(strips):
        middle = (strips[0].get_position().y1 + strips[-1].get_position().y0) / 2
        label = "Contribution to the logit" if len(strips) > 1 else "Contribution"
        figure.text(0.016, middle, label, rotation=90, ha="center", va="center")
    return figure


def _draw_head(figure: Figure, explanation: Explanation, height: float) -> None:
    title = _shortened(printable(explanation.title or explanation.file))
    figure.text(LEFT, 1 - 0.1 / height, title, va="top", size=9, weight="bold", parse_math=False)
    model = f"irclassify, model {printable(explanation.model)}"
    figure.text(
        0.99, 0.06 / height, model, ha="right", va="bottom", size=6, color=FAINT, parse_math=False
    )


def _draw_spectrum(axes: Axes, trace: Trace, bands: Sequence[tuple[float, float]]) -> None:
    low, high = min(trace.absorbance), max(trace.absorbance)
    span = (high - low) or 1.0
    axes.plot(trace.wavenumber_cm1, trace.absorbance, color=INK, linewidth=0.8)
    axes.set_ylim(low - 0.04 * span, high + 0.2 * span)
    axes.set_ylabel("Absorbance")
    for wavenumber, absorbance in bands:
        axes.annotate(
            f"{wavenumber:.0f}",
            (wavenumber, absorbance),
            xytext=(0, 8),
            textcoords="offset points",
            rotation=90,
            ha="center",
            va="bottom",
            size=7,
            arrowprops={"arrowstyle": "-", "linewidth": 0.5, "color": FAINT, "shrinkB": 1.5},
        )
    _open_frame(axes)


def _draw_strip(
    axes: Axes, columns: Sequence[float], group: GroupExplanation, limits: tuple[float, float]
) -> None:
    for sign, colour in ((1, FOR), (-1, AGAINST)):
        values = [max(sign * value, 0.0) * sign for value in group.profile]
        axes.fill_between(columns, values, color=colour, linewidth=0, step="mid")
    axes.axhline(0.0, color=INK, linewidth=0.5)
    bottom, top = limits
    axes.set_ylim(1.1 * bottom, 1.45 * top)
    name = f"{group.name.replace('_', ' ')}\n{group.call}, {likely(group.probability)}"
    axes.text(1.012, 0.5, name, transform=axes.transAxes, va="center", size=7.5, parse_math=False)
    for region in _labelled(group.regions):
        axes.axvspan(region.from_cm1, region.to_cm1, color=FOR, alpha=0.12, linewidth=0)
        axes.text(
            _middle(region), 1.42 * top, _label(region, group.name), ha="center", va="top", size=6.5
        )
    axes.locator_params(axis="y", nbins=3)
    _open_frame(axes)


def _draw_axis(axes: Axes, explanation: Explanation) -> None:
    from matplotlib.ticker import MultipleLocator  # noqa: PLC0415

    measured = explanation.trace.wavenumber_cm1 if explanation.trace else ()
    every = [*measured, *explanation.columns_cm1]
    if every:
        axes.set_xlim(max(every), min(every))  # high wavenumbers on the left, as chemists draw
    axes.xaxis.set_major_locator(MultipleLocator(500))
    axes.xaxis.set_minor_locator(MultipleLocator(100))
    axes.set_xlabel("Wavenumber (cm⁻¹)")


def _open_frame(axes: Axes) -> None:
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(axis="both", labelsize=7)


def _bands(groups: Sequence[GroupExplanation], lowest: float) -> list[tuple[float, float]]:
    """Position and absorbance of the bands to label: those the strongest regions name.

    Nothing below the absorbance ``lowest``: on paper it is not seen as a band.
    """
    regions = sorted((r for group in groups for r in group.regions), key=lambda r: -r.contribution)
    chosen: list[tuple[float, float]] = []
    for region in regions:
        if region.band_cm1 is None or region.band_absorbance is None or region.contribution <= 0:
            continue
        if region.band_absorbance < lowest:
            continue
        if all(abs(region.band_cm1 - other) > LABEL_GAP_CM1 for other, _ in chosen):
            chosen.append((region.band_cm1, region.band_absorbance))
    return chosen[:BANDS_LABELLED]


def _labelled(regions: Sequence[Region]) -> list[Region]:
    """The strongest regions for the group whose labels do not run into each other."""
    chosen: list[Region] = []
    for region in sorted(regions, key=lambda r: -r.contribution):
        free = all(abs(_middle(region) - _middle(other)) > REGION_LABEL_GAP_CM1 for other in chosen)
        if region.contribution > 0 and free:
            chosen.append(region)
    return chosen[:REGIONS_LABELLED]


def _middle(region: Region) -> float:
    return (region.from_cm1 + region.to_cm1) / 2


def _label(region: Region, group: str) -> str:
    """The group's own vibration that is known there, else the range."""
    own = next((band for band in region.known_bands if band.group == group), None)
    return own.vibration if own else f"{region.to_cm1:.0f}-{region.from_cm1:.0f}"


def _shortened(text: str) -> str:
    return text if len(text) <= TITLE_LETTERS else text[: TITLE_LETTERS - 1] + "…"
