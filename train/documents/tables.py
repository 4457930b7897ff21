"""Tables that several documents show."""

from __future__ import annotations

from typing import Any


def f1_and_count(result: dict[str, Any], group: str) -> str:
    """A group's F1 and how many spectra have it."""
    count = result["positives"][group]
    return f"{result['groups']['f1'][group]:.3f} ({count})" if count else "none"


def mistakes_table(found: list[dict[str, Any]]) -> str:
    """Markdown: one line a mistake."""
    lines = [
        "| group | mistake | probability | CAS | structure | phase |",
        "|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {f['group']} | {f['kind']} | {f['probability']:.4f} | {f['cas']} | `{f['smiles']}` "
        f"| {f['phase']} |"
        for f in found
    ]
    return "\n".join(lines)
