"""How answers are put in words: the bands of a spectrum measured, then named by its answer."""

from __future__ import annotations

from irclassify.batch.files import InWords
from irclassify.explain.explainer import interpret
from irclassify.explain.observed import Bands

IN_WORDS = InWords(Bands.of, interpret)
