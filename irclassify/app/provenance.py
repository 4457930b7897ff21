"""Where a report comes from: tool, model, hashes, date, command."""

from __future__ import annotations

from datetime import UTC, datetime

from irclassify.model.folder import ModelSpec
from irclassify.reports.html.spectra import Provenance
from irclassify.version import __version__


def provenance(spec: ModelSpec, command: str) -> Provenance:
    """What stands at the end of a report that is made now.

    Examples
    --------
    >>> from irclassify.model.folder import find_model
    >>> provenance(find_model("default"), "irclassify app").facts["Command"]
    'irclassify app'
    """
    hashes = spec.definition.get("sha256", {})
    return Provenance(
        tool=f"irclassify {__version__}",
        model=spec.label,
        description=spec.description,
        sha256=", ".join(f"{name} {value}" for name, value in hashes.items()),
        made=datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        command=command,
    )
