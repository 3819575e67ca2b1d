"""Predictions and measurements of a fitted bottleneck, with the interface of scikit-learn."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from sklearn.utils import ClassifierTags, RegressorTags
from sklearn.utils.metaestimators import available_if
from sklearn.utils.validation import check_is_fitted, validate_data

from infodecomp.bottleneck.features import Column, Feature
from infodecomp.bottleneck.fits.column_groups import group_columns, table_columns
from infodecomp.bottleneck.fits.hold_out import held_out_mask
from infodecomp.bottleneck.fits.presentation import NamedPlane, Presentation
from infodecomp.bottleneck.information_plane import InformationPlane
from infodecomp.bottleneck.preprocessing import (
    has_weight,
    level_indices,
    name_columns,
    target_array,
    target_values,
    weighted_rows,
)
from infodecomp.bottleneck.streams.arrow import as_frame, as_target, check_different
from infodecomp.errors import InformationError

if TYPE_CHECKING:  # these import torch
    from infodecomp.bottleneck.fits.permutation import PermutationImportances
    from infodecomp.bottleneck.fits.yardsticks import Yardsticks
    from infodecomp.bottleneck.model import Bottleneck


class BottleneckPredictor(Presentation):
    """An estimator that predicts from its fitted `bottleneck_`. `DistributedBottleneck` fits it."""

    task: str = ""  # of the class, where it is no parameter
    kinds: Mapping[str, str] | None
    periods: Mapping[str, float] | None
    groups: Mapping[str, Sequence[str]] | None
    draws: int
    validation_fraction: float
    bottleneck_: "Bottleneck"
    classes_: np.ndarray

    @property
    def features_(self) -> list[Feature]:
        """The columns with their levels."""
        check_is_fitted(self)
        return self.bottleneck_.features

    @property
    def information_plane_(self) -> NamedPlane:
        """Total bits, error and bits of each feature over β, with standard errors, on the held-out rows."""
        check_is_fitted(self)
        return self._named(self.bottleneck_.plane)

    def _named(self, plane: InformationPlane) -> NamedPlane:
        is_regression = self.bottleneck_.target.classes is None
        error = "root mean squared error" if is_regression else "cross-entropy in bits"
        return NamedPlane.of(plane, [feature.name for feature in self.features_], error)

    @property
    def bits_range_(self) -> tuple[float, float]:
        """The smallest and the largest possible budget, in bits."""
        check_is_fitted(self)
        return self.bottleneck_.bits_range

    @property
    def best_bits_(self) -> float:
        """The smallest budget, in bits, whose error on the held-out rows is within a standard error of the
        smallest. Larger budgets only learn noise by heart (Breiman et al. 1984, the one-standard-error
        rule)."""
        check_is_fitted(self)
        return self.bottleneck_.best_bits

    @property
    def best_bits_interval_(self) -> tuple[float, float]:
        """The fewest and the most bits whose error on the held-out rows is within two standard errors of the
        smallest: these rows do not tell the budgets between them apart."""
        check_is_fitted(self)
        return self.information_plane_.best_bits_interval

    @property
    def feature_importances_(self) -> np.ndarray:
        """Bits of each column or group at best_bits_, in the order of features_. With groups there are fewer
        of them than n_features_in_. Of two columns that say the same, one may have all."""
        check_is_fitted(self)
        return self.information_plane_.at(self.best_bits_).features

    def predict(self, X, bits: float | None = None) -> np.ndarray:
        """Predict from one sample of the messages of each row.

        The same row always gets the same message, so that predictions are repeatable.

        Parameters
        ----------
        X : DataFrame or array_like of shape (n_samples, n_features)
        bits : float, optional
            The budget, spent to within 0.01 bits; best_bits_ by default.

        Returns
        -------
        ndarray of shape (n_samples,)
            Numbers, or the most probable classes.

        Raises
        ------
        InformationError
            For a budget outside bits_range_.
        """
        outputs = self._outputs(X, bits)
        return outputs if self.bottleneck_.target.classes is None else self.classes_[outputs.argmax(1)]

    def _is_classifier(self) -> bool:
        if hasattr(self, "bottleneck_"):
            return self.bottleneck_.target.classes is not None
        return self.task == "classification"

    @available_if(_is_classifier)
    def predict_proba(self, X, bits: float | None = None) -> np.ndarray:
        """Class probabilities from one sample of the messages. Only a classification has this method.

        Parameters
        ----------
        X : DataFrame or array_like of shape (n_samples, n_features)
        bits : float, optional
            The budget; best_bits_ by default.

        Returns
        -------
        ndarray of shape (n_samples, n_classes)
            In the order of classes_.
        """
        return self._outputs(X, bits)

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = tags.input_tags.categorical = tags.input_tags.string = True
        tags.target_tags.required = True
        if self._is_classifier():
            tags.estimator_type, tags.classifier_tags = "classifier", ClassifierTags()
        elif self.task == "regression" or hasattr(self, "bottleneck_"):
            tags.estimator_type, tags.regressor_tags = "regressor", RegressorTags()
        return tags

    def score(self, X, y, sample_weight=None, bits: float | None = None) -> float:
        """The coefficient of determination R², or the accuracy for classes, from one sample of the messages.

        Parameters
        ----------
        X : DataFrame or array_like of shape (n_samples, n_features)
        y : array_like of shape (n_samples,)
        sample_weight : array_like of shape (n_samples,), optional
        bits : float, optional
            The budget; best_bits_ by default.
        """
        from sklearn.metrics import accuracy_score, r2_score

        check_is_fitted(self)
        measure = r2_score if self.bottleneck_.target.classes is None else accuracy_score
        y = target_array(as_target(y))
        return float(measure(y, self.predict(X, bits), sample_weight=sample_weight))

    def measure_plane(self, X, y) -> NamedPlane:
        """The information plane with its errors measured on other rows.

        Parameters
        ----------
        X : DataFrame or array_like of shape (n_samples, n_features)
        y : array_like of shape (n_samples,)
        """
        check_is_fitted(self)
        columns = self._columns(X)
        return self._named(
            self.bottleneck_.measure_plane(
                level_indices(self.features_, columns), target_values(y, len(columns[0].values)), self.draws
            )
        )

    def yardsticks(self, X, y, sample_weight=None) -> "Yardsticks":
        """What boosted trees and each column alone find, on the held-out rows of this fit.

        Parameters
        ----------
        X, y, sample_weight
            The table of the fit.

        Raises
        ------
        InformationError
            For another number of rows than the fit had, or weights above 0 of other rows, and after
            `fit_stream` of more than its `sample_rows` rows that were held out by a column.

        Notes
        -----
        `fit_stream` holds out other rows of a table with more than its `sample_rows`; the trees may then have
        learnt from them. A fit that was loaded from a file is taken to have held out random rows.
        """
        from infodecomp.bottleneck.fits.yardsticks import measure_yardsticks

        check_is_fitted(self)
        columns, y, weights = self._table_of_fit(X, y, sample_weight)
        bottleneck = self.bottleneck_
        return measure_yardsticks(
            bottleneck.features,
            bottleneck.target,
            columns,
            y,
            self.best_bits_,
            self._held_out(len(y)),
            bottleneck.seed,
            weights,
        )

    def permutation_importances(
        self, X, y, sample_weight=None, bits: float | None = None
    ) -> "PermutationImportances":
        """Whether new rows confirm a column's bits: its messages are swapped between the held-out rows.

        Parameters
        ----------
        X, y, sample_weight
            The table of the fit.
        bits : float, optional
            The budget; best_bits_ by default.

        Returns
        -------
        PermutationImportances
            By how much the error on the held-out rows rises for each column; `used` says for which it rises
            clearly.

        Raises
        ------
        InformationError
            As `yardsticks`.
        """
        from infodecomp.bottleneck.fits.permutation import permutation_importances

        check_is_fitted(self)
        columns, y, weights = self._table_of_fit(X, y, sample_weight)
        held_out = self._held_out(len(y))
        levels = level_indices(self.features_, columns)[held_out]
        own = None if weights is None else weights[held_out]
        return permutation_importances(self.bottleneck_, levels, y[held_out], self._budget(bits), own)

    def _held_out(self, n: int) -> np.ndarray:
        held_out = getattr(self, "held_out_", None)
        if held_out is not None:
            return held_out
        if column := getattr(self, "_held_out_in_batches_by", None):
            raise InformationError(
                f"Rows of a large table were held out by {column!r}, and which ones is not stored: fit a "
                "random part of the table."
            )
        return held_out_mask(n, self.validation_fraction, self.bottleneck_.seed)

    def _table_of_fit(self, X, y, sample_weight) -> tuple[list[Column], np.ndarray, np.ndarray | None]:
        """The rows with a weight of a table that must be that of the fit; see `weighted_rows`."""
        y = as_target(y)
        y = target_values(y, len(y))
        if len(y) != (n := getattr(self, "n_rows_", len(y))):
            raise InformationError(
                f"There are {len(y):,} rows: give the {n:,} rows of the fit, in their order."
            )
        columns, kept, weights = weighted_rows(self._columns(X), y, sample_weight)
        now = has_weight(sample_weight)
        then = getattr(self, "_with_weight", now)  # not known of a fit that was loaded from a file
        if now is not then and (now is None or then is None or (now != then).any()):
            counted = n if then is None else then.sum()
            raise InformationError(
                f"The rows with a weight above 0 are not those of the fit ({len(kept):,} now, {counted:,} "
                "then): give the sample_weight of the fit."
            )
        return columns, kept, weights

    def distinguishability(self, feature: str, bits: float | None = None) -> np.ndarray:
        """1 − Bhattacharyya coefficient of each pair of levels of a column.

        Parameters
        ----------
        feature : str
            Name of the column.
        bits : float, optional
            The budget; best_bits_ by default.

        Returns
        -------
        ndarray of shape (n_levels, n_levels)
            0 where two levels send the same messages, 1 where they are never confused.
        """
        check_is_fitted(self)
        return self.bottleneck_.distinguishability(feature, self._budget(bits))

    def _outputs(self, X, bits: float | None) -> np.ndarray:
        check_is_fitted(self)
        return self.bottleneck_.predict(level_indices(self.features_, self._columns(X)), self._budget(bits))

    def _budget(self, bits: float | None) -> float:
        return self.best_bits_ if bits is None else bits

    def _columns(self, X, reset: bool = False) -> list[Column]:
        X = as_frame(X)
        if hasattr(X, "columns"):
            check_different(X.columns)
            validate_data(self, X, skip_check_array=True, reset=reset)
            names, arrays = X.columns, [X[name] for name in X.columns]
        else:
            X = validate_data(self, X, reset=reset, dtype=None, ensure_all_finite="allow-nan")
            names, arrays = [f"x{i}" for i in range(X.shape[1])], list(X.T)
        if not reset:  # validate_data has compared the names; without names, columns go by position
            names = [feature.name for feature in table_columns(self.features_)]
        columns = name_columns([str(name) for name in names], arrays, self.kinds, self.periods)
        return group_columns(columns, self.groups)
