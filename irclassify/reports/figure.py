"""An explanation as a figure for print: the spectrum with named peaks, and what each peak adds.

matplotlib is an extra of the tool (``irclassify[plot]``) and imported here: this module is loaded
when a figure is drawn. Colours are Okabe and Ito's, which every kind of colour vision tells apart;
the sign of a contribution also shows as up or down. Text stays text in SVG and PDF.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, BinaryIO

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MultipleLocator

from irclassify.reports.text import likely
from irclassify.results.explanation import Explanation, GroupExplanation, Peak
from irclassify.results.nouns import spoken
from irclassify.text import printable

WIDTH_IN, SPECTRUM_IN, STRIP_IN, MARGIN_IN = 7.2, 2.4, 0.62, 0.85
LETTER_IN, LEADER_IN = 0.051, 0.25  # of the names over the peaks: a letter, the line under it
LEFT, RIGHT = 0.085, 0.88
_DPI = 300
FOR, AGAINST, INK, FAINT = "#0072B2", "#D55E00", "#222222", "#767676"
_TITLE_LETTERS = 90
_NAME_LETTERS = 38
_LABELLED = 22  # peaks
_LABEL_SHARE = 0.03  # of the highest peak: lower ones are not seen as peaks on paper
_LABEL_GAP = 0.021  # of the axis, between names that stand upright

_STYLE: dict[Any, Any] = {
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


def draw_figure(
    explanation: Explanation, groups: Sequence[GroupExplanation], form: str, stream: BinaryIO
) -> None:
    """Write the figure of one explanation as ``form`` (png, svg or pdf) to ``stream``.

    ``groups``: those whose contributions are drawn, in this order. Needs matplotlib 3.8.

    Examples
    --------
    >>> import io
    >>> from irclassify.results.explanation import Trace
    >>> curve = Trace((400.0, 1700.0, 4000.0), (0.0, 1.0, 0.0))
    >>> stream = io.BytesIO()
    >>> draw_figure(Explanation("a.jdx", "m@1", "", (), trace=curve), [], "svg", stream)
    >>> b"<svg" in stream.getvalue()
    True
    """
    with _drawing(), rc_context(_STYLE):
        figure = _figure(explanation, groups)
        metadata = {"Title": printable(explanation.title or explanation.file)}
        dated = {"svg": {"Date": None}, "pdf": {"CreationDate": None}}.get(form, {})
        figure.savefig(stream, format=form, dpi=_DPI, metadata=metadata | dated)


@contextmanager
def _drawing() -> Iterator[None]:
    """No word about letters that no font here has: the file's title may hold any."""
    logger = logging.getLogger("matplotlib")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.setLevel(level)


def _figure(explanation: Explanation, groups: Sequence[GroupExplanation]) -> Figure:
    peaks = _labelled(explanation.peaks)
    names_in = max((LEADER_IN + LETTER_IN * len(_name(peak)) for peak in peaks), default=0.15)
    height = MARGIN_IN + SPECTRUM_IN + names_in + STRIP_IN * len(groups)
    figure = Figure(figsize=(WIDTH_IN, height))
    above = figure.subplots(
        1 + len(groups),
        sharex=True,
        squeeze=False,
        gridspec_kw={
            "height_ratios": [SPECTRUM_IN + names_in, *[STRIP_IN] * len(groups)],
            "hspace": 0.08,
            "left": LEFT,
            "right": RIGHT,
            "top": 1 - 0.35 / height,
            "bottom": 0.5 / height,
        },
    )[:, 0]
    spectrum, strips = above[0], above[1:]
    _draw_head(figure, explanation, height)
    _draw_axis(above[-1], explanation)
    _draw_spectrum(spectrum, explanation, peaks, names_in / SPECTRUM_IN)
    values = [share.contribution for group in groups for share in group.by_peak]
    limits = (min([0.0, *values]), max([0.0, *values]))
    for axes, group in zip(strips, groups, strict=True):
        _draw_strip(axes, explanation.peaks, group, limits)
    if len(strips):
        middle = (strips[0].get_position().y1 + strips[-1].get_position().y0) / 2
        label = "Contribution to the logit" if len(strips) > 1 else "Contribution"
        figure.text(0.016, middle, label, rotation=90, ha="center", va="center")
    return figure


def _draw_head(figure: Figure, explanation: Explanation, height: float) -> None:
    title = _shortened(printable(explanation.title or explanation.file), _TITLE_LETTERS)
    figure.text(LEFT, 1 - 0.1 / height, title, va="top", size=9, weight="bold", parse_math=False)
    model = f"irclassify, model {printable(explanation.model)}"
    figure.text(
        0.99, 0.06 / height, model, ha="right", va="bottom", size=6, color=FAINT, parse_math=False
    )


def _draw_axis(axes: Axes, explanation: Explanation) -> None:
    measured = explanation.trace.wavenumber_cm1 if explanation.trace else ()
    if measured:
        axes.set_xlim(max(measured), min(measured))  # high wavenumbers on the left
    axes.xaxis.set_major_locator(MultipleLocator(500))
    axes.xaxis.set_minor_locator(MultipleLocator(100))
    axes.set_xlabel("Wavenumber (cm⁻¹)")


def _draw_spectrum(
    axes: Axes, explanation: Explanation, peaks: Sequence[Peak], room: float
) -> None:
    """The curve in the lower part, the names of ``peaks`` above it.

    ``room``: the height of the names as a share of the curve's.
    """
    if explanation.trace is None:
        return
    x, y = explanation.trace.wavenumber_cm1, explanation.trace.absorbance
    low, high = min(y), max(y)
    span = (high - low) or 1.0
    axes.plot(x, y, color=INK, linewidth=0.8)
    axes.set_ylim(low - 0.04 * span, high + (0.02 + room * 1.06) * span)
    axes.set_ylabel("Absorbance")
    ticks = [tick for tick in axes.get_yticks() if low - 0.04 * span <= tick <= high + 0.04 * span]
    axes.set_yticks(ticks)
    _draw_names(axes, peaks, (x[0], x[-1]), (low, high))
    _open_frame(axes)
    axes.spines["left"].set_bounds(low - 0.04 * span, high + 0.04 * span)
    axes.yaxis.set_label_coords(-0.075, 0.53 / (1 + room))


def _draw_names(
    axes: Axes,
    peaks: Sequence[Peak],
    ends: tuple[float, float],
    limits: tuple[float, float],
) -> None:
    """``1743 C=O stretch, ester`` upright over each peak, with a line down to it.

    ``ends``: the axis in cm-1, rising; ``limits``: of the absorbance.
    """
    width, span = ends[1] - ends[0], limits[1] - limits[0]
    gap = _LABEL_GAP * width
    wanted = [peak.cm1 for peak in peaks]
    places = spread(wanted, gap, ends[0] + gap / 2, ends[1] - gap / 2)
    knee, foot = limits[1] + 0.04 * span, limits[1] + 0.09 * span
    for peak, at in zip(peaks, places, strict=True):
        line = ([at, peak.cm1, peak.cm1], [foot, knee, peak.absorbance + 0.015 * span])
        axes.plot(*line, color=FAINT, linewidth=0.4)
        axes.text(
            at,
            foot + 0.01 * span,
            _name(peak),
            rotation=90,
            ha="center",
            va="bottom",
            size=6.5,
            color=INK if peak.assignment else FAINT,
            parse_math=False,
        )


def _name(peak: Peak) -> str:
    """``1743 C=O stretch, ester``; of a peak without an assignment its place alone."""
    words = "" if peak.assignment is None else f" {_shortened(peak.words, _NAME_LETTERS)}"
    return f"{peak.cm1:.0f}{words}"


def _labelled(peaks: Sequence[Peak]) -> list[Peak]:
    """The peaks to name, of rising wavenumber: the highest."""
    seen = [peak for peak in peaks if peak.height >= _LABEL_SHARE]
    highest = sorted(seen, key=lambda peak: -peak.height)[:_LABELLED]
    return sorted(highest, key=lambda peak: peak.cm1)


def spread(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Places for labels near the ``wanted`` ones (rising), ``gap`` apart, from ``low`` to ``high``.

    Labels that would touch form a block around the middle of their peaks.

    Examples
    --------
    >>> spread([1.0, 1.2, 5.0], gap=1.0, low=0.0, high=10.0)
    [0.6000000000000001, 1.6, 5.0]
    """

    def inside(middle: float, count: int) -> float:
        half = gap * (count - 1) / 2
        return min(max(middle, low + half), high - half)

    blocks: list[tuple[float, int]] = []  # middle, how many
    for at in wanted:
        middle, count = inside(at, 1), 1
        while blocks and middle - blocks[-1][0] < gap * (count + blocks[-1][1]) / 2:
            before, more = blocks.pop()
            middle = inside((before * more + middle * count) / (more + count), more + count)
            count += more
        blocks.append((middle, count))
    return [middle + gap * (i - (count - 1) / 2) for middle, count in blocks for i in range(count)]


def _draw_strip(
    axes: Axes, peaks: Sequence[Peak], group: GroupExplanation, limits: tuple[float, float]
) -> None:
    """What each peak adds to one group: a bar from valley to valley."""
    for peak, share in zip(peaks, group.by_peak, strict=True):
        axes.bar(
            peak.from_cm1,
            share.contribution,
            width=peak.to_cm1 - peak.from_cm1,
            align="edge",
            color=FOR if share.contribution > 0 else AGAINST,
            linewidth=0,
        )
    axes.axhline(0.0, color=INK, linewidth=0.5)
    span = (limits[1] - limits[0]) or 1.0
    axes.set_ylim(limits[0] - 0.08 * span, limits[1] + 0.08 * span)
    name = f"{spoken(group.name)}\n{group.call}, {likely(group.probability)}"
    axes.text(1.012, 0.5, name, transform=axes.transAxes, va="center", size=7.5, parse_math=False)
    axes.locator_params(axis="y", nbins=3)
    _open_frame(axes)


def _open_frame(axes: Axes) -> None:
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(axis="both", labelsize=7)


def _shortened(text: str, letters: int) -> str:
    return text if len(text) <= letters else text[: letters - 1] + "…"
