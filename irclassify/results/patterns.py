"""What a model has learned, over all the spectra it was made from: averages, no spectrum.

Written by the training side into the model folder as ``patterns.json`` and only read here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

SCHEMA = 1


@dataclass(frozen=True)
class Use:
    """Where a group uses a channel: ``from_cm1`` to ``to_cm1``, and how much it lifts the logit."""

    group: str
    from_cm1: float
    to_cm1: float
    lift: float


@dataclass(frozen=True)
class Channel:
    """What a channel detects: the median of the fragments that activate it most.

    ``pattern``: absorbance (1 = the spectrum's highest band) at the points of the window, ascending
    wavenumber. ``shape``: the most common shape of these fragments, see ``Learned.shapes``;
    ``alike``: the share of them that have it. ``width_cm1``: width at half height.
    ``typical_cm1``: the quartiles of where in the spectra those fragments lie.
    ``uses``: where which groups use it, strongest first.
    """

    number: int
    network: int
    shape: str
    alike: float
    width_cm1: float
    typical_cm1: tuple[float, float]
    pattern: tuple[float, ...]
    uses: tuple[Use, ...]


@dataclass(frozen=True)
class ChannelShare:
    """A channel, and the part of a region's lift that comes through it."""

    channel: int
    share: float


@dataclass(frozen=True)
class LearnedRegion:
    """A region that tells spectra with a group from those without.

    ``lift``: mean contribution to the logit over spectra with the group minus that over spectra
    without. ``share``: its part of all positive lift. ``reads``: ``band`` when a band there
    speaks for the group, ``gap`` when it speaks against it, ``shape`` when its height hardly
    matters.
    ``agreeing``: how many of the model's networks give it the same sign and at least half of its
    lift. ``sees_from_cm1`` to ``sees_to_cm1`` is what its columns see.
    """

    from_cm1: float
    to_cm1: float
    sees_from_cm1: float
    sees_to_cm1: float
    lift: float
    share: float
    reads: str
    agreeing: int
    channels: tuple[ChannelShare, ...]


@dataclass(frozen=True)
class GroupKnowledge:
    """How a model recognises a group.

    ``lift`` and ``weight``, one value a latent position: the mean difference each position makes,
    and the largest weight over channels (Rieger et al. 2023, figure 6). ``wants``, one character a
    position: ``+`` where a band speaks for the group, ``-`` where against it.
    ``consistency``: mean pairwise correlation of ``lift`` between the model's networks; None for a
    single one.
    ``total_lift``: the sum of ``lift``, which is the difference of the mean logits.
    """

    name: str
    total_lift: float
    consistency: float | None
    regions: tuple[LearnedRegion, ...]
    lift: tuple[float, ...]
    wants: str
    weight: tuple[float, ...]


@dataclass(frozen=True)
class Learned:
    """All of it. ``spectra``: how many were averaged; ``fragments``: how many for each channel."""

    networks: int
    spectra: int
    fragments: int
    window_cm1: float
    shapes: Mapping[str, str]
    position_cm1: tuple[float, ...]
    channels: tuple[Channel, ...]
    groups: tuple[GroupKnowledge, ...]


def parse_learned(stored: Mapping[str, Any]) -> Learned:
    """From the content of patterns.json. Raises KeyError or TypeError when it is not complete.

    Examples
    --------
    >>> empty = {"networks": 1, "spectra": 0, "fragments": 0, "window_cm1": 132.0, "shapes": {}}
    >>> parse_learned(empty | {"position_cm1": [], "channels": [], "groups": {}}).window_cm1
    132.0
    """
    return Learned(
        networks=stored["networks"],
        spectra=stored["spectra"],
        fragments=stored["fragments"],
        window_cm1=stored["window_cm1"],
        shapes=dict(stored["shapes"]),
        position_cm1=tuple(stored["position_cm1"]),
        channels=tuple(_channel(i, **channel) for i, channel in enumerate(stored["channels"])),
        groups=tuple(_group(name, **group) for name, group in stored["groups"].items()),
    )


def _channel(number: int, **stored: Any) -> Channel:
    uses = tuple(Use(**use) for use in stored.pop("uses"))
    low, high = stored.pop("typical_cm1")
    pattern = tuple(stored.pop("pattern"))
    return Channel(number=number, uses=uses, typical_cm1=(low, high), pattern=pattern, **stored)


def _group(name: str, **stored: Any) -> GroupKnowledge:
    regions = tuple(_region(**region) for region in stored.pop("regions"))
    lift, weight = tuple(stored.pop("lift")), tuple(stored.pop("weight"))
    return GroupKnowledge(name=name, regions=regions, lift=lift, weight=weight, **stored)


def _region(**stored: Any) -> LearnedRegion:
    channels = tuple(ChannelShare(**channel) for channel in stored.pop("channels"))
    return LearnedRegion(channels=channels, **stored)
