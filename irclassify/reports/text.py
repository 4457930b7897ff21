"""Small pieces of terminal output that need nothing but strings."""

from __future__ import annotations

from irclassify.results.prediction import IN_DOMAIN, OUTSIDE, Domain
from irclassify.text import printable

_EIGHTHS = " ▏▎▍▌▋▊▉"


def domain_line(domain: Domain | None) -> str:
    """``‼ outside what the model knows: why``, ``? unusual: why``, nothing in the domain.

    Examples
    --------
    >>> domain_line(Domain("unusual", ("almost only noise",)))
    '? unusual: almost only noise'
    """
    if domain is None or domain.verdict == IN_DOMAIN:
        return ""
    mark = "‼ outside what the model knows" if domain.verdict == OUTSIDE else "? unusual"
    return printable(f"{mark}: {'; '.join(domain.reasons)}")


def likely(probability: float) -> str:
    """``0.97``, and ``>0.99`` or ``<0.01`` where two digits would claim certainty.

    Examples
    --------
    >>> likely(0.97), likely(0.9999), likely(0.0001)
    ('0.97', '>0.99', '<0.01')
    """
    shown = f"{probability:.2f}"
    return {"1.00": ">0.99", "0.00": "<0.01"}.get(shown, shown)


def limit(probability: float) -> str:
    """``0.45``; below 0.01 its first digit: ``0.0003``.

    Examples
    --------
    >>> limit(0.45), limit(0.00031)
    ('0.45', '0.0003')
    """
    return f"{probability:.2f}" if probability >= 0.01 else f"{probability:.1g}"


def bar(share: float, width: int) -> str:
    """A bar that fills ``share`` (0 to 1) of ``width`` cells, to an eighth of a cell.

    Examples
    --------
    >>> bar(0.75, 4)
    '███'
    """
    eighths = round(min(max(share, 0.0), 1.0) * width * 8)
    whole, rest = divmod(eighths, 8)
    return "█" * whole + (_EIGHTHS[rest] if rest else "")


def plural(count: int, noun: str) -> str:
    """``1 spectrum``, ``2 spectra``, ``3 files``.

    Examples
    --------
    >>> plural(1, "spectrum"), plural(2, "spectrum"), plural(3, "file")
    ('1 spectrum', '2 spectra', '3 files')
    """
    many = {"spectrum": "spectra"}.get(noun, noun + "s")
    return f"{count:,} {noun if count == 1 else many}"
