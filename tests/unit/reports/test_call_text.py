"""The text of calls from arrays is that of the same calls as objects, to the byte."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from irclassify.reports.call_text import CallText, marked
from irclassify.reports.json import details_record, plain
from irclassify.reports.rows import to_json
from irclassify.results.prediction import GroupCall

WORDS = ("absent", "uncertain", "present")
NAMES = ('a "quoted" name', "keto\u200ene", "β-ester", '"probability": 0.5')

# Where rounding or Python's way to write a number changes.
EDGES = (0.0, 1.0, 5e-7, 1.5e-6, 9.9e-5, 9.95e-5, 1e-4, 0.1234565, 0.2500005, 0.9999995, 0.5, 0.001)
probability = (
    st.sampled_from(EDGES) | st.floats(0, 1) | st.integers(0, 2 * 10**6).map(lambda k: k / 2e6)
)
call = st.tuples(probability, st.sampled_from((-1, 0, 1)), st.booleans())


def objects(row: list[tuple[float, int, bool]]) -> tuple[GroupCall, ...]:
    return tuple(
        GroupCall(name, p, WORDS[said + 1], 0.0, WORDS[2 if guess else 0], title=name, parent=None)
        for name, (p, said, guess) in zip(NAMES, row, strict=True)
    )


@given(st.lists(st.lists(call, min_size=4, max_size=4), max_size=4))
@pytest.mark.parametrize("record", [plain, details_record])
def test_text_from_arrays_is_that_of_the_objects(record, rows):
    blank = tuple(map(marked, objects([(0.0, 0, False)] * 4)))
    p, said, guess = (np.array([[one[i] for one in row] for row in rows]) for i in range(3))
    shape = (len(rows), 4)
    text = CallText(to_json(record(blank)))(
        p.reshape(shape).astype(float), said.reshape(shape).astype(np.int8), guess.reshape(shape)
    )
    assert text == [to_json(record(objects(row))) for row in rows]
    assert [json.loads(one) for one in text] == [record(objects(row)) for row in rows]


@pytest.mark.parametrize("value", [np.nan, np.inf, -0.1, 1.1])
def test_what_is_no_probability_is_refused(value):
    text = CallText(to_json(plain(tuple(map(marked, objects([(0.0, 0, False)] * 4))))))
    with pytest.raises(ValueError, match="probability"):
        text(np.full((1, 4), value), np.zeros((1, 4), np.int8), np.zeros((1, 4), bool))
