"""Rate-distortion curves of a discrete variable, by the Blahut-Arimoto algorithm."""

from typing import Any, NamedTuple

import torch

from infodecomp.errors import InformationError
from infodecomp.validation import as_distribution, as_finite

MAX_STEPS = 2000
RELATIVE_TOLERANCE = 1e-12  # of the distortion
MIN_PROBABILITY = 1e-300


class RateDistortion(NamedTuple):
    """Points of a rate-distortion curve, one for each temperature.

    Attributes
    ----------
    bits : torch.Tensor, shape (n_temperatures,)
        Rates I(X;U) in bits.
    distortion : torch.Tensor, shape (n_temperatures,)
        Mean squared error of the target at that rate.
    """

    bits: torch.Tensor
    distortion: torch.Tensor


def rate_distortion(p: Any, means: Any, variances: Any, temperatures: Any) -> RateDistortion:
    """Rate-distortion curve of a discrete X for predicting a number Y with squared error.

    Parameters
    ----------
    p : array_like, shape (n,)
        Probabilities of the values of X.
    means, variances : array_like, shape (n,)
        Mean and variance of Y given each value of X.
    temperatures : array_like, shape (n_temperatures,)
        Squared error per nat, above 0. A low temperature spends many bits.

    Returns
    -------
    RateDistortion

    Raises
    ------
    InformationError
        If `p` is not a distribution, a shape does not fit, a variance is negative or a temperature is not
        above 0.

    Notes
    -----
    There are n reproductions, whose values move to the mean of what is encoded as them (Rose 1994). The curve
    is the best that the iteration finds, not a proven bound.

    References
    ----------
    Blahut (1972), Computation of channel capacity and rate-distortion functions.
    Arimoto (1972), An algorithm for computing the capacity of arbitrary discrete memoryless channels.
    """
    p, means, variances, temperatures = _checked(p, means, variances, temperatures)
    encoder, weights, distortion = _blahut_arimoto(p, means, temperatures)
    ratio = encoder.clamp_min(MIN_PROBABILITY) / weights[:, None].clamp_min(MIN_PROBABILITY)
    bits = torch.einsum("x,sxu->s", p, torch.where(encoder > 0, encoder * ratio.log2(), 0.0))
    return RateDistortion(bits.clamp_min(0), distortion + p @ variances)


def _checked(p: Any, means: Any, variances: Any, temperatures: Any) -> tuple[torch.Tensor, ...]:
    p, means = as_distribution(p), as_finite(means, "a mean")
    variances = as_finite(variances, "a variance")
    temperatures = as_finite(temperatures, "a temperature").reshape(-1)
    for name, values in (("p", p), ("means", means), ("variances", variances)):
        if values.shape != (p.shape[-1],):
            raise InformationError(
                f"{name} have shape {tuple(values.shape)}; give one number for each of {p.shape[-1]} values"
            )
    if bool((variances < 0).any()):
        raise InformationError(f"a variance is {variances.min().item():.6g}; give numbers from 0")
    if not bool((temperatures > 0).all()):
        raise InformationError(f"a temperature is {temperatures.min().item():.6g}; give numbers above 0")
    return p, means, variances, temperatures


def _blahut_arimoto(
    p: torch.Tensor, means: torch.Tensor, temperatures: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Encoders p(u|x) (s, n, n), weights p(u) (s, n) and squared errors of the means (s,)."""
    values = means.expand(len(temperatures), -1).clone()  # of the reproductions, (s, n)
    weights = p.expand(len(temperatures), -1).clone()
    previous = torch.inf
    for _ in range(MAX_STEPS):
        squared_error = (means[:, None] - values[:, None]).square()  # (s, n, n)
        logits = (
            weights.clamp_min(MIN_PROBABILITY).log()[:, None] - squared_error / temperatures[:, None, None]
        )
        encoder = logits.softmax(2)
        weights = torch.einsum("x,sxu->su", p, encoder)
        values = torch.einsum("x,x,sxu->su", p, means, encoder) / weights.clamp_min(MIN_PROBABILITY)
        squared_error = (means[:, None] - values[:, None]).square()
        distortion = torch.einsum("x,sxu,sxu->s", p, encoder, squared_error)
        total = distortion.sum().item()
        if abs(previous - total) <= RELATIVE_TOLERANCE * max(total, MIN_PROBABILITY):
            break
        previous = total
    return encoder, weights, distortion
