"""Binary asymmetric channels, given by their rate and by how their errors are split.

A binary asymmetric channel turns 0 into 1 with probability e0 and 1 into 0 with e1. Here e0 = noise *
error_split and e1 = noise * (1 - error_split). An error split of 1/2 is the binary symmetric channel; 0 never
corrupts a 0 and 1 never a 1 (the two Z-channels). For a fixed split the information is convex in the noise
(Cover & Thomas 2006, thm. 2.7.4) and falls from all to none as the noise grows from 0 to 1.
"""

from typing import Any

import torch

from infodecomp.channels.binary_symmetric import checked_bits
from infodecomp.errors import InformationError
from infodecomp.information import kernels
from infodecomp.units import LN2
from infodecomp.validation import as_float64, broadcast

MAX_STEPS = 12
MAX_PROBABILITY = 1 - 2**-53  # the largest one with finite odds
ZERO_RATE = 1e-14  # bits below which nothing is transmitted


def binary_asymmetric_channel(bits: Any, error_split: Any, p: Any = 0.5) -> torch.Tensor:
    """The binary asymmetric channel p(u|x) that transmits `bits` with a given split of its errors.

    Parameters
    ----------
    bits : array_like, shape (...)
        Information in bits, 0 to H2(p).
    error_split : array_like, shape (...)
        Share of the errors that fall on 0, from 0 (a 0 always arrives) to 1 (a 1 always arrives).
    p : array_like, shape (...), default 0.5
        Probability that the source sends a 1.

    Returns
    -------
    torch.Tensor, shape (..., 2, 2)
        Channel matrices with a row for each x.

    Raises
    ------
    InformationError
        If the source has fewer bits than asked for, the split lies outside 0 to 1, or the shapes do not
        broadcast.
    """
    bits, split, p = broadcast(
        bits=as_float64(bits, "bits"),
        error_split=as_float64(error_split, "an error split"),
        p=as_float64(p, "a probability"),
    )
    bits, p, h = checked_bits(bits, p)
    valid = (split >= 0) & (split <= 1)
    if not bool(valid.all()):
        raise InformationError(
            f"an error split of {split[~valid][0].item():.6g} lies outside its limits, 0 to 1; "
            "give a number between them"
        )
    return channel_matrix(binary_asymmetric_noise(bits, split, p, h), split)


def channel_matrix(noise: torch.Tensor, error_split: torch.Tensor) -> torch.Tensor:
    """p(u|x) for noise and error splits of one shape (...), as (..., 2, 2) with a row for each x."""
    e0, e1 = noise * error_split, noise * (1 - error_split)
    return torch.stack([1 - e0, e0, e1, 1 - e1], -1).unflatten(-1, (2, 2))


def binary_asymmetric_noise(
    bits: torch.Tensor, error_split: torch.Tensor, p: torch.Tensor, h: torch.Tensor, steps: int = MAX_STEPS
) -> torch.Tensor:
    """Noise at which a channel with this error split transmits `bits`; h = H2(p)."""
    # Newton's method: for high rates on log(h - I) in log noise, where it is concave with a slope of at most
    # 1; for low ones on log I in log(1 - noise), whose slope goes from 1 (a Z-channel) to 2 (all others).
    h = h.clamp_min(kernels.TINY)
    c = (1 - (bits / h).clamp(0, 1)).clamp_min(1e-300) ** (4 / 3)
    noise = c / (1 + (1 - c).sqrt())  # close to that of the symmetric channel
    high_rate, target = bits > 0.5 * h, torch.minimum(bits, h - bits).clamp_min(kernels.TINY)
    for _ in range(steps):
        information, slope = _information_and_slope(noise, error_split, p)
        rest = 1 - noise
        reached = torch.where(high_rate, h - information, information).clamp_min(kernels.TINY)
        step = (target / reached).log() * reached / slope  # the slope is negative
        factor = (step * torch.where(high_rate, -1.0, noise / rest)).nan_to_num(0, 0, 0).clamp(-3, 3).exp()
        noise = torch.where(high_rate, noise * factor, 1 - rest / factor).clamp(kernels.TINY, 1 - 1e-13)
    noise = torch.where(bits <= ZERO_RATE, 1.0, noise)
    return torch.where(bits >= h, 0.0, noise)


def _information_and_slope(
    noise: torch.Tensor, error_split: torch.Tensor, p: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    """I(X;U) in bits and its slope in log noise."""
    e0 = noise * error_split
    e1 = noise - e0
    flipped_0, flipped_1 = (1 - p) * e0, p * e1
    x = torch.stack([flipped_0 + p - flipped_1, e0, e1]).clamp_(kernels.TINY, MAX_PROBABILITY)
    logits = x.logit()
    negative_entropies = torch.addcmul(
        (-x).log1p_(), x, logits
    )  # of U, of U given 0 and of U given 1, in nats
    information = (1 - p) * negative_entropies[1] + p * negative_entropies[2] - negative_entropies[0]
    slope = flipped_0 * (logits[1] - logits[0]) + flipped_1 * (logits[2] + logits[0])
    return information.clamp_min_(0) / LN2, slope / LN2
