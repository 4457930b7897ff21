"""A writer of JCAMP-DX data tables in every form, for the tests: the reader's counterpart.

After McDonald and Wilks, Appl. Spectrosc. 42 (1988) 151, tables VII to IX.
"""

from __future__ import annotations

from collections.abc import Sequence

FORMS = ("AFFN", "PAC", "SQZ", "DIF", "SQZDUP", "DIFDUP", "XYPOINTS")


def squeezed(value: int) -> str:
    """SQZ: the first digit carries the sign and parts the numbers."""
    digits = str(abs(value))
    letters = "@ABCDEFGHI" if value >= 0 else "@abcdefghi"
    return letters[int(digits[0])] + digits[1:]


def difference(value: int) -> str:
    """DIF: the same with other letters."""
    digits = str(abs(value))
    letters = "%JKLMNOPQR" if value >= 0 else "%jklmnopqr"
    return letters[int(digits[0])] + digits[1:]


def repeat(count: int) -> str:
    """DUP: how often the value before it stands there in all."""
    digits = str(count)
    return "?STUVWXYZs"[int(digits[0])] + digits[1:]


def with_repeats(tokens: Sequence[str]) -> str:
    """Join, writing runs of one token as a DUP count."""
    out: list[str] = []
    i = 0
    while i < len(tokens):
        run = 1
        while i + run < len(tokens) and tokens[i + run] == tokens[i]:
            run += 1
        out.append(tokens[i] + (repeat(run) if run > 1 else ""))
        i += run
    return "".join(out)


def table(x: Sequence[float], y: Sequence[int], form: str, per_line: int) -> str:
    """The lines of a table; ``x`` as long as ``y``, evenly spaced."""
    if form == "XYPOINTS":
        return "\n".join(f"{a!r}, {b}" for a, b in zip(x, y, strict=True))
    if form.startswith("DIF"):
        return _difference_table(x, y, per_line, dup=form.endswith("DUP"))
    lines = []
    for i in range(0, len(y), per_line):
        values = y[i : i + per_line]
        if form == "AFFN":
            lines.append(" ".join([repr(x[i]), *map(str, values)]))
        elif form == "PAC":
            lines.append(repr(x[i]) + "".join(f"{v:+d}" for v in values))
        else:
            tokens = [squeezed(v) for v in values]
            lines.append(repr(x[i]) + (with_repeats(tokens) if "DUP" in form else "".join(tokens)))
    return "\n".join(lines)


def _difference_table(x: Sequence[float], y: Sequence[int], per_line: int, dup: bool) -> str:
    """Each line repeats the last value of the one before when that ended in a difference."""
    lines = []
    i = 0
    check = False
    while i < len(y) or check:
        first = i - 1 if check else i
        stop = min(i + per_line, len(y))
        start = i if check else i + 1
        tokens = [difference(y[k] - y[k - 1]) for k in range(start, stop)]
        joined = with_repeats(tokens) if dup else "".join(tokens)
        lines.append(repr(x[first]) + squeezed(y[first]) + joined)
        check = bool(tokens)
        i = stop
    return "\n".join(lines)


def document(
    x: Sequence[float],
    y: Sequence[int],
    form: str = "AFFN",
    *,
    per_line: int = 8,
    y_factor: float = 0.001,
    labels: dict[str, object] | None = None,
) -> str:
    """A whole file; ``labels`` replace or add header labels, None leaves one out."""
    header: dict[str, object] = {
        "TITLE": "made by the tests",
        "JCAMP-DX": "4.24",
        "DATA TYPE": "INFRARED SPECTRUM",
        "XUNITS": "1/CM",
        "YUNITS": "ABSORBANCE",
        "XFACTOR": 1,
        "YFACTOR": y_factor,
        "FIRSTX": x[0],
        "LASTX": x[-1],
        "FIRSTY": y[0] * y_factor,
        "MAXY": max(y) * y_factor,
        "MINY": min(y) * y_factor,
        "NPOINTS": len(y),
    }
    header |= labels or {}
    head = "".join(f"##{k}={v}\n" for k, v in header.items() if v is not None)
    kind = "XYPOINTS=(XY..XY)" if form == "XYPOINTS" else "XYDATA=(X++(Y..Y))"
    return f"{head}##{kind}\n{table(x, y, form, per_line)}\n##END=\n"
