"""A Typer command that converts plain words itself.

Typer 0.29 and later convert every value through pydantic, whose import takes 90 ms, a third of a
short run. Words, paths and choices need nothing of it; numbers, and whatever is wrong, are left to
Typer.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperCommand

from irclassify.text import did_you_mean


class LightParameters:
    """Mixed into a command or a group: its plain values are converted without pydantic.

    Examples
    --------
    >>> command = LightCommand("demo", callback=print)
    >>> [one.name for one in command.get_params(typer.Context(command))]
    ['help']
    """

    def get_params(self, ctx: Any) -> list[Any]:
        """The command's parameters and the help option."""
        params: list[Any] = super().get_params(ctx)  # type: ignore[misc]
        for param in params:
            by_typer = getattr(param, "get_runtime_param", None)  # older versions have no such step
            if by_typer and "get_runtime_param" not in vars(param):
                param.get_runtime_param = _Light(param.type_descriptor.annotation, by_typer).as_step
        return params


class LightCommand(LightParameters, TyperCommand):
    """A command that starts without pydantic."""


class _Light:
    """Typer's conversion step for one parameter."""

    def __init__(self, annotation: Any, otherwise: Callable[[], Any]) -> None:
        self._annotation, self._otherwise = annotation, otherwise

    def as_step(self) -> _Light:
        """Itself: Typer asks for the step when a value is there."""
        return self

    def coerce(self, value: Any, param: Any, ctx: Any) -> Any:
        """The value in its type. Raises typer.BadParameter."""
        kind = self._annotation
        if value is None:
            return () if param.multiple or param.nargs == -1 else None
        if kind == list[str]:
            return list(map(str, value))
        if isinstance(value, kind):
            return value
        if issubclass(kind, Path):
            return kind(value)
        if issubclass(kind, Enum):
            return _choice(value, kind)
        return self._otherwise().coerce(value, param=param, ctx=ctx)


def _choice(value: str, kind: type[Enum]) -> Enum:
    known = [member.value for member in kind]
    if value in known:
        return kind(value)
    hint = did_you_mean(value, known)
    raise typer.BadParameter(f"{value!r} is not one of {', '.join(known)}. {hint}".rstrip())
