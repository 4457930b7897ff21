"""Functional groups from infrared spectra, with the wavenumbers that are the evidence.

Nothing heavy is imported before a name below is used.

Examples
--------
>>> import numpy as np
>>> import irclassify
>>> classifier = irclassify.load("default")
>>> wavenumbers = np.linspace(4000, 400, 1801)  # cm-1, (p,)
>>> carbonyl = np.exp(-(((wavenumbers - 1715) / 12) ** 2))  # absorbance, (p,) or (n, p)
>>> found = classifier.predict(wavenumbers, carbonyl)
>>> found.probabilities.shape == found.calls.shape == (1, len(found.groups))
True
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from irclassify.version import __version__

if TYPE_CHECKING:
    from irclassify.classifier import Classifier, Predicted, load
    from irclassify.errors import IrclassifyError
    from irclassify.explain.contributions import Contributions

__all__ = ["Classifier", "Contributions", "IrclassifyError", "Predicted", "__version__", "load"]

_WHERE = {
    "Classifier": "classifier",
    "Predicted": "classifier",
    "load": "classifier",
    "Contributions": "explain.contributions",
    "IrclassifyError": "errors",
}


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module 'irclassify' has no attribute {name!r}")
    return getattr(import_module(f"irclassify.{_WHERE[name]}"), name)
