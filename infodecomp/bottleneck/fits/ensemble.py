"""Several fits that differ in their seed alone: what they agree on, and which columns trade places."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from infodecomp.bottleneck.information_plane import InformationPlane

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

    def __repr__(self) -> str:
        at = int(np.abs(self.bits - self.best_bits).argmin())
        twins = "; ".join(" and ".join(group) for group in self.twins) or "none"
        return (
            f"Ensemble({len(self.planes)} fits: at {self.bits[at]:.3g} bits error "
            f"{self.mean_error[at]:.4g} ± {self.error_spread[at]:.2g}; columns that trade places: {twins})"
        )
