"""Telegraph lines: what a noisy line delivers of one binary source, in bits, and the noise that a number of bits buys.

A *flip line* (binary symmetric channel) turns each digit over with probability e. With q = p + e(1-2p) the chance to
receive a 1, it delivers I(X;U) = H2(q) - H2(e): all of H2(p) at e = 0 and nothing at e = 1/2.
"""

import math

import torch

from infodecomp.errors import InformationError
from infodecomp.information import kernels
from infodecomp.information.entropy import binary_entropy

LN2 = math.log(2)
STEPS = 6  # 5 steps are exact to 1e-13 bits down to p = 1e-4; one more for what lies below
CLOSE = 1e-8  # a step of log e after which the next would be rounding
POLISH = 2  # steps from flips that are nearly right: to rounding


def bsc_information(flip, p=0.5) -> torch.Tensor:
    """Information I(X;U) = H2(p + e(1-2p)) - H2(e) through a flip line, in bits.

    flip: (...) probability e that a digit is turned over, 0 to 1. p: (...) probability that the source sends a 1.
    Returns the broadcast shape. Raises InformationError outside 0 to 1. Source: Cover & Thomas 2006, sec. 7.1.4.
    """
    flip = torch.as_tensor(flip, dtype=torch.float64)
    p = torch.as_tensor(p, dtype=torch.float64)
    binary_entropy(p)  # refuses what is no probability
    received = p + flip * (1 - 2 * p)
    return (binary_entropy(received) - binary_entropy(flip)).clamp_min(0)


def bsc_crossover_probability(bits, p=0.5) -> torch.Tensor:
    """The flip probability e in 0 to 1/2 at which a flip line delivers `bits`: the inverse of flip_information.

    bits: (...) 0 to H2(p). p: (...) probability that the source sends a 1. Returns the broadcast shape.
    Raises InformationError for more bits than the source has. Exact to 1e-12 bits for p from 1e-4 to 1 - 1e-4.
    """
    bits = torch.as_tensor(bits, dtype=torch.float64)
    h = check_bits(bits, p)
    return _crossover_probability(bits, torch.as_tensor(p, dtype=torch.float64), h)


def check_bits(bits: torch.Tensor, p) -> torch.Tensor:
    """The entropies H2(p) of sources that can deliver these bits; raises InformationError naming the first that cannot."""
    h = binary_entropy(p)
    asked, has = torch.broadcast_tensors(bits, h)
    wrong = ~((asked >= 0) & (asked <= has + 1e-12))
    if bool(wrong.any()):
        raise InformationError(
            f"a line cannot deliver {asked[wrong][0].item():.6g} bits: "
            f"this source has {has[wrong][0].item():.6g}; ask for 0 to that"
        )
    return h


def _crossover_probability(bits: torch.Tensor, p: torch.Tensor, h: torch.Tensor) -> torch.Tensor:
    """Newton's method in log e: on log(h - I) where most is delivered, on sqrt(I) where little is (a double root at 1/2)."""
    b, h_nats, p = bits * LN2, h.clamp_min(kernels.TINY) * LN2, torch.minimum(p, 1 - p)
    share = (b / h_nats).clamp(0, 1)
    e = _first_guess(share)
    mostly, root, lean = share > 0.5, b.clamp_min(0).sqrt(), 1 - 2 * p
    log_missing = (h_nats - b).clamp_min(kernels.TINY).log()
    for _ in range(STEPS):
        information, slope = _delivered(e, p, lean)
        missing = (h_nats - information).clamp_min(kernels.TINY)
        delivered = information.clamp_min(0).sqrt()
        step = torch.where(
            mostly, (missing.log() - log_missing) * missing, -2 * delivered * (delivered - root)
        ) / (e * slope)
        e = (e * step.nan_to_num_(0, 0, 0).clamp_(-5, 5).exp()).clamp_(kernels.TINY, 0.5)
        if bool((step.abs() < CLOSE).all()):
            break
    return _with_ends(e, bits, h)


def _polished_flips(near: torch.Tensor, bits: torch.Tensor, p: torch.Tensor, h: torch.Tensor) -> torch.Tensor:
    """As _flip_probability, from flips that are nearly right: Newton's method on I itself."""
    e, b, p = near.clamp(kernels.TINY, 0.5), bits * LN2, torch.minimum(p, 1 - p)
    lean = 1 - 2 * p
    for _ in range(POLISH):
        information, slope = _delivered(e, p, lean)
        e = (e - ((information - b) / slope).nan_to_num_(0, 0, 0)).clamp_(kernels.TINY, 0.5)
    return _with_ends(e, bits, h)


def _delivered(e: torch.Tensor, p: torch.Tensor, lean: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """I = H(q) - H(e) in nats, by H(e) = -e logit(e) - log(1-e), and dI/de, at most 0; p at most 1/2, lean = 1 - 2p."""
    q = torch.addcmul(p, e, lean)
    logit_e, logit_q = e.logit(), q.logit()
    information = torch.addcmul((-e).log1p_(), e, logit_e) - torch.addcmul((-q).log1p_(), q, logit_q)
    return information, torch.addcmul(logit_e, lean, logit_q, value=-1)


def _with_ends(e: torch.Tensor, bits: torch.Tensor, h: torch.Tensor) -> torch.Tensor:
    """No bits and all bits have their flips exactly."""
    return e.masked_fill_(bits >= h, 0).masked_fill_(bits <= 0, 0.5)


def _first_guess(share: torch.Tensor) -> torch.Tensor:
    c = (1 - share).clamp_min(1e-300) ** (4 / 3)
    return c / (2 + 2 * (1 - c).sqrt())
