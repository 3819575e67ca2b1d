"""Shuffled copies of all columns as controls: bits that go to a column of noise."""

from typing import Any, NamedTuple

import numpy as np

from infodecomp.bottleneck.features import Column
from infodecomp.bottleneck.fits.fitting import Control, FitSettings, fit_columns


class Controls(NamedTuple):
    """Bits of columns and of their shuffled copies, which say nothing, from one fit to all of them.

    Attributes
    ----------
    bits : float
        The budget that was asked for, or the nearest that this fit can spend.
    columns : ndarray of shape (n_features,)
        Bits of each column.
    shuffled : ndarray of shape (n_features,)
        Bits of its shuffled copy. They are nowhere subtracted.
    error : float
        On the held-out rows.
    """

    bits: float
    columns: np.ndarray
    shuffled: np.ndarray
    error: float

    def as_dict(self) -> dict[str, Any]:
        """The fields as JSON-compatible values."""
        return {name: np.asarray(value).tolist() for name, value in self._asdict().items()}


def measure_controls(
    columns: list[Column],
    y: np.ndarray,
    bits: float,
    settings: FitSettings,
    seed: int,
    weights: np.ndarray | None = None,
    held_out: np.ndarray | None = None,
) -> Controls:
    """Fit to a table beside shuffled copies of all its columns.

    Parameters
    ----------
    columns : list of Column
    y : ndarray of shape (n_samples,)
        The target.
    bits : float
        The budget at which the bits are compared.
    settings : FitSettings
    seed : int
    weights : ndarray of shape (n_samples,), optional
        Of the rows.
    held_out : ndarray of bool, shape (n_samples,), optional
        Rows on which the error is measured; random ones by default.

    Returns
    -------
    Controls
    """
    generator = np.random.default_rng(seed)
    copies = [
        column._replace(name=f"{column.name} (shuffled)", values=generator.permutation(column.values))
        for column in columns
    ]
    fitted = fit_columns([*columns, *copies], y, settings, seed, Control(), weights, held_out).bottleneck
    budget = float(np.clip(bits, *fitted.plane.ascending_bits[[0, -1]]))
    at = fitted.plane.at(budget)
    own, shuffled = np.split(np.maximum(at.features, 0.0), 2)
    return Controls(budget, own, shuffled, float(at.error))
