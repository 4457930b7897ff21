"""What each option of onnxruntime does to the default model's session: processor time and values.

All sessions take the same spectra in turn, so that whatever else the machine does falls on all; the
least of a few rounds. A ratio under 1 is faster than the session as it is shipped; what a second
session of the same kind differs from 1 is chance. The last figures say how far the session is from
what the processor can do: multiplications a second, against those of a large product of matrices.
"""

from __future__ import annotations

import math
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from irclassify.model.folder import find_model
from irclassify.model.session import BATCH
from tests.benchmarks.figures import Figure

MODEL = "default"
BATCHES = (1, 8, 16, 32, 64, 128, 256)
SHIPPED = "as shipped"
AGAIN = "as shipped, a second session"  # how far from 1 chance alone takes a ratio
NO_FOLDING = ("ConstantFolding",)  # what the session of the package leaves out
LEVELS = onnxruntime.GraphOptimizationLevel


def measure(quick: bool) -> Iterator[Figure]:
    """Ratios to the session as shipped, and microseconds a spectrum by batch."""
    graph = find_model(MODEL).graph
    points = find_model(MODEL).preprocessing.grid.points
    grids = np.random.default_rng(0).random((256 if quick else 1024, points), np.float32)
    rounds = 1 if quick else 5
    with tempfile.TemporaryDirectory() as name:
        sessions = _sessions(graph, Path(name) / "optimised.onnx")
        least = dict.fromkeys(sessions, float("inf"))
        for _ in range(rounds + 1):  # the first also fills caches and arenas
            for what, session in sessions.items():
                least[what] = min(least[what], _seconds(session, grids, BATCH))
        shipped = _logits(sessions[SHIPPED], grids)
        for what, session in sessions.items():
            differ = np.abs(_logits(session, grids) - shipped).max()
            note = (
                f"{1e6 * least[what] / len(grids):.0f} us a spectrum; logits differ by {differ:.1e}"
            )
            yield Figure(f"{what} / {SHIPPED}", least[what] / least[SHIPPED], note=note)
        for batch in BATCHES:
            took = min(_seconds(sessions[SHIPPED], grids, batch) for _ in range(rounds))
            yield Figure(f"{SHIPPED}, batches of {batch}", 1e6 * took / len(grids), "us/spectrum")
        yield from _against_a_product(graph, least[SHIPPED] / len(grids))


def _against_a_product(graph: Path, seconds: float) -> Iterator[Figure]:
    """How many multiplications a spectrum takes, and how fast they are done on one core."""
    count = multiplications(graph)
    yield Figure("multiplications a spectrum", count / 1e6, "million")
    rate = count / seconds
    yield Figure("the session, multiplications a second", rate / 1e9, "thousand million")
    size = 1024
    matrix = np.random.default_rng(0).random((size, size), np.float32)
    with threadpool_limits(1):
        took = min(_seconds_of(lambda: matrix @ matrix) for _ in range(5))
    best = size**3 / took
    yield Figure("a product of matrices, the same", best / 1e9, "thousand million")
    yield Figure("the session / a product of matrices", rate / best)


def multiplications(graph: Path) -> int:
    """Of numbers, in the convolutions and products of a graph, for one spectrum."""
    model = onnx.shape_inference.infer_shapes(onnx.load(graph))
    parts = (model.graph.value_info, model.graph.output, model.graph.input)
    shapes = {
        value.name: [d.dim_value or 1 for d in value.type.tensor_type.shape.dim]
        for part in parts
        for value in part
    }
    shapes |= {each.name: list(each.dims) for each in model.graph.initializer}
    total = 0
    for node in model.graph.node:
        if node.op_type == "Conv":  # every value of the result: inputs of a group times the kernel
            total += math.prod(shapes[node.output[0]]) * math.prod(shapes[node.input[1]][1:])
        elif node.op_type == "Gemm":
            total += math.prod(shapes[node.input[1]])
    return total


def _seconds_of(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def _sessions(graph: Path, optimised: Path) -> dict[str, onnxruntime.InferenceSession]:
    """One by option; the optimised graph is stored by one session and read by the next."""
    plain = str(graph)
    return {
        SHIPPED: _session(plain),
        "constant folding": _session(plain, without=()),
        "constant folding, no prepacking": _session(
            plain, without=(), entry="session.disable_prepacking"
        ),
        "optimised graph stored": _session(
            plain, without=(), optimized_model_filepath=str(optimised)
        ),
        "optimised graph loaded": _session(str(optimised), level=LEVELS.ORT_DISABLE_ALL),
        "no optimisation": _session(plain, level=LEVELS.ORT_DISABLE_ALL),
        "basic optimisation": _session(plain, level=LEVELS.ORT_ENABLE_BASIC),
        "extended optimisation": _session(plain, level=LEVELS.ORT_ENABLE_EXTENDED),
        "no arena": _session(plain, enable_cpu_mem_arena=False),
        "no memory pattern": _session(plain, enable_mem_pattern=False),
        "no prepacking": _session(plain, entry="session.disable_prepacking"),
        "denormals to zero": _session(plain, entry="session.set_denormal_as_zero"),
        AGAIN: _session(plain),
    }


def _session(
    graph: str,
    *,
    level: LEVELS = LEVELS.ORT_ENABLE_ALL,
    without: tuple[str, ...] = NO_FOLDING,
    entry: str | None = None,
    **attributes: Any,
) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 4
    options.graph_optimization_level = level
    for name, value in attributes.items():
        setattr(options, name, value)
    if entry:
        options.add_session_config_entry(entry, "1")
    providers = ["CPUExecutionProvider"]
    return onnxruntime.InferenceSession(
        graph, options, providers=providers, disabled_optimizers=list(without)
    )


def _batches(
    session: onnxruntime.InferenceSession, grids: NDArray[np.float32], batch: int
) -> Iterator[NDArray[np.float32]]:
    name = session.get_inputs()[0].name
    for start in range(0, len(grids), batch):
        yield session.run(None, {name: grids[start : start + batch]})[0]


def _seconds(
    session: onnxruntime.InferenceSession, grids: NDArray[np.float32], batch: int
) -> float:
    """Seconds of this process's processors."""
    return _seconds_of(lambda: list(_batches(session, grids, batch)))


def _logits(
    session: onnxruntime.InferenceSession, grids: NDArray[np.float32]
) -> NDArray[np.float32]:
    return np.concatenate(list(_batches(session, grids, BATCH)))
