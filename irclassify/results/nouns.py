"""What groups and details are called in a sentence. Pure."""

from __future__ import annotations

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
KINDS = {
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

# Details that stand below none of the groups, where a model knows them.
OTHERS = {
    "carbamate": "carbamate",
    "urea": "urea",
    "sulfonamide": "sulfonamide",
    "sulfonyl": "sulfonyl compound",
    "phosphoryl": "phosphoryl compound",
    "P_O_C": "phosphorus ester",
    "organosilicon": "organosilicon compound",
    "isothiocyanate": "isothiocyanate",
    "cumulated_NCX_N3": "compound with a cumulated bond, as N=C=O or an azide",
    "thiocarbonyl": "C=S compound",
    "thiol": "thiol",
    "sulfide": "sulfide",
    "ammonium": "ammonium salt",
    "tertiary_amine": "tertiary amine",
    "imine_or_CN": "C=N compound",
    "azo": "azo compound",
}

# What such a detail is, too, is not said beside it.
WIDER = {"sulfonamide": "sulfonyl", "isothiocyanate": "cumulated_NCX_N3"}

# Details that need other words on a screen than their names have.
_OTHER_WORDS = {
    "NH_heteroaromatic": "N-H heteroaromatic ring",
    "N_heteroaromatic": "N-heteroaromatic ring",
    "fused_aromatic": "fused aromatic rings",
    "cumulated_NCX_N3": "cumulated X=C=Y or azide",
    "ether_not_ester": "ether (not an ester)",
    "long_CH2_chain": "long CH2 chain",
    "tert_butyl": "tert-butyl group",
    "isopropyl": "isopropyl group",
}


def spoken(name: str) -> str:
    """A group or detail as a person says it; names with underscores are for files and options.

    Examples
    --------
    >>> spoken("carboxylic_acid"), spoken("para_benzene"), spoken("organosilicon")
    ('carboxylic acid', 'para-disubstituted benzene', 'organosilicon compound')
    """
    return _OTHER_WORDS.get(name) or KINDS.get(name) or OTHERS.get(name) or plain(name)


def noun(name: str) -> str:
    """A group or detail as the subject of a sentence: what has the group.

    Examples
    --------
    >>> noun("nitro"), noun("alkyl_halide"), noun("tert_butyl")
    ('nitro compound', 'C-halogen compound', 'tert-butyl group')
    """
    return NOUNS.get(name) or spoken(name)


def phase_word(phase: str | None) -> str:
    """A phase as a person says it: ATR is a technique.

    Examples
    --------
    >>> phase_word("gas"), phase_word("atr"), phase_word(None)
    ('gas', 'ATR', 'unknown')
    """
    return "ATR" if phase == "atr" else phase or "unknown"


def in_phase(phase: str | None) -> str:
    """How a sample was measured.

    Examples
    --------
    >>> in_phase("gas"), in_phase("atr"), in_phase(None)
    ('gas phase', 'ATR', 'unknown phase')
    """
    return phase_word(phase) + ("" if phase == "atr" else " phase")


def plain(name: str) -> str:
    """A name without underscores, for names of the table of bands and of other models.

    Examples
    --------
    >>> plain("alkyl_halide"), plain("phosphorus ester")
    ('alkyl halide', 'phosphorus ester')
    """
    return name.replace("_", " ")
