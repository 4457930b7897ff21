"""Runs a model: grid vectors in, logits and latent matrices out. The only user of onnxruntime."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from numpy.typing import NDArray

from irclassify.errors import IrclassifyError, ModelError
from irclassify.model.folder import ModelSpec

# Spectra in one run of the network. A run widens the half-precision factors first, which few
# spectra share; with more, what lies between the layers leaves the cache.
BATCH = 128

# Folding widens the half-precision factors of a head when a model is loaded, which is half of the
# time to load it; to widen them in every batch takes too little to measure.
_NOT_WORTH_IT = ["ConstantFolding"]


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Let Ctrl-C and SIGTERM wait: amid loading, onnxruntime makes ImportErrors of them."""
    if sys.platform == "win32":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class Model:
    """An onnxruntime session over a model folder. Safe to share between threads."""

    def __init__(self, spec: ModelSpec) -> None:
        """Raises ModelError when the graph, or what runs it, cannot be loaded.

        A batch uses one core: more gain little on so small a network, and threads that wait for
        the next batch spin, which takes the cores from the processes that read files.
        """
        try:
            with _undisturbed():
                import onnxruntime  # noqa: PLC0415 - slow to import: only when a model really runs
        except ImportError as error:  # also where memory is limited
            raise ModelError(f"onnxruntime cannot be loaded: {error}") from error

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.log_severity_level = 4  # what it would print is raised too
        try:
            self._session = onnxruntime.InferenceSession(
                str(spec.graph),
                options,
                providers=["CPUExecutionProvider"],
                disabled_optimizers=_NOT_WORTH_IT,
            )
        except Exception as error:  # onnxruntime raises its own unexported types
            raise ModelError(f"{spec.graph} cannot be run: {error}") from error
        self.spec = spec

    def run(self, grids: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Grid vectors (n, points) -> logits (n, outputs), latent (n, channels, positions).

        Raises IrclassifyError when it cannot be run, where memory is limited for instance.

        Examples
        --------
        >>> from irclassify.model.folder import find_model
        >>> spec = find_model("default")
        >>> flat = np.zeros((1, spec.preprocessing.grid.points), np.float32)
        >>> logits, latent = Model(spec).run(flat)
        >>> latent.shape == (1, spec.latent.channels, spec.latent.positions)
        True
        """
        try:
            logits, latent = self._session.run(["logits", "latent"], {"spectrum": grids})
        except Exception as error:  # onnxruntime raises its own unexported types
            raise IrclassifyError(f"the network could not be run (memory?): {error}") from error
        return logits, latent

    def logits(self, grids: NDArray[np.float32]) -> NDArray[np.float32]:
        """Grid vectors (n, points) -> logits (n, outputs), without copying the latent matrix out.

        Examples
        --------
        >>> from irclassify.model.folder import find_model
        >>> spec = find_model("default")
        >>> len(Model(spec).logits(np.zeros((2, spec.preprocessing.grid.points), np.float32)))
        2
        """
        result: NDArray[np.float32] = self._session.run(["logits"], {"spectrum": grids})[0]
        return result
