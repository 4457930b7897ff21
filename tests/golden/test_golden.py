"""Reading, preprocessing and models together still say what they said when they were released."""

from __future__ import annotations

import json

import pytest
from golden.regenerate import STORED, current


def test_the_shipped_models_answer_as_stored() -> None:
    stored, now = json.loads(STORED.read_text(encoding="utf-8")), current()
    assert stored.keys() == now.keys()
    for model, files in stored.items():
        assert files.keys() == now[model].keys()
        for file, groups in files.items():
            for group, (logit, call) in groups.items():
                assert now[model][file][group][1] == call, (model, file, group)
                assert now[model][file][group][0] == pytest.approx(logit, abs=0.01)
