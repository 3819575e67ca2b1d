"""Telegraph lines: what a noisy line delivers of one binary source, in bits, and the noise that a number of bits buys.

A *flip line* (binary symmetric channel) turns each digit over with probability e. With q = p + e(1-2p) the chance to
receive a 1, it delivers I(X;U) = H2(q) - H2(e): all of H2(p) at e = 0 and nothing at e = 1/2.
"""

import math

import torch

from infodecomp.errors import InformationError
from infodecomp.information import TINY, _binary_entropy, binary_entropy

LN2 = math.log(2)
STEPS = 6  # 5 steps are exact to 1e-13 bits down to p = 1e-4; one more for what lies below


def flip_information(flip, p=0.5) -> torch.Tensor:
    """Information I(X;U) = H2(p + e(1-2p)) - H2(e) through a flip line, in bits.

    flip: (...) probability e that a digit is turned over, 0 to 1. p: (...) probability that the source sends a 1.
    Returns the broadcast shape. Raises InformationError outside 0 to 1. Source: Cover & Thomas 2006, sec. 7.1.4.
    """
    flip = torch.as_tensor(flip, dtype=torch.float64)
    p = torch.as_tensor(p, dtype=torch.float64)
    binary_entropy(p)  # refuses what is no probability
    received = p + flip * (1 - 2 * p)
    return (binary_entropy(received) - binary_entropy(flip)).clamp_min(0)


def flip_probability(bits, p=0.5) -> torch.Tensor:
    """The flip probability e in 0 to 1/2 at which a flip line delivers `bits`: the inverse of flip_information.

    bits: (...) 0 to H2(p). p: (...) probability that the source sends a 1. Returns the broadcast shape.
    Raises InformationError for more bits than the source has. Exact to 1e-12 bits for p from 1e-4 to 1 - 1e-4.
    """
    bits = torch.as_tensor(bits, dtype=torch.float64)
    h = check_bits(bits, p)
    return _flip_probability(bits, torch.as_tensor(p, dtype=torch.float64), h)


def check_bits(bits: torch.Tensor, p) -> torch.Tensor:
    """The entropies H2(p) of sources that can deliver these bits; raises InformationError naming the first that cannot."""
    h = binary_entropy(p)
    asked, has = torch.broadcast_tensors(bits, h)
    wrong = ~((asked >= 0) & (asked <= has + 1e-12))
    if bool(wrong.any()):
        raise InformationError(f"a line cannot deliver {asked[wrong][0].item():.6g} bits: "
                               f"this source has {has[wrong][0].item():.6g}; ask for 0 to that")
    return h


def _flip_probability(bits: torch.Tensor, p: torch.Tensor, h: torch.Tensor, start: torch.Tensor | None = None,
                      steps: int = STEPS) -> torch.Tensor:
    """Newton's method in log e: on log(h - I) where most is delivered, on sqrt(I) where little is (a double root at 1/2).

    Inside everything is in nats. start: where to begin, if a good guess is at hand.
    """
    b, h_nats = bits * LN2, h.clamp_min(TINY) * LN2
    share = (b / h_nats).clamp(0, 1)
    e = _first_guess(share) if start is None else start.clamp(TINY, 0.5)
    mostly, root, lean = share > 0.5, b.clamp_min(0).sqrt(), 1 - 2 * p
    log_missing = (h_nats - b).clamp_min(TINY).log()
    for _ in range(steps):
        q = (p + e * lean).clamp(TINY, 1)
        log_q, log_not_q, log_e, log_not_e = q.log(), (1 - q).clamp_min(TINY).log(), e.log(), (-e).log1p()
        information = (e * log_e + (1 - e) * log_not_e - q * log_q - (1 - q) * log_not_q).clamp_min(0)
        slope = e * (lean * (log_not_q - log_q) + log_e - log_not_e)  # dI / d log e, at most 0
        missing = (h_nats - information).clamp_min(TINY)
        delivered = information.sqrt()
        step = torch.where(mostly, (missing.log() - log_missing) * missing, -2 * delivered * (delivered - root)) / slope
        e = (e * step.nan_to_num_(0, 0, 0).clamp_(-5, 5).exp_()).clamp_(TINY, 0.5)
    return torch.where(bits <= 0, 0.5, torch.where(bits >= h, 0.0, e))


def _first_guess(share: torch.Tensor) -> torch.Tensor:
    c = (1 - share).clamp_min(1e-300) ** (4 / 3)
    return c / (2 + 2 * (1 - c).sqrt())
