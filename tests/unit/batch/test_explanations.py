"""Many spectra explained in one go say what each would say alone."""

from __future__ import annotations

from pathlib import Path

import synthetic

from irclassify.batch import explanations
from irclassify.batch.explanations import explain_source, explain_sources
from irclassify.batch.inspection import inspect_source
from irclassify.classifier import Classifier
from irclassify.model.folder import ModelSpec
from irclassify.results.inspection import SpectrumReport
from irclassify.results.prediction import Failed
from irclassify.sources.paths import expand


def test_a_mixed_folder_in_order_with_its_failures(tiny: ModelSpec, mixed: Path):
    rows = list(explain_sources(expand([str(mixed)]), tiny))
    names = [Path(r.file if isinstance(r, Failed) else r.explanation.file).name for r in rows]
    assert names[:3] == ["a_broken.jdx", "b_empty.jdx", "c_binary.spa"]
    assert names[3:] == ["g1.jdx", "g2.jdx", "g10.jdx", "inner [bold]x.jdx"]
    assert [isinstance(row, Failed) for row in rows] == [True] * 3 + [False] * 4


def test_each_is_explained_and_inspected_as_if_alone(tiny: ModelSpec, tmp_path: Path, monkeypatch):
    monkeypatch.setattr(explanations, "BATCH", 2)
    for i, bands in enumerate((synthetic.KETONE, synthetic.ESTER, synthetic.ALCOHOL)):
        (tmp_path / f"{i}.jdx").write_text(synthetic.jdx(bands), encoding="utf-8")
    sources = list(expand([str(tmp_path)]))
    rows = list(explain_sources(sources, tiny))
    for source, row in zip(sources, rows, strict=True):
        assert isinstance(row, SpectrumReport)
        assert row.inspection == next(inspect_source(source))
        alone = explain_source(source, tiny)
        assert row.explanation.trace == alone.trace
        for ours, theirs in zip(row.explanation.groups, alone.groups, strict=True):
            assert abs(ours.logit - theirs.logit) < 1e-4
            assert ours.call == theirs.call


def test_the_model_is_loaded_once(tiny: ModelSpec, tmp_path: Path, monkeypatch):
    loaded = []

    class Counted(Classifier):
        def __init__(self, spec: ModelSpec, **settings: int) -> None:
            loaded.append(spec)
            super().__init__(spec, **settings)

    monkeypatch.setattr(explanations, "Classifier", Counted)
    for i in range(5):
        (tmp_path / f"{i}.jdx").write_text(synthetic.jdx(synthetic.KETONE), encoding="utf-8")
    assert len(list(explain_sources(expand([str(tmp_path)]), tiny))) == 5
    assert len(loaded) == 1


def test_a_fault_of_ours_is_a_row(tiny: ModelSpec, tmp_path: Path, monkeypatch):
    def broken(*_arguments: object) -> None:
        raise ZeroDivisionError("no")

    (tmp_path / "a.jdx").write_text(synthetic.jdx(synthetic.KETONE), encoding="utf-8")
    monkeypatch.setattr(explanations, "inspect_spectrum", broken)
    (row,) = explain_sources(expand([str(tmp_path)]), tiny)
    assert isinstance(row, Failed)
    assert row.code == "internal"
