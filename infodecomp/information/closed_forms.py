"""Mutual information in closed form: Gaussian pairs, Markov chains, linear regression."""

import math
from typing import Any

import numpy as np

from infodecomp.errors import InformationError
from infodecomp.information.entropy import binary_entropy
from infodecomp.validation import as_finite, as_integer, as_scalar


def gaussian_pair_information(correlation: Any) -> float:
    """Information -log2(1 - rho^2) / 2 of two jointly Gaussian numbers, in bits; infinite for |rho| = 1.

    Raises
    ------
    InformationError
        If the correlation lies outside -1 to 1.

    References
    ----------
    Cover & Thomas (2006), Elements of information theory, eq. 8.56.
    """
    rho = as_scalar(correlation, "correlation", -1, 1)
    return math.inf if abs(rho) == 1 else max(-0.5 * math.log2(1 - rho**2), 0.0)


def markov_chain_information(flip: Any, lag: int) -> float:
    """Information between two symbols of a symmetric binary Markov chain, `lag` steps apart.

    Parameters
    ----------
    flip : float
        Probability that a symbol differs from the one before, 0 to 1.
    lag : int
        At least 1.

    Returns
    -------
    float
        1 - H2((1 - (1 - 2 flip)^lag) / 2) bits.

    Raises
    ------
    InformationError
        If an argument is out of its limits.
    """
    p = as_scalar(flip, "flip", 0, 1)
    n = as_integer(lag, "lag", 1)
    return max(1 - float(binary_entropy((1 - (1 - 2 * p) ** n) / 2)), 0.0)


def regression_correlation(first: Any, second: Any, data: Any, noise: Any = 1.0) -> float:
    """Correlation of the outputs w.x of Bayesian linear regression at two inputs, given data.

    Parameters
    ----------
    first, second : array_like, shape (d,)
        The two inputs.
    data : array_like, shape (n, d)
        Inputs at which outputs with noise have been observed; n may be 0. The prior of w is N(0, I).
    noise : float
        Standard deviation of that noise, above 0.

    Returns
    -------
    float
        x1' S x2 / sqrt(x1' S x1 x2' S x2), S = (I + data' data / noise^2)^-1 being the posterior covariance.

    Raises
    ------
    InformationError
        If the shapes differ, an input is 0, or the noise is not above 0.

    References
    ----------
    Bishop (2006), Pattern recognition and machine learning, eq. 3.51.
    """
    x, y = as_finite(first, "first").numpy().reshape(-1), as_finite(second, "second").numpy().reshape(-1)
    seen = as_finite(data, "data").numpy().reshape(-1, len(x))
    deviation = as_scalar(noise, "noise")
    if x.shape != y.shape or deviation <= 0 or not x.any() or not y.any():
        raise InformationError(
            f"inputs of {len(x)} and {len(y)} numbers and a noise of {deviation:.3g}; give equally long "
            "inputs that are not 0, and a noise above 0"
        )
    covariance = np.linalg.inv(np.eye(len(x)) + seen.T @ seen / deviation**2)
    return float(x @ covariance @ y / math.sqrt((x @ covariance @ x) * (y @ covariance @ y)))
