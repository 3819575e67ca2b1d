"""The binary-input Gaussian channel: a bit sent as plus or minus one volt through additive Gaussian noise.

U = +1 V for X = 1 and -1 V for X = 0, plus N(0, s^2). The posterior log odds are linear in the received
voltage, log P(X=1|u)/P(X=0|u) = log p/(1-p) + 2u/s^2, so every quantity is an integral over them: the
information itself for large noise, the loss H(X|U) for small noise. Both integrands are analytic in a strip
and decay at least exponentially, where the trapezoid rule converges exponentially (Trefethen & Weideman
2014): with N_NODES of them only rounding is left, at any noise.
"""

import math
from typing import Any

import torch

from infodecomp.channels.binary_symmetric import checked_bits
from infodecomp.errors import InformationError
from infodecomp.information import kernels
from infodecomp.units import LN2
from infodecomp.validation import as_finite, as_float64, as_probabilities, broadcast

N_NODES = 385
LOSS_LIMIT = 0.7  # volts of noise: below, integrate the loss; above, the information
MIN_NOISE, MAX_NOISE = 1e-3, 1e100  # volts: beyond these the information is H2(p), or 0, to the last digit
NEWTON_STEPS = 5  # 4 leave nothing but rounding for p from 1e-8 to 1 - 1e-8; one more for p beyond that


def gaussian_channel_information(noise: Any, p: Any = 0.5) -> torch.Tensor:
    """Information I(X;U) = H2(p) - E[H2(P(X=1|U))] through a binary-input Gaussian channel.

    Parameters
    ----------
    noise : array_like, shape (...)
        Standard deviation s in volts, 0 to infinity.
    p : array_like, shape (...), default 0.5
        Probability that the source sends a 1.

    Returns
    -------
    torch.Tensor, shape (...)
        Information in bits, of the broadcast shape, with an error below 1e-12.

    Raises
    ------
    InformationError
        If the noise is negative, `p` lies outside 0 to 1, or the shapes do not broadcast.
    """
    noise, p = _checked(noise, p)
    return _information_loss_and_slope(noise, p, kernels.binary_entropy(p))[0]


def gaussian_channel_noise(bits: Any, p: Any = 0.5) -> torch.Tensor:
    """Noise at which a binary-input Gaussian channel transmits `bits`.

    Parameters
    ----------
    bits : array_like, shape (...)
        Information in bits, 0 (infinite noise) to H2(p) (no noise).
    p : array_like, shape (...), default 0.5
        Probability that the source sends a 1.

    Returns
    -------
    torch.Tensor, shape (...)
        Standard deviation s in volts, of the broadcast shape.

    Raises
    ------
    InformationError
        If the source has fewer bits than asked for or the shapes do not broadcast.

    Notes
    -----
    Newton's method on I(1/s^2), whose slope is half the minimum mean squared error of X.

    References
    ----------
    Guo, Shamai & Verdu (2005), Mutual information and minimum mean-square error in Gaussian channels, eq. 1.
    """
    bits, p, h = checked_bits(bits, p)
    signal = _initial_signal(bits, p, h)
    high_rate = bits > 0.5 * h
    for _ in range(NEWTON_STEPS):
        information, loss, slope = _information_loss_and_slope(signal.rsqrt(), p, h)
        # log(h - I) is nearly linear in the signal at high rates, log I in its logarithm at low ones
        high = (loss / (h - bits)).log() * loss / slope
        low = signal * torch.expm1((information.log() - bits.log()) * -information / (slope * signal))
        step = torch.where(high_rate, high, low).nan_to_num(0, 0, 0)
        signal = torch.maximum(torch.minimum(signal + step, 4 * signal), signal / 4)
    noise = signal.rsqrt()
    return noise.masked_fill(bits <= 0, math.inf).masked_fill(bits >= h, 0.0)


def gaussian_channel_density(voltage: Any, noise: Any, p: Any = 0.5) -> torch.Tensor:
    """Joint densities p(x) p(u|x) of the received voltage u for x = 0 and x = 1.

    Parameters
    ----------
    voltage : array_like, shape (...)
        Received voltages u.
    noise : array_like, shape (...)
        Standard deviation s in volts, finite and above 0.
    p : array_like, shape (...), default 0.5
        Probability that the source sends a 1.

    Returns
    -------
    torch.Tensor, shape (..., 2)
        Densities per volt, that of x = 0 first.

    Raises
    ------
    InformationError
        If the noise is 0 or infinite, a number is invalid, or the shapes do not broadcast.
    """
    noise, p = _checked(noise, p)
    valid = (noise > 0) & torch.isfinite(noise)
    if not bool(valid.all()):
        raise InformationError(
            f"with a noise of {noise[~valid][0].item():.6g} V a voltage has no density; "
            "give a finite noise above 0 V"
        )
    voltage, noise, p = broadcast(voltage=as_finite(voltage, "a voltage"), noise=noise, p=p)
    sent = p.new_tensor([-1.0, 1.0])
    bell = torch.exp(-((voltage[..., None] - sent) / noise[..., None]).square() / 2)
    return torch.stack([1 - p, p], -1) * bell / (noise[..., None] * math.sqrt(2 * math.pi))


def _checked(noise: Any, p: Any) -> tuple[torch.Tensor, torch.Tensor]:
    noise, p = broadcast(noise=as_float64(noise, "a noise"), p=as_probabilities(p))
    valid = noise >= 0
    if not bool(valid.all()):
        raise InformationError(
            f"a noise of {noise[~valid][0].item():.6g} V; give a standard deviation of at least 0 V"
        )
    return noise, p


def _information_loss_and_slope(
    noise: torch.Tensor, p: torch.Tensor, h: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Information and loss in bits, and the slope of the information in the signal-to-noise ratio 1/s^2."""
    s = noise.clamp(MIN_NOISE, MAX_NOISE)[..., None]
    q = p.clamp(1e-300, 1 - 1e-16)[..., None]
    prior = (q.log() - torch.log1p(-q)) / 2  # half the log odds
    shift, step = _nodes(s, prior)  # how far u shifts half the log odds, (..., N_NODES)
    up, down = (torch.exp(-(s * shift + sign / s).square() / 2) for sign in (-1, 1))
    weight = (q * up + (1 - q) * down) * step * s / math.sqrt(2 * math.pi)
    squared_error = 1 / torch.cosh((prior + shift).clamp(-350, 350)).square()  # 4 P(1|u) P(0|u)
    integrand = torch.where(s < LOSS_LIMIT, _posterior_entropy(prior + shift), _divergence(q, shift))
    total = (weight * integrand).sum(-1) / LN2
    slope = (weight * squared_error).sum(-1) / (2 * LN2)
    small_noise = noise < LOSS_LIMIT
    information = torch.minimum(torch.where(small_noise, h - total, total).clamp_min(0), h)
    return information, torch.where(small_noise, total, h - total).clamp_min(0), slope


def _nodes(s: torch.Tensor, prior: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Nodes in u/s^2 and their distance; for small noise as near to even odds as the noise reaches."""
    centre = prior.sign() * (prior.abs() - 1 / s.square()).clamp_min(0) - prior
    loss_width = (9 / s).clamp_max(45.0)
    information_width = (1 / s + 9) / s  # both bells and nine standard deviations beyond each
    small_noise = s < LOSS_LIMIT
    width = torch.where(small_noise, loss_width, information_width)
    nodes = torch.linspace(-1, 1, N_NODES, dtype=torch.float64)
    return torch.where(small_noise, centre, 0.0) + width * nodes, width * (2 / (N_NODES - 1))


def _posterior_entropy(half_log_odds: torch.Tensor) -> torch.Tensor:
    """H2 of a posterior, in nats; accurate to the last digit for large odds."""
    odds = torch.exp(-2 * half_log_odds.abs())
    return torch.log1p(odds) + 2 * half_log_odds.abs() * odds / (1 + odds)


def _divergence(p: torch.Tensor, shift: torch.Tensor) -> torch.Tensor:
    """KL divergence, in nats, of the posterior from the prior p; accurate for small shifts."""
    growth = torch.expm1(2 * shift)
    change = growth / (1 + p * growth)  # P(1|u) = p (1 + (1-p) change)
    return p * _log_remainder((1 - p) * change) + (1 - p) * _log_remainder(-p * change)


def _log_remainder(x: torch.Tensor) -> torch.Tensor:
    """(1+x) log(1+x) - x, by its series where the difference would cancel."""
    series = x.square() * (1 / 2 - x * (1 / 6 - x * (1 / 12 - x * (1 / 20 - x / 30))))
    return torch.where(x.abs() < 1e-3, series, (1 + x) * torch.log1p(x.clamp_min(-1 + 1e-16)) - x)


def _initial_signal(bits: torch.Tensor, p: torch.Tensor, h: torch.Tensor) -> torch.Tensor:
    """1/s^2 to start from: I = 2p(1-p) / (s^2 ln 2) at low rates, h - I ~ exp(-1/(2s^2)) at high ones."""
    share = (bits / h).clamp(1e-300, 1 - 1e-16)
    scale = (h * LN2 / (2 * p * (1 - p))).nan_to_num(1, 1, 1).clamp(1, 1e3)
    return (share * scale).clamp(1e-30, 1e3) + torch.where(share > 0.5, -2 * torch.log1p(-share), 0.0)
