"""The information plane: what a bottleneck spends and how well it predicts, over a range of beta."""

import numbers
from typing import NamedTuple

import numpy as np

from infodecomp.errors import InformationError

LEAST_TOLERANCE = 0.001  # of the error that bits can save, at the bits that are enough


class InformationPlane(NamedTuple):
    """Bits against error, from the highest beta to the lowest.

    Attributes
    ----------
    t : ndarray of shape (n_betas,)
        Position on the logarithmic beta scale: 0 is the highest beta, 1 the lowest.
    bits : ndarray of shape (n_betas,)
        Total information Σ_i I(X_i; U_i). A point estimate.
    bits_standard_error : ndarray of shape (n_betas,)
        Over the draws of the messages.
    error : ndarray of shape (n_betas,)
        Error of predictions from one sample of the messages: the root mean squared error in units of the
        target, or the cross-entropy in bits for classes. On fewer than 1,200 rows it is the mean over up to
        32 such samples.
    error_standard_error : ndarray of shape (n_betas,)
        Over the rows that the error was measured on.
    features : ndarray of shape (n_betas, n_features)
        Information I(X_i; U_i) of each feature in bits.
    features_standard_error : ndarray of shape (n_betas, n_features)
        Over the draws of the messages.
    excess_standard_error : ndarray of shape (n_betas,), optional
        Of the difference between the error and the smallest one, row by row. It is much less than that of
        either error, as rows that are hard for one are hard for the other.
    """

    t: np.ndarray
    bits: np.ndarray
    bits_standard_error: np.ndarray
    error: np.ndarray
    error_standard_error: np.ndarray
    features: np.ndarray
    features_standard_error: np.ndarray
    excess_standard_error: np.ndarray | None = None

    def __repr__(self) -> str:
        n_columns = np.shape(self.features)[-1]
        if np.ndim(self.bits) == 0:
            return f"InformationPlane({self.bits:.3g} bits, error {self.error:.4g}, {n_columns} columns)"
        low, high = np.min(self.bits), np.max(self.bits)
        return (
            f"InformationPlane({len(self.bits)} points, {low:.3g} to {high:.3g} bits, "
            f"error {np.max(self.error):.4g} to {np.min(self.error):.4g}, {n_columns} columns)"
        )

    @property
    def ascending_bits(self) -> np.ndarray:
        """The bits with estimation noise removed where they would fall: their running maximum."""
        return np.maximum.accumulate(self.bits)

    @property
    def best_bits(self) -> float:
        """The smallest budget in bits whose error is within a standard error of the smallest.

        The standard error is that of their difference, where it was measured. A thousandth of the error that
        bits can save is tolerated too: a target that the columns determine has next to no standard error.
        """
        return float(self.ascending_bits[self._is_near_smallest(1).argmax()])

    @property
    def best_bits_interval(self) -> tuple[float, float]:
        """The fewest and the most bits whose error is within two standard errors of the smallest.

        The measured rows do not tell budgets apart between these two: on others of the same kind, any of
        them could be the best one.
        """
        near = np.flatnonzero(self._is_near_smallest(2))
        return float(self.ascending_bits[near[0]]), float(self.ascending_bits[near[-1]])

    def _is_near_smallest(self, standard_errors: float) -> np.ndarray:
        smallest = self.error.argmin()
        explained = self.error[self.bits.argmin()] - self.error[smallest]
        spread = self.excess_standard_error
        if spread is None:
            spread = self.error_standard_error[smallest]
        tolerance = np.maximum(standard_errors * spread, LEAST_TOLERANCE * explained)
        return self.error <= self.error[smallest] + tolerance

    @property
    def overfits(self) -> bool:
        """Whether the error at the largest budget is over a standard error above that of the best one."""
        best = self.at(self.best_bits)
        return bool(self.error[-1] > best.error + best.error_standard_error)

    def at(self, bits: float) -> "InformationPlane":
        """Interpolate the measured curve at one budget.

        Parameters
        ----------
        bits : float
            The budget in bits.

        Returns
        -------
        InformationPlane
            Scalars, and arrays of shape (n_features,) for the features; linear between neighbouring
            measurements.

        Raises
        ------
        InformationError
            If the budget is outside the measured range.
        """
        self.check_budget(bits)
        t = float(np.interp(bits, self.ascending_bits, self.t))
        columns = {
            field: np.stack([np.interp(t, self.t, part) for part in np.reshape(column, (len(self.t), -1)).T])
            for field, column in self.as_dict().items()
        }
        return InformationPlane(
            **{
                field: column if field.startswith("features") else column.item()
                for field, column in columns.items()
            }
        )

    def as_dict(self) -> dict[str, np.ndarray]:
        """The fields that were measured."""
        return {field: column for field, column in self._asdict().items() if column is not None}

    def check_budget(self, bits: float) -> None:
        """Raise InformationError for a budget outside the measured range."""
        if not isinstance(bits, numbers.Real):
            raise InformationError(f"bits = {bits!r} is not a number: give a budget in bits.")
        low, high = self.ascending_bits[[0, -1]]
        if not low <= bits <= high:
            raise InformationError(
                f"A budget of {bits:g} bits is out of reach: this fit spends {low:.3f} to {high:.3f} bits."
            )
