"""What the columns of a table in batches are for: the target, weights of the rows, hold-outs."""

from typing import NamedTuple

import numpy as np

from infodecomp.bottleneck.preprocessing import check_weights
from infodecomp.bottleneck.streams.batches import Batch, Coded, select_rows
from infodecomp.errors import InformationError


class Roles(NamedTuple):
    """The columns of a table in batches that are not fitted.

    Attributes
    ----------
    target : str
    sample_weight : str, optional
        Weights of the rows.
    hold_out_by, hold_out_last : str, optional
        One of them at most: which rows are held out, by groups or by time.
    """

    target: str
    sample_weight: str | None = None
    hold_out_by: str | None = None
    hold_out_last: str | None = None

    @property
    def hold_out(self) -> str | None:
        """The column that says which rows are held out."""
        return self.hold_out_by or self.hold_out_last

    def check(self) -> None:
        """Raise InformationError for a column with two roles that exclude each other."""
        if self.hold_out_by is not None and self.hold_out_last is not None:
            raise InformationError("hold_out_by and hold_out_last were both given: choose one of them.")
        for role, name in self._asdict().items():
            if role != "target" and name == self.target:
                raise InformationError(f"The target {name!r} cannot be {role} too: choose another column.")

    def fitted(self, batch: Batch) -> list[str]:
        """The names of the other columns of a batch; raises InformationError where one is missing."""
        for name in self:
            if name is not None and name not in batch:
                raise InformationError(f"There is no column {name!r}: choose from {', '.join(batch)}.")
        return [name for name in batch if name not in self]

    def weighted(self, batch: Batch) -> "WeightedRows":
        """The rows of a batch with a weight above 0. Raises InformationError for impossible weights."""
        if self.sample_weight is None:
            return WeightedRows(batch, None, None)
        weights = batch[self.sample_weight]
        if isinstance(weights, Coded):
            try:
                known = np.array(weights.values, float)
            except (TypeError, ValueError) as error:
                raise InformationError(
                    f"{self.sample_weight!r} holds something that is no number ({error})."
                ) from error
            weights = np.append(known, np.nan)[weights.codes]
        check_weights(weights, repr(self.sample_weight))
        kept = weights > 0
        return WeightedRows(select_rows(batch, kept), weights[kept], kept)


class WeightedRows(NamedTuple):
    """The rows of a batch that have a weight.

    Attributes
    ----------
    batch : Batch
    weights : ndarray of float64, or None
        Above 0; None without weights.
    kept : ndarray of bool, or None
        Which rows of the batch these are.
    """

    batch: Batch
    weights: np.ndarray | None
    kept: np.ndarray | None
