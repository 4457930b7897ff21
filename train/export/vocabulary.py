"""The objects ``groups`` and ``details`` of model.json: names, definitions, titles, accuracy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from train.labels.details import DETAILS
from train.labels.groups import SMARTS

# What a person reads. The definitions are the paper's, so an ether is there in every ester too.
TITLES = {
    "alkane": "sp3 C-H, CH2 or C",
    "methyl": "CH3",
    "alkene": "C=C",
    "alkyne": "C#C",
    "alcohol": "O-H on carbon (alcohol, phenol, acid)",
    "amine": "N-H amine",
    "nitrile": "C#N",
    "aromatic": "aromatic ring",
    "alkyl_halide": "C-halogen",
    "ester": "ester",
    "ketone": "ketone",
    "aldehyde": "aldehyde",
    "carboxylic_acid": "carboxylic acid",
    "ether": "C-O-C (ether or ester)",
    "acyl_halide": "acyl halide",
    "amide": "amide",
    "nitro": "nitro",
}
# Groups whose definition includes another one.
COVERS = {
    "ether": ["ester"],
    "alcohol": ["carboxylic_acid"],
    "alkyl_halide": ["acyl_halide"],
}

PLAIN_GROUPS: tuple[dict[str, Any], ...] = tuple(
    {"name": name, "smarts": smarts, "title": TITLES[name], "covers": COVERS.get(name, [])}
    for name, smarts in SMARTS.items()
)


def vocabulary(
    measured: Mapping[str, Any],
) -> tuple[tuple[dict[str, Any], ...], tuple[dict[str, Any], ...]]:
    """Groups and shipped details with what stage ``calibrate`` measured of them."""
    groups = tuple(group | _accuracy(measured, group["name"]) for group in PLAIN_GROUPS)
    shipped = measured["details"]["shipped"]
    details = tuple(
        {
            "name": detail.name,
            "parent": detail.parent or None,
            "smarts": detail.smarts,
            "title": detail.title,
            "covers": [name for name in detail.covers.split() if name in shipped],
            "bands": detail.bands_cm1,
            "source": detail.bands_source,
        }
        | _accuracy(measured, detail.name)
        for detail in DETAILS
        if detail.name in shipped
    )
    return groups, details


def _accuracy(measured: Mapping[str, Any], name: str) -> dict[str, Any]:
    phases = measured["outputs"][name]
    return {
        "positives": {phase: found["positives"] for phase, found in phases.items()},
        "f1": {phase: _rounded(found["f1"]) for phase, found in phases.items()},
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)
