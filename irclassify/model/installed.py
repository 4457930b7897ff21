"""Where the shipped models lie and what they are called. No numpy: ``--version`` uses it."""

from __future__ import annotations

import json
from pathlib import Path

from irclassify.version import __version__

DEFAULT_MODEL = "default"
DEFINITION = "model.json"


def models_folder() -> Path:
    """Where the shipped models lie: inside the installed package, or beside it in a checkout.

    Examples
    --------
    >>> models_folder().name
    'exported'
    """
    package = Path(__file__).parent.parent
    packaged = package / "exported"
    return packaged if packaged.is_dir() else package.parent / "exported"


def model_names() -> list[str]:
    """The names of the shipped models, sorted.

    Examples
    --------
    >>> "default" in model_names()
    True
    """
    return sorted(path.parent.name for path in models_folder().glob(f"*/{DEFINITION}"))


def default_label() -> str:
    """``name@version`` of the default model, unverified; says so when it is not installed.

    Examples
    --------
    >>> default_label().startswith("default@")
    True
    """
    try:
        text = (models_folder() / DEFAULT_MODEL / DEFINITION).read_text(encoding="utf-8")
        definition = json.loads(text)
        return f"{definition['name']}@{definition['version']}"
    except (OSError, ValueError, KeyError, TypeError):
        return f"{DEFAULT_MODEL} (not installed)"


def version_line() -> str:
    """What ``--version`` prints.

    Examples
    --------
    >>> version_line().split()[0]
    'irclassify'
    """
    return f"irclassify {__version__}, default model {default_label()}"
