"""The answer in one paragraph, as a spectroscopist would say it. Pure.

An aryl ester: C=O 1717 with C-O 1269 and 1108; monosubstituted benzene 709. No O-H, no N-H.
Not sure: ether.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from irclassify.explain.bands import BANDS
from irclassify.results.bands import Band
from irclassify.results.explanation import Peak

# What a group is called in a sentence; the order is that in which groups are named.
NOUNS = {
    "carboxylic_acid": "carboxylic acid",
    "acyl_halide": "acyl halide",
    "ester": "ester",
    "amide": "amide",
    "aldehyde": "aldehyde",
    "ketone": "ketone",
    "nitrile": "nitrile",
    "nitro": "nitro compound",
    "alcohol": "alcohol",
    "amine": "N-H amine",
    "ether": "ether",
    "alkyl_halide": "C-halogen compound",
    "alkyne": "alkyne",
    "alkene": "alkene",
    "aromatic": "aromatic ring",
    "alkane": "aliphatic CH",
    "methyl": "CH3",
}

# More specific nouns, by detail of a model that knows details, or by the kind of a group's band.
# The first that is there is said; kinds are asked for in the order in which they stand here.
_KINDS = {
    "lactone": "lactone",
    "phenyl_or_vinyl_ester": "vinyl or phenyl ester",
    "conjugated_ester": "conjugated ester",
    "saturated_ester": "saturated ester",
    "imide": "imide",
    "lactam": "lactam",
    "primary_amide": "primary amide",
    "secondary_amide": "secondary amide",
    "tertiary_amide": "tertiary amide",
    "conjugated_aldehyde": "conjugated aldehyde",
    "aldehyde_saturated": "saturated aldehyde",
    "conjugated_ketone": "conjugated ketone",
    "dialkyl_ketone": "dialkyl ketone",
    "aromatic_acid": "aromatic carboxylic acid",
    "conjugated_nitrile": "conjugated nitrile",
    "saturated_nitrile": "saturated nitrile",
    "C_NO2_aryl": "aromatic nitro compound",
    "C_NO2_alkyl": "aliphatic nitro compound",
    "phenol": "phenol",
    "primary_alcohol": "primary alcohol",
    "secondary_alcohol": "secondary alcohol",
    "tertiary_alcohol": "tertiary alcohol",
    "primary_aromatic_amine": "primary aromatic amine",
    "primary_aliphatic_amine": "primary aliphatic amine",
    "secondary_amine": "secondary amine",
    "aryl_alkyl_ether": "aryl alkyl ether",
    "acetal_ketal": "acetal or ketal",
    "dialkyl_ether": "dialkyl ether",
    "CF3": "CF3 compound",
    "aryl_fluoride": "aryl fluoride",
    "alkyl_chloride": "alkyl chloride",
    "aryl_chloride": "aryl chloride",
    "alkyl_bromide": "alkyl bromide",
    "aryl_bromide": "aryl bromide",
    "terminal_alkyne": "terminal alkyne",
    "internal_alkyne": "internal alkyne",
    "vinyl": "vinyl group",
    "vinylidene": "vinylidene group",
    "trans_alkene": "trans alkene",
    "cis_alkene": "cis alkene",
    "trisub_alkene": "trisubstituted alkene",
    "monosubstituted_benzene": "monosubstituted benzene",
    "ortho_benzene": "ortho-disubstituted benzene",
    "meta_benzene": "meta-disubstituted benzene",
    "para_benzene": "para-disubstituted benzene",
    "benzene_1_2_4": "1,2,4-trisubstituted benzene",
    "benzene_1_2_3": "1,2,3-trisubstituted benzene",
    "pyridine": "pyridine",
    "furan": "furan",
    "thiophene": "thiophene",
}

# A group that the first one brings along by definition is not said beside it, unless a band of the
# spectrum is its own.
_IMPLIED = {"ester": "ether", "carboxylic_acid": "alcohol", "acyl_halide": "alkyl_halide"}

# Said only where nothing else is: nearly every organic molecule has them.
_SKELETON = ("alkane", "methyl")

# What is not there, when all groups that have it are absent.
_MISSING = {
    "O-H": ("alcohol", "carboxylic_acid"),
    "N-H": ("amine", "amide"),
    "C=O": ("ester", "ketone", "aldehyde", "carboxylic_acid", "acyl_halide", "amide"),
    "C≡N": ("nitrile",),
    "aromatic ring": ("aromatic",),
}

_BANDS_SAID = 3  # of a group
_UNASSIGNED_SAID = 3
_NOT_SEEN = 0.05  # an uncertain group less probable than this is not said


@dataclass(frozen=True)
class Said:
    """A group or detail and what the model says of it: ``call`` present, absent or uncertain."""

    name: str
    probability: float
    call: str


def summary(groups: Iterable[Said], peaks: Sequence[Peak], unexplained: Sequence[Peak] = ()) -> str:
    """The paragraph: what is there and by which bands, what is not, what is open.

    ``groups``: of the model, and its details where it knows any. ``unexplained``: the strong peaks
    that no present group accounts for.
    """
    said = {group.name: group for group in groups}
    sentences = [
        _present(said, peaks),
        *_others(said, peaks),
        _absent(said, peaks),
        _uncertain(said),
        _unassigned(unexplained),
    ]
    return " ".join(sentence for sentence in sentences if sentence)


def _present(said: dict[str, Said], peaks: Sequence[Peak]) -> str:
    there = [name for name in NOUNS if name in said and said[name].call == "present"]
    implied = {
        second
        for first, second in _IMPLIED.items()
        if first in there and not _own_bands(second, peaks)
    }
    named = [n for n in there if n not in implied and n not in _SKELETON]
    named = named or [name for name in there if name not in implied]
    parts = [_group(name, said, peaks) for name in named]
    if not parts:
        return "None of the model's groups is certain."
    text = "; ".join(parts)
    article = "" if named[0] in _SKELETON else _article(text)
    text = article + text
    return f"{text[0].upper()}{text[1:]}."


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
    chosen = sorted(own, key=_importance)[:_BANDS_SAID]
    words: dict[str, list[str]] = {}
    for peak in chosen:
        assert peak.assignment is not None
        words.setdefault(_short(peak.assignment), []).append(f"{peak.cm1:.0f}")
    return f"{noun}: " + " with ".join(f"{what} {_and(at)}" for what, at in words.items())


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
    sure = [kind for kind in _KINDS if kind in called and kind in _kinds_of(name)]
    named = sure or [kind for kind in _KINDS if kind in kinds and kind not in said]
    return _KINDS[named[0]] if named else NOUNS[name]


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


def _others(said: dict[str, Said], peaks: Sequence[Peak]) -> list[str]:
    """What is not one of the model's groups: ``Also siloxane: Si-O-Si stretch 1080.``"""
    found: dict[str, list[Peak]] = {}
    for peak in peaks:
        band = peak.assignment
        if band is not None and band.group not in NOUNS and not peak.is_artefact:
            found.setdefault(band.group, []).append(peak)
    texts = []
    for group, own in found.items():
        best = sorted(own, key=lambda peak: -peak.height)[:_BANDS_SAID]
        bands = " with ".join(f"{p.assignment.vibration} {p.cm1:.0f}" for p in best if p.assignment)
        texts.append(f"{group}: {bands}")
    return [f"Also {'; '.join(texts)}."] if texts else []


def _absent(said: dict[str, Said], peaks: Sequence[Peak]) -> str:
    shown = " ".join(peak.assignment.vibration for peak in peaks if peak.assignment is not None)
    lacking = [
        what
        for what, groups in _MISSING.items()
        if all(name in said and said[name].call == "absent" for name in groups)
        and f"{what} stretch" not in shown
    ]
    text = ", ".join(f"no {what}" for what in lacking)
    return f"{text[0].upper()}{text[1:]}." if text else ""


def _uncertain(said: dict[str, Said]) -> str:
    open_ = sorted(
        (g for g in said.values() if g.call == "uncertain" and g.probability >= _NOT_SEEN),
        key=lambda group: -group.probability,
    )
    nouns = [NOUNS.get(g.name) or _KINDS.get(g.name) or g.name.replace("_", " ") for g in open_]
    return f"Not sure: {', '.join(nouns)}." if nouns else ""


def _unassigned(unexplained: Sequence[Peak]) -> str:
    """Of what nothing explains, what has no name either: the rest is said with its name."""
    nameless = [peak for peak in unexplained if peak.assignment is None]
    strong = sorted(nameless, key=lambda peak: -peak.height)[:_UNASSIGNED_SAID]
    places = [f"{peak.cm1:.0f}" for peak in strong]
    return f"Strong and not explained: {_and(places)}." if places else ""


def _and(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
