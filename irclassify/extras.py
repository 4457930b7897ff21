"""What only some work needs: packages of an extra, and modules that are imported when used."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any

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
            f'this needs the package {package}: install it with: pip install "irclassify[{extra}]"'
        )


def extra(package: str, name: str) -> Any:
    """The module ``package``, which the extra ``name`` brings. Raises UsageError without it.

    Examples
    --------
    >>> extra("numpy", "none").__name__
    'numpy'
    """
    need_extra(package, name)
    return import_module(package)


def on_demand(package: str) -> Callable[[str], ModuleType]:
    """The ``__getattr__`` of a package whose modules are imported when they are first named.

    Rich, matplotlib and pyarrow take longer to import than most work takes that needs none of
    them. ``package``: its ``__name__``.

    Examples
    --------
    >>> from irclassify.reports import terminal
    >>> terminal.charts.__name__
    'irclassify.reports.terminal.charts'
    """

    def module(name: str) -> ModuleType:
        full = f"{package}.{name}"
        try:
            return import_module(full)
        except ModuleNotFoundError as error:
            if error.name != full:
                raise
            raise AttributeError(f"module {package!r} has no attribute {name!r}") from None

    return module
