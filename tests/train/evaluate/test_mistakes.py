"""The surest mistakes of a set of predictions."""

from __future__ import annotations

import numpy as np

from train.data.records import Dataset, Record
from train.evaluate.accuracy import surest_mistakes
from train.labels.groups import GROUPS


def test_each_group_names_its_surest_miss_and_false_alarm_among_the_rows() -> None:
    records = [Record(f"{i}.jdx", str(i), "CCO", 0, "", "gas", f"{i}-00-0") for i in range(5)]
    labels = np.zeros((5, 17), bool)
    labels[:3, 0] = True
    probabilities = np.full((5, 17), 0.5)
    probabilities[:, 0] = [0.001, 0.2, 0.9, 0.7, 0.99]
    data = Dataset(records, labels, np.zeros((5, 850), np.float32))
    found = surest_mistakes(data, probabilities, np.array([False, True, True, True, True]))
    missed, alarm = (m for m in found if m["group"] == GROUPS[0])
    assert (missed["kind"], missed["cas"], missed["probability"]) == ("missed", "1-00-0", 0.2)
    assert (alarm["kind"], alarm["cas"], alarm["probability"]) == ("false alarm", "4-00-0", 0.99)
    assert {m["kind"] for m in found if m["group"] == GROUPS[1]} == {"false alarm"}
