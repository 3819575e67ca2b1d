"""The information that a noisy reading of a deterministic output has about the input, I(X; f(X) + N)."""

import math
from typing import Any

import numpy as np
from scipy.special import ndtr

from infodecomp.deterministic.scalar_maps import LIMIT, ScalarMap
from infodecomp.errors import InformationError
from infodecomp.validation import as_finite, as_scalar

STEPS = 4  # grid points in one standard deviation of the noise
MAX_RATIO = 1e5  # of scale to noise, in closed form: a grid of 3.4 million points
REACH = 34  # grid points on each side of an output: 8.5 standard deviations


def noise_information(outputs: Any, noise: Any, weights: Any = None) -> float:
    """Information I(X; f(X) + N(0, noise^2)) = h(f(X) + N) - h(N) in one dimension, for finitely many inputs.

    Parameters
    ----------
    outputs : array_like, shape (n,)
        f(x) of each input.
    noise : float
        Standard deviation, above 0.
    weights : array_like, shape (n,), optional
        Probability of each input; all equal by default.

    Returns
    -------
    float
        In bits. The density is integrated by the trapezoid rule, which is exact to about 1e-12 for it.

    Raises
    ------
    InformationError
        If a number is not finite, the noise is not above 0, or the weights do not sum to 1.

    References
    ----------
    Goldfeld et al. (2019), Estimating information flow in deep neural networks, sec. 2.
    """
    z, deviation = as_finite(outputs, "outputs").numpy().ravel(), as_scalar(noise, "noise")
    if deviation <= 0 or not len(z):
        raise InformationError(f"noise = {deviation:.6g}; give a standard deviation above 0, and outputs")
    p = np.full(len(z), 1 / len(z)) if weights is None else as_finite(weights, "weights").numpy().ravel()
    if p.shape != z.shape or abs(p.sum() - 1) > 1e-6 or p.min() < 0:
        raise InformationError(f"{len(p)} weights that sum to {p.sum():.6g}; give one for each output, sum 1")
    return max(_mixture_entropy(z, deviation, p) - 0.5 * math.log2(2 * math.pi * math.e * deviation**2), 0.0)


def _mixture_entropy(z: np.ndarray, deviation: float, p: np.ndarray) -> float:
    """Differential entropy in bits of a mixture of Gaussians of one width."""
    order = np.argsort(z)
    z, p = z[order] / deviation * STEPS, p[order]
    # outputs that are too far apart to overlap may move together, which bounds the grid
    gaps = np.minimum(np.diff(z), 2 * REACH + 2)
    z = np.concatenate([[0.0], np.cumsum(gaps)])
    base = np.rint(z).astype(np.int64)
    offsets = np.arange(-REACH, REACH + 1)
    bell = np.exp(-(((base - z)[:, None] + offsets) ** 2) / (2 * STEPS**2)) * p[:, None]
    sums = np.bincount((base[:, None] + offsets + REACH).ravel(), bell.ravel())
    density = sums[sums > 0] / (deviation * math.sqrt(2 * math.pi))
    return float(-(density * np.log2(density)).sum()) * deviation / STEPS


def map_noise_information(map_: ScalarMap, noise: Any) -> float:
    """Information I(X; f(X) + N(0, noise^2)) for a standard normal X.

    Parameters
    ----------
    map_ : ScalarMap
    noise : float
        Standard deviation in units of the output, at least 1e-3.

    Returns
    -------
    float
        In bits.

    Raises
    ------
    InformationError
        If the noise is below 1e-3.
    """
    deviation = as_scalar(noise, "noise", 1e-3)
    outputs, weights = map_.nodes(2 * deviation)
    return noise_information(outputs, deviation, weights)


def relu_noise_information(scale: Any, noise: Any) -> float:
    """Information I(X; max(s X, 0) + N(0, noise^2)) for a standard normal X, from its density in closed form.

    With v^2 = s^2 + noise^2 and the normal density n and distribution function N, the density at z is
    n(z / noise) / (2 noise) + n(z / v) N(s z / (noise v)) / v.

    Parameters
    ----------
    scale, noise : float
        s and the standard deviation of the noise, both above 0; s at most 1e5 times the noise.

    Returns
    -------
    float
        In bits.

    Raises
    ------
    InformationError
        If a number is not above 0, or the scale is more than 1e5 times the noise.
    """
    s, deviation = as_scalar(scale, "scale"), as_scalar(noise, "noise")
    if s <= 0 or deviation <= 0:
        raise InformationError(f"scale = {s:.6g} and noise = {deviation:.6g}; give numbers above 0")
    if s > MAX_RATIO * deviation:
        raise InformationError(
            f"scale = {s:.6g} is more than {MAX_RATIO:,.0f} times noise = {deviation:.6g}; give noise of "
            f"at least {s / MAX_RATIO:.6g}, below which every halving adds half a bit"
        )
    spread, step = math.hypot(s, deviation), deviation / STEPS
    z = np.arange(-REACH, math.ceil(LIMIT * spread / step) + 1) * step
    density = np.exp(-((z / deviation) ** 2) / 2) / (2 * deviation)
    density += np.exp(-((z / spread) ** 2) / 2) * ndtr(z * (s / (deviation * spread))) / spread
    density = density[density > 0] / math.sqrt(2 * math.pi)
    entropy = float(-(density * np.log2(density)).sum()) * step
    return max(entropy - 0.5 * math.log2(2 * math.pi * math.e * deviation**2), 0.0)


def layer_noise(noise: float, gain: float, depth: int) -> float:
    """Noise at the first layer that is equivalent to noise in each of `depth` layers T = gain T' + N.

    Parameters
    ----------
    noise : float
        Standard deviation of the noise in every layer.
    gain : float
        Factor of each layer after the first, above 0.
    depth : int
        Number of layers, at least 1.

    Returns
    -------
    float
        sqrt(sum over k < depth of gain^-2k) times the noise: it grows with depth, so information falls.
    """
    return noise * math.sqrt(sum(gain ** (-2 * k) for k in range(depth)))
