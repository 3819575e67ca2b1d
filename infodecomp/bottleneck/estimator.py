"""DistributedBottleneck: where in the columns of a table is the information about its target? With scikit-learn's contract."""

import numbers
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from sklearn.base import BaseEstimator
from sklearn.utils import ClassifierTags, RegressorTags
from sklearn.utils.metaestimators import available_if
from sklearn.utils.validation import check_is_fitted, column_or_1d, validate_data

from infodecomp.bottleneck.beta_range import prices
from infodecomp.bottleneck.features import LEVELS, Column, learn_feature
from infodecomp.bottleneck.model import Bottleneck, InformationPlane
from infodecomp.bottleneck.preprocessing import (
    hold_out,
    learn_target,
    level_indices,
    name_columns,
    target_values,
)
from infodecomp.bottleneck.resumable import run_training
from infodecomp.bottleneck.training import Examples, Training, TrainingConfig
from infodecomp.errors import InformationError


class DistributedBottleneck(BaseEstimator):
    """Distributed information bottleneck on a table: each column sends a message of its own, and a decoder predicts the target.

    One network answers at every price of a bit, so that after one fit any budget can be asked for. What is reported is the true
    information of each message about its column, I(X_i; U_i) against the mixture of its codes, in bits.

    Parameters: task, 'regression', 'classification' or 'auto' (numbers are regressed on, all else are classes). kinds, {column:
    'categorical', 'ordinal', 'circular' or 'continuous'}; a column that is not named is continuous if it holds numbers. periods,
    {column: period} of circular ones. dimension: of a message. width: of the decoder's layers. steps: of the optimiser. levels: how many
    a continuous column has at most, gathered at quantiles. validation_fraction: of the rows, held out to measure the error. draws:
    of each value's message, to measure bits. random_state: a whole number; the same gives the same fit on one machine.

    After fit: bottleneck_ (what figures ask), information_plane_, bits_range_, best_bits_, features_ (levels and how often they occur), classes_ of a
    classification, n_steps_, seconds_ (CPU time of these steps), n_features_in_, feature_names_in_.

    Source: Murphy and Bassett, Interpretability with full complexity by constraining feature information, ICLR 2023.
    """

    def __init__(
        self,
        task="auto",
        kinds=None,
        periods=None,
        dimension=2,
        width=128,
        steps=1500,
        levels=LEVELS,
        validation_fraction=0.2,
        draws=200,
        random_state=0,
    ):
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

    def fit(
        self,
        X,
        y,
        *,
        callback: Callable | None = None,
        should_stop: Callable[[], bool] | None = None,
        checkpoint: str | Path | None = None,
    ):
        """Fit to a table X (n_samples, n_features), a DataFrame or an array, and a target y (n_samples,).

        callback(training): after every step. should_stop(): asked after every step; True ends the fit with what is there.
        checkpoint: a file in which the fit is stored every hundred steps, and from which it goes on if it was killed: it ends with the same
        numbers as one that was not. Raises InformationError for a column or target of one value and for numbers that are infinite.
        """
        torch.set_num_threads(1)
        if y is None:
            raise InformationError("This estimator requires y to be passed, but the target y is None.")
        columns = self._columns(X, reset=True)
        y = np.asarray(y)
        if y.ndim == 2 and y.shape[1] == 1:
            y = column_or_1d(y, warn=True)
        y = target_values(y, len(columns[0].values))
        seed = self._seed()
        target = learn_target(y, self.task)
        features = [learn_feature(column, self.levels) for column in columns]
        codes = level_indices(features, columns)
        fitted, held_out = hold_out(len(y), self.validation_fraction, seed)
        config = TrainingConfig(
            dimension=self.dimension, width=self.width, steps=self.steps, beta=prices(y, target, len(fitted))
        )
        training = Training(features, target.outputs, config, seed)
        scale = 1.0 if target.classes is None else target.scale
        examples = Examples(
            training.network.layout.flat_indices(torch.as_tensor(codes[fitted])),
            target.encode(y[fitted]),
            scale,
        )
        run_training(training, examples, callback, should_stop, checkpoint)
        self.n_steps_, self.seconds_ = training.step, training.seconds
        self.bottleneck_ = Bottleneck(
            features, target, training.ema_network, config, seed, named=hasattr(self, "feature_names_in_")
        )
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

    @property
    def best_bits_(self) -> float:
        """The budget with the least error on the rows held out, in bits. Beyond it a fit to few rows knows them by heart, and errs more."""
        check_is_fitted(self)
        return self.bottleneck_.best_bits

    def predict(self, X, bits: float | None = None) -> np.ndarray:
        """What is believed of the rows of X from one sample of their messages at a budget (best_bits_ where none is given): numbers,
        or the likeliest classes, shape (n_samples,). The same row gets the same message, so that predictions can be repeated."""
        outputs = self._outputs(X, bits)
        return outputs if self.bottleneck_.target.classes is None else self.classes_[outputs.argmax(1)]

    def _tells_classes(self) -> bool:
        if hasattr(self, "bottleneck_"):
            return self.bottleneck_.target.classes is not None
        return self.task == "classification"

    @available_if(_tells_classes)
    def predict_proba(self, X, bits: float | None = None) -> np.ndarray:
        """The probabilities of the classes, in the order of classes_: shape (n_samples, n_classes). A fit of numbers has no such method."""
        return self._outputs(X, bits)

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = tags.input_tags.categorical = tags.input_tags.string = True
        tags.target_tags.required = True
        classes = self._tells_classes()
        if classes:
            tags.estimator_type, tags.classifier_tags = "classifier", ClassifierTags()
        elif self.task == "regression" or hasattr(self, "bottleneck_"):
            tags.estimator_type, tags.regressor_tags = "regressor", RegressorTags()
        return tags

    def score(self, X, y, bits: float | None = None) -> float:
        """Of one sample of the messages: the coefficient of determination, or the accuracy for classes."""
        y, predicted = np.asarray(y), self.predict(X, bits)
        if self.bottleneck_.target.classes is not None:
            return float((y == predicted).mean())
        return float(1 - ((y - predicted) ** 2).sum() / ((y - y.mean()) ** 2).sum())

    def measure_plane(self, X, y) -> InformationPlane:
        """The information plane with its errors measured on other rows."""
        check_is_fitted(self)
        columns = self._columns(X)
        return self.bottleneck_.measure_plane(
            level_indices(self.features_, columns), target_values(y, len(columns[0].values)), self.draws
        )

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
        features, config, classes = bottleneck.features, bottleneck.config, bottleneck.target.classes
        loaded = cls(
            task="regression" if classes is None else "classification",
            kinds={one.name: one.kind for one in features},
            periods={one.name: one.period for one in features if one.period is not None},
            dimension=config.dimension,
            width=config.width,
            steps=config.steps,
            random_state=bottleneck.seed,
        )
        loaded.bottleneck_, loaded.n_features_in_, loaded.n_steps_ = bottleneck, len(features), config.steps
        if bottleneck.named:
            loaded.feature_names_in_ = np.array([one.name for one in features], object)
        if classes is not None:
            loaded.classes_ = np.array(classes)
        return loaded

    def _outputs(self, X, bits: float | None) -> np.ndarray:
        check_is_fitted(self)
        return self.bottleneck_.predict(level_indices(self.features_, self._columns(X)), self._budget(bits))

    def _budget(self, bits: float | None) -> float:
        return self.best_bits_ if bits is None else bits

    def _columns(self, X, reset: bool = False) -> list[Column]:
        """The columns of a table with their names and kinds."""
        if hasattr(X, "columns"):
            validate_data(self, X, skip_check_array=True, reset=reset)
            names, arrays = X.columns, [X[name] for name in X.columns]
        else:
            X = validate_data(self, X, reset=reset, dtype=None, ensure_all_finite="allow-nan")
            names, arrays = [f"x{i}" for i in range(X.shape[1])], list(X.T)
        if (
            not reset
        ):  # the names were compared by now where there were any, and otherwise columns go by their places
            names = [one.name for one in self.features_]
        return name_columns([str(name) for name in names], arrays, self.kinds, self.periods)

    def _seed(self) -> int:
        if isinstance(self.random_state, numbers.Integral) and self.random_state >= 0:
            return int(self.random_state)
        raise InformationError(
            f"random_state = {self.random_state!r} is no seed: give a whole number from 0 on."
        )
