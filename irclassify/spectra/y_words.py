"""What files and the names of columns say that Y is: words -> a unit, or why it is not one.

Words are compared in capitals, with plain digits, signs and brackets for raised, lowered and wide
ones, and one blank where there are any: ``squashed`` makes them so. As in x_units, patterns are
compiled when they are first needed.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from irclassify.errors import (
    AmbiguousUnitError,
    IrclassifyError,
    NotInfraredError,
    UnsupportedUnitError,
)

Y_UNITS = (
    "absorbance",
    "milliabsorbance",
    "napierian absorbance",
    "transmittance",
    "percent transmittance",
    "reflectance",
    "percent reflectance",
    "kubelka-munk",
    "absorption coefficient",
)
# The help of --y-unit lists the rare one too.
SAY_Y_UNIT = "say --y-unit " + "|".join(
    unit.replace(" ", "-") for unit in Y_UNITS if unit != "napierian absorbance"
)

# English, German, French, Spanish, Portuguese, Italian, Polish, Swedish, Dutch, Finnish, Turkish,
# Russian, Japanese, Chinese and Korean.
_ABSORBANCE_WORDS = (
    r"ABSORB[A\u00c2E]N|ABSORV[A\u00c2]N|ASSORBANZA|EXTIN[CK]TI(?:ON|E)|ABSORBANSSI|ABSORPTIE"
    r"|OPTI(?:CAL|SCHE) (?:DENSITY|DICHTE)|DENSIT[\u00c9E] OPTIQUE|DENSIDAD[E]? [\u00d3O]P?TICA"
    r"|DENSIT[\u00c0A] OTTICA|\u5438\u5149|\ud761\uad11"
    r"|\u041e\u041f\u0422\u0418\u0427\u0415\u0421\u041a\u0410\u042f \u041f\u041b\u041e\u0422\u041d"
)
_ABSORPTION_WORDS = (
    r"ABSOR[PB]TI(?:ON|E)|ABSORCI[\u00d3O]N|ABSOR[\u00c7C][\u00c3A]O|ASSORBIMENTO|\u5438\u53ce"
    r"|\u041f\u041e\u0413\u041b\u041e\u0429\u0415\u041d\u0418\u0415"
)
_TRANSMITTANCE_WORDS = (
    r"TRANSMIT|TRANSMISSI|TRANSMISI|TRASMITTAN|TRASMISSION|DURCHL(?:\u00c4|AE)SS"
    r"|L\u00c4P\u00c4ISY|GE\u00c7IRGENL|\u041f\u0420\u041e\u041f\u0423\u0421\u041a\u0410\u041d"
    r"|\u900f\u904e|\u900f\u8fc7|\ud22c\uacfc"
)
_REFLECTANCE_WORDS = (
    r"R[E\u00c9]FLE[CKX][TI]|R[E\u00c9]FLEXION|REFLET[A\u00c2]N|RIFLETTAN|RIFLESSION|REMISSION\b"
    r"|\u041e\u0422\u0420\u0410\u0416\u0415\u041d|\u53cd\u5c04"
)
_ARBITRARY = r"(?:A\. ?U|AU|ARB(?:ITRARY)?\b|REL(?:ATIVE)?\b|U\. ?A|W\. ?E)\.?(?: ?U(?:\.|NITS?)?)?"
_LOG = r"(?:LOG|LG) ?(?:\(? ?10\)?)? ?[(\[]? ?"
_LN = r"(?:LN|LOG ?E) ?[(\[]? ?"
_INVERSE = r"(?:1 ?/ ?[TR]\b|I ?0 ?/ ?I\b|R ?0 ?/ ?R\b|T ?0 ?/ ?T\b|P ?0 ?/ ?P\b)"
_NOT_INVERSE = r"(?:[TR]\b(?! ?0)|I ?/ ?I ?0|[TR] ?/ ?[TR] ?0|TRANSMI\w*|REFLE\w*)"
_ABSORBANCE = (
    rf"{_ABSORBANCE_WORDS}|{_LOG}{_INVERSE}|(?<!\w)- ?{_LOG}{_NOT_INVERSE}"
    rf"|\bABSORB\b|^\W*ATR UNITS?\W*$|^\W*A\W*(?:{_ARBITRARY})?\W*$"
    rf"|^\W*(?:IR |FT-?IR |INFRARED )?(?:{_ABSORPTION_WORDS})(?: INTENSITY)?"
    rf"\W*(?:{_ARBITRARY}|OD)?\W*$"
)
_NAPIERIAN = (
    rf"{_LN}{_INVERSE}|(?<!\w)- ?{_LN}{_NOT_INVERSE}|\bNAP[IE]?ER|\bNEPER|\bOPTICAL DEPTH"
    r"|\bNATURAL ABSOR|ABSOR.*(?:\bBASE ?-?E\b|\bE-?BASE|\bLN\b|\bNATURAL LOG)|\bE-BASED ABSOR"
)
_COEFFICIENT = (
    r"MICROMOL/MOL.*BASE 10|ABSORPTION COEFFICIENT|ABSORPTIVITY|CROSS.?SECTION|ATTENUATION"
    r"|ABSORPTIONSKOEFFIZIENT"
)
_PERCENT = r"(?:(?<![\d.])(?<![\d.] )% ?|PER ?CENT\.? ?|PCT\.? ?)\(? ?"
_IN_PERCENT = r"(?: ?[\[(/,] ?| (?:IN )?)%"
_SAYS_PERCENT = r"(?<![\d.])(?<![\d.] )%|PER ?CENT|\bPCT|PROZENT|P(?:OR|OUR) ?CIENTO?"
_UNITS = (
    ("kubelka-munk", r"KUBELKA|\bKM\b(?! ?/)|\bK-M\b|K/M|\bF ?\(R"),
    (
        "milliabsorbance",
        r"\bM ?(?:A\.?U\b|ABS|OD)\b|MILLI-? ?ABSORB|\bMABSORB"
        r"|(?:ABSORB\w*|\bABS|^A|EXTIN\w*)\.? ?[X\u00d7*/([]+ ?[X\u00d7*]? ?"
        r"(?:10 ?(?:\^ ?-?|-) ?3|1000)\b",
    ),
    ("napierian absorbance", _NAPIERIAN),
    (
        "absorbance",
        rf"{_ABSORBANCE}|\bABS\b|\bA\.?U\.? ?\(?ABS|^\W*(?:AU|E|O\.?D)\W*$|\bO\.D\b|\bOD\b",
    ),
    ("absorption coefficient", _COEFFICIENT),
    (
        "percent transmittance",
        rf"{_PERCENT}T(?:RANS\w*)?\b|(?:\bT|\bTRANS\w*|\bTRASM\w*|DURCHL\w*){_IN_PERCENT}|\bT ?%"
        r"|\bTRANSM?\. ?\(?%|\bI ?/ ?I ?0 ?[([] ?%",
    ),
    ("transmittance", rf"{_TRANSMITTANCE_WORDS}|^\W*TRANS\W*$|^\W*T\W*$|^\W*I ?/ ?I ?0\W*$"),
    ("percent reflectance", rf"{_PERCENT}R(?:EFL\w*)?\b|(?:\bR|\bREFL\w*){_IN_PERCENT}|\bR ?%"),
    ("reflectance", rf"{_REFLECTANCE_WORDS}|^\W*REFL\W*$|^\W*R\W*$"),
)
# Never absorbance or transmittance, whatever else the words say.
_OTHER = (
    (r"\bRAMAN\b", "Raman intensity"),
    (r"INTERFEROGRAM", "an interferogram"),
    (r"SINGLE.?(?:BEAM|CHANNEL)", "a single-beam spectrum"),
)
# Of another kind unless the words name a unit too ("transmittance, background corrected").
_OTHER_ALONE = (
    (r"BACKGROUND|EMITTANCE|EMISSION\b", "a single-beam or emission spectrum"),
    (r"FLUORESCENCE|LUMINESCENCE", "an emission spectrum"),
    (r"VOLT|AMPERE|\bCOUNTS?\b|\bCPS\b|\bSIGNAL\b", "a raw detector signal"),
    (r"ABUNDANCE", "a mass spectrum"),
)
# Quantities made from a spectrum that are not it.
_DERIVED = (
    r"DERIVATIVE|\bDERIV\b|\bD ?\^? ?[1-4] ?A\b|\bDA ?/ ?D|[(\[ ]DB[)\]]?$"
    r"|STANDARD DEV|\bST\.? ?DEV|\bSTD\.? ?DEV|\bSTDEV|\bR?STDV?\b|\bR?SD\b|\bSEM\b|VARIANCE"
    r"|\bERR(?:ORS?)?\b|UNCERTAINT|\bSIGMA ?\d?\b|RESIDUAL|\bLOADINGS?\b|EXTINCTION COEFF"
    r"|KM ?/ ?MOL|\bSNR\b|\bDIFFERENCE\b|ABSOR\w* (?:CHANGE|RATIO)"
    r"|(?:\bDELTA ?-?|[\u0394\u2206] ?)(?:M?OD|A|ABS\w*|[TR]|TRANSM\w*|REFL\w*|\u0395)\b|\bDM?OD\b"
    r"|\b(?:REFLE\w*|RETURN|INSERTION|TRANSMI\w*) LOSS|\bINVERSE (?:TRANSM|REFL)"
    r"|(?:REFL|TRANSM)\w* PHASE"
    r"|\b1(?:00)? ?%? ?- ?%? ?(?:T(?:RANSM\w*)?|R(?:EFL\w*)?)\b"
    rf"|^\W*(?:1 ?/ ?(?:[TR]|TRANSM\w*|REFL\w*)|[TR] ?\^ ?-1)\W*$"
    rf"|^[^-\w]*(?:{_LOG}|{_LN}){_NOT_INVERSE}"
    r"|ABSORPTAN[CZ]|ABSORPTIONSGRAD|ABSORP?T[\u00c2A]NCI|\bABSORBED\b"
    rf"|{_PERCENT}ABSOR|ABSOR\w*{_IN_PERCENT}|ABSOR\w* PER ?CENT"
)
_UNSUPPORTED = (
    r"COMPLEX INDEX|DISPERSION INDEX|REFRACTIVE|ABSORPTION INDEX|PHASE|PHOTOACOUSTIC"
    r"|EMISSIVIT|EMISSIONSGRAD|IR-PAS\b"
    r"|RADIANCE|PERMITTIVIT|DIELECTRIC|OPTICAL CONST|\bPSI\b|AMPLITUDE|\bEPSILON\b"
    r"|\bEPS ?\d?\b|^\W*[NK\u0395]\W*$|TEMPERATURE|PRESSURE|CONDUCTIVITY|LOSS FUNCTION"
    r"|\b(?:REAL|IMAGINARY) PART|^\W*(?:RE|IM)\W*\(|ELLIPTICIT|\bMDEG\b|\bVCD\b|DICHROISM"
    r"|\b(?:QUANTUM|E|I)\W?(?:EFFICIENCY|QE)\b|RESPONSIVIT"
    r"|^\W*(?:NOISE|BASE ?LINE|SCORES?|WEIGHTS?|QUALITY|POWER|PC ?\d{1,2}|RATIO)\W*$"
    r"|[(\[](?:M?V|MW|DEG|S/CM|A/W)[)\]]$"
)
_ANYTHING = (
    r"\bARB|INTENSIT|INTENSIDAD|\bA\. ?U\b|^PER ?CENT$|^%$|^\W*INT\W*$|[\u5f37\u5f3a]\u5ea6"
    r"|(?<![\d.%])[ (\[/]%\W?$"
)
# One or a few letters name a unit only where nothing suggests that they name samples.
_SHORT = (
    r"\W*(?:ABS|AU|A|T|R|K|N|E|\u0395|KM|OD|REFL|TRANS|I|INT|SD|K-M|EPS ?\d?|ERR|STD?|PC ?\d{1,2}"
    r"|1(?:00)? ?[-/] ?[TR])\W*"
)
_ALONE = (
    rf"\W*(?:{_PERCENT}[TR](?:RANS\w*|EFL\w*)?|ABSORB\w*|ABS|A|AU|T|R|TRANSMI\w*|REFLECT\w*|KUBELKA-MUNK|K-?M"
    r"|LOG ?\(? ?1 ?/ ?R|MAU)(?: UNITS?)?\W*"
)
_NOTHING_SAID = r"\W*|UNKNOWN|Y|NONE"
_RAISED = "[\u207b\u00b9\u00b2\u00b3\u2070-\u2079]+"
_DASHES = str.maketrans("\u2212\u2012\u2013", "---")


@lru_cache(maxsize=2048)
def squashed(words: str) -> str:
    """The first 200 characters in capitals and plain characters, single blanks for white space.

    Examples
    --------
    >>> squashed("cm\u207b\u00b9,_%T")
    'CM^-1, %T'
    """
    text = words[:200].replace("_", " ")
    if not text.isascii():
        text = re.sub(_RAISED, r"^\g<0>", text)
        text = unicodedata.normalize("NFKC", text).translate(_DASHES)
    return " ".join(text.upper().split())


@lru_cache(maxsize=1024)
def names_y(words: str) -> bool:
    """True when ``words``, the name of a column, say what was measured, infrared or not.

    Examples
    --------
    >>> names_y("Transmittance (%)"), names_y("sample 3")
    (True, False)
    """
    text = squashed(words)
    if len(words) > 80 or not text:
        return False
    known = [*(pattern for _, pattern in _UNITS), _DERIVED, _UNSUPPORTED, _ANYTHING]
    others = (pattern for pattern, _ in (*_OTHER, *_OTHER_ALONE))
    return any(re.search(pattern, text) for pattern in (*known, *others))


def states_unit(words: str) -> bool:
    """True when ``words`` name a unit that can be turned into absorbance.

    Examples
    --------
    >>> states_unit("Transmittance (%)"), states_unit("ion counts")
    (True, False)
    """
    try:
        return find_unit(words) is not None
    except IrclassifyError:
        return False


@lru_cache(maxsize=1024)
def is_short_name(words: str) -> bool:
    """True for one or a few letters that may be a unit or a sample's name: A, T, R, ABS, n, k.

    Examples
    --------
    >>> is_short_name("A"), is_short_name("absorbance")
    (True, False)
    """
    return bool(re.fullmatch(_SHORT, squashed(words)))


@lru_cache(maxsize=1024)
def is_y_unit(words: str) -> bool:
    """True when ``words`` are a unit of Y that is read here, and nothing else.

    Examples
    --------
    >>> is_y_unit("%T"), is_y_unit("film 3")
    (True, False)
    """
    return len(words) < 60 and bool(re.fullmatch(_ALONE, squashed(words)))


@lru_cache(maxsize=256)
def find_unit(words: str) -> str | None:
    """The unit that ``words`` name, one of Y_UNITS; None when there are no words.

    Raises
    ------
    AmbiguousUnitError, NotInfraredError, UnsupportedUnitError
        For words that name anything else.

    Examples
    --------
    >>> find_unit("ln(I0/I)"), find_unit("Transmission / %"), find_unit("")
    ('napierian absorbance', 'percent transmittance', None)
    """
    text = squashed(words)
    unit = next((unit for unit, pattern in _UNITS if re.search(pattern, text)), None)
    for pattern, kind in (*_OTHER, *(() if unit else _OTHER_ALONE)):
        if re.search(pattern, text):
            raise NotInfraredError(
                f"Y is {text[:40]!r}: {kind}; absorbance or transmittance is needed"
            )
    if re.search(_DERIVED, text) or (unit is None and re.search(_UNSUPPORTED, text)):
        raise UnsupportedUnitError(f"Y is {text[:40]!r}, which cannot be turned into absorbance")
    if unit in ("transmittance", "reflectance") and re.search(_SAYS_PERCENT, text):
        return f"percent {unit}"
    if unit is not None:
        return unit
    if re.search(_ANYTHING, text):
        raise AmbiguousUnitError(
            f"the file says Y is {text[:40]!r}, which may be anything; {SAY_Y_UNIT}"
        )
    if not re.fullmatch(_NOTHING_SAID, text):
        raise UnsupportedUnitError(f"Y is in {text[:40]!r}, an unknown unit; {SAY_Y_UNIT}")
    return None
