"""What train/domain/measure.py measured, in Markdown: results, model card, README."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

KNOWN = "known: gas and condensed, single organic molecules"

# What was asked for, and what a user should know besides.
TARGETS = (
    "white noise",
    "flat line with 1 % noise",
    "sloped line",
    "UV-visible, synthetic",
    "UV-visible, real (corpus), nm read as cm-1",
    "Raman, synthetic",
    "Raman, real (corpus)",
    "mirrored axis",
    "axis shifted by +200 cm-1",
    "axis shifted by -200 cm-1",
    "transmittance as absorbance",
)
BESIDES = (
    "axis shifted by +50 cm-1",
    "noise, 2 % of the strongest band",
    "saturated: cut off at 20 % of its height",
    "only 700 to 4000 cm-1",
    "only 1000 to 2000 cm-1",
    "sum of two molecules, 50:50",
    "ATR of benzene derivatives",
    "inorganic compounds (no carbon)",
    "salts and adducts with carbon",
    "polymers, real (NIST, corpus)",
)


def short(sets: Mapping[str, Any]) -> list[str]:
    """The lines of a table for people: number, flagged, outside."""
    lines = ["| spectra | number | unusual or outside | outside |", "|---|---|---|---|"]
    for name in (KNOWN, *TARGETS, *BESIDES):
        if name in sets:
            s = sets[name]
            flagged, outside = s["flagged"][0], s["outside"][0]
            lines.append(f"| {name} | {s['spectra']} | {flagged:.3f} | {outside:.3f} |")
    return lines


def left_out(without: Mapping[str, Any]) -> str:
    """A sentence on the group that nothing was trained on."""
    group = without["group"]
    having, lacking = (without["sets"][f"{word} {group}"] for word in ("with", "without"))
    return (
        f"Is a group noticed that was never seen? A detector and a network trained without any "
        f"{group} compound flagged {having['flagged'][0]:.3f} of {having['spectra']} {group} "
        f"compounds, and {lacking['flagged'][0]:.3f} of {lacking['spectra']} others. Tests, sizes "
        "and what the detector learns from were chosen with fold 0 and earlier versions of this "
        "table in sight, the ATR row among them."
    )


def render(results: dict[str, Any]) -> str:
    """The shares as markdown: what was asked for first, then everything, then the tests alone."""
    sets = results["sets"]
    lines = [*HEAD, *rows(sets)]
    left = results["without"]
    lines += [
        "",
        f"A group never seen: networks and detector fitted without any {left['group']} "
        f"compound ({left['epochs']} epochs, one network, fold 0 held out):",
        "",
        *HEAD,
        *rows(left["sets"]),
        "",
        "Each test alone, with a limit of its own that flags as many of the known spectra. "
        "Strangeness has seen no spoiled spectrum: its column tells what to expect of kinds that "
        "nobody thought of.",
        "",
        "| spectra | strangeness | likeness | both |",
        "|---|---|---|---|",
        *(
            f"| {name} | {s['alone']['strangeness']:.3f} | {s['alone']['likeness']:.3f} "
            f"| {s['flagged'][0]:.3f} |"
            for name, s in sets.items()
        ),
    ]
    return "\n".join(lines)


HEAD = (
    "| spectra | number | flagged (unusual or outside) | outside | flagged, gas | condensed |",
    "|---|---|---|---|---|---|",
)


def _row(name: str, shares: dict[str, Any]) -> str:
    phases = (
        f"{shares[phase]['flagged'][0]:.3f}" if phase in shares else ""
        for phase in ("gas", "condensed")
    )
    flagged, outside = ("{:.3f} ({:.3f}-{:.3f})".format(*shares[k]) for k in ("flagged", "outside"))
    refused = f", {shares['refused']} refused" if shares.get("refused") else ""
    number = f"{shares['spectra']}{refused}"
    return f"| {name} | {number} | {flagged} | {outside} | {' | '.join(phases)} |"


def rows(sets: Mapping[str, Any]) -> Iterable[str]:
    """One line of the full table for each set."""
    return (_row(name, shares) for name, shares in sets.items())
