"""Packages that only some work needs, installed with ``pip install 'irclassify[EXTRA]'``."""

from __future__ import annotations

from importlib.util import find_spec

from irclassify.errors import UsageError


def need_extra(package: str, extra: str) -> None:
    """Raise UsageError, saying how to install it, when ``package`` is not installed.

    Examples
    --------
    >>> need_extra("numpy", "none")
    >>> need_extra("no_such_package", "parquet")
    Traceback (most recent call last):
        ...
    irclassify.errors.UsageError: this needs the package no_such_package: install it wit...
    """
    if find_spec(package) is None:
        raise UsageError(
            f"this needs the package {package}: install it with: pip install 'irclassify[{extra}]'"
        )
