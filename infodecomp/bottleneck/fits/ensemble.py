"""Several fits that differ in their seed alone: what they agree on, and which columns trade places."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from joblib import Parallel, delayed
from sklearn.base import clone

from infodecomp.bottleneck.information_plane import InformationPlane

if TYPE_CHECKING:
    from infodecomp.bottleneck.estimator import DistributedBottleneck

N_BUDGETS = 33
MIN_SPREAD = 0.1  # bits: columns whose bits differ less between fits do not trade places
MAX_SHARE = 0.5  # spread of the bits of two twins together, relative to the smaller of their own


@dataclass(frozen=True)
class Ensemble:
    """The information planes of several fits.

    Attributes
    ----------
    names : tuple of str
        The columns.
    planes : tuple of InformationPlane
        One for each fit. Their errors are of different held-out rows.
    best_bits : float
        Of the first fit.
    """

    names: tuple[str, ...]
    planes: tuple[InformationPlane, ...]
    best_bits: float

    @cached_property
    def bits(self) -> np.ndarray:
        """Budgets that all fits can spend, evenly spaced, shape (n_budgets,)."""
        low = max(plane.ascending_bits[0] for plane in self.planes)
        high = min(plane.ascending_bits[-1] for plane in self.planes)
        return np.linspace(min(low, high), high, N_BUDGETS)

    @cached_property
    def errors(self) -> np.ndarray:
        """Errors at these budgets, shape (n_fits, n_budgets)."""
        return np.stack([[plane.at(bits).error for bits in self.bits] for plane in self.planes])

    @cached_property
    def features(self) -> np.ndarray:
        """Bits of each column at these budgets, shape (n_fits, n_budgets, n_features)."""
        return np.stack([[plane.at(bits).features for bits in self.bits] for plane in self.planes])

    @property
    def mean_error(self) -> np.ndarray:
        """Shape (n_budgets,)."""
        return self.errors.mean(0)

    @property
    def error_spread(self) -> np.ndarray:
        """Standard deviation of the error over the fits, shape (n_budgets,)."""
        return self.errors.std(0, ddof=1)

    @property
    def mean_features(self) -> np.ndarray:
        """Mean bits of each column over the fits, shape (n_budgets, n_features)."""
        return self.features.mean(0)

    @property
    def feature_spread(self) -> np.ndarray:
        """Standard deviation of the bits of each column over the fits, shape (n_budgets, n_features)."""
        return self.features.std(0, ddof=1)

    @cached_property
    def twins(self) -> list[tuple[str, ...]]:
        """Groups of columns that trade places: their bits move from fit to fit, and their sum stays."""
        deviations = (self.features - self.mean_features).reshape(-1, len(self.names))
        spread = np.sqrt((deviations**2).mean(0))
        together = np.sqrt(((deviations[:, :, None] + deviations[:, None, :]) ** 2).mean(0))
        smaller = np.minimum(spread[:, None], spread)
        joined = (smaller > MIN_SPREAD) & (together < MAX_SHARE * smaller)
        groups: list[set[int]] = []
        for i in range(len(self.names)):
            own = {i, *np.flatnonzero(joined[i]).tolist()}
            for group in [group for group in groups if group & own]:
                groups.remove(group)
                own |= group
            groups.append(own)
        return [tuple(self.names[i] for i in sorted(group)) for group in groups if len(group) > 1]

    def as_dict(self) -> dict[str, Any]:
        """Means and spreads at all budgets, and the twins, as JSON-compatible values."""
        parts = ("bits", "errors", "mean_error", "error_spread", "mean_features", "feature_spread")
        return {"fits": len(self.planes), "twins": [list(group) for group in self.twins]} | {
            part: getattr(self, part).tolist() for part in parts
        }

    def __repr__(self) -> str:
        at = int(np.abs(self.bits - self.best_bits).argmin())
        twins = "; ".join(" and ".join(group) for group in self.twins) or "none"
        return (
            f"Ensemble({len(self.planes)} fits: at {self.bits[at]:.3g} bits error "
            f"{self.mean_error[at]:.4g} ± {self.error_spread[at]:.2g}; columns that trade places: {twins})"
        )


def fit_ensemble(
    estimator: "DistributedBottleneck",
    seed: int,
    method: str,
    *data,
    n_fits: int | None = None,
    checkpoints: Sequence[Path | None] = (),
    **options,
) -> Ensemble:
    """Fit clones with the seeds after that of a fitted estimator, by joblib, and join all planes.

    Parameters
    ----------
    estimator : DistributedBottleneck
        Fitted with `seed`.
    seed : int
    method : {'fit', 'fit_stream'}
        What is called on each clone, with `data` and `options`.
    n_fits : int, optional
        With the first one; that of the estimator by default.
    checkpoints : sequence of Path or None, optional
        A file for each clone, from which it resumes.
    """
    clones = further_estimators(estimator, seed, n_fits or estimator.n_fits)
    files = checkpoints or [None] * len(clones)
    planes = Parallel()(
        delayed(_plane)(other, method, data, options | {"checkpoint": file})
        for other, file in zip(clones, files)
    )
    return join_planes(estimator, planes)


def further_estimators(
    estimator: "DistributedBottleneck", seed: int, n_fits: int
) -> list["DistributedBottleneck"]:
    """Unfitted clones with the seeds after `seed`, so that there are n_fits with the estimator itself."""
    return [clone(estimator).set_params(random_state=seed + i, n_fits=1) for i in range(1, n_fits)]


def join_planes(estimator: "DistributedBottleneck", planes: Sequence[InformationPlane]) -> Ensemble:
    """The ensemble of a fitted estimator and of the planes of further fits."""
    names = tuple(feature.name for feature in estimator.features_)
    return Ensemble(names, (estimator.information_plane_, *planes), estimator.best_bits_)


def _plane(estimator, method: str, data: tuple, options: dict) -> InformationPlane:
    """The plane of one fit, computed in a worker."""
    return getattr(estimator, method)(*data, **options).information_plane_
