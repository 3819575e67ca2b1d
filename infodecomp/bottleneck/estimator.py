"""DistributedBottleneck: where in the columns of a table is the information about its target? With scikit-learn's contract."""

import math
import numbers
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted, validate_data

from infodecomp.bottleneck.features import LEVELS, Column, guess_kind, learn_feature
from infodecomp.bottleneck.model import Bottleneck, InformationPlane, Target
from infodecomp.bottleneck.training import Examples, Recipe, Training, train
from infodecomp.checkpoints import read_checkpoint, write_checkpoint
from infodecomp.errors import InformationError

EVERY = 100  # steps between two checkpoints of a fit
TASKS = ("auto", "regression", "classification")


class DistributedBottleneck(BaseEstimator):
    """Distributed information bottleneck on a table: each column sends a message of its own, and a decoder predicts the target.

    One network answers at every price of a bit, so that after one fit any budget can be asked for. What is reported is the true
    information of each message about its column, I(X_i; U_i) against the mixture of its codes, in bits.

    Parameters: task, 'regression', 'classification' or 'auto' (numbers are regressed on, all else are classes). kinds, {column:
    'categorical', 'ordinal', 'circular' or 'continuous'}; a column that is not named is continuous if it holds numbers. periods,
    {column: period} of circular ones. dimension: of a message. width: of the decoder's layers. steps: of the optimiser. levels: how many
    a continuous column has at most, gathered at quantiles. validation_fraction: of the rows, held out to measure the error. draws:
    of each value's message, to measure bits. random_state: a whole number; the same gives the same fit on one machine.

    After fit: bottleneck_ (what figures ask), information_plane_, bits_range_, features_ (levels and how often they occur), classes_ of a
    classification, n_steps_, n_features_in_, feature_names_in_.

    Source: Murphy and Bassett, Interpretability with full complexity by constraining feature information, ICLR 2023.
    """

    def __init__(self, task="auto", kinds=None, periods=None, dimension=2, width=128, steps=1500, levels=LEVELS,
                 validation_fraction=.2, draws=200, random_state=0):
        self.task = task
        self.kinds = kinds
        self.periods = periods
        self.dimension = dimension
        self.width = width
        self.steps = steps
        self.levels = levels
        self.validation_fraction = validation_fraction
        self.draws = draws
        self.random_state = random_state

    def fit(self, X, y, *, callback: Callable | None = None, should_stop: Callable[[], bool] | None = None,
            checkpoint: str | Path | None = None):
        """Fit to a table X (n_samples, n_features), a DataFrame or an array, and a target y (n_samples,).

        callback(training): after every step. should_stop(): asked after every step; True ends the fit with what is there.
        checkpoint: a file in which the fit is stored every hundred steps, and from which it goes on if it was killed: it ends with the same
        numbers as one that was not. Raises InformationError for a column or target of one value and for numbers that are infinite.
        """
        torch.set_num_threads(1)
        columns, y = self._columns(X, reset=True), self._target_values(X, y)
        seed = self._seed()
        features = [learn_feature(column, self.levels) for column in columns]
        codes = _codes(features, columns)
        fitted, held_out = self._hold_out(len(y), seed)
        target = self._learn_target(y)
        recipe = Recipe(dimension=self.dimension, width=self.width, steps=self.steps)
        training = Training(features, target.outputs, recipe, seed)
        scale = 1. if target.classes is None else target.scale
        examples = Examples(training.network.layout.positions(torch.as_tensor(codes[fitted])), target.encode(y[fitted]), scale)
        _run(training, examples, callback, should_stop, checkpoint)
        self.n_steps_ = training.step
        self.bottleneck_ = Bottleneck(features, target, training.average, recipe, seed)
        self.bottleneck_.plane = self.bottleneck_.measure_plane(codes[held_out], y[held_out], self.draws)
        if target.classes is not None:
            self.classes_ = np.array(target.classes)
        return self

    @property
    def features_(self) -> list:
        """The columns with their levels."""
        check_is_fitted(self)
        return self.bottleneck_.features

    @property
    def information_plane_(self) -> InformationPlane:
        """Total bits, error and bits of each feature over the prices, with their standard errors, on the rows held out."""
        check_is_fitted(self)
        return self.bottleneck_.plane

    @property
    def bits_range_(self) -> tuple[float, float]:
        """The smallest and the largest budget that can be asked for, in bits."""
        check_is_fitted(self)
        return self.bottleneck_.bits_range

    def predict(self, X, bits: float | None = None) -> np.ndarray:
        """What is believed of the rows of X from one sample of their messages at a budget (at most bits where none is given): numbers,
        or the likeliest classes, shape (n_samples,). The same row gets the same message, so that predictions can be repeated."""
        outputs = self._outputs(X, bits)
        return outputs if self.bottleneck_.target.classes is None else self.classes_[outputs.argmax(1)]

    def predict_proba(self, X, bits: float | None = None) -> np.ndarray:
        """The probabilities of the classes, in the order of classes_: shape (n_samples, n_classes)."""
        outputs = self._outputs(X, bits)
        if self.bottleneck_.target.classes is None:
            raise InformationError("This fit predicts a number and has no probabilities of classes: ask predict.")
        return outputs

    def score(self, X, y, bits: float | None = None) -> float:
        """Of one sample of the messages: the coefficient of determination, or the accuracy for classes."""
        y, predicted = np.asarray(y), self.predict(X, bits)
        if self.bottleneck_.target.classes is not None:
            return float((y == predicted).mean())
        return float(1 - ((y - predicted)**2).sum() / ((y - y.mean())**2).sum())

    def measure_plane(self, X, y) -> InformationPlane:
        """The information plane with its errors measured on other rows."""
        check_is_fitted(self)
        return self.bottleneck_.measure_plane(_codes(self.features_, self._columns(X)), np.asarray(y), self.draws)

    def distinguishability(self, feature: str, bits: float | None = None) -> np.ndarray:
        """1 − Bhattacharyya coefficient of each two levels of a column at a budget, (n_levels, n_levels)."""
        return self.bottleneck_.distinguishability(feature, self._budget(bits))

    def save(self, file: str | Path) -> None:
        """Write the fit to one safetensors file, whole or not at all."""
        check_is_fitted(self)
        self.bottleneck_.save(file)

    @classmethod
    def load(cls, file: str | Path) -> "DistributedBottleneck":
        """Read a fit that save wrote; raises InformationError for a file that is missing or damaged."""
        bottleneck = Bottleneck.load(file)
        features, recipe, classes = bottleneck.features, bottleneck.recipe, bottleneck.target.classes
        loaded = cls(task="regression" if classes is None else "classification", kinds={one.name: one.kind for one in features},
                     periods={one.name: one.period for one in features if one.period is not None}, dimension=recipe.dimension,
                     width=recipe.width, steps=recipe.steps, random_state=bottleneck.seed)
        loaded.bottleneck_, loaded.n_features_in_, loaded.n_steps_ = bottleneck, len(features), recipe.steps
        loaded.feature_names_in_ = np.array([one.name for one in features], object)
        if classes is not None:
            loaded.classes_ = np.array(classes)
        return loaded

    def _outputs(self, X, bits: float | None) -> np.ndarray:
        check_is_fitted(self)
        return self.bottleneck_.outputs(_codes(self.features_, self._columns(X)), self._budget(bits))

    def _budget(self, bits: float | None) -> float:
        return self.bits_range_[1] if bits is None else bits

    def _columns(self, X, reset: bool = False) -> list[Column]:
        """The columns of a table with their names and kinds."""
        if hasattr(X, "columns"):
            validate_data(self, X, skip_check_array=True, reset=reset)
            names, arrays = [str(name) for name in X.columns], [np.asarray(X[name]) for name in X.columns]
        else:
            X = validate_data(self, X, reset=reset, dtype=None, ensure_all_finite="allow-nan")
            names = [str(name) for name in getattr(self, "feature_names_in_", [f"x{i}" for i in range(X.shape[1])])]
            arrays = list(X.T)
        kinds, periods = dict(self.kinds or {}), dict(self.periods or {})
        for name in [*kinds, *periods]:
            if name not in names:
                raise InformationError(f"There is no column {name!r} to be {kinds.get(name, 'circular')}: choose from {', '.join(names)}.")
        return [Column(name, array, kinds.get(name) or ("circular" if name in periods else guess_kind(array)), periods.get(name))
                for name, array in zip(names, arrays)]

    def _target_values(self, X, y) -> np.ndarray:
        if y is None:
            raise ValueError("This estimator requires y to be passed, but the target y is None.")
        y = np.asarray(y)
        if y.ndim == 2 and y.shape[1] == 1:
            y = y[:, 0]
        if y.ndim != 1 or len(y) != len(X):
            raise InformationError(f"The target has the shape {y.shape}: give one value for each of the {len(X)} rows.")
        absent = np.array([value is None or value != value for value in y.tolist()], bool)
        if absent.any():
            raise InformationError(f"The target is missing or NaN in {absent.sum()} rows: leave them out.")
        return y

    def _learn_target(self, y: np.ndarray) -> Target:
        if self.task not in TASKS:
            raise InformationError(f"task = {self.task!r} is not known: give one of {', '.join(TASKS)}.")
        numeric = y.dtype.kind in "iuf"
        if self.task == "regression" or (self.task == "auto" and numeric):
            y = y.astype(float)
            if not np.isfinite(y).all():
                raise InformationError("The target holds infinity; give finite numbers.")
            if y.std() == 0:
                raise InformationError(f"The target is {y[0]:g} in every row: there is nothing to be told about it.")
            return Target(float(y.mean()), float(y.std()))
        classes, counts = np.unique(y, return_counts=True)
        if len(classes) < 2:
            raise InformationError(f"The target is {classes[0]!r} in every row, one class only: there is nothing to be told about it.")
        p = counts / counts.sum()
        return Target(0., float(-(p * np.log(p)).sum()), classes.tolist())

    def _hold_out(self, n: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
        if not 0 < self.validation_fraction < 1:
            raise InformationError(f"validation_fraction = {self.validation_fraction!r} is out of bounds: give a part between 0 and 1.")
        order = np.random.default_rng(seed).permutation(n)
        held = max(1, math.floor(self.validation_fraction * n))
        return np.sort(order[held:]), np.sort(order[:held])

    def _seed(self) -> int:
        if isinstance(self.random_state, numbers.Integral) and self.random_state >= 0:
            return int(self.random_state)
        raise InformationError(f"random_state = {self.random_state!r} is no seed: give a whole number from 0 on.")


def _codes(features: list, columns: list[Column]) -> np.ndarray:
    """The levels of a table's rows, int64 (n_samples, n_features)."""
    return np.stack([feature.codes(column.values) for feature, column in zip(features, columns)], axis=1)


def _run(training: Training, examples: Examples, callback, should_stop, checkpoint) -> None:
    """Train to the end, or until told to stop; from a checkpoint where there is one."""
    made_of = training.identity(examples)
    if checkpoint is not None and Path(checkpoint).exists():
        tensors, meaning = read_checkpoint(checkpoint)
        if meaning != made_of:
            raise InformationError(f"{checkpoint} is of another fit, with other data or settings: remove it to begin anew.")
        training.restore(tensors)
    for _ in train(training, examples):
        if checkpoint is not None and (training.step % EVERY == 0 or training.step == training.recipe.steps):
            write_checkpoint(checkpoint, training.state(), made_of)
        if callback is not None:
            callback(training)
        if should_stop is not None and should_stop():
            break
