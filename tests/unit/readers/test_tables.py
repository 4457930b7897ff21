"""Tables and maps in every format give the same spectra, whatever the order they are asked in."""

from __future__ import annotations

import json
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest

import irclassify
from irclassify.batch.outputs.images import indexed_png, palette
from irclassify.batch.outputs.npy import GrowingArray
from irclassify.batch.tables import classify_table, settle
from irclassify.errors import AmbiguousUnitError, IrclassifyError, MalformedFileError, UsageError
from irclassify.extras import need_extra
from irclassify.model.session import BATCH
from irclassify.options import ReadOptions, TableOptions
from irclassify.readers.tables import is_table, open_table
from irclassify.readers.tables.table import Table

TINY = str(Path(__file__).parents[2] / "tiny_model")
LINES, SAMPLES, POINTS = 4, 5, 160
X = np.linspace(600, 3800, POINTS)


def spectra(count: int = LINES * SAMPLES, seed: int = 0) -> np.ndarray:
    random = np.random.default_rng(seed)
    centres = random.uniform(700, 3700, (count, 5, 1))
    heights = random.uniform(0.1, 1, (count, 5, 1))
    return (heights * np.exp(-(((X - centres) / 25) ** 2))).sum(axis=1).astype(np.float32)


Y = spectra()


PEAK = int(Y[3].argmax())


def npy(folder: Path) -> Path:
    np.save(folder / "t.npy", Y)
    np.save(folder / "t.axis.npy", X)
    return folder / "t.npy"


def npy_fortran(folder: Path) -> Path:
    np.save(folder / "t.npy", np.asfortranarray(Y))
    np.save(folder / "t.axis.npy", X)
    return folder / "t.npy"


def npy_map(folder: Path) -> Path:
    np.save(folder / "t.npy", Y.reshape(LINES, SAMPLES, POINTS))
    np.save(folder / "t.axis.npy", X)
    return folder / "t.npy"


def npz(folder: Path) -> Path:
    np.savez_compressed(folder / "t.npz", absorbance=Y, wavenumber_cm1=X)
    return folder / "t.npz"


def parquet_columns(folder: Path) -> Path:
    pa = pytest.importorskip("pyarrow", reason="needs irclassify[parquet]")
    columns = {"name": [f"s{i}" for i in range(len(Y))]}
    columns |= {f"{x:.12g}": y for x, y in zip(X, Y.T, strict=True)}
    pa.parquet = pytest.importorskip("pyarrow.parquet")
    pa.parquet.write_table(pa.table(columns), folder / "t.parquet", row_group_size=7)
    return folder / "t.parquet"


def parquet_lists(folder: Path) -> Path:
    pa = pytest.importorskip("pyarrow", reason="needs irclassify[parquet]")
    parquet = pytest.importorskip("pyarrow.parquet")
    table = pa.table({"id": range(len(Y)), "absorbance": list(Y)})
    table = table.replace_schema_metadata({"wavenumber_cm1": json.dumps(X.tolist())})
    parquet.write_table(table, folder / "t.parquet", row_group_size=7)
    return folder / "t.parquet"


def arrow_lists(folder: Path) -> Path:
    pa = pytest.importorskip("pyarrow", reason="needs irclassify[parquet]")
    fixed = pa.FixedSizeListArray.from_arrays(pa.array(Y.ravel()), POINTS)
    table = pa.table({"spectra": fixed, "wavenumber_cm1": [X.tolist()] * len(Y)})
    with pa.ipc.new_file(str(folder / "t.arrow"), table.schema) as file:
        for batch in table.to_batches(max_chunksize=6):
            file.write_batch(batch)
    return folder / "t.arrow"


def hdf5(folder: Path) -> Path:
    h5py = pytest.importorskip("h5py", reason="needs irclassify[hdf5]")
    with h5py.File(folder / "t.h5", "w") as file:
        file["scan/spectra"] = Y
        file["scan/wavenumber"] = X
        file["scan/spectra"].attrs["y_unit"] = "absorbance"
    return folder / "t.h5"


def hdf5_map(folder: Path) -> Path:
    h5py = pytest.importorskip("h5py", reason="needs irclassify[hdf5]")
    with h5py.File(folder / "t.hdf5", "w") as file:
        file["cube"] = Y.reshape(LINES, SAMPLES, POINTS)
        file["cube"].attrs["wavenumber_cm1"] = X
    return folder / "t.hdf5"


def text(folder: Path) -> Path:
    rows = [["name", *(f"{x:.12g}" for x in X)]]
    rows += [[f"s{i}", *map(repr, row.tolist())] for i, row in enumerate(Y)]
    (folder / "t.csv").write_text("\n".join(",".join(row) for row in rows) + "\n")
    return folder / "t.csv"


def envi(folder: Path, interleave: str = "bsq", kind: int = 4, order: int = 0) -> Path:
    cube = Y.reshape(LINES, SAMPLES, POINTS)
    axes = {"bsq": (2, 0, 1), "bil": (0, 2, 1), "bip": (0, 1, 2)}[interleave]
    dtype = np.dtype({4: "f4", 5: "f8"}[kind]).newbyteorder("<>"[order])
    (folder / "t.dat").write_bytes(b"1234" + cube.transpose(axes).astype(dtype).tobytes())
    waves = ",\n ".join(f"{x:.12g}" for x in X)
    (folder / "t.hdr").write_text(
        f"ENVI\ndescription = {{made = up}}\nsamples = {SAMPLES}\nlines = {LINES}\n"
        f"bands = {POINTS}\nheader offset = 4\ndata type = {kind}\ninterleave = {interleave}\n"
        f"byte order = {order}\nwavelength units = Wavenumber\n"
        f"z plot titles = {{Wavenumber, Absorbance}}\nwavelength = {{\n {waves}}}\n"
    )
    return folder / "t.hdr"


FORMATS = {
    "npy": npy,
    "npy in Fortran order": npy_fortran,
    "npy map": npy_map,
    "npz": npz,
    "Parquet, columns": parquet_columns,
    "Parquet, lists": parquet_lists,
    "Arrow, lists": arrow_lists,
    "HDF5": hdf5,
    "HDF5 map": hdf5_map,
    "text": text,
    "ENVI bsq": envi,
    "ENVI bil": lambda folder: envi(folder, "bil", 5),
    "ENVI bip, big endian": lambda folder: envi(folder, "bip", 4, 1),
}


@pytest.mark.parametrize("make", FORMATS.values(), ids=FORMATS)
def test_every_format_holds_the_same_spectra(make, tmp_path: Path):
    path = make(tmp_path)
    assert is_table(str(path))
    table = open_table(str(path), TableOptions())
    assert table.x == pytest.approx(X)
    assert table.count == len(Y)
    assert table.shape == (
        (LINES, SAMPLES)
        if "map" in make.__name__ or "envi" in repr(path) or path.suffix == ".hdr"
        else None
    )
    assert table.read(0, len(Y)) == pytest.approx(Y)
    for first, end in ((0, 3), (3, 4), (4, 13), (2, 9), (19, 20)):  # forwards, then back
        assert table.read(first, end) == pytest.approx(Y[first:end])


@pytest.mark.parametrize("make", FORMATS.values(), ids=FORMATS)
def test_every_format_gives_the_same_answers(make, tmp_path: Path):
    classifier = irclassify.load(TINY)
    table = open_table(str(make(tmp_path)), TableOptions())
    columns = settle(table, classifier.spec.preprocessing, ReadOptions())
    blocks = list(classify_table(table, classifier, columns))
    found = np.concatenate([block.found.probabilities for block in blocks])
    assert found == pytest.approx(classifier.predict(X, Y).probabilities, abs=1e-6)


def test_the_raw_file_of_a_map_leads_to_its_header(tmp_path: Path):
    envi(tmp_path)
    table = open_table(str(tmp_path / "t.dat"), TableOptions())
    assert table.read(7, 9) == pytest.approx(Y[7:9])


def test_an_agilent_image(tmp_path: Path):
    agilent = pytest.importorskip("agilent_format", reason="needs irclassify[map]")
    folder = Path(agilent.__file__).parent / "datasets"
    for name in ("4_noimage_agg256.dat", "5_Mosaic_agg1024.dmt"):
        if not (folder / name).is_file():
            pytest.skip("the package came without its samples")
        table = open_table(str(folder / name), TableOptions())
        loader = agilent.agilentMosaic if name.endswith("dmt") else agilent.agilentImage
        whole = loader(folder / name, MAT=True).data
        assert table.shape == whole.shape[:2]
        assert (table.read(0, table.count) == whole.reshape(table.count, -1)).all()
        middle = table.count // 2
        assert (table.read(middle, middle + 3) == whole.reshape(table.count, -1)[middle:][:3]).all()


def test_ignored_values_and_bad_bands_are_left_out(tmp_path: Path):
    header = envi(tmp_path)
    bbl = ",".join("0" if i == 7 else "1" for i in range(POINTS))
    header.write_text(
        header.read_text() + f"bbl = {{{bbl}}}\ndata ignore value = {float(Y[3, PEAK])!r}\n"
    )
    table = open_table(str(header), TableOptions())
    assert table.x.size == POINTS - 1
    rows = table.read(0, len(Y))
    assert np.isnan(rows[3, PEAK - 1])
    assert rows[5] == pytest.approx(np.delete(Y[5], 7))


@pytest.mark.parametrize(
    ("option", "axis"), [("600:3800", X), ("3800:600", X[::-1]), ("axis.txt", X * 2)]
)
def test_the_axis_may_be_told(tmp_path: Path, monkeypatch, option: str, axis: np.ndarray):
    monkeypatch.chdir(tmp_path)
    np.save("t.npy", Y)
    np.savetxt("axis.txt", X * 2)
    assert open_table("t.npy", TableOptions(axis=option)).x == pytest.approx(axis)


@pytest.mark.parametrize("option", ["600", "a:b", "none.npy", "short.txt"])
def test_an_axis_that_is_none_is_refused(tmp_path: Path, monkeypatch, option: str):
    monkeypatch.chdir(tmp_path)
    np.save("t.npy", Y)
    np.savetxt("short.txt", X[:-1])
    with pytest.raises(UsageError, match="--axis"):
        open_table("t.npy", TableOptions(axis=option))


def test_without_an_axis_the_option_is_named(tmp_path: Path):
    np.save(tmp_path / "t.npy", Y)
    with pytest.raises(UsageError, match="--axis"):
        open_table(str(tmp_path / "t.npy"), TableOptions())


DAMAGE = (b"", b"ENVI\nsamples = x", b"\x93NUMPY\x01\x00\xff\xff{", b"PK")


@pytest.mark.parametrize("name", ["t.npy", "t.npz", "t.parquet", "t.arrow", "t.h5", "t.hdr"])
@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_table_is_one_line(tmp_path: Path, name: str, damage: bytes):
    (tmp_path / name).write_bytes(damage)
    if name != "t.hdr" or is_table(str(tmp_path / name)):
        with pytest.raises(IrclassifyError) as raised:
            open_table(str(tmp_path / name), TableOptions(axis="600:3800"))
        assert "\n" not in str(raised.value)


def test_a_table_that_ends_early_says_so(tmp_path: Path):
    data = tmp_path / "t.dat"
    header = envi(tmp_path)
    data.write_bytes(data.read_bytes()[:-100])
    with pytest.raises(MalformedFileError, match="header states"):
        open_table(str(header), TableOptions())
    path = npy(tmp_path)
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(MalformedFileError, match="header states"):
        open_table(str(path), TableOptions())


def listed(values: np.ndarray, **words: str) -> Table:
    return Table("made", X, len(values), lambda a, b: values[a:b], **words)


@pytest.mark.parametrize(
    ("values", "words", "unit"),
    [
        (Y, None, None),
        (10**-Y * 100, None, None),
        (10**-Y * 100, "% Transmittance", None),
        (10**-Y, None, "transmittance"),
        (Y + 3, None, "absorbance"),
    ],
)
def test_the_unit_of_y_is_settled_once_for_all_rows(values, words, unit):
    classifier = irclassify.load(TINY)
    table = listed(values, y_words=words) if words else listed(values)
    columns = settle(table, classifier.spec.preprocessing, ReadOptions(y_unit=unit))
    (block,) = classify_table(table, classifier, columns)
    expected = classifier.predict(X, Y + 3 if unit == "absorbance" else Y).probabilities
    assert block.found.probabilities == pytest.approx(expected, abs=1e-4)


def test_doubtful_units_are_refused_naming_the_option():
    how = irclassify.load(TINY).spec.preprocessing
    with pytest.raises(AmbiguousUnitError, match="--y-unit"):
        settle(listed(Y + 3), how, ReadOptions())
    mixed = np.where(np.arange(len(Y))[:, None] % 2, Y, 10**-Y * 100)
    with pytest.raises(AmbiguousUnitError, match="--y-unit"):
        settle(listed(mixed), how, ReadOptions())
    strange = Table("made", np.linspace(1100, 2500, POINTS), 20, lambda a, b: Y[a:b])
    with pytest.raises(AmbiguousUnitError, match="--x-unit"):
        settle(strange, how, ReadOptions())


def test_micrometres_are_told(tmp_path: Path):
    classifier = irclassify.load(TINY)
    table = Table("made", 1e4 / X, len(Y), lambda a, b: Y[a:b])
    columns = settle(table, classifier.spec.preprocessing, ReadOptions(x_unit="um"))
    (block,) = classify_table(table, classifier, columns)
    expected = classifier.predict(X, Y).probabilities
    assert block.found.probabilities == pytest.approx(expected, abs=1e-5)


def test_blocks_bound_what_is_read_at_a_time(monkeypatch):
    monkeypatch.setattr("irclassify.readers.tables.table.BLOCK_VALUES", BATCH * POINTS)
    values = spectra(BATCH * 3 + 5)
    sizes = []

    def read(first: int, end: int) -> np.ndarray:
        sizes.append(end - first)
        return values[first:end]

    table = Table("made", X, len(values), read)
    classifier = irclassify.load(TINY)
    columns = settle(table, classifier.spec.preprocessing, ReadOptions())
    blocks = list(classify_table(table, classifier, columns))
    assert [block.first for block in blocks] == [0, BATCH, 2 * BATCH, 3 * BATCH]
    assert max(sizes[1:]) == BATCH
    found = np.concatenate([block.found.probabilities for block in blocks])
    assert (found == classifier.predict(X, values).probabilities).all()


def test_a_missing_package_is_named_with_its_extra():
    with pytest.raises(UsageError, match=r"irclassify\[parquet\]"):
        need_extra("no_such_package_at_all", "parquet")


def test_an_array_grows_on_disk(tmp_path: Path):
    file = tmp_path / "a.npy"
    growing = GrowingArray(file, np.float32, (LINES, SAMPLES), (3,))
    values = np.random.default_rng(0).random((LINES * SAMPLES, 3)).astype(np.float32)
    growing.add(values[:7])
    growing.add(values[7:])
    growing.close()
    assert (np.load(file) == values.reshape(LINES, SAMPLES, 3)).all()


def test_an_array_that_ends_early_has_the_rows_it_has(tmp_path: Path):
    growing = GrowingArray(tmp_path / "a.npy", np.int8, (1000,), (3,))
    growing.add(np.ones((5, 3), np.int8))
    growing.close()
    assert np.load(tmp_path / "a.npy").shape == (5, 3)


def test_a_picture_is_a_whole_png():
    pixels = np.arange(12, dtype=np.uint8).reshape(3, 4)
    png = indexed_png(pixels, palette())
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    at, chunks = 8, {}
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        kind, data = png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        (check,) = struct.unpack(">I", png[at + 8 + length : at + 12 + length])
        assert check == zlib.crc32(kind + data)
        chunks[kind] = data
        at += 12 + length
    assert struct.unpack(">II", chunks[b"IHDR"][:8]) == (4, 3)
    rows = np.frombuffer(zlib.decompress(chunks[b"IDAT"]), np.uint8).reshape(3, 5)
    assert (rows[:, 1:] == pixels).all()
