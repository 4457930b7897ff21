"""The library: arrays of spectra in, arrays of answers out. No file, no command line.

    import irclassify

    classifier = irclassify.load("default")
    found = classifier.predict(wavenumbers, absorbances)     # (p,), (n, p)
    found.probabilities[:, classifier.groups.index("ketone")]

What the command line says of files and tables is computed here too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from irclassify import explain
from irclassify.errors import MalformedFileError
from irclassify.model.folder import DEFAULT_MODEL, ModelSpec, find_model
from irclassify.model.predicted import NO_ANSWER, Predicted
from irclassify.model.session import BATCH, Model
from irclassify.model.shared_axis import NOT_FINITE, Columns, Vectors
from irclassify.model.threads import one_core_a_thread, usable_cores
from irclassify.options import DEFAULT_ERROR_RATE
from irclassify.results.prediction import Domain

if TYPE_CHECKING:
    from irclassify.explain.contributions import Account, Contributions, Stretches

__all__ = ["NO_ANSWER", "Classifier", "Phases", "Predicted", "load"]

Phases = str | Sequence[str | None] | None

# Spectra: of more, what an account needs in between is memory that the system hands out anew.
_EXPLAINED_AT_ONCE = 64


class Classifier:
    """A model ready to answer. Safe to share between threads.

    Attributes
    ----------
    groups : tuple of str
        The functional groups, in the order of every array's columns.
    spec : ModelSpec
        All that is known of the model without running it.

    Examples
    --------
    >>> classifier = load("default")
    >>> classifier.groups[:3]
    ('alkane', 'methyl', 'alkene')
    """

    def __init__(self, spec: ModelSpec, *, threads: int | None = None) -> None:
        """``threads``: cores that many spectra may use; None: all this process may, at most 8.

        Raises ModelError when the model cannot be run.
        """
        self.spec = spec
        self.groups = tuple(group.name for group in spec.groups)
        self.threads = threads or usable_cores()
        # One core to a batch gives twice as much as all cores to each: the layers are small.
        self._model = Model(spec)
        self._account = lru_cache(maxsize=2)(self._new_account)

    @property
    def label(self) -> str:
        """``name@version`` of the model.

        Examples
        --------
        >>> load("default").label.partition("@")[0]
        'default'
        """
        return self.spec.label

    @property
    def grid_cm1(self) -> NDArray[np.float64]:
        """(points,): the wavenumbers the network sees, ascending, in cm-1.

        Examples
        --------
        >>> grid = load("default").grid_cm1
        >>> grid.ndim, bool((np.diff(grid) > 0).all())
        (1, True)
        """
        return self.spec.preprocessing.grid.wavenumber

    def predict(
        self,
        wavenumbers: ArrayLike,
        absorbances: ArrayLike,
        *,
        phase: Phases = None,
        error_rate: float = DEFAULT_ERROR_RATE,
    ) -> Predicted:
        """Say which groups the spectra show.

        Parameters
        ----------
        wavenumbers : (p,), cm-1
            p >= 50, in any order and spacing; they must cover 1200 to 1800 cm-1. Leave out
            wavenumbers that were not measured: outside the range given, a spectrum counts as zero.
        absorbances : (n, p), or (p,) for n = 1
            Decadic absorbance in any scale: each spectrum is divided by its maximum. A row that
            holds NaN or infinity has no answer; its error is ``malformed``.
        phase : str or sequence of n, optional
            ``gas``, ``condensed`` (measured in transmission) or ``atr`` where it is known, for all
            rows or for each. Where it is None, a model with phase outputs infers it.
        error_rate : float, 0.001 to 0.5
            The share of wrong calls allowed.

        Returns
        -------
        Predicted
            n rows; arrays of (n, groups).

        Raises
        ------
        IrclassifyError
            When shapes or wavenumbers do not fit. A bad row raises nothing.

        References
        ----------
        Rieger et al., Digital Discovery 2023, 2, 1957, section 2.1: interpolation and scaling.

        Examples
        --------
        >>> classifier = load("default")
        >>> x = np.linspace(400, 4000, 1801)
        >>> found = classifier.predict(x, np.exp(-(((x - 1715) / 12) ** 2)), phase="condensed")
        >>> found.probabilities.shape == (1, len(classifier.groups)), found.phases
        (True, ('condensed',))
        """
        columns = Columns(wavenumbers, self.spec.preprocessing, x_unit="cm-1")
        return self.predict_rows(
            columns.rows(absorbances), columns, phase=phase, error_rate=error_rate
        )

    def predict_grids(
        self,
        vectors: ArrayLike,
        *,
        phase: Phases = None,
        error_rate: float = DEFAULT_ERROR_RATE,
        covered: Sequence[float] | None = None,
    ) -> Predicted:
        """``predict`` for vectors that are on ``grid_cm1`` already: nothing is done to them.

        Parameters
        ----------
        vectors : (n, points), absorbance divided by its maximum
        phase, error_rate
            As in ``predict``.
        covered : (n,), 0 to 1, optional
            The share of the grid that was measured; None for all of it.

        Raises
        ------
        MalformedFileError
            When the vectors have another shape.

        Examples
        --------
        >>> classifier = load("default")
        >>> band = np.exp(-(((classifier.grid_cm1 - 1715) / 12) ** 2))
        >>> len(classifier.predict_grids([band, band]))
        2
        """
        values = np.atleast_2d(np.asarray(vectors, np.float32))
        points = self.spec.preprocessing.grid.points
        if values.ndim != 2 or values.shape[1] != points:
            raise MalformedFileError(f"vectors of shape {values.shape}, not (n, {points})")
        return self._pass(values, _as_they_are, phase=phase, error_rate=error_rate, covered=covered)

    def predict_rows(
        self,
        values: NDArray[np.floating],
        columns: Columns,
        *,
        phase: Phases = None,
        error_rate: float = DEFAULT_ERROR_RATE,
    ) -> Predicted:
        """``predict`` for the rows (n, p) of a matrix whose columns are already known.

        Parameters
        ----------
        values : (n, p), in the unit that ``columns`` was told
        columns : Columns
            The p wavenumbers and what is to be done to a row on them.
        phase, error_rate
            As in ``predict``.

        Examples
        --------
        >>> classifier = load("default")
        >>> x = np.linspace(400, 4000, 1801)
        >>> columns = Columns(x, classifier.spec.preprocessing, x_unit="cm-1")
        >>> classifier.predict_rows(np.exp(-(((x - 1715) / 12) ** 2))[None], columns).ok.tolist()
        [True]
        """
        covered = columns.covered(values)
        return self._pass(values, columns, phase=phase, error_rate=error_rate, covered=covered)

    def contributions(
        self,
        wavenumbers: ArrayLike,
        absorbances: ArrayLike,
        *,
        phase: str | None = None,
        width_cm1: float | None = None,
    ) -> Contributions:
        """Say why: what each region of the spectrum adds to each logit, exactly.

        Parameters
        ----------
        wavenumbers, absorbances
            As in ``predict``.
        phase : str, optional
            Of all rows. The logits are those that ``predict`` gives for it.
        width_cm1 : float, cm-1, optional
            Regions of this width, the same for all spectra; None: every latent column.

        Returns
        -------
        Contributions
            ``bias`` plus the sum of ``total`` (n, groups, regions) over regions is ``logits``.

        Raises
        ------
        IrclassifyError
            As ``predict``.

        References
        ----------
        Rieger et al., Digital Discovery 2023, 2, 1957, section 3.2.

        Examples
        --------
        >>> classifier = load("default")
        >>> x = np.linspace(400, 4000, 1801)
        >>> why = classifier.contributions(x, np.exp(-(((x - 1715) / 12) ** 2)), width_cm1=100)
        >>> bool(np.allclose(why.bias + why.total.sum(axis=-1), why.logits, atol=1e-3))
        True
        """
        columns = Columns(wavenumbers, self.spec.preprocessing, x_unit="cm-1")
        values = columns.rows(absorbances)
        pieces = explain.contributions.stretches(self.spec, width_cm1)
        found = explain.contributions.Contributions.empty(self.spec, pieces, len(values), phase)
        account = self._account(found.pieces)

        def use(rows: slice, latent: NDArray[np.float32]) -> None:
            found.latent[rows] = latent
            found.own[rows], found.shared[rows] = account(latent)

        covered = columns.covered(values)
        said = self._pass(values, columns, phase=phase, covered=covered, use=use)
        found.logits[:], found.weights[:] = said.logits, said.phase_weights
        slope = self._slopes(said)
        found.own[:], found.shared[:] = found.own * slope, found.shared * slope
        for part in (found.latent, found.own, found.shared):
            part[~said.ok] = np.nan
        return found

    def explain_rows(
        self,
        values: NDArray[np.floating],
        columns: Columns,
        pieces: Stretches,
        *,
        phase: str | None = None,
        error_rate: float = DEFAULT_ERROR_RATE,
    ) -> tuple[Predicted, NDArray[np.float32]]:
        """``predict_rows``, and what each region adds to each logit.

        Parameters
        ----------
        values, columns, phase, error_rate
            As in ``predict_rows``.
        pieces : Stretches
            The regions, as neighbouring columns of the latent matrix.

        Returns
        -------
        Predicted
            n rows.
        array of float32, (n, groups, regions)
            ``Contributions.total``: with the bias, it adds up to the logits. NaN without an answer.

        Examples
        --------
        >>> from irclassify.explain.contributions import stretches
        >>> classifier = load("default")
        >>> x = np.linspace(400, 4000, 1801)
        >>> columns = Columns(x, classifier.spec.preprocessing, x_unit="cm-1")
        >>> pieces = stretches(classifier.spec, 100.0)
        >>> band = np.exp(-(((x - 1715) / 12) ** 2))
        >>> found, totals = classifier.explain_rows(band[None], columns, pieces)
        >>> totals.shape == (len(found), len(found.groups), len(pieces))
        True
        """
        account = self._account(pieces)
        totals = np.empty((len(values), len(self.groups), len(pieces)), np.float32)

        def use(rows: slice, latent: NDArray[np.float32]) -> None:
            for at in range(0, len(latent), _EXPLAINED_AT_ONCE):
                part = slice(at, at + _EXPLAINED_AT_ONCE)
                totals[rows][part] = account.totals(latent[part])

        covered = columns.covered(values)
        said = self._pass(
            values, columns, phase=phase, error_rate=error_rate, covered=covered, use=use
        )
        totals *= self._slopes(said)
        totals[~said.ok] = np.nan
        return said, totals

    def _new_account(self, pieces: Stretches) -> Account:
        """For the groups, on the scale of the graph."""
        return explain.contributions.Account(self.spec.head.rows(range(len(self.groups))), pieces)

    def _slopes(self, said: Predicted) -> NDArray[np.float32]:
        """(n, groups, 1): what makes contributions to the graph's logits those to the printed."""
        slope, _ = self.spec.confidence.scale(said.phase_weights)
        return slope[:, : len(self.groups), None].astype(np.float32)

    def answer_grids(
        self,
        grids: NDArray[np.float32],
        phases: Sequence[str | None],
        covered: Sequence[float] | NDArray[np.floating] | None = None,
        *,
        error_rate: float = DEFAULT_ERROR_RATE,
        faults: NDArray[np.int8] | None = None,
    ) -> tuple[Predicted, NDArray[np.float32]]:
        """Run the network on grid vectors: the one way that files, tables and explanations share.

        Parameters
        ----------
        grids : (n, points), float32
            At most a batch or two.
        phases : sequence of n
            As stated; None where the phase is not known.
        covered : (n,), 0 to 1, optional
            As in ``predict_grids``.
        error_rate : float, 0.001 to 0.5
        faults : (n,), int8, optional
            Rows that are known to have no answer, numbered as in ``Predicted``.

        Returns
        -------
        Predicted
            n rows.
        array of float32, (n, channels, positions)
            The latent matrices.

        Examples
        --------
        >>> classifier = load("default")
        >>> band = np.exp(-(((classifier.grid_cm1 - 1715) / 12) ** 2)).astype(np.float32)
        >>> found, latent = classifier.answer_grids(band[None], ["gas"])
        >>> found.phases, latent.shape[-1] == classifier.spec.latent.positions
        (('gas',), True)
        """
        logits, latent = self._model.run(grids)
        found = np.zeros(len(grids), np.int8) if faults is None else faults.copy()
        found[(found == 0) & ~np.isfinite(logits).all(axis=1)] = NOT_FINITE
        domains: list[Domain | None] = [None] * len(grids)
        if self.spec.detector is not None:
            measured = np.ones(len(grids)) if covered is None else np.asarray(covered, float)
            verdicts = self.spec.detector.judge(latent, measured)
            domains = [None if bad else one for one, bad in zip(verdicts, found, strict=True)]
        logits = np.where(found[:, None] == 0, logits, np.nan)
        said = Predicted.of(logits, phases, self.spec, error_rate, found, domains)
        return said, latent

    def latent(self, grids: NDArray[np.float32]) -> NDArray[np.float32]:
        """Grid vectors (n, points), a batch or two -> latent matrices (n, channels, positions).

        Examples
        --------
        >>> classifier = load("default")
        >>> flat = np.zeros((2, classifier.spec.preprocessing.grid.points), np.float32)
        >>> classifier.latent(flat).shape[0]
        2
        """
        return self._model.run(grids)[1]

    def _pass(
        self,
        values: NDArray[np.floating],
        vectors: Callable[[NDArray[np.floating]], Vectors],
        *,
        phase: Phases,
        covered: Sequence[float] | NDArray[np.floating] | None,
        error_rate: float = DEFAULT_ERROR_RATE,
        use: Callable[[slice, NDArray[np.float32]], None] | None = None,
    ) -> Predicted:
        """``answer_grids`` batch by batch; ``use`` gets each batch's latent matrices."""
        each = [phase] * len(values) if phase is None or isinstance(phase, str) else phase
        phases: list[str | None] = list(each)

        def work(rows: slice) -> Predicted:
            grids, faults = vectors(values[rows])
            share = None if covered is None else covered[rows]
            said, latent = self.answer_grids(
                grids, phases[rows], share, error_rate=error_rate, faults=faults
            )
            if use is not None:
                use(rows, latent)
            return said

        return Predicted.joined(self._in_batches(work, len(values)))

    def _in_batches(self, work: Callable[[slice], Predicted], count: int) -> list[Predicted]:
        """``work`` on every BATCH of ``count`` rows, on as many cores as there are threads."""
        batches = [slice(at, min(at + BATCH, count)) for at in range(0, count or 1, BATCH)]
        if len(batches) == 1 or self.threads == 1:
            return [work(batch) for batch in batches]
        from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415 - slow to import

        with one_core_a_thread(), ThreadPoolExecutor(self.threads) as pool:
            return list(pool.map(work, batches))  # raises what a batch raised


def _as_they_are(vectors: NDArray[np.floating]) -> Vectors:
    return np.asarray(vectors, np.float32), np.zeros(len(vectors), np.int8)


def load(model: str = DEFAULT_MODEL, *, threads: int | None = None) -> Classifier:
    """Load a shipped model by name, or one in a folder.

    Parameters
    ----------
    model : str
        A name from ``irclassify models``, or the path of a model folder.
    threads : int, optional
        Cores that many spectra may use; None: all that this process may, at most 8.

    Raises
    ------
    ModelError
        When there is no such model, or it cannot be run.

    Examples
    --------
    >>> import irclassify
    >>> classifier = irclassify.load("default", threads=1)
    >>> "ketone" in classifier.groups
    True
    """
    return Classifier(find_model(model), threads=threads)
