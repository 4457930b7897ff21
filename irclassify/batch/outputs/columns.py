"""Answers as Arrow record batches; the columns are those of the README. Needs pyarrow.

One row a spectrum: ``file``, ``row`` (its number in a table, from 1), ``line`` and ``sample`` (of a
map, from 1), ``error`` and ``message`` (null where there is an answer), ``domain`` (the verdict),
``warnings`` (joined by `` | ``), then for each group its probability under its name, its call under
``NAME_call`` and, if asked for, what each region adds to its logit under ``NAME_contributions``;
at the end probability and call of every detail.
The schema's metadata ``irclassify`` is JSON: model, groups, details, and for contributions
``regions_cm1`` and ``bias``, null where phases are inferred: then it is the logit less the
contributions.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from irclassify.batch.tables import Block
from irclassify.explain.contributions import Stretches, edges_cm1, stated_bias
from irclassify.model.folder import ModelSpec
from irclassify.model.predicted import WORDS
from irclassify.readers.tables import Table
from irclassify.reports.rows import Answers
from irclassify.results.prediction import Failed, Result

_LEADING = (
    ("file", pa.string()),
    ("row", pa.int64()),
    ("line", pa.int32()),
    ("sample", pa.int32()),
    ("error", pa.string()),
    ("message", pa.string()),
    ("domain", pa.string()),
    ("warnings", pa.string()),
)
_LABEL = "label_"  # before the heading of a label column
_CALL = pa.dictionary(pa.int8(), pa.string())
_CALLS = list(WORDS)
_CALL_NAMES = [WORDS[call] for call in _CALLS]


def schema_of(
    spec: ModelSpec,
    pieces: Stretches | None = None,
    phase: str | None = None,
    labels: Sequence[str] = (),
) -> Any:
    """The schema of what a model says; ``labels``: headings of the tables' label columns.

    Examples
    --------
    >>> from irclassify.model.folder import find_model
    >>> schema_of(find_model("default"), labels=["sample"]).names[-1]
    'label_sample'
    """
    names = [group.name for group in spec.groups]
    fields = [pa.field(name, kind) for name, kind in _LEADING]
    for name in names:
        fields += [pa.field(name, pa.float32()), pa.field(f"{name}_call", _CALL)]
    details = [detail.name for detail in spec.details]
    about: dict[str, Any] = {"model": spec.label, "groups": names, "details": details}
    if pieces is not None:
        fields += [
            pa.field(f"{n}_contributions", pa.list_(pa.float32(), len(pieces))) for n in names
        ]
        about["regions_cm1"] = edges_cm1(spec, pieces).round(2).tolist()
        bias = stated_bias(spec, phase)
        about["bias"] = None if bias is None else [float(value) for value in bias]
    for name in details:
        fields += [pa.field(name, pa.float32()), pa.field(f"{name}_call", _CALL)]
    fields += [pa.field(_LABEL + _text(label), pa.string()) for label in labels]
    return pa.schema(fields, metadata={"irclassify": json.dumps(about)})


def batch_of_block(block: Block, table: Table, schema: Any) -> Any:
    """Rows of a table.

    Examples
    --------
    >>> import irclassify
    >>> classifier = irclassify.load()
    >>> x = np.linspace(400.0, 4000.0, 901)
    >>> rows = np.exp(-(((x - [[1710], [2250]]) / 10) ** 2))
    >>> table = Table("t.npy", x, 2, lambda first, end: rows[first:end])
    >>> block = Block(0, classifier.predict(x, rows))
    >>> batch_of_block(block, table, schema_of(classifier.spec))["row"].to_pylist()
    [1, 2]
    """
    found, count = block.found, len(block.found)
    row = np.arange(block.first, block.first + count)
    bad = found.ok.nonzero()[0].size < count
    messages = [found.message(i) or None for i in range(count)] if bad else [None] * count
    line, sample = divmod(row, table.shape[1]) if table.shape else (None, None)
    columns = [
        pa.repeat(table.name, count),
        pa.array(row + 1),
        _whole(line, count),
        _whole(sample, count),
        pa.array([code or None for code in found.errors.tolist()], pa.string()),
        pa.array(messages, pa.string()),
        pa.array([domain and domain.verdict for domain in found.domains], pa.string()),
        pa.array([block.warnings.get(i, "") for i in range(count)], pa.string()),
        *_groups(found.probabilities, found.calls, ~found.ok),
    ]
    if block.regions is not None:
        by_group = np.ascontiguousarray(block.regions.transpose(1, 0, 2))
        width = block.regions.shape[2]
        columns += [pa.FixedSizeListArray.from_arrays(pa.array(g.ravel()), width) for g in by_group]
    columns += _groups(found.details.probabilities, found.details.calls, ~found.ok)
    rows = slice(block.first, block.first + count)
    own = {_text(heading): words[rows] for heading, words in table.labels.items()}
    for label in _labels(schema):
        words = [_text(word) for word in own[label]] if label in own else [None] * count
        columns.append(pa.array(words, pa.string()))
    return pa.record_batch(columns, schema=schema)


def batch_of_results(results: Sequence[Result], schema: Any) -> Any:
    """Spectra of single files.

    Examples
    --------
    >>> from irclassify.model.folder import find_model
    >>> failed = Failed("a.jdx", "no_data", "the file is empty")
    >>> batch_of_results([failed], schema_of(find_model("default")))["message"].to_pylist()
    ['the file is empty']
    """
    groups = len([name for name in schema.names if name.endswith("_call")])
    probability = np.full((len(results), groups), np.nan)
    calls = np.zeros((len(results), groups), np.int8)
    values = {word: call for call, word in WORDS.items()}
    for i, result in enumerate(results):
        if not isinstance(result, Failed):
            said = (*result.prediction.groups, *result.prediction.details)
            probability[i] = [one.probability for one in said]
            calls[i] = [values[one.call] for one in said]
    return _batch(results, probability, calls, schema)


def batch_of_answers(answers: Sequence[Answers], schema: Any) -> Any:
    """The same of many files at a time, from their arrays: no object is made for a call.

    Examples
    --------
    >>> import irclassify
    >>> from irclassify import samples
    >>> from irclassify.batch.files import answer_sources
    >>> from irclassify.sources.paths import Source
    >>> path = samples.spectra()[0]
    >>> source = Source(path.name, path.name, data=path.read_bytes())
    >>> spec = irclassify.load().spec
    >>> answers = list(answer_sources([source], spec, workers=1))
    >>> batch_of_answers(answers, schema_of(spec))["file"].to_pylist()
    ['1_hexene.jdx']
    """
    results = [result for some in answers for result in some.without_calls()]
    groups = len([name for name in schema.names if name.endswith("_call")])
    probability = np.full((len(results), groups), np.nan)
    calls = np.zeros((len(results), groups), np.int8)
    answered = [not isinstance(result, Failed) for result in results]
    if any(answered):
        probability[answered] = np.concatenate([some.probabilities for some in answers])
        calls[answered] = np.concatenate([some.calls for some in answers])
    return _batch(results, probability, calls, schema)


def _batch(results: Sequence[Result], probability: Any, calls: Any, schema: Any) -> Any:
    failed = [result if isinstance(result, Failed) else None for result in results]
    warnings = ["" if isinstance(r, Failed) else " | ".join(r.warnings) for r in results]
    bad = np.array([f is not None for f in failed], bool)
    columns = [
        pa.array([_text(result.file) for result in results], pa.string()),
        pa.nulls(len(results), pa.int64()),
        pa.nulls(len(results), pa.int32()),
        pa.nulls(len(results), pa.int32()),
        pa.array([f and f.code for f in failed], pa.string()),
        pa.array([f and _text(f.message) for f in failed], pa.string()),
        pa.array([_verdict(result) for result in results], pa.string()),
        pa.array([_text(warning) for warning in warnings], pa.string()),
        *_groups(probability, calls, bad),
        *(pa.nulls(len(results), pa.string()) for _ in _labels(schema)),
    ]
    return pa.record_batch(columns, schema=schema)


def _labels(schema: Any) -> list[str]:
    """The headings of the label columns, which are the last."""
    return [name.removeprefix(_LABEL) for name in schema.names if name.startswith(_LABEL)]


def _text(name: str) -> str:
    """File names that are no text, as Arrow can hold them."""
    return name.encode("utf-8", "backslashreplace").decode("utf-8")


def _verdict(result: Result) -> str | None:
    domain = None if isinstance(result, Failed) else result.prediction.domain
    return None if domain is None else domain.verdict


def _whole(values: Any, count: int) -> Any:
    if values is None:
        return pa.nulls(count, pa.int32())
    return pa.array(values + 1, pa.int32())


def _groups(probability: Any, calls: Any, bad: Any) -> list[Any]:
    """Probability and call of every group in turn; null where there is no answer."""
    mask = bad if bad.any() else None
    where = np.zeros(256, np.int8)
    where[np.array(_CALLS, np.int8).view(np.uint8)] = range(len(_CALLS))
    index = where[np.ascontiguousarray(calls.T, np.int8).view(np.uint8)]
    columns = []
    for numbers, words in zip(np.ascontiguousarray(probability.T, np.float32), index, strict=True):
        columns.append(pa.array(numbers, mask=mask))
        codes = pa.array(words, pa.int8(), mask=mask)
        columns.append(pa.DictionaryArray.from_arrays(codes, _CALL_NAMES))
    return columns
