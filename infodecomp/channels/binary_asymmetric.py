"""Leaning lines: every line with two output symbols, told by the bits that it delivers and by which symbol it spares.

A line turns 0 into 1 with probability e0 and 1 into 0 with e1. Write e0 = noise * lean and e1 = noise * (1 - lean): a flip line
leans 1/2; one that leans to 0 never corrupts a 0, one that leans to 1 never a 1 (Z-channels). With the lean held, the
information is convex in the noise (Cover & Thomas 2006, thm. 2.7.4) and falls from all to none as that grows from 0 to 1.
"""

import torch

from infodecomp.channels.binary_symmetric import LN2, check_bits
from infodecomp.errors import InformationError
from infodecomp.information import kernels

STEPS = 12
MOST = 1 - 2**-53  # the largest probability with odds
SILENT = 1e-14  # bits below which nothing is delivered


def binary_asymmetric_channel(bits, lean, p=0.5) -> torch.Tensor:
    """The line p(u|x) that delivers `bits` of a binary source and leans as told.

    bits: (...) 0 to H2(p). lean: (...) 0 (spares the 0s) to 1 (spares the 1s). p: (...) probability that the source sends a 1.
    Returns (..., 2, 2), rows x. Raises InformationError for more bits than there are and a lean outside 0 to 1.
    """
    bits, lean, p = torch.broadcast_tensors(
        *(torch.as_tensor(x, dtype=torch.float64) for x in (bits, lean, p))
    )
    h = check_bits(bits, p)
    if not bool(((lean >= 0) & (lean <= 1)).all()):
        raise InformationError(
            f"a lean of {lean[~((lean >= 0) & (lean <= 1))][0].item():.6g} lies outside its limits, 0 to 1"
        )
    return channel(binary_asymmetric_noise(bits, lean, p, h), lean)


def channel(noise: torch.Tensor, lean: torch.Tensor) -> torch.Tensor:
    """The table p(u|x) of a leaning line; noise, lean: (...). Returns (..., 2, 2), rows x."""
    e0, e1 = noise * lean, noise * (1 - lean)
    return torch.stack([1 - e0, e0, e1, 1 - e1], -1).unflatten(-1, (2, 2))


def binary_asymmetric_noise(
    bits: torch.Tensor, lean: torch.Tensor, p: torch.Tensor, h: torch.Tensor, steps: int = STEPS
) -> torch.Tensor:
    """The noise of a leaning line that delivers `bits`; all (...) of one shape or broadcasting, h = H2(p).

    Newton's method: where most is delivered, on log(h - I) in log noise, where it is concave with a slope of at most 1; where
    little is, on log I in log(1 - noise), whose slope goes from 1 (a line that spares a symbol) to 2 (all others).
    """
    h = h.clamp_min(kernels.TINY)
    c = (1 - (bits / h).clamp(0, 1)).clamp_min(1e-300) ** (4 / 3)
    noise = c / (1 + (1 - c).sqrt())  # that of a flip line, nearly
    mostly, wanted = bits > 0.5 * h, torch.minimum(bits, h - bits).clamp_min(kernels.TINY)
    for _ in range(steps):
        information, slope = _information_and_slope(noise, lean, p)
        clear = 1 - noise
        reached = torch.where(mostly, h - information, information).clamp_min(kernels.TINY)
        step = (wanted / reached).log() * reached / slope  # slope is negative
        rise = (step * torch.where(mostly, -1.0, noise / clear)).nan_to_num(0, 0, 0).clamp(-3, 3).exp()
        noise = torch.where(mostly, noise * rise, 1 - clear / rise).clamp(kernels.TINY, 1 - 1e-13)
    noise = torch.where(bits <= SILENT, 1.0, noise)
    return torch.where(bits >= h, 0.0, noise)


def _information_and_slope(noise, lean, p):
    """I(X;U) in bits and its slope in log noise, both (...)."""
    e0 = noise * lean
    e1 = noise - e0
    flip0, flip1 = (1 - p) * e0, p * e1  # how often either is turned over
    x = torch.stack([flip0 + p - flip1, e0, e1]).clamp_(kernels.TINY, MOST)
    logits = x.logit()
    entropies = torch.addcmul(
        (-x).log1p_(), x, logits
    )  # -H of what is received, of a turned 0 and of a turned 1, in nats
    information = (1 - p) * entropies[1] + p * entropies[2] - entropies[0]
    slope = flip0 * (logits[1] - logits[0]) + flip1 * (logits[2] + logits[0])
    return information.clamp_min_(0) / LN2, slope / LN2
