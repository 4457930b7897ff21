"""Which kinds of measurement are no mid-infrared spectrum, by the words their files use."""

from __future__ import annotations

import re
from functools import lru_cache

from irclassify.errors import NotInfraredError

_OTHER_KINDS = (
    (r"RAMAN", "a Raman spectrum"),
    (r"\bNMR\b|\bFID\b", "an NMR measurement"),
    (r"\bMASS\b|\bMS\b", "a mass spectrum"),
    (r"INTERFEROGRAM", "an interferogram: export the Fourier-transformed spectrum"),
    (r"\bUV|VISIBLE|\bUVVIS", "a UV/visible spectrum"),
    (r"FLUORESCENCE|EMISSION|LUMINESCENCE", "an emission spectrum"),
    (r"SINGLE.?BEAM|BACKGROUND", "a single-beam spectrum: export it divided by its background"),
    (r"X-?RAY|\bXRD\b|DIFFRACT|\bXRF\b|\bXPS\b", "an X-ray measurement"),
    (r"CHROMATOGRA", "a chromatogram"),
    (r"VOLTAM|\bIV\b|CURRENT", "an electrical measurement"),
    (r"CIRCULAR DICHROISM|\bECD\b|\bVCD\b", "a circular dichroism spectrum"),
    (r"THERMOGRAV|\bTGA\b|\bDSC\b", "a thermal analysis"),
    (r"\bNIR\b|NEAR.?INFRARED|NEAR.?IR\b", "a near-infrared spectrum"),
    (r"NEUTRON", "a neutron scattering spectrum"),
)
_MAYBE = re.compile("|".join(pattern for pattern, _ in _OTHER_KINDS))


def refuse_other_kinds(data_type: str | None) -> None:
    """Refuse data that are not a mid-infrared spectrum.

    Parameters
    ----------
    data_type : str or None
        The file's own word for its kind of data, such as ``INFRARED SPECTRUM``.

    Raises
    ------
    NotInfraredError
        When it names another kind.

    Examples
    --------
    >>> refuse_other_kinds("INFRARED SPECTRUM")
    >>> refuse_other_kinds("RAMAN SPECTRUM")
    Traceback (most recent call last):
        ...
    irclassify.errors.NotInfraredError: the data type is 'RAMAN SPECTRUM': a Raman spect...
    """
    words = " ".join((data_type or "")[:200].upper().split())
    kind = _other_kind(words)
    if kind:
        raise NotInfraredError(
            f"the data type is {words[:40]!r}: {kind}; only mid-infrared spectra are classified"
        )


@lru_cache(maxsize=256)
def _other_kind(words: str) -> str:
    if not _MAYBE.search(words):
        return ""
    return next(kind for pattern, kind in _OTHER_KINDS if re.search(pattern, words))
