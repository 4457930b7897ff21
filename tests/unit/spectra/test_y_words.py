# ruff: noqa: RUF001 - the signs that files have
"""What the words above a column say of Y: each is a unit with its scale, or refused by its name."""

from __future__ import annotations

import pytest

from irclassify.errors import IrclassifyError
from irclassify.spectra.y_words import find_unit, is_short_name

UNITS = {
    "absorbance": """Absorbance|Abs.|Absorbance (a.u.)|Absorbance [arb.]|AU|OD|O.D.|optical density
        |optische Dichte|densité optique|densidad óptica|Extinktion|Absorbanz|Absorbância
        |Assorbanza|Absorption (a.u.)|Absorption|A / a.u.|吸光度|Оптическая плотность|log10(1/T)
        |-log T|−log10(T)|lg(I0/I)|log(I₀/I)|-log10(R/R0)|log(1/R)|log(R0/R)|ATR units
        |Normalised Abs.|Absorbence""",
    "milliabsorbance": "mOD|mAU|mA.U.|Absorbance (mOD)|Absorbance (×10⁻³)|Absorbance x 1000",
    "napierian absorbance": """napierian absorbance|Naperian absorbance|ln(I0/I)|-ln(T)|ln(1/R)
        |optical depth|absorbance (base e)|log_e(I0/I)|-ln(I/I₀)""",
    "percent transmittance": """%T|T%|T (%)|T/%|T in %|Transmission [%]|Transmittance, %
        |Percent transmittance|Transmisión (%)|Transmissão [%]|Trasmissione %|Durchlässigkeit [%]
        |Durchlaessigkeit (%)|透過率（％）|Пропускание, %|I/I0 (%)|pct T|Transmission / Prozent""",
    "transmittance": "T|Transmission|Transmittance (-)|I/I0|透過率|Durchlässigkeit|Trasmittanza",
    "percent reflectance": "%R|R [%]|Réflectance (%)|Reflectância (%)|Reflexion [%]|反射率(%)",
    "reflectance": "R|Reflectance|Réflectance|ATR reflectance|反射率",
    "kubelka-munk": "Kubelka-Munk|K-M|KM units|F(R)|f(R∞)|Kubelka–Munk",
    "absorption coefficient": "Absorption coefficient (cm-1)|absorptivity|cross section (cm2)",
    "unsupported_unit": """1-T|1 - T|1-R|100-%T|100 - T (%)|Absorptance|Absorptanz|Absorptionsgrad
        |Absorption (%)|% absorbed|Reflection loss|return loss (dB)|log T|log10(T)|ln(T)|1/T|1/R
        |T^-1|Inverse transmittance|2nd deriv.|d²A/dν²|SG deriv|ΔA|delta A|ΔmOD|dOD|Δ absorbance
        |Absorbance difference|ΔT/T|Abs_err|std|absorbance_std|n|k|refractive index|emissivity
        |Re(eps)|real part|loss function|Conductivity (S/cm)|sigma1|Δε|ellipticity (mdeg)|EQE (%)
        |Responsivity (A/W)|baseline|noise|PC1|phase|km/mol|FTIR-PAS|Reflectivity phase""",
    "not_infrared": "single channel|Raman intensity|counts/s|Signal (V)|fluorescence|emission",
    "ambiguous_unit": "a.u.|A.U.|arb. units|Intensity|Intensité (u.a.)|Intensidad|強度|%|Gain (%)",
}
CASES = [(word.strip(), unit) for unit, words in UNITS.items() for word in words.split("|")]


@pytest.mark.parametrize(("words", "expected"), CASES)
def test_each_word_for_y_is_a_unit_or_refused_by_its_name(words: str, expected: str):
    try:
        found = find_unit(words)
    except IrclassifyError as error:
        found = error.code
        assert len(str(error)) < 300
    assert found == expected


@pytest.mark.parametrize("name", ["1-T", "1-R", "A", "E", "k", "PC1", "Err"])
def test_a_few_letters_may_be_the_name_of_a_sample(name: str):
    assert is_short_name(name)
