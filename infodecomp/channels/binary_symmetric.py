"""The binary symmetric channel: the information it transmits, and the crossover probability for a given rate.

A binary symmetric channel flips each bit with probability e. With q = p + e(1-2p), the probability of
receiving a 1, it transmits I(X;U) = H2(q) - H2(e): all of H2(p) at e = 0 and nothing at e = 1/2.
"""

from typing import Any

import torch

from infodecomp.errors import InformationError
from infodecomp.information import kernels
from infodecomp.information.entropy import binary_entropy
from infodecomp.units import LN2
from infodecomp.validation import as_float64, as_probabilities, broadcast

MAX_STEPS = 6  # 5 Newton steps are exact to 1e-13 bits down to p = 1e-4; one more for smaller p
CONVERGED = 1e-8  # a step of log e after which the next would be rounding
REFINEMENT_STEPS = 2  # Newton steps from nearly right values to rounding
SERIES_LIMIT = 1e-4  # 1 - 2e below which I is its leading term to the last digit


def bsc_information(crossover_probability: Any, p: Any = 0.5) -> torch.Tensor:
    """Information I(X;U) = H2(p + e(1-2p)) - H2(e) through a binary symmetric channel.

    Parameters
    ----------
    crossover_probability : array_like, shape (...)
        Probability e that a bit is flipped, 0 to 1.
    p : array_like, shape (...), default 0.5
        Probability that the source sends a 1.

    Returns
    -------
    torch.Tensor, shape (...)
        Information in bits, of the broadcast shape.

    Raises
    ------
    InformationError
        If a probability lies outside 0 to 1 or the shapes do not broadcast.

    References
    ----------
    Cover & Thomas (2006), Elements of information theory, sec. 7.1.4.
    """
    e, p = broadcast(crossover_probability=as_probabilities(crossover_probability), p=as_probabilities(p))
    received = p + e * (1 - 2 * p)
    return (binary_entropy(received) - binary_entropy(e)).clamp_min(0)


def bsc_crossover_probability(bits: Any, p: Any = 0.5) -> torch.Tensor:
    """Crossover probability at which a binary symmetric channel transmits `bits`.

    Parameters
    ----------
    bits : array_like, shape (...)
        Information in bits, 0 to H2(p).
    p : array_like, shape (...), default 0.5
        Probability that the source sends a 1.

    Returns
    -------
    torch.Tensor, shape (...)
        Probabilities from 0 to 1/2, of the broadcast shape.

    Raises
    ------
    InformationError
        If the source has fewer bits than asked for or the shapes do not broadcast.

    Notes
    -----
    Exact to 1e-12 bits for p from 1e-4 to 1 - 1e-4.
    """
    bits, p, h = checked_bits(bits, p)
    return solve_crossover_probability(bits, p, h)


def checked_bits(bits: Any, p: Any) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Bits, probabilities p and entropies H2(p), broadcast; InformationError for more bits than H2(p)."""
    bits, p = broadcast(bits=as_float64(bits, "bits"), p=as_probabilities(p))
    h = kernels.binary_entropy(p)
    invalid = ~((bits >= 0) & (bits <= h + 1e-12))
    if bool(invalid.any()):
        raise InformationError(
            f"a channel cannot transmit {bits[invalid][0].item():.6g} bits: "
            f"this source has {h[invalid][0].item():.6g}; give 0 to that"
        )
    return bits, p, h


def solve_crossover_probability(bits: torch.Tensor, p: torch.Tensor, h: torch.Tensor) -> torch.Tensor:
    """As `bsc_crossover_probability`, for checked arguments and h = H2(p)."""
    # Newton's method in log e: on log(h - I) for high rates, on sqrt(I) for low ones (a double root at e =
    # 1/2).
    b, h_nats, p = bits * LN2, h.clamp_min(kernels.TINY) * LN2, torch.minimum(p, 1 - p)
    share = (b / h_nats).clamp(0, 1)
    e = _initial_guess(share)
    high_rate, root, skew = share > 0.5, b.clamp_min(0).sqrt(), 1 - 2 * p
    log_missing = (h_nats - b).clamp_min(kernels.TINY).log()
    for _ in range(MAX_STEPS):
        information, slope = _information_and_slope(e, p, skew)
        missing = (h_nats - information).clamp_min(kernels.TINY)
        reached = information.clamp_min(0).sqrt()
        step = torch.where(
            high_rate, (missing.log() - log_missing) * missing, -2 * reached * (reached - root)
        ) / (e * slope)
        e = (e * step.nan_to_num_(0, 0, 0).clamp_(-5, 5).exp()).clamp_(kernels.TINY, 0.5)
        if bool((step.abs() < CONVERGED).all()):
            break
    return _with_limits(e, bits, p, h)


def refine_crossover_probability(
    approximate: torch.Tensor, bits: torch.Tensor, p: torch.Tensor, h: torch.Tensor
) -> torch.Tensor:
    """As `solve_crossover_probability`, from nearly right values: Newton's method on I itself."""
    e, b, p = approximate.clamp(kernels.TINY, 0.5), bits * LN2, torch.minimum(p, 1 - p)
    skew = 1 - 2 * p
    for _ in range(REFINEMENT_STEPS):
        information, slope = _information_and_slope(e, p, skew)
        e = (e - ((information - b) / slope).nan_to_num_(0, 0, 0)).clamp_(kernels.TINY, 0.5)
    return _with_limits(e, bits, p, h)


def _information_and_slope(
    e: torch.Tensor, p: torch.Tensor, skew: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    """I in nats, by H(e) = -e logit(e) - log(1-e), and dI/de <= 0; p at most 1/2, skew = 1 - 2p."""
    q = torch.addcmul(p, e, skew)
    logit_e, logit_q = e.logit(), q.logit()
    information = torch.addcmul((-e).log1p_(), e, logit_e) - torch.addcmul((-q).log1p_(), q, logit_q)
    return information, torch.addcmul(logit_e, skew, logit_q, value=-1)


def _with_limits(e: torch.Tensor, bits: torch.Tensor, p: torch.Tensor, h: torch.Tensor) -> torch.Tensor:
    """Replace values at and near rate 0, where Newton steps are noise, and at full rate."""
    # I = 4p(1-p) (1-2e)^2 / (2 ln 2) + O((1-2e)^4) bits
    distance = (bits * (LN2 / 2) / (p * (1 - p))).sqrt_()
    e = torch.where(distance < SERIES_LIMIT, (1 - distance) / 2, e)
    return e.masked_fill_(bits >= h, 0).masked_fill_(bits <= 0, 0.5)


def _initial_guess(share: torch.Tensor) -> torch.Tensor:
    c = (1 - share).clamp_min(1e-300) ** (4 / 3)
    return c / (2 + 2 * (1 - c).sqrt())
