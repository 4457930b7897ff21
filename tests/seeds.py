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
    "one.sp": perkinelmer(),
    "one.asp": agilent(),
    "one.csv": csv(),
    "one.tsv": csv("\t"),
    "jasco.txt": jasco(),
}
