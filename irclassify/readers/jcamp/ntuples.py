"""NTUPLES: several variables in one block, each page a spectrum (JCAMP-DX 5.01, section 6)."""

from __future__ import annotations

from irclassify.errors import MalformedFileError
from irclassify.readers.jcamp.records import Block, Overlaid, Table

# NTUPLES label -> the label of a plain block that says the same of X and of Y.
_X_LABELS = {"UNITS": "XUNITS", "FACTOR": "XFACTOR", "FIRST": "FIRSTX", "LAST": "LASTX"}
_Y_LABELS = {
    "UNITS": "YUNITS",
    "FACTOR": "YFACTOR",
    "FIRST": "FIRSTY",
    "MAX": "MAXY",
    "MIN": "MINY",
}


def as_plain_block(block: Block, table: Table) -> Block:
    r"""A block whose labels say of this page's X and Y what NTUPLES says in columns.

    Raises MalformedFileError when the table's form names a symbol that SYMBOL does not list.

    Examples
    --------
    >>> from irclassify.readers.jcamp.records import split_blocks
    >>> text = b"##TITLE=a\n##SYMBOL=X,Y\n##UNITS=1/CM,ABSORBANCE\n##PAGE=N=1\n"
    >>> [block] = split_blocks(text + b"##DATATABLE=(X++(Y..Y))\n400 1 2\n##END=\n")
    >>> plain = as_plain_block(block, block.tables[0])
    >>> plain.labels["XUNITS"], plain.labels["YUNITS"]
    ('1/CM', 'ABSORBANCE')
    """
    symbols = _columns(block, "SYMBOL") or ["X", "Y"]
    x, y = _symbols_of(table, symbols)
    labels: dict[str, str | None] = {}
    for names, symbol in ((_X_LABELS, x), (_Y_LABELS, y)):
        for source, target in names.items():
            column = _columns(block, source)
            if symbols.index(symbol) < len(column):
                labels[target] = column[symbols.index(symbol)]
    dims = _columns(block, "VARDIM")
    if symbols.index(y) < len(dims):
        labels["NPOINTS"] = dims[symbols.index(y)]
    if table.page:
        # FIRST, MAX and MIN speak of all pages together
        for name in ("FIRSTY", "MAXY", "MINY"):
            labels[name] = None
    return Block(Overlaid(block.labels, labels), block.header, [table])


def _columns(block: Block, label: str) -> list[str]:
    """The cells of an NTUPLES label, read once however many pages there are."""
    if label not in block.columns:
        value = block.labels.get(label, "")
        block.columns[label] = [c.strip().upper() for c in value.split(",")] if value else []
    return block.columns[label]


def _symbols_of(table: Table, symbols: list[str]) -> tuple[str, str]:
    """The symbols of the form: (X++(R..R)) -> X, R; (XY..XY) -> X, Y."""
    form = table.form
    x, y = form[1:2], form[5:6] if form.startswith("(X++(") else form[2:3]
    if x not in symbols or y not in symbols:
        raise MalformedFileError(
            f"the table's form {form[:20]!r} names a variable that ##SYMBOL does not",
            line=table.line - 1,
        )
    return x, y
