"""Details, what stays open, and plastics, on molecules everyone knows."""

from __future__ import annotations

import numpy as np
import pytest
from rdkit import Chem

from irclassify.evaluation.structures import repaired
from train.labels.details import (
    AMINES,
    ANSWERED,
    COLUMN,
    DETAILS,
    KINDS,
    OUTPUTS,
    UNKNOWN,
    answers_of,
    polymer_answers,
)
from train.labels.groups import GROUPS

# At least one molecule that has each detail, and one that looks like it and has it not.
EXAMPLES = {
    "primary_alcohol": ("CCO", "CC(C)O"),
    "secondary_alcohol": ("CC(C)O", "CCO"),
    "tertiary_alcohol": ("CC(C)(C)O", "CC(C)O"),
    "phenol": ("Oc1ccccc1", "OCc1ccccc1"),
    "primary_aliphatic_amine": ("CCN", "Nc1ccccc1"),
    "primary_aromatic_amine": ("Nc1ccccc1", "NCc1ccccc1"),
    "secondary_amine": ("CNC", "CNC(C)=O"),
    "tertiary_amine": ("CN(C)C", "CN(C)C=O"),
    "NH_heteroaromatic": ("c1cc[nH]c1", "Cn1cccc1"),
    "pyridine": ("c1ccncc1", "c1cc[nH]c1"),
    "furan": ("c1ccoc1", "C1CCOC1"),
    "thiophene": ("c1ccsc1", "C1CCSC1"),
    "monosubstituted_benzene": ("Cc1ccccc1", "Cc1ccc(C)cc1"),
    "ortho_benzene": ("Cc1ccccc1C", "Cc1ccc(C)cc1"),
    "meta_benzene": ("Cc1cccc(C)c1", "Cc1ccc(C)cc1"),
    "para_benzene": ("Cc1ccc(C)cc1", "Cc1ccccc1C"),
    "benzene_1_2_4": ("Cc1ccc(C)c(C)c1", "Cc1cccc(C)c1C"),
    "benzene_1_2_3": ("Cc1cccc(C)c1C", "Cc1ccc(C)c(C)c1"),
    "fused_aromatic": ("c1ccc2ccccc2c1", "c1ccc(-c2ccccc2)cc1"),
    "primary_amide": ("CC(N)=O", "CNC(C)=O"),
    "secondary_amide": ("CNC(C)=O", "CN(C)C(C)=O"),
    "tertiary_amide": ("CN(C)C(C)=O", "CNC(C)=O"),
    "lactam": ("O=C1CCCCCN1", "CNC(C)=O"),
    "imide": ("O=C1CCC(=O)N1", "O=C1CCCN1"),
    "urea": ("NC(N)=O", "CC(N)=O"),
    "carbamate": ("CCOC(N)=O", "NC(N)=O"),
    "lactone": ("O=C1CCCO1", "CC(=O)OC"),
    "saturated_ester": ("CC(=O)OC", "COC(=O)c1ccccc1"),
    "conjugated_ester": ("COC(=O)c1ccccc1", "CC(=O)OC"),
    "phenyl_or_vinyl_ester": ("CC(=O)Oc1ccccc1", "CC(=O)OC"),
    "dialkyl_ketone": ("CC(C)=O", "CC(=O)c1ccccc1"),
    "conjugated_ketone": ("CC(=O)c1ccccc1", "CC(C)=O"),
    "conjugated_aldehyde": ("O=Cc1ccccc1", "CC=O"),
    "aromatic_acid": ("O=C(O)c1ccccc1", "CC(=O)O"),
    "CF3": ("FC(F)(F)c1ccccc1", "Fc1ccccc1"),
    "aryl_fluoride": ("Fc1ccccc1", "CCF"),
    "alkyl_chloride": ("CCCl", "Clc1ccccc1"),
    "aryl_chloride": ("Clc1ccccc1", "CCCl"),
    "alkyl_bromide": ("CCBr", "Brc1ccccc1"),
    "aryl_bromide": ("Brc1ccccc1", "CCBr"),
    "thiol": ("CCS", "CSC"),
    "sulfide": ("CSC", "CCS"),
    "sulfonyl": ("CS(C)(=O)=O", "CS(C)=O"),
    "sulfonamide": ("CS(N)(=O)=O", "CS(C)(=O)=O"),
    "thiocarbonyl": ("CC(N)=S", "CC(N)=O"),
    "isothiocyanate": ("CN=C=S", "CSC#N"),
    "imine_or_CN": ("CC=NC", "CC#N"),
    "azo": ("c1ccc(N=Nc2ccccc2)cc1", "NNc1ccccc1"),
    "organosilicon": ("C[Si](C)(C)C", "CC(C)(C)C"),
    "phosphoryl": ("COP(=O)(OC)OC", "COP(OC)OC"),
    "P_O_C": ("COP(=O)(OC)OC", "CP(C)(C)=O"),
    "dialkyl_ether": ("CCOCC", "COc1ccccc1"),
    "aryl_alkyl_ether": ("COc1ccccc1", "CCOCC"),
    "acetal_ketal": ("COCOC", "CCOCC"),
    "terminal_alkyne": ("CC#C", "CC#CC"),
    "internal_alkyne": ("CC#CC", "CC#C"),
    "vinyl": ("CC=C", "CC(C)=C"),
    "vinylidene": ("CC(C)=C", "CC=C"),
    "trans_alkene": ("C/C=C/C", "C/C=C\\C"),
    "cis_alkene": ("C/C=C\\C", "C/C=C/C"),
    "trisub_alkene": ("CC=C(C)C", "CC=CC"),
    "saturated_nitrile": ("CC#N", "N#Cc1ccccc1"),
    "conjugated_nitrile": ("N#Cc1ccccc1", "CC#N"),
    "isopropyl": ("CC(C)O", "CC(C)(C)O"),
    "tert_butyl": ("CC(C)(C)O", "CC(C)O"),
    "long_CH2_chain": ("CCCCCC", "CCCC"),
    "ether_not_ester": ("CCOCC", "CC(=O)OC"),
    "aliphatic_alcohol": ("CCO", "Oc1ccccc1"),
    "N_heteroaromatic": ("c1ccncc1", "c1ccccc1"),
    "cumulated_NCX_N3": ("CN=C=O", "CC#N"),
    "ammonium": ("C[NH3+].[Cl-]", "CN"),
}


def answer(smiles: str, name: str) -> int:
    return int(answers_of(Chem.MolFromSmiles(smiles))[COLUMN[name]])


def test_every_detail_has_an_example() -> None:
    assert set(EXAMPLES) == {detail.name for detail in DETAILS}


@pytest.mark.parametrize(("name", "molecules"), EXAMPLES.items())
def test_a_detail_is_told_from_its_like(name: str, molecules: tuple[str, str]) -> None:
    has, lacks = molecules
    assert answer(has, name) == 1
    assert answer(lacks, name) == 0


def test_parents_are_groups_and_present_with_their_details() -> None:
    for detail in DETAILS:
        assert detail.parent in {"", *GROUPS}
        if detail.parent:
            assert answer(EXAMPLES[detail.name][0], detail.parent) == 1
    assert len(OUTPUTS) == len(ANSWERED) + 3 == 91


@pytest.mark.parametrize("smiles", ["CCN.Cl", "CC[NH3+].[Cl-]"])
def test_a_salt_has_ammonium_and_leaves_its_amine_open(smiles: str) -> None:
    assert answer(smiles, "ammonium") == 1
    assert all(answer(smiles, name) == UNKNOWN for name in AMINES)
    assert answer(smiles, "alkane") == 1


def test_a_salt_written_as_its_amine_is_known_by_the_table() -> None:
    answers = answers_of(Chem.MolFromSmiles("CC(N)Cc1ccccc1"), salt=True)
    assert answers[COLUMN["ammonium"]] == 1
    assert answers[COLUMN["amine"]] == UNKNOWN
    assert answers[COLUMN["aromatic"]] == 1


def test_an_alkene_without_its_configuration_is_neither_cis_nor_trans() -> None:
    assert answer("CC=CC", "cis_alkene") == answer("CC=CC", "trans_alkene") == UNKNOWN
    assert answer("C1CCC=CC1", "trans_alkene") == 0


@pytest.mark.parametrize(
    ("mobile", "written"),
    [
        ("CC(S)=N", "CC(N)=S"),
        ("N=c1cccc[nH]1", "Nc1ccccn1"),
        ("CN=c1cccc[nH]1", "CNc1ccccn1"),
        ("Oc1ccccn1", "O=c1cccc[nH]1"),
        ("Oc1ccnc(O)n1", "O=c1cc[nH]c(=O)[nH]1"),
        ("Oc1cccnc1", "Oc1cccnc1"),  # 3-hydroxypyridine keeps its O-H
        ("Oc1cccc2cccnc12", "Oc1cccc2cccnc12"),  # so does 8-hydroxyquinoline
    ],
)
def test_mobile_hydrogens_are_where_spectra_show_them(mobile: str, written: str) -> None:
    assert Chem.MolToSmiles(repaired(Chem.MolFromSmiles(mobile))) == Chem.CanonSmiles(written)


PLASTICS = {
    "PE": {"alkane"},
    "PP": {"alkane", "methyl"},
    "PS": {"alkane", "aromatic"},
    "PVC": {"alkane", "alkyl_halide"},
    "PET": {"alkane", "aromatic", "ester", "ether"},
    "PA": {"alkane", "amide"},
    "PMMA": {"alkane", "methyl", "ester", "ether"},
    "PLA": {"alkane", "methyl", "ester", "ether"},
    "PC": {"alkane", "methyl", "aromatic", "ether"},
    "PEVA": {"alkane", "methyl", "ester", "ether"},
    "ABS": {"alkane", "alkene", "aromatic", "nitrile"},
    "CE": {"alkane", "alcohol", "ether"},
    "CA": {"alkane", "methyl", "ester", "ether"},
}


@pytest.mark.parametrize(("kind", "groups"), PLASTICS.items())
def test_a_plastic_has_the_groups_of_its_repeat_unit(kind: str, groups: set[str]) -> None:
    answers = polymer_answers(kind)[: len(GROUPS)]
    assert {g for g, has in zip(GROUPS, answers, strict=True) if has == 1} == groups


def test_what_a_plastic_leaves_open_is_not_answered() -> None:
    assert set(PLASTICS) | {"HDPE", "LDPE"} == set(KINDS)
    assert polymer_answers("PE")[COLUMN["methyl"]] == UNKNOWN
    assert polymer_answers("CA")[COLUMN["alcohol"]] == UNKNOWN
    assert not np.isin(UNKNOWN, polymer_answers("PS"))
