"""One small valid file of every format, made here: for round trips and as seeds for fuzzing."""

from __future__ import annotations

import struct

import jcamp_forms
import numpy as np

X = np.linspace(4000.0, 400.0, 181)
Y = 0.02 + np.exp(-(((X - 1715) / 40) ** 2)) + 0.4 * np.exp(-(((X - 2950) / 60) ** 2))
COUNTS = [round(v * 1000) for v in Y]


def opus(y: np.ndarray = Y, kind: int = 4, unit: bytes = b"WN") -> bytes:
    """A Bruker OPUS file with a result block, its data status and a sample block."""
    values = np.asarray(y, "<f4").tobytes()
    status = b"".join(
        (
            _number(b"DPF", 1),
            _number(b"NPT", len(y)),
            _real(b"FXV", X[0]),
            _real(b"LXV", X[-1]),
            _real(b"CSF", 1.0),
            _real(b"MXY", float(np.float32(max(y)))),
            _real(b"MNY", float(np.float32(min(y)))),
            _string(b"DXU", unit, 3),
            b"END\0" + bytes(4),
        )
    )
    sample = _string(b"SNM", b"made up", 2) + _string(b"SFM", b"film", 2) + b"END\0" + bytes(4)
    blocks = [(3 | 3 << 2 | kind << 10, values), (3 | 3 << 2 | 1 << 4 | kind << 10, status)]
    blocks.append((10 << 4, sample))
    at = 24 + 12 * (len(blocks) + 1)
    directory, body = struct.pack("<3i", 13 << 10, 12, 24), b""
    for type_, data in blocks:
        directory += struct.pack("<3i", type_, len(data) // 4, at + len(body))
        body += data
    head = b"\x0a\x0a\xfe\xfe" + struct.pack("<d3i", 920622.0, 24, 40, len(blocks) + 1)
    return head + directory + body


def _number(name: bytes, value: int) -> bytes:
    return name + b"\0" + struct.pack("<2Hi", 0, 2, value)


def _real(name: bytes, value: float) -> bytes:
    return name + b"\0" + struct.pack("<2Hd", 1, 4, value)


def _string(name: bytes, value: bytes, words: int) -> bytes:
    return name + b"\0" + struct.pack("<2H", 2, 2 * words) + value.ljust(4 * words, b"\0")


def omnic(spectra: int = 1, y_code: int = 17) -> bytes:
    """A Thermo OMNIC .spa, or an .spg with several spectra."""
    values = np.asarray(Y, "<f4").tobytes()
    table = b""
    body = b""
    start = 304 + 16 * (3 * spectra + 1)
    for i in range(spectra):
        header = struct.pack("<4xI B3x B3x 2f", len(Y), 1, y_code, X[0], X[-1]).ljust(140, b"\0")
        for key, data in ((2, header), (107, f"number {i}".encode().ljust(64, b"\0")), (3, values)):
            table += struct.pack("<HII6x", key, start + len(body), len(data))
            body += data
    head = b"Spectral Data File".ljust(30, b"\0") + b"made up".ljust(264, b"\0")
    head += struct.pack("<H8x", 3 * spectra)
    return head + table + bytes(16) + body


def spc(order: str = "<", exponent: int = -128, multi: int = 1, x_values: bool = False) -> bytes:
    """A Galactic SPC file of the new version, floats (exponent -128) or 32-bit integers."""
    flags = (4 if multi > 1 else 0) | (0x80 if x_values else 0)
    version = 0x4B if order == "<" else 0x4C
    head = struct.pack(order + "BBBbi", flags, version, 4, exponent, len(Y))
    head += struct.pack(order + "ddi4B", X[0], X[-1], multi, 1, 2, 0, 0)
    head = (head.ljust(88, b"\0") + b"made up").ljust(512, b"\0")
    body = np.asarray(X, order + "f4").tobytes() if x_values else b""
    for i in range(multi):
        body += struct.pack("BbH", 0, exponent, i).ljust(32, b"\0")
        if exponent == -128:
            body += np.asarray(Y, order + "f4").tobytes()
        else:
            body += np.asarray(np.round(Y * 2.0 ** (32 - exponent)), order + "i4").tobytes()
    return head + body


def spc_old() -> bytes:
    """A Galactic SPC file of the version before 1996: integers with swapped halves."""
    exponent = 2
    head = struct.pack("<BBhfffBB", 0, 0x4D, exponent, len(Y), X[0], X[-1], 1, 2)
    head = (head.ljust(64, b"\0") + b"made up").ljust(224, b"\0")
    whole = np.round(Y * 2.0 ** (32 - exponent)).astype(np.int64)
    halves = np.stack([whole >> 16, whole & 0xFFFF], axis=1).astype("<u2")
    return head + bytes(32) + halves.tobytes()


def spc_xyxy(*, directory: bool, order: str = "<", exponent: int = -128) -> bytes:
    """A Galactic SPC file with an X axis for each of two sub-files, of different lengths."""
    body, entries = b"", b""
    for i, part in enumerate((slice(None), slice(0, None, 2))):
        x = np.asarray(X[part], order + "f4")
        scaled = Y[part] if exponent == -128 else np.round(Y[part] * 2.0 ** (32 - exponent))
        y = np.asarray(scaled, order + ("f4" if exponent == -128 else "i4"))
        sub = struct.pack(order + "BbH3fI", 0, exponent, i, 0, 0, 0, x.size).ljust(32, b"\0")
        data = sub + x.tobytes() + y.tobytes()
        entries += struct.pack(order + "IIf", 512 + len(body), len(data), i)
        body += data
    version = 0x4B if order == "<" else 0x4C
    at = 512 + len(body) if directory else 0
    head = struct.pack(order + "BBBbi", 0x04 | 0x40 | 0x80, version, 4, exponent, at)
    head += struct.pack(order + "ddi4B", X[0], X[-1], 2, 1, 2, 0, 0)
    head = (head.ljust(88, b"\0") + b"made up").ljust(512, b"\0")
    return head + body + (entries if directory else b"")


def jasco_flat(y: np.ndarray = Y, y_code: int = 3, x_code: int = 0x10000100) -> bytes:
    """A JASCO .jws file of the flat kind."""
    head = bytearray(0x300)
    head[0:16] = b"L~S \x01\x00\x01\x83SPECMAN\0"
    head[0x20:0x26] = b"R2.0.0"
    step = (X[-1] - X[0]) / (len(X) - 1)
    struct.pack_into("<i3d2I", head, 0x84, len(y), X[0], X[-1], step, x_code, y_code)
    struct.pack_into("<q", head, 0xC8, 4 * len(y))
    head[0x180:0x187] = b"made up"
    return bytes(head) + np.asarray(y, "<f4").tobytes()


def jasco_ole(y: np.ndarray = Y, y_code: int = 3, *, own_x: bool = False) -> bytes:
    """A JASCO .jws file of the kind that is an OLE container."""
    step = (X[-1] - X[0]) / (len(X) - 1)
    info = struct.pack("<6I3d2I", 3, 1, 0, 1, 0, len(y), X[0], X[-1], step, 0x10000100, y_code)
    name = "made up\0".encode("utf-16-le")
    streams = {
        "Header": b"L\0~\0" + bytes(4) + "SPCMAN2".encode("utf-16-le") + bytes(100),
        "DataInfo": info.ljust(96, b"\0"),
        "Y-Data": np.asarray(y, "<f4").tobytes(),
        "SampleInfo": struct.pack("<II", 1, len(name)) + name + bytes(8),
    }
    if own_x:
        streams["X-Data"] = np.asarray(X, "<f4").tobytes()
    return ole(streams)


def ole(streams: dict[str, bytes]) -> bytes:
    """An OLE container (Microsoft's MS-CFB, version 3) of small streams at its top."""
    end, free = 0xFFFFFFFE, 0xFFFFFFFF
    small, mini_fat, starts = b"", [], []
    for data in streams.values():
        count = -(-len(data) // 64)
        starts.append(len(mini_fat))
        mini_fat += [len(mini_fat) + i + 1 for i in range(count - 1)] + [end]
        small += data.ljust(64 * count, b"\0")
    entries = _ole_entry("Root Entry", 5, 1 if streams else free, len(streams) + 99, len(small))
    for i, (name, data) in enumerate(streams.items(), start=1):
        right = i + 1 if i < len(streams) else free
        entries += _ole_entry(name, 2, free, starts[i - 1], len(data), right)
    parts = [entries, struct.pack(f"<{len(mini_fat)}I", *mini_fat), small]
    fills = (b"\0", b"\xff", b"\0")
    parts = [p.ljust(-(-len(p) // 512) * 512, f) for p, f in zip(parts, fills, strict=True)]
    fat, first = [0xFFFFFFFD], []
    for part in parts:
        first.append(len(fat))
        fat += [len(fat) + i + 1 for i in range(len(part) // 512 - 1)] + [end]
    parts[0] = parts[0][:116] + struct.pack("<I", first[2]) + parts[0][120:]
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    head += struct.pack(
        "<5H6x3I4x4I", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, first[0], 4096, first[1], 1, end
    )
    head += struct.pack("<2I", 0, 0)
    table = struct.pack(f"<{len(fat)}I", *fat).ljust(512, b"\xff")
    return head.ljust(512, b"\xff") + table + b"".join(parts)


def _ole_entry(name: str, kind: int, child: int, start: int, size: int, right: int = -1) -> bytes:
    """A directory entry; the streams hang on each other's right side."""
    text = (name + "\0").encode("utf-16-le")
    links = struct.pack("<3I", 0xFFFFFFFF, right & 0xFFFFFFFF, child)
    head = text.ljust(64, b"\0") + struct.pack("<HBB", len(text), kind, 1) + links
    return head + bytes(36) + struct.pack("<IQ", start, size)


def perkinelmer(label: bytes = b"A") -> bytes:
    """A PerkinElmer .sp file."""

    def block(kind: int, data: bytes) -> bytes:
        return struct.pack("<hi", kind, len(data)) + data

    def text(value: bytes) -> bytes:
        return struct.pack("<hH", 0, len(value)) + value

    values = np.asarray(Y, "<f8").tobytes()
    members = (
        block(-29838, struct.pack("<h2d", 0, X[0], X[-1])),
        block(-29835, struct.pack("<hi", 0, len(Y))),
        block(-29833, text(b"cm-1")),
        block(-29832, text(label)),
        block(-29827, text(b"made up")),
        block(-29828, struct.pack("<hi", 0, len(values)) + values),
    )
    return b"PEPE2D constant interval DataSet file".ljust(44, b"\0") + block(120, b"".join(members))


def agilent() -> bytes:
    """An Agilent .asp file."""
    return "\n".join(map(str, [len(Y), X[0], X[-1], 1, 2, 4, *Y])).encode()


def csv(separator: str = ",") -> bytes:
    """Two columns under a header."""
    rows = (f"{a:.3f}{separator}{b:.6f}" for a, b in zip(X, Y, strict=True))
    return ("wavenumber (cm-1)" + separator + "absorbance\n" + "\n".join(rows)).encode()


def jasco() -> bytes:
    """A JASCO text export."""
    rows = "\n".join(f"{a:.3f}\t{b:.6f}" for a, b in zip(X, Y, strict=True))
    head = f"TITLE\tx\nXUNITS\t1/CM\nYUNITS\tABSORBANCE\nNPOINTS\t{len(Y)}\nXYDATA\n"
    return (head + rows + "\n\n##### Extended Information\n[Comments]\nx\ty\n").encode()


def jdx(form: str) -> bytes:
    """A JCAMP-DX file in one of ``jcamp_forms.FORMS``."""
    return jcamp_forms.document(X.tolist(), COUNTS, form).encode()


def link() -> bytes:
    """A compound JCAMP-DX file."""
    return (
        b"##TITLE=all\n##DATA TYPE=LINK\n##BLOCKS=2\n" + jdx("AFFN") + jdx("DIFDUP") + b"##END=\n"
    )


_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
# A workbook but for its one sheet, xl/worksheets/sheet1.xml.
WORKBOOK = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"/>',
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="a" '
    f'Type="{_DOCUMENT}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_DOCUMENT}"><sheets>'
    '<sheet name="film" sheetId="1" r:id="b"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship '
    f'Id="b" Type="{_DOCUMENT}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
}


def sheet() -> bytes:
    """The XML of an Excel sheet: a line of headings and wavenumbers with absorbances."""
    heads = ("wavenumber cm-1", "absorbance")
    first = "".join(f'<c t="inlineStr"><is><t>{head}</t></is></c>' for head in heads)
    rows = "".join(
        f"<row><c><v>{x:g}</v></c><c><v>{y:.4f}</v></c></row>"
        for x, y in zip(X[::4], Y[::4], strict=True)
    )
    text = f'<worksheet xmlns="{_MAIN}"><sheetData><row>{first}</row>{rows}</sheetData></worksheet>'
    return text.encode()


SEEDS: dict[str, bytes] = {
    **{f"{form.lower()}.jdx": jdx(form) for form in jcamp_forms.FORMS},
    "link.jdx": link(),
    "utf16.jdx": jdx("AFFN").decode().encode("utf-16"),
    "film.0": opus(),
    "one.spa": omnic(),
    "group.spg": omnic(3),
    "float.spc": spc(),
    "integer.spc": spc(exponent=2),
    "multi.spc": spc(multi=3),
    "uneven.spc": spc(x_values=True),
    "big_endian.spc": spc(">"),
    "old.spc": spc_old(),
    "xyxy.spc": spc_xyxy(directory=True),
    "flat.jws": jasco_flat(),
    "streams.jws": jasco_ole(),
    "one.sp": perkinelmer(),
    "one.asp": agilent(),
    "one.csv": csv(),
    "one.tsv": csv("\t"),
    "jasco.txt": jasco(),
}
# Not whole files: what a fuzzer puts into one.
PARTS = {"one.sheet": sheet()}
