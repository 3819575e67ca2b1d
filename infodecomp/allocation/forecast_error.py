"""How often a forecast made from what two binary symmetric channels deliver is wrong.

Information and error rate rank allocations differently: a bit can sharpen a belief without changing any
forecast.
"""

from typing import Any

import torch

from infodecomp.allocation.bsc_plane import checked_rates
from infodecomp.allocation.two_sources import TwoSourceJoint


def forecast_error_rate(joint: Any, bits_a: Any, bits_b: Any) -> torch.Tensor:
    r"""Probability that the best forecast of Y is wrong, 1 - sum_uv max_y p(u,v,y).

    Parameters
    ----------
    joint : array_like, shape (2, 2, 2), or TwoSourceJoint
        p(a,b,y).
    bits_a, bits_b : array_like, shape (...)
        Rates of the channels in bits, from 0 to H(A) and to H(B), which broadcast.

    Returns
    -------
    torch.Tensor, shape (...)
        From 0 to 1/2.

    Raises
    ------
    InformationError
        If `joint` is not such a distribution or a source has fewer bits than asked for.

    References
    ----------
    .. [1] T. M. Cover and J. A. Thomas, Elements of Information Theory, 2nd ed., Wiley, 2006, section 2.10
       (the error that Fano's inequality bounds).
    """
    source = TwoSourceJoint.of(joint)
    bits_a, bits_b = checked_rates(source, bits_a, bits_b)
    flips_a, flips_b = source.pair.crossover_probabilities(bits_a, bits_b)
    received = torch.einsum("...au,...bv,aby->...uvy", _channel(flips_a), _channel(flips_b), source.joint)
    return (1 - received.amax(-1).sum((-1, -2))).clamp_min(0)


def _channel(crossover: torch.Tensor) -> torch.Tensor:
    """p(u|a) of a binary symmetric channel, shape (..., 2, 2)."""
    kept = 1 - crossover
    return torch.stack([torch.stack([kept, crossover], -1), torch.stack([crossover, kept], -1)], -2)
