"""The result that all estimators share, and the checks of their samples.

An estimator is a function of paired samples: ``estimate(x, y) -> Estimate``.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from infodecomp.errors import InformationError
from infodecomp.units import LN2
from infodecomp.validation import as_finite

MIN_SAMPLES = 2


@dataclass(frozen=True)
class Estimate:
    """An estimate of mutual information.

    Parameters
    ----------
    bits : float
        Its value in bits. Not clipped: an estimate may lie below 0.
    standard_error : float
        In bits; 0 for a bound that is exact for the data it is given.
    kind : {"lower", "upper", "point"}
        Whether its expectation is a lower bound, an upper bound, or neither.
    n : int
        Number of samples that it rests on.
    bias : float
        How far it may lie off on average, in bits, as far as the estimator can tell; of either sign. It is
        not subtracted, since it is known only roughly.
    """

    bits: float
    standard_error: float
    kind: Literal["lower", "upper", "point"]
    n: int
    bias: float = 0.0

    def interval(self, z: float = 1.96) -> tuple[float, float]:
        """Return bits - z and bits + z errors; 1.96 of them cover 95% of a normal distribution.

        The error is the root of the squares of standard error and bias.
        """
        error = math.hypot(self.standard_error, self.bias)
        return self.bits - z * error, self.bits + z * error


Estimator = Callable[[Any, Any], Estimate]


def as_samples(values: Any, name: str) -> np.ndarray:
    """Convert samples to a float64 matrix.

    Parameters
    ----------
    values : array_like, shape (n,) or (n, d)
    name : str
        What the values are called in an error message.

    Returns
    -------
    numpy.ndarray, shape (n, d)

    Raises
    ------
    InformationError
        If there are fewer than two samples, more than two axes, or numbers that are not finite.
    """
    samples = as_finite(values, name).detach().cpu().numpy()
    if samples.ndim == 1:
        samples = samples[:, None]
    if samples.ndim != 2 or len(samples) < MIN_SAMPLES or not samples.shape[1]:
        raise InformationError(
            f"{name} has shape {samples.shape}; give (n, d), n of at least {MIN_SAMPLES} and d of at least 1"
        )
    return samples


def as_paired_samples(x: Any, y: Any) -> tuple[np.ndarray, np.ndarray]:
    """Check that two matrices of samples have the same number of rows; see `as_samples`."""
    first, second = as_samples(x, "x"), as_samples(y, "y")
    if len(first) != len(second):
        raise InformationError(
            f"x has {len(first)} samples and y {len(second)}; give pairs, one row of each for every sample"
        )
    return first, second


def point_estimate(nats: np.ndarray, kind: Literal["lower", "upper", "point"] = "point") -> Estimate:
    """Return the mean of pointwise terms in nats, with the standard error of a mean, in bits."""
    n = len(nats)
    return Estimate(
        float(nats.mean()) / LN2, float(nats.std(ddof=1)) / math.sqrt(n) / LN2 if n > 1 else 0.0, kind, n
    )
