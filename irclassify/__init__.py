"""Functional groups from infrared spectra, with the wavenumbers that are the evidence.

    classifier = irclassify.load("default")
    found = classifier.predict(wavenumbers, absorbances)  # cm-1 (p,), absorbance (n, p)
    found.groups, found.probabilities, found.calls

Nothing heavy is imported before a name below is used.
"""

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
    from importlib import import_module  # noqa: PLC0415 - with the module it is for

    return getattr(import_module(f"irclassify.{_WHERE[name]}"), name)
