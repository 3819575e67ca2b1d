"""Information in weights: the cheapest Gaussian noise on the weights that the loss allows.

C_beta = min over Q of E_{w~Q} L(w) + beta KL(Q || P). For Q = N(w*, S), P = N(0, v I) and a quadratic loss
with Hessian H the optimum is S = beta (H + beta / v)^-1, and the KL divergence there is the information in
the weights.
"""

from typing import Any

import numpy as np

from infodecomp.errors import InformationError
from infodecomp.units import LN2
from infodecomp.validation import as_finite, as_scalar


def direction_information(curvature: Any, beta: Any, prior_variance: Any = 1.0) -> np.ndarray:
    """Information in each direction of weight space that its curvature makes necessary.

    (log(1 + r) - r / (1 + r)) / (2 ln 2) bits, r = prior_variance * curvature / beta: 0 where it is flat.

    Parameters
    ----------
    curvature : array_like, shape (d,)
        Eigenvalues of the Hessian of the loss, at least 0; or its diagonal, for independent noise.
    beta : float
        Price of a nat, above 0.
    prior_variance : float
        Above 0.

    Returns
    -------
    numpy.ndarray, shape (d,)
        In bits. The KL divergence also has the term `displacement_information`.

    Raises
    ------
    InformationError
        If a curvature is negative, or beta or the prior variance is not above 0.

    References
    ----------
    Achille, Paolini & Soatto (2019), Where is the information in a deep neural network?, sec. 4.
    """
    h = as_finite(curvature, "curvature").numpy()
    price, variance = as_scalar(beta, "beta"), as_scalar(prior_variance, "prior_variance")
    if price <= 0 or variance <= 0 or h.min() < 0:
        raise InformationError(
            f"beta = {price:.3g}, prior_variance = {variance:.3g} and a smallest curvature of "
            f"{h.min():.3g}; give positive numbers, and a curvature of at least 0"
        )
    ratio = variance * h / price
    return (np.log1p(ratio) - ratio / (1 + ratio)) / (2 * LN2)


def displacement_information(weights: Any, prior_variance: Any = 1.0) -> float:
    """|w*|^2 / (2 v ln 2) bits: the part of the KL divergence that the mean of the posterior costs."""
    w = as_finite(weights, "weights").numpy()
    return float((w**2).sum()) / (2 * as_scalar(prior_variance, "prior_variance", 1e-12) * LN2)


def posterior_covariance(hessian: np.ndarray, beta: float, prior_variance: float = 1.0) -> np.ndarray:
    """S = beta (H + beta / v)^-1, the covariance (d, d) of the noise that the loss allows."""
    return beta * np.linalg.inv(hessian + beta / prior_variance * np.eye(len(hessian)))


def channel_information(
    centres: np.ndarray, deviations: np.ndarray, weights: np.ndarray | None = None, points: int = 1200
) -> float:
    """Information I(X;Z) where Z given the i-th input is N(centre_i, deviation_i^2), by quadrature.

    Parameters
    ----------
    centres, deviations : numpy.ndarray, shape (n,)
        The deviations above 0, and not more than about a thousand times narrower than the whole.
    weights : numpy.ndarray, shape (n,), optional
        Probability of each input; all equal by default.
    points : int
        Of the quadrature.

    Returns
    -------
    float
        In bits.

    Notes
    -----
    It is the effective information in the activations of a network with noisy weights.
    """
    if deviations.min() <= 0:
        raise InformationError(f"a deviation is {deviations.min():.3g}; give noise above 0 to every input")
    p = np.full(len(centres), 1 / len(centres)) if weights is None else weights
    low, high = (centres - 7 * deviations).min(), (centres + 7 * deviations).max()
    z, step = np.linspace(low, high, points, retstep=True)
    density = p @ (
        np.exp(-(((z - centres[:, None]) / deviations[:, None]) ** 2) / 2)
        / (deviations[:, None] * np.sqrt(2 * np.pi))
    )
    density = density[density > 0]
    whole = -(density * np.log(density)).sum() * step
    each = (p * np.log(deviations)).sum() + 0.5 * (1 + np.log(2 * np.pi))
    return max(float(whole - each) / LN2, 0.0)
