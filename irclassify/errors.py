"""Everything that can go wrong with a user's file or model, each with a stable code.

The codes are part of the public JSON (``error.code``): they may be added to, never renamed.
"""

from __future__ import annotations

from typing import Self

_LONGEST = 500  # characters of a message, which may quote a file


class IrclassifyError(Exception):
    """A failure that is explained to the user in one line.

    The message says what was found, where, and what to do; it never contains a newline.
    """

    code = "error"

    def __init__(self, message: str, *, line: int | None = None) -> None:
        """``line`` is the 1-based line of a text file where the fault was found."""
        where = f"line {line}: " if line is not None else ""
        text = " ".join(f"{where}{message}".split())
        super().__init__(text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…")
        self.line = line

    def kept(self) -> Self:
        """The error without the frames it came through, for a list that outlives them.

        They would keep the arrays of a damaged spectrum alive as long as the list.

        Examples
        --------
        >>> NoDataError("the file holds no spectrum").kept().__traceback__ is None
        True
        """
        self.__context__ = self.__cause__ = None
        return self.with_traceback(None)


class UnreadableFileError(IrclassifyError):
    """The bytes could not be obtained: no such file, no permission, a broken archive."""

    code = "unreadable"


class TooLargeError(IrclassifyError):
    """The file, or what it declares, is larger than any infrared spectrum has reason to be."""

    code = "too_large"


class UnknownFormatError(IrclassifyError):
    """The content is none of the formats this tool reads."""

    code = "unknown_format"


class UnsupportedFormatError(IrclassifyError):
    """The format is recognised but not read; the message says how to export it."""

    code = "unsupported_format"


class MalformedFileError(IrclassifyError):
    """The format is known but the content contradicts itself or the standard."""

    code = "malformed"


class NoDataError(IrclassifyError):
    """A header without a spectrum, such as NIST's "only scanned image is available"."""

    code = "no_data"


class EmptyFileError(NoDataError):
    """The file holds no bytes, or only white space: to the user the same as a header alone."""


class NotInfraredError(IrclassifyError):
    """The data are of another kind: Raman, UV, NMR, mass spectrum, interferogram, single beam."""

    code = "not_infrared"


class UnsupportedUnitError(IrclassifyError):
    """The unit is stated and cannot be turned into cm-1 or absorbance."""

    code = "unsupported_unit"


class AmbiguousUnitError(IrclassifyError):
    """The unit is neither stated nor clear from the values; the message names the option."""

    code = "ambiguous_unit"


class UnfitSpectrumError(IrclassifyError):
    """A spectrum was read but cannot be classified: constant, too narrow, too few points."""

    code = "unfit"


class ModelError(IrclassifyError):
    """A model folder is missing, incomplete, altered, or of an unknown schema."""

    code = "model"


class UsageError(IrclassifyError):
    """The command line asks for something that does not exist or cannot be: exit code 2."""

    code = "usage"


class OutputError(IrclassifyError):
    """The results could not be written: the disk is full, or the device is gone."""

    code = "output"


class TooSlowError(IrclassifyError):
    """Reading took more processor time than any spectrum needs."""

    code = "too_slow"


class FaultError(IrclassifyError):
    """A fault of irclassify itself that this file brought out: please report it with the file."""

    code = "internal"
