"""Stage ``patterns``: what an exported model has learned -> its patterns.json, averages only.

Runs the model folder as the tool does (onnxruntime) over the spectra the model was made from. What
is stored describes the model; it is not a measure of accuracy.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict
from itertools import accumulate, combinations, pairwise
from pathlib import Path
from typing import Any

import numpy as np

from irclassify.explain.fragments import SHAPES, shapes_of, width_points
from irclassify.model.folder import ModelSpec, load_spec
from irclassify.results.patterns import SCHEMA, ChannelShare, LearnedRegion, Use
from train.arrays import Floats, Ints, Numbers
from train.data.dataset import load, paper_subset
from train.data.records import Dataset
from train.data.split import training_rows
from train.export.observed import Observed, correlations, networks_of, observe
from train.settings import ROOT

FILE = "patterns.json"
FRAGMENTS = 100  # as in the paper's figure 3
USES = 4
REGIONS = 8
LEAST_SHARE = 0.01  # of a group's positive lift: weaker regions are not named
CHANNELS = 3
HARDLY = 0.25  # a weaker correlation with a band does not count as a dependence


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``python -m train patterns`` [FOLDER...]."""
    parser.add_argument("folders", nargs="*", type=Path, help="model folders; all exported ones")


def run(options: argparse.Namespace) -> int:
    """Describe every folder anew."""
    for folder in options.folders or sorted((ROOT / "exported").glob("*/")):
        add_to(folder)
        print(f"{folder / FILE}: {(folder / FILE).stat().st_size / 1000:.0f} kB")
    return 0


def add_to(folder: Path) -> None:
    """Write the folder's patterns.json, and its sha256 into model.json."""
    spec = load_spec(folder)
    content = json.dumps(describe(spec, spectra_of(spec)), separators=(",", ":")) + "\n"
    (folder / FILE).write_text(content, encoding="utf-8")
    definition = json.loads((folder / "model.json").read_text(encoding="utf-8"))
    definition["sha256"][FILE] = hashlib.sha256(content.encode()).hexdigest()
    (folder / "model.json").write_text(json.dumps(definition, indent=1) + "\n", encoding="utf-8")


def spectra_of(spec: ModelSpec) -> Dataset:
    """The spectra a model was made from (see train/fit/models.py)."""
    if spec.name.startswith("rieger2023"):
        return paper_subset(load("rieger2023"))

    data = load(spec.name)
    return data.where(training_rows(data, "all"))


def describe(spec: ModelSpec, data: Dataset) -> dict[str, Any]:
    """The content of patterns.json (see irclassify.results.patterns)."""
    seen = observe(spec, data)
    low, high = spec.columns_cm1()
    return {
        "schema": SCHEMA,
        "networks": networks_of(spec),
        "spectra": len(data.records),
        "fragments": min(FRAGMENTS, len(data.records)),
        "window_cm1": round(float(high[0] - low[0]), 2),
        "shapes": SHAPES,
        "position_cm1": [round(x, 1) for x in ((low + high) / 2).tolist()],
        "channels": [channel(spec, data, seen, c) for c in range(spec.latent.channels)],
        "groups": {g.name: group(spec, seen, i) for i, g in enumerate(spec.groups)},
    }


def channel(spec: ModelSpec, data: Dataset, seen: Observed, number: int) -> dict[str, Any]:
    """A channel as irclassify.results.patterns.Channel stores it.

    Its pattern is the median of the FRAGMENTS windows that activate it most, one a spectrum at
    most; its shape the one that most of them have.
    """
    points, stride = spec.latent.receptive_field_points, spec.latent.stride_points
    fragments, position = top_fragments(
        data.vectors, seen.strongest[:, number], seen.where[:, number], points, stride
    )
    own = pattern_of(fragments)
    shape, count = next(iter(shapes_of(fragments).items()))
    step = spec.preprocessing.grid.spacing_cm1
    low, high = spec.columns_cm1()
    centre = (low + high) / 2
    return {
        "network": number * networks_of(spec) // spec.latent.channels,
        "shape": shape,
        "alike": round(count / len(fragments), 3),
        "width_cm1": round(width_points(own) * step, 1),
        "typical_cm1": np.percentile(centre[position], [25, 75]).round(0).tolist(),
        "pattern": own.round(3).tolist(),
        "uses": [asdict(use) for use in uses(spec, seen.channel_lift[:, number])],
    }


def pattern_of(fragments: Numbers) -> Floats:
    """Their median, point by point: a mean would take after the few strongest bands among them."""
    return np.median(fragments.astype(np.float64), 0)


def top_fragments(
    vectors: Numbers, strongest: Numbers, where: Ints, points: int, stride: int
) -> tuple[Numbers, Ints]:
    """The windows (fragments, points) of the spectra that activate a channel most, and where."""
    best = np.argsort(-strongest, kind="stable")[:FRAGMENTS]
    position = where[best]
    window = position[:, None] * stride + np.arange(points)
    return vectors[best[:, None], window], position


def uses(spec: ModelSpec, lift: Numbers) -> list[Use]:
    """Where which groups use a channel: ``lift`` (groups, positions) -> the strongest regions."""
    found = [
        Use(group.name, *cells(spec, stretch), round(float(lift[i, slice(*stretch)].sum()), 3))
        for i, group in enumerate(spec.groups)
        for stretch in merge_columns(lift[i])
    ]
    return sorted(found, key=lambda use: -use.lift)[:USES]


def group(spec: ModelSpec, seen: Observed, index: int) -> dict[str, Any]:
    """A group as irclassify.results.patterns.GroupKnowledge stores it."""
    lift = seen.lift[:, index].mean(0)
    signs, agreement = response_signs(spec, seen, index), consistency(seen.lift[:, index])
    return {
        "total_lift": round(float(lift.sum()), 3),
        "consistency": agreement and round(agreement, 3),
        "regions": [asdict(region) for region in regions(spec, seen, index)],
        "lift": lift.round(3).tolist(),
        "wants": "".join("+" if sign > 0 else "-" for sign in signs),
        "weight": spec.head.weight[index].max(0).astype(np.float64).round(3).tolist(),
    }


def regions(spec: ModelSpec, seen: Observed, index: int) -> list[LearnedRegion]:
    """The group's regions, strongest first.

    Merged as ``merge_columns`` does, but where the group looks for a band and where
    for none are parted, even side by side.
    """
    lift = seen.lift[:, index].mean(0)
    stretches = merge_columns(lift * response_signs(spec, seen, index))
    total = [float(lift[slice(*s)].sum()) for s in stretches]
    positive = sum(t for t in total if t > 0)
    order = sorted(range(len(total)), key=lambda i: -abs(total[i]))[:REGIONS]
    return [
        _region(spec, seen, index, stretches[i], positive)
        for i in order
        if abs(total[i]) >= LEAST_SHARE * positive
    ]


def response_signs(spec: ModelSpec, seen: Observed, index: int) -> Numbers:
    """Per position: 1 where a band raises the group's logit, -1 where it lowers it."""
    correlation = correlations(seen.contributions[:, index], seen.heights)
    strength = correlation * np.abs(seen.lift[:, index].mean(0))
    columns = -(-spec.latent.receptive_field_points // spec.latent.stride_points)
    field = np.ones(columns)  # neighbours see the same points: they respond alike
    return np.where(np.convolve(strength, field, "same") < 0, -1.0, 1.0)


def _region(
    spec: ModelSpec, seen: Observed, index: int, stretch: tuple[int, int], positive: float
) -> LearnedRegion:
    own = slice(*stretch)
    low, high = spec.columns_cm1()
    each = seen.lift[:, index, own].sum(1)
    lift = float(each.mean())
    contribution = seen.contributions[:, index, own].sum(1, keepdims=True)
    height = seen.heights[:, own].mean(1, keepdims=True)
    return LearnedRegion(
        *cells(spec, stretch),
        round(float(low[own][0]), 1),
        round(float(high[own][-1]), 1),
        lift=round(lift, 3),
        share=round(lift / positive, 4),
        reads=reads(correlations(contribution, height)[0]),
        agreeing=int((each * np.sign(lift) >= abs(lift) / 2).sum()),
        channels=tuple(channel_shares(seen.channel_lift[index, :, own].sum(1))),
    )


def reads(correlation: float) -> str:
    """What a region's contribution goes with, by its correlation with the bands there."""
    return "band" if correlation > HARDLY else "gap" if correlation < -HARDLY else "shape"


def channel_shares(lift: Numbers) -> list[ChannelShare]:
    """The strongest channels (of the sign of the whole) of a region: lift (channels,)."""
    own = lift * np.sign(lift.sum())
    whole = own[own > 0].sum()
    order = np.argsort(-own, kind="stable")[:CHANNELS]
    return [ChannelShare(int(c), round(float(own[c] / whole), 3)) for c in order if own[c] > 0]


def consistency(profiles: Numbers) -> float | None:
    """Mean pairwise correlation of profiles (networks, positions); None for a single one."""
    pairs = [np.corrcoef(a, b)[0, 1] for a, b in combinations(profiles, 2)]
    return float(np.mean(pairs)) if pairs else None


def cells(spec: ModelSpec, stretch: tuple[int, int]) -> tuple[float, float]:
    """Wavenumbers (cm-1) of a stretch of columns, from the first cell to the last."""
    low, high = spec.columns_cm1()
    half = spec.latent.stride_points * spec.preprocessing.grid.spacing_cm1 / 2
    centre = (low + high) / 2
    first, last = float(centre[stretch[0]]) - half, float(centre[stretch[1] - 1]) + half
    return round(first, 1), round(last, 1)


# How columns become regions; see merge_columns.
VALLEY_SHARE = 0.7
TAIL_SHARE = 0.2

# Neighbouring columns: the first and one past the last, as in a slice.
Stretch = tuple[int, int]


def merge_columns(contributions: Floats) -> list[Stretch]:
    """Contributions of all positions (positions,) -> the regions a reader would see.

    1. Neighbouring columns of one sign form a stretch.
    2. A stretch is cut at a column that falls below VALLEY_SHARE of the lower of the two maxima
       beside it: two bands, two regions.
    3. Its ends are trimmed where columns stay below TAIL_SHARE of its strongest column.
    """
    edges = np.flatnonzero(np.diff(np.signbit(contributions))) + 1
    strength: list[float] = np.abs(contributions).tolist()  # for a few columns, quicker than arrays
    return [
        _trim(strength, piece)
        for stretch in pairwise([0, *edges.tolist(), len(strength)])
        for piece in _cut_at_valleys(strength, stretch)
    ]


def _cut_at_valleys(strength: Sequence[float], stretch: Stretch) -> list[Stretch]:
    first, end = stretch
    inside = strength[first:end]
    if len(inside) < 3:
        return [stretch]
    before = list(accumulate(inside, max))[:-2]
    after = list(accumulate(reversed(inside), max))[-3::-1]
    depths = [
        value / max(min(left, right), _TINY)
        for value, left, right in zip(inside[1:-1], before, after, strict=True)
    ]
    deepest = min(depths)
    if deepest >= VALLEY_SHARE:
        return [stretch]
    cut = first + 1 + depths.index(deepest)
    return _cut_at_valleys(strength, (first, cut)) + _cut_at_valleys(strength, (cut, end))


_TINY = float(np.finfo(float).tiny)


def _trim(strength: Sequence[float], stretch: Stretch) -> Stretch:
    first, end = stretch
    lowest = TAIL_SHARE * max(strength[first:end])
    while strength[first] < lowest:
        first += 1
    while strength[end - 1] < lowest:
        end -= 1
    return first, end
