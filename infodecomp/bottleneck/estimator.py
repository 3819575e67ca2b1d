"""DistributedBottleneck, a scikit-learn estimator: where in a table is the information about a target?"""

import json
import numbers
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_is_fitted, column_or_1d

from infodecomp.artifacts import read_checkpoint, write_checkpoint
from infodecomp.bottleneck.fits.column_groups import groups_of, table_columns
from infodecomp.bottleneck.fits.ensemble import fit_ensemble
from infodecomp.bottleneck.fits.hold_out import held_out_mask
from infodecomp.bottleneck.predictor import BottleneckPredictor
from infodecomp.bottleneck.preprocessing import (
    check_names,
    has_weight,
    rows_with_weight,
    target_values,
    weighted_rows,
)
from infodecomp.bottleneck.streams.arrow import as_target
from infodecomp.bottleneck.streams.batches import reread
from infodecomp.bottleneck.streams.roles import Roles
from infodecomp.bottleneck.streams.scan import scan
from infodecomp.errors import InformationError

if TYPE_CHECKING:  # what imports torch, which takes a second, is imported by the methods that compute
    from infodecomp.bottleneck.fits.controls import Controls
    from infodecomp.bottleneck.fits.fitting import FitSettings, Fitted
    from infodecomp.bottleneck.model import Bottleneck
    from infodecomp.bottleneck.training import Training

FEWEST = {"dimension": 1, "width": 1, "steps": 1, "levels": 2, "draws": 1, "n_fits": 1}
CHOSEN_BY_ROWS = "steps", "levels"  # where they are None
SAMPLE_ROWS = 200_000  # of a large table, from which the levels of numbers are learnt


class DistributedBottleneck(BottleneckPredictor):
    """Distributed information bottleneck: min E[loss(y, f(u))] + β Σ_i I(X_i; U_i) for all β at once.

    Each column X_i sends a noisy message U_i of its own, and a decoder predicts the target from all
    messages. One network is trained for all β, so that any budget of bits can be used after one fit.

    Parameters
    ----------
    task : {'auto', 'regression', 'classification'}
        'auto' regresses on numbers and classifies everything else.
    kinds : mapping of column name to kind, optional
        'categorical', 'ordinal', 'circular' or 'continuous'. By default numbers are continuous, all else is
        categorical. The columns of an array are named x0, x1, and so on.
    periods : mapping of column name to period, optional
        Periods of circular columns, in their own units.
    dimension : int
        Dimensions of each message.
    width : int
        Of the decoder's hidden layers.
    steps : int, optional
        Of the optimiser: by default one for each 4 rows, but 150 to 1,500; from 50,000 rows on more, up to
        3,000.
    annealing : float or 'auto'
        Share of the steps, from 0 to below 1, during which β rises from its lowest value. With 0.3 or so,
        columns are found that matter only together, such as the inputs of an XOR behind other columns. By
        default the fit does without; if boosted trees then err much less on the held-out rows (by a fifth of
        the error without any column), there is a second fit with 0.3, and the better one of the two is the
        result. There is none for tables that are read in batches and have over 200,000 rows, and none with
        fewer steps than by default.
    levels : int, optional
        The most levels of a continuous column; more distinct values are binned at quantiles. By default one
        for each 20 rows, but 8 to 128; up to 32 distinct values then stay apart in any table. From 33 numeric
        columns on there are fewer: 4,096 over the number of columns, but at least 16.
    validation_fraction : float
        Fraction of the rows that is held out to measure the error.
    draws : int
        Messages of each level from which the bits are estimated, at least.
    random_state : int, RandomState or None
        The same seed gives the same fit on one machine. None and a RandomState draw a seed for each fit; it
        is then in ``bottleneck_.seed``.
    n_fits : int
        Fits with consecutive seeds, which also differ in the rows that they hold out, except with
        hold_out_last. All but the first are run by joblib, so that ``joblib.parallel_config`` spreads them
        over cores or machines. The first one predicts; all are in ``ensemble_``.
    groups : mapping of name to names of columns, optional
        Columns that share one message, such as ``{'place': ['x', 'y']}``. A message then says something about
        their combination; each column is read more coarsely, so that a group has at most twice as many levels
        as a column may, and at most 256, unless its categories have more; but at least two of each column of
        numbers.
    start : {'auto', 'cells', 'random'}
        Where the encoders begin: at random, or at the cells of quantisers that boosted trees help to find,
        which takes some seconds and lowers the error at a few bits where columns say nearly the same. 'auto'
        looks for cells from 5,000 rows to fit on. Annealed fits, and those with more than 40 columns or 12
        classes, always begin at random.

    Attributes
    ----------
    bottleneck_ : Bottleneck
        The trained network with its features, target and plane.
    information_plane_ : InformationPlane
        Bits, error and bits of each feature over β, on the held-out rows.
    bits_range_ : tuple of float
        The smallest and the largest budget in bits.
    best_bits_ : float
        The smallest budget whose error on the held-out rows is within a standard error of the smallest, or
        within a thousandth of the error that bits can save.
    best_bits_interval_ : tuple of float
        The fewest and the most bits whose error is within two standard errors of the smallest.
    ensemble_ : Ensemble
        Errors and bits of each column over all fits, with their spread, and the columns that trade places.
        Only if n_fits is above 1.
    features_ : list of Feature
        The columns with their levels and how often these occur.
    classes_ : ndarray of shape (n_classes,)
        Only for a classification.
    n_steps_ : int
        Steps of the optimiser taken.
    seconds_ : float
        CPU time of these steps.
    held_out_ : ndarray of bool, shape (n_samples,)
        The rows with a weight that were held out to measure the error; not after `fit_stream` of more than
        `sample_rows` rows.
    n_measured_ : int
        Rows on which the error was measured: those that were held out, or of many some 40,000.
    n_rows_ : int
        Rows of the table, with those that were held out.
    n_features_in_ : int
    feature_names_in_ : ndarray of shape (n_features,)
        Only if X had column names that are all strings.

    Notes
    -----
    The bits are estimates of the mutual information I(X_i; U_i) between each column and its message, not an
    upper bound.

    In a table with fewer than 6,000 rows, the first tenth of a nat of each column costs more than β where β
    is low, so that columns of noise get next to nothing; docs/few_rows.md says what else differs there.

    References
    ----------
    Murphy and Bassett, Interpretability with full complexity by constraining feature information, ICLR 2023.

    Examples
    --------
    >>> import numpy as np
    >>> from infodecomp import DistributedBottleneck
    >>> X = np.random.default_rng(0).integers(0, 2, (500, 3)).astype(float)
    >>> fit = DistributedBottleneck(steps=100).fit(X, X[:, 1])
    >>> int(fit.information_plane_.at(0.9).features.argmax())
    1
    """

    def __init__(
        self,
        task="auto",
        kinds=None,
        periods=None,
        dimension=2,
        width=128,
        steps=None,
        annealing="auto",
        levels=None,
        validation_fraction=0.2,
        draws=200,
        random_state=0,
        n_fits=1,
        groups=None,
        start="auto",
    ):
        self.task = task
        self.kinds = kinds
        self.periods = periods
        self.dimension = dimension
        self.width = width
        self.steps = steps
        self.annealing = annealing
        self.levels = levels
        self.validation_fraction = validation_fraction
        self.draws = draws
        self.random_state = random_state
        self.n_fits = n_fits
        self.groups = groups
        self.start = start

    def fit(
        self,
        X,
        y,
        sample_weight=None,
        *,
        hold_out_by=None,
        hold_out_last=None,
        callback: "Callable[[Training], object] | None" = None,
        should_stop: Callable[[], bool] | None = None,
        checkpoint: str | Path | None = None,
    ) -> "DistributedBottleneck":
        """Fit to a table.

        Parameters
        ----------
        X : DataFrame, Arrow data or array_like of shape (n_samples, n_features)
            Arrow data are pyarrow tables and DuckDB relations. Numbers, text, booleans, dates (days since
            1970), durations (days) or times of day (hours); missing values are a level of their own. Ordered
            categories of pandas and Arrow, and the values of an Enum of Polars or DuckDB, are in order.
        y : array_like or table of shape (n_samples,) or (n_samples, 1)
            The target, without missing values. It is read like a column: dates are days since 1970, and
            objects that are all numbers are numbers.
        sample_weight : array_like of shape (n_samples,), optional
            Weights of the rows, at least 0: rows are drawn in proportion to them, and they count in the
            frequencies of the levels, in the target's mean and scale, and in the error on held-out rows.
        hold_out_by : array_like of shape (n_samples,), optional
            Rows with the same value are never on both sides: the error is measured on whole groups of rows,
            such as all of a patient, that the fit has not seen.
        hold_out_last : array_like of shape (n_samples,), optional
            Numbers or dates: the error is measured on the rows with the largest, such as the last days.
        callback : callable, optional
            Called with the training after every step.
        should_stop : callable, optional
            Called after every step; True ends the fit with what was learnt so far.
        checkpoint : path, optional
            The fit is stored in this file every hundred steps. If the file exists, the fit resumes from it
            and ends with the same numbers as an uninterrupted one.

        Returns
        -------
        DistributedBottleneck
            The estimator itself.

        Raises
        ------
        InformationError
            For a parameter that is out of bounds, a column or target with one value, infinite numbers, a
            target of text and numbers, and where hold_out_by or hold_out_last leaves no rows on one side.

        Notes
        -----
        Runs on one thread, so that the result does not depend on the number of cores. The number of threads
        is restored afterwards, and torch's global random generator is not used.
        """
        from infodecomp.bottleneck.fits.fitting import Control, fit_columns

        settings = self._settings()
        if y is None:
            raise InformationError("This estimator requires y to be passed, but the target y is None.")
        columns, y_given = self._columns(X, reset=True), y
        y = as_target(y)
        if y.ndim == 2 and y.shape[1] == 1:
            y = column_or_1d(y, warn=True)
        y = target_values(y, len(columns[0].values))
        self.n_rows_ = len(y)
        columns, y, weights = weighted_rows(columns, y, sample_weight)
        seed, control = self._seed(checkpoint), Control(callback, should_stop, checkpoint)
        self._with_weight = has_weight(sample_weight)
        by = rows_with_weight("hold_out_by", hold_out_by, sample_weight)
        last = rows_with_weight("hold_out_last", hold_out_last, sample_weight)
        held_out = held_out_mask(len(y), self.validation_fraction, seed, by, last)
        self._keep(fit_columns(columns, y, settings, seed, control, weights, held_out))
        hold_out = {"hold_out_by": hold_out_by, "hold_out_last": hold_out_last}
        self._fit_others(seed, "fit", X, y_given, sample_weight, **hold_out)
        return self

    def _fit_others(self, seed: int, method: str, *data, **options) -> None:
        """Fit with the seeds after the first, and keep all planes."""
        if "ensemble_" in vars(self):
            delattr(self, "ensemble_")
        if self.n_fits > 1:
            self.ensemble_ = fit_ensemble(self, seed, method, *data, **options)

    def fit_stream(
        self,
        batches,
        target: str,
        sample_weight: str | None = None,
        *,
        hold_out_by: str | None = None,
        hold_out_last: str | None = None,
        callback: "Callable[[Training], object] | None" = None,
        should_stop: Callable[[], bool] | None = None,
        checkpoint: str | Path | None = None,
        folder: str | Path | None = None,
        sample_rows: int = SAMPLE_ROWS,
    ) -> "DistributedBottleneck":
        """Fit to a table that need not fit into memory.

        It is read twice: first the levels of each column are learnt, from a sample of rows that depends on
        the seed and on the numbers of the rows alone; then the levels of all rows are written as codes of
        one or two bytes into a file, from which the training draws. Up to `sample_rows` rows, the result is
        that of `fit`, bit by bit.

        Parameters
        ----------
        batches : DataFrame, Arrow data, mapping, list of these, or callable
            What has ``__arrow_c_stream__`` (pyarrow, Polars, a DuckDB relation) or ``__dataframe__``, a
            DataFrame, a LazyFrame, or a mapping of column names to arrays; several of them, with the columns
            in any order; or a function that returns an iterator over some.
        target : str
            Name of the target's column.
        sample_weight, hold_out_by, hold_out_last : str, optional
            Names of the columns that hold what `fit` takes under these names; these columns are not fitted.
        callback, should_stop, checkpoint : optional
            See `fit`.
        folder : path, optional
            Where the codes are written, one or two bytes for each cell and eight for each target; they are
            removed afterwards. A temporary folder by default.
        sample_rows : int
            Rows from which the levels of numbers are learnt.

        Returns
        -------
        DistributedBottleneck
            The estimator itself.

        Raises
        ------
        InformationError
            As `fit`, and for batches that can be read only once or that differ in their columns.

        Notes
        -----
        With more than `sample_rows` rows, the sample also says which combinations of a group of columns there
        are (others count as the nearest), how many groups of rows make up `validation_fraction`, and where
        the last rows begin. Of rows that are held out by a column, the error is measured on about 40,000.
        """
        from infodecomp.bottleneck.fits.fitting import Control, fit_scanned

        settings = self._settings()
        roles = Roles(target, sample_weight, hold_out_by, hold_out_last)
        seed = self._seed(checkpoint)
        read = reread(batches)
        kinds = dict.fromkeys(self.periods or {}, "circular") | dict(self.kinds or {})
        scanned = scan(read, roles, kinds, sample_rows, seed, self.task == "classification")
        names = [column.name for column in scanned.columns]
        check_names(names, self.kinds, self.periods)
        self.feature_names_in_, self.n_features_in_ = np.array(names, object), len(names)
        self.n_rows_, self._with_weight = scanned.n_given, scanned.with_weight
        if not scanned.is_complete and sample_weight is not None:
            del self._with_weight  # not known
        control = Control(callback, should_stop, checkpoint)
        self._keep(
            fit_scanned(read, scanned, self.periods or {}, settings, seed, control, folder, self.groups)
        )
        self._held_out_in_batches_by = None if scanned.is_complete else roles.hold_out
        self._fit_others(
            seed,
            "fit_stream",
            batches,
            target,
            sample_weight,
            hold_out_by=hold_out_by,
            hold_out_last=hold_out_last,
            folder=folder,
            sample_rows=sample_rows,
        )
        return self

    def controls(self, X, y, sample_weight=None) -> "Controls":
        """Bits that go to a shuffled copy of each column, at best_bits_ and beside all columns.

        Parameters
        ----------
        X, y, sample_weight
            The table of the fit; it is fitted once more, with twice as many columns.

        Returns
        -------
        Controls
            Bits of each column and of its copy, and the error on the held-out rows.

        Raises
        ------
        InformationError
            For another number of rows than the fit had, or weights above 0 of other rows, and after
            `fit_stream` of more than its `sample_rows` rows that were held out by a column.

        Notes
        -----
        A fit that was loaded from a file, or that `fit_stream` made, is taken to have held out random rows.
        """
        from infodecomp.bottleneck.fits.controls import measure_controls

        check_is_fitted(self)
        columns, y, weights = self._table_of_fit(X, y, sample_weight)
        seed = self.bottleneck_.seed
        held_out = self._held_out(len(y))
        settings = self._settings()._replace(annealing=self.bottleneck_.config.annealing)  # as this fit
        return measure_controls(columns, y, self.best_bits_, settings, seed, weights, held_out)

    def _settings(self) -> "FitSettings":
        """The parameters of a fit. Raises InformationError for one that is out of bounds."""
        from infodecomp.bottleneck.fits.fitting import FitSettings
        from infodecomp.validation import as_integer, shown

        checked = {name: getattr(self, name) for name in FitSettings._fields}
        for name, fewest in FEWEST.items():
            value = getattr(self, name)
            if value is not None or name not in CHOSEN_BY_ROWS:
                checked[name] = as_integer(value, name, fewest)
        for name in ("kinds", "periods", "groups"):
            value = getattr(self, name)
            if not isinstance(value, Mapping | None):
                raise InformationError(f"{name} = {shown(value)}: give a mapping such as a dict, or None.")
        del checked["n_fits"]
        return FitSettings(**checked)

    def _keep(self, fitted: "Fitted") -> None:
        """Keep the result of a fit in the attributes of the estimator."""
        self.bottleneck_, self.n_steps_, self.seconds_ = fitted.bottleneck, fitted.steps, fitted.seconds
        self.n_measured_ = fitted.measured
        self._held_out_in_batches_by = None
        if fitted.held_out is not None:
            self.held_out_ = fitted.held_out
        elif hasattr(self, "held_out_"):
            del self.held_out_
        self.bottleneck_.named = hasattr(self, "feature_names_in_")
        if self.bottleneck_.target.classes is not None:
            self.classes_ = np.array(self.bottleneck_.target.classes)

    def save(self, file: str | Path) -> None:
        """Write the fit with its parameters to one safetensors file; the write is atomic."""
        check_is_fitted(self)
        tensors, metadata = self.bottleneck_.to_tensors()
        write_checkpoint(file, tensors, metadata | {"parameters": self._plain_parameters()})

    @classmethod
    def load(cls, file: str | Path) -> "DistributedBottleneck":
        """Read a fit that `save` wrote, with the parameters of the fit; `random_state` is its seed.

        Raises InformationError for a file that is missing or damaged.
        """
        from infodecomp.bottleneck.model import Bottleneck

        tensors, metadata = read_checkpoint(file)
        bottleneck = Bottleneck.from_tensors(tensors, metadata, source=str(file))
        classes, columns = bottleneck.target.classes, table_columns(bottleneck.features)
        task = "regression" if classes is None else "classification"
        if cls.task not in ("", task):
            raise InformationError(f"{file} holds a {task}: load it with DistributedBottleneck.")
        parameters = {"task": task} | metadata.get("parameters", _found_parameters(bottleneck))
        if cls.task:
            del parameters["task"]
        try:
            loaded = cls(**parameters)
        except TypeError as error:
            raise InformationError(
                f"{file} holds a fit with a parameter that this version does not know ({error}): fit "
                "it again."
            ) from error
        loaded.bottleneck_, loaded.n_features_in_ = bottleneck, len(columns)
        loaded.n_steps_ = bottleneck.config.steps
        if bottleneck.named:
            loaded.feature_names_in_ = np.array([column.name for column in columns], object)
        if classes is not None:
            loaded.classes_ = np.array(classes)
        return loaded

    def _plain_parameters(self) -> dict[str, Any]:
        """The parameters as JSON-compatible values."""
        parameters = self.get_params(deep=False) | {"random_state": self.bottleneck_.seed}
        return json.loads(json.dumps(parameters, default=_plain))

    def _seed(self, checkpoint: str | Path | None) -> int:
        state = self.random_state
        if isinstance(state, numbers.Integral) and int(state) >= 0:
            return int(state)
        if state is not None and not isinstance(state, np.random.RandomState):
            raise InformationError(
                f"random_state = {state!r} is no seed: give a whole number from 0 on, a RandomState, or None."
            )
        if checkpoint is not None:
            raise InformationError(
                f"random_state = {state!r} draws another seed for each fit, so that {checkpoint} "
                "could not be resumed: give a whole number."
            )
        return int(check_random_state(state).randint(2**31 - 1))


def _plain(value: Any) -> Any:
    """A parameter that JSON does not know: a number of numpy, a mapping, or names in an array or index."""
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, numbers.Real | Decimal):
        return float(value)
    return value.tolist() if hasattr(value, "tolist") else list(value)


def _found_parameters(bottleneck: "Bottleneck") -> dict[str, Any]:
    """The parameters that a fit itself shows, for files of earlier versions, which do not hold them."""
    features, config = bottleneck.features, bottleneck.config
    columns = table_columns(features)
    return {
        "kinds": {column.name: column.kind for column in columns},
        "periods": {column.name: column.period for column in columns if column.period is not None},
        "groups": groups_of(features),
        "dimension": config.dimension,
        "width": config.width,
        "steps": config.steps,
        "annealing": config.annealing,
        "start": config.start,
        "random_state": bottleneck.seed,
    }
