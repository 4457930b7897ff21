"""The answer in one paragraph, as a spectroscopist would say it. Pure.

An aryl ester: C=O 1717 with C-O 1269 and 1108; monosubstituted benzene 709. No O-H, no N-H.
Not sure: ether.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from irclassify.explain.bands import BANDS, bands_at, bands_of, detail_of, stands_for
from irclassify.results.bands import Band
from irclassify.results.explanation import Peak
from irclassify.results.nouns import KINDS, NOUNS, OTHERS, WIDER, noun

# A group that the first one brings along by definition is not said beside it, unless a band of the
# spectrum is its own.
_IMPLIED = {"ester": "ether", "carboxylic_acid": "alcohol", "acyl_halide": "alkyl_halide"}

# Said only where nothing else is: nearly every organic molecule has them.
_SKELETON = ("alkane", "methyl")
_C_H = ("C-H", "aliphatic C-H")  # the same of a band whose group is open
_ONE_A_GROUP = ("carbonyl",)  # a second such band speaks for a second group

# What is not there, when all groups that have it are absent.
_MISSING = {
    "O-H": ("alcohol", "carboxylic_acid"),
    "N-H": ("amine", "amide"),
    "C=O": ("ester", "ketone", "aldehyde", "carboxylic_acid", "acyl_halide", "amide"),
    "C≡N": ("nitrile",),
    "aromatic ring": ("aromatic",),
}

_BANDS_SAID = 3  # of a group
_OF_ONE_VIBRATION = 2  # of these
_UNASSIGNED_SAID = 3
_SAME_PLACE = 10.0  # cm-1 outside of a band's range
_NOT_SEEN = 0.05  # an uncertain group less probable than this is not said


@dataclass(frozen=True)
class Said:
    """A group or detail and what the model says of it: ``call`` present, absent or uncertain.

    ``parent``: the group of a detail; None for a group, and a detail that belongs to none.
    """

    name: str
    probability: float
    call: str
    parent: str | None = None


def summary(groups: Iterable[Said], peaks: Sequence[Peak], unexplained: Sequence[Peak] = ()) -> str:
    """The paragraph: what is there and by which bands, what is not, what is open.

    ``groups``: of the model, and its details where it knows any. ``unexplained``: the strong peaks
    that no present group accounts for.

    Examples
    --------
    >>> summary([Said("ketone", 0.97, "present"), Said("alcohol", 0.01, "absent")], peaks=[])
    'A ketone.'
    """
    said = {group.name: group for group in groups}
    sentences = [
        *_present(said, peaks),
        _absent(said, peaks),
        _uncertain(said),
        _unassigned(unexplained),
    ]
    return " ".join(sentence for sentence in sentences if sentence)


def _present(said: dict[str, Said], peaks: Sequence[Peak]) -> list[str]:
    """What is there: the model's groups, then what is none of them."""
    there = [name for name in NOUNS if name in said and said[name].call == "present"]
    implied = {
        second
        for first, second in _IMPLIED.items()
        if first in there and not _is_more(second, first, said, peaks)
    }
    named = [n for n in there if n not in implied and n not in _SKELETON]
    certain, possible = _others(said, peaks)
    if not named and certain:
        first, also = certain, possible
    else:
        named = named or [name for name in there if name not in implied]
        first, also = [_group(name, said, peaks) for name in named], certain + possible
    text = "; ".join(first) or "none of the model's groups is certain"
    article = "" if not first or (named and named[0] in _SKELETON) else _article(text)
    return [_sentence(article + text), _sentence(f"also {'; '.join(also)}" if also else "")]


def _is_more(second: str, first: str, said: dict[str, Said], peaks: Sequence[Peak]) -> bool:
    """Whether ``second`` is there on its own account, too, not only as a part of ``first``.

    By a band of its own. Where the model knows details of ``second``, by one of them, or by a band
    where ``first`` has none: the O-H bands of an acid make it no alcohol.
    """
    own = _own_bands(second, peaks)
    finer = [each for each in said.values() if each.parent == second]
    if not finer:
        return bool(own)
    shared = bands_of(first)
    return any(each.call == "present" for each in finer) or any(
        not bands_at(peak.cm1, shared, None, _SAME_PLACE) for peak in own
    )


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}." if text else ""


def _article(text: str) -> str:
    if text.split(":", maxsplit=1)[0].endswith("s"):
        return ""
    return "an " if text[0].lower() in "aeiou" or text.startswith("N-H") else "a "


def _group(name: str, said: dict[str, Said], peaks: Sequence[Peak]) -> str:
    """``aryl ester: C=O 1717 with C-O 1269 and 1108``."""
    own = _own_bands(name, peaks)
    noun = _noun(name, said, own)
    if not own:
        return noun
    return f"{noun}: {_bands(sorted(own, key=_importance))}"


def _bands(peaks: Sequence[Peak]) -> str:
    """``C=O 1717 with C-O 1269 and 1108``: the first of these bands by vibration."""
    words: dict[str, list[float]] = {}
    for peak in peaks:
        assert peak.assignment is not None
        places = words.setdefault(_short(peak.assignment), [])
        if len(places) < _OF_ONE_VIBRATION and sum(map(len, words.values())) < _BANDS_SAID:
            places.append(peak.cm1)
    said = [f"{what} {_and(_places(at))}" for what, at in words.items() if at]
    return " with ".join([*said[:1], *([" and ".join(said[1:])] if said[1:] else [])])


def _places(cm1: Iterable[float]) -> list[str]:
    """From high to low, as a spectrum is read."""
    return [f"{each:.0f}" for each in sorted(cm1, reverse=True)]


def _own_bands(name: str, peaks: Sequence[Peak]) -> list[Peak]:
    return [p for p in peaks if p.assignment is not None and p.assignment.group == name]


def _importance(peak: Peak) -> tuple[bool, bool, float]:
    """Defining bands first, then expected ones, then by height."""
    assert peak.assignment is not None
    expect = peak.assignment.expect
    return expect != "defining", expect != "expected", -peak.height


def _noun(name: str, said: dict[str, Said], own: Sequence[Peak]) -> str:
    kinds = {peak.assignment.structure for peak in own if peak.assignment is not None}
    called = {other for other, group in said.items() if group.call == "present"}
    sure = [kind for kind in KINDS if kind in called and kind in _kinds_of(name)]
    named = sure or [kind for kind in KINDS if kind in kinds and kind not in said]
    return KINDS[named[0]] if named else _wide_noun(name, said)


def _wide_noun(name: str, said: dict[str, Said]) -> str:
    """``ether or ester`` where the definition of ``ether`` holds esters and one is not excluded."""
    if any(each.parent == name and each.call == "present" for each in said.values()):
        return NOUNS[name]
    parts = (said.get(first) for first, second in _IMPLIED.items() if second == name)
    open_ = [NOUNS[part.name] for part in parts if part is not None and _is_open(part)]
    return " or ".join([NOUNS[name], *open_])


def _is_open(said: Said) -> bool:
    return said.call == "uncertain" and said.probability >= _NOT_SEEN


def _kinds_of(name: str) -> set[str]:
    """The details below a group, by the tables of bands."""
    extra = {
        "carboxylic_acid": {"aromatic_acid"},
        "amine": {"primary_aliphatic_amine", "primary_aromatic_amine"},
    }
    return {band.structure for band in BANDS if band.group == name} | extra.get(name, set())


def _short(band: Band) -> str:
    """A vibration in the fewest words: ``C=O``, ``C-O``, ``NO2``; else as the table has it."""
    vibration = band.vibration
    for long, brief in _SHORT.items():
        if vibration.startswith(long):
            return brief
    return vibration


_SHORT = {
    "C=O": "C=O",
    "C-C(=O)-O stretch": "C-O",
    "O-C-C stretch": "C-O",
    "C-O": "C-O",
    "=C-O": "C-O",
    "O-C stretch": "C-O",
    "O-H stretch": "O-H",
    "NH2 stretch": "N-H",
    "N-H stretch": "N-H",
    "N-H bend with C-N stretch (amide II)": "amide II",
    "NH2 bend (amide II)": "amide II",
    "C-N stretch with N-H bend (amide III)": "amide III",
    "C-N stretch (amide III)": "amide III",
    "N-H out-of-plane bend (amide V)": "amide V",
    "C-H stretch, Fermi resonance": "aldehyde C-H",
    "NO2": "NO2",
    "C≡N": "C≡N",
    "C≡C": "C≡C",
    "≡C-H stretch": "≡C-H",
    "C=C stretch": "C=C",
    "C-F": "C-F",
    "C-Cl": "C-Cl",
    "C-Br": "C-Br",
    "C-I": "C-I",
}


def _others(said: dict[str, Said], peaks: Sequence[Peak]) -> tuple[list[str], list[str]]:
    """What is not one of the model's groups, ``siloxane: Si-O-Si stretch 1080``.

    First details that the model calls, then what only a band's name says. A name that leaves the
    group open is no news where a group that is there can have the band, as another O-H stretch.
    """
    there = [name for name in OTHERS if name in said and said[name].call == "present"]
    there = [name for name in there if name not in {WIDER.get(other) for other in there}]
    present = {name for name, one in said.items() if one.call == "present"}
    found: dict[str, list[Peak]] = {OTHERS[name]: [] for name in there}
    for peak in peaks:
        band = peak.assignment
        if band is None or band.group in {*NOUNS, *_C_H} or peak.is_artefact:
            continue
        if not _is_news(band, present):
            continue
        detail = detail_of(band, there)
        noun = OTHERS[detail] if detail else band.group
        found.setdefault(noun, []).append(peak)
    texts = []
    for noun, own in found.items():
        bands = _bands(sorted(own, key=lambda peak: -peak.height))
        texts.append(bands if bands.startswith(noun) else f"{noun}: {bands}" if bands else noun)
    return texts[: len(there)], texts[len(there) :]


def _is_news(band: Band, present: Collection[str]) -> bool:
    """False of a name that leaves the group open where a group that is there can have the band."""
    groups = {other.group for other in stands_for(band.group)}
    return band.group in _ONE_A_GROUP or groups.isdisjoint(present)


def _absent(said: dict[str, Said], peaks: Sequence[Peak]) -> str:
    present = {name for name, one in said.items() if one.call == "present"}
    named = {peak.assignment for peak in peaks if peak.assignment is not None}
    news = [band for band in named if _is_news(band, present)]
    meant = [other for band in news for other in (band, *stands_for(band.group))]
    shown = " ".join({band.vibration for band in meant})
    lacking = [
        what
        for what, groups in _MISSING.items()
        if all(name in said and said[name].call == "absent" for name in groups)
        and f"{what} stretch" not in shown
    ]
    return _sentence(", ".join(f"no {what}" for what in lacking))


def _uncertain(said: dict[str, Said]) -> str:
    open_ = sorted(
        (one for one in said.values() if _is_open(one) and _stands_alone(one, said)),
        key=lambda group: -group.probability,
    )
    nouns = [noun(group.name) for group in open_]
    return f"Not sure: {', '.join(nouns)}." if nouns else ""


def _stands_alone(one: Said, said: dict[str, Said]) -> bool:
    """Not the detail of a group that is not there, or not certain itself."""
    return one.parent is None or one.parent not in said or said[one.parent].call == "present"


def _unassigned(unexplained: Sequence[Peak]) -> str:
    """Of what nothing explains, what has no name either: the rest is said with its name."""
    nameless = [peak for peak in unexplained if peak.assignment is None]
    strong = sorted(nameless, key=lambda peak: -peak.height)[:_UNASSIGNED_SAID]
    places = [f"{peak.cm1:.0f}" for peak in strong]
    return f"Strong and not explained: {_and(places)}." if places else ""


def _and(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
