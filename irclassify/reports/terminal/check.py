"""Whether a spectrum fits a structure, for people: the verdict first, then why."""

from __future__ import annotations

from typing import TextIO

from irclassify.reports.text import likely
from irclassify.results.check import CONSISTENT, CONTRADICTED, Check
from irclassify.results.nouns import phase_word, spoken
from irclassify.text import printable

_REASONS_SHOWN = 8


def print_check(found: Check, stream: TextIO) -> None:
    """The verdict and how often it errs, each group of the structure, what it does not explain.

    Examples
    --------
    >>> import io
    >>> from irclassify.results.check import Check
    >>> found = Check(
    ...     "a.jdx", "default", "CCO", "gas", "gas", "contradicted", 4.0, 3.1, 3.1,
    ...     ("the structure has alcohol, the spectrum does not show it",), (), (), 0.03,
    ... )
    >>> stream = io.StringIO()
    >>> print_check(found, stream)
    >>> stream.getvalue().splitlines()[2]
    'contradicted: The spectrum contradicts the structure.'
    """
    lines = [f"{printable(found.file)}   {printable(found.smiles)}", "", _verdict(found), ""]
    for verdict in dict.fromkeys(group.verdict for group in found.groups):
        names = [
            f"{spoken(group.name)} {likely(group.probability)}"
            for group in found.groups
            if group.verdict == verdict
        ]
        lines.append(f"{verdict + ':':<22} {', '.join(names)}")
    explained = len(found.peaks) - len(found.unexplained)
    lines.append(f"{'strong bands:':<22} {explained} of {len(found.peaks)} explained")
    lines += [f"  - {reason}" for reason in found.reasons[:_REASONS_SHOWN]]
    if len(found.reasons) > _REASONS_SHOWN:
        lines.append(f"  and {len(found.reasons) - _REASONS_SHOWN} more: --format json")
    lines += ["", _rates(found)]
    lines += [f"warning: {printable(warning)}" for warning in found.warnings]
    stream.write("\n".join(lines) + "\n")


def _verdict(found: Check) -> str:
    what = {
        CONTRADICTED: "The spectrum contradicts the structure.",
        CONSISTENT: "The spectrum is consistent with the structure.",
    }.get(found.verdict, "The spectrum does not decide whether the structure is right.")
    return f"{found.verdict}: {what}"


def _rates(found: Check) -> str:
    caught = ", ".join(f"{kind} {share:.0%}" for kind, share in found.caught)
    return (
        f"Measured on {phase_word(found.limits_phase)} spectra: {found.false_alarms:.1%} of true "
        f"structures are called contradicted; wrong ones found out: {caught}."
    )


def check_line(found: Check) -> str:
    """One line for a table of many: verdict, file, structure, the weightiest reason.

    Examples
    --------
    >>> from irclassify.results.check import Check
    >>> found = Check(
    ...     "a.jdx", "default", "CCO", "gas", "gas", "contradicted", 4.0, 3.1, 3.1,
    ...     ("the structure has alcohol, the spectrum does not show it",), (), (), 0.03,
    ... )
    >>> check_line(found)
    'contradicted   a.jdx  CCO  the structure has alcohol, the spectrum does not show it'
    """
    reason = f"  {found.reasons[0]}" if found.reasons and found.verdict != CONSISTENT else ""
    return f"{found.verdict:<14} {printable(found.file)}  {printable(found.smiles)}{reason}"
