"""The sample spectra: reproducible, readable, honest about what they are, rightly labelled."""

from __future__ import annotations

import argparse
import csv
import re

import numpy as np
import pytest

from irclassify import samples
from irclassify.readers import read_spectrum
from train.data.fetch import cas_number
from train.samples import make_samples
from train.samples.make_samples import SAMPLES, STRENGTH, Sample

every_sample = pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.file)


def test_generator_reproduces_the_committed_files() -> None:
    committed = {
        file.name: file.read_bytes()
        for file in make_samples.FOLDER.iterdir()
        if file.suffix in {".jdx", ".csv"}
    }
    assert committed == make_samples.contents()


def test_package_finds_them() -> None:
    assert [file.name for file in samples.spectra()] == sorted(s.file for s in SAMPLES)
    assert samples.expected() == {s.file: frozenset(s.groups.split()) for s in SAMPLES}


@every_sample
def test_readable_without_a_warning(sample: Sample) -> None:
    content = (make_samples.FOLDER / sample.file).read_bytes()
    spectrum = read_spectrum(content, sample.file)
    x, y = make_samples.absorbance(sample)
    np.testing.assert_array_equal(spectrum.wavenumber, x)
    np.testing.assert_allclose(spectrum.absorbance, y, atol=make_samples.RESOLUTION_OF_Y)
    assert spectrum.absorbance.max() == make_samples.PEAK_ABSORBANCE
    assert spectrum.absorbance.min() > -5 * make_samples.NOISE
    assert (spectrum.x_unit, spectrum.y_unit) == ("cm-1", "absorbance")
    assert spectrum.state == sample.state
    assert spectrum.warnings == ()


@every_sample
def test_says_what_it_is(sample: Sample) -> None:
    text = make_samples.jcamp(sample)
    assert "simulated" in text.splitlines()[0]
    flat = " ".join(text.split())
    assert (
        "##ORIGIN=simulated by irclassify from published band positions, not a measurement" in flat
    )
    assert f"##SOURCE REFERENCE={sample.source} ##" in flat
    assert re.search(r"\b(19|20)\d\d\)", sample.source)
    assert max(map(len, text.splitlines())) <= 80
    assert text.isascii()


@every_sample
def test_table_is_sound(sample: Sample) -> None:
    positions = [band.position_cm1 for band in sample.bands]
    assert positions == sorted(set(positions), reverse=True)
    assert min(positions) > make_samples.FIRST_CM1
    assert max(positions) < make_samples.LAST_CM1
    assert {band.strength for band in sample.bands} <= set(STRENGTH)
    if sample.state == "gas":
        assert {band.contour for band in sample.bands} <= {*make_samples.CONTOURS, "-"}
    else:
        assert all(10 <= int(band.contour) <= 500 for band in sample.bands)
    a, b, c = sample.rotational_cm1
    assert a >= b >= c > 0
    try:
        assert cas_number(sample.cas) == sample.cas
    except argparse.ArgumentTypeError as error:
        pytest.fail(str(error))


@every_sample
def test_strongest_absorption_is_a_band_called_strong(sample: Sample) -> None:
    x, y = make_samples.absorbance(sample)
    strong = [band.position_cm1 for band in sample.bands if STRENGTH[band.strength] >= 0.5]
    half_distance = make_samples.branch_distance_cm1(sample.rotational_cm1) / 2
    assert min(abs(x[y.argmax()] - position) for position in strong) <= half_distance + 10


def test_branch_distance_of_a_linear_limit() -> None:
    """For a prolate top far from spherical, S tends to 1: the distance tends to sqrt(8 B kT)."""
    kt = make_samples.BOLTZMANN_CM1_PER_K * make_samples.TEMPERATURE_K
    assert make_samples.branch_distance_cm1((1e6, 0.1, 0.1)) == pytest.approx(np.sqrt(0.8 * kt))


def test_all_groups_appear_and_are_rdkits() -> None:
    pytest.importorskip("rdkit")
    from rdkit.Chem.rdMolDescriptors import CalcMolFormula

    from train.labels import groups as labels

    found: set[str] = set()
    with (make_samples.FOLDER / make_samples.EXPECTED).open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    for row, sample in zip(rows, sorted(SAMPLES, key=lambda s: s.file), strict=True):
        mol = labels.molecule(row["smiles"])
        assert mol is not None
        known = [g for g, has in zip(labels.GROUPS, labels.groups_of(mol), strict=True) if has]
        assert row["groups"].split() == known, row["file"]
        elements = re.findall(r"([A-Z][a-z]?)(\d*)", sample.formula.replace(" ", ""))
        assert CalcMolFormula(mol) == "".join(e + n for e, n in elements)
        found.update(known)
    assert found == set(labels.GROUPS)
