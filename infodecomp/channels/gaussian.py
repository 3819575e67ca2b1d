"""Voltage lines: a binary source sent as plus or minus one volt through Gaussian noise, and what arrives of it, in bits.

U = +1 V for X = 1 and -1 V for X = 0, plus N(0, s^2). The posterior log odds of a received voltage are linear in it,
log P(X=1|u)/P(X=0|u) = log p/(1-p) + 2u/s^2, so everything is an integral over them: the information itself where the
line is bad, the loss H(X|U) where it is good. Both integrands are analytic in a strip and fall off at least
exponentially, where the trapezoid rule converges exponentially too (Trefethen & Weideman 2014): NODES of them leave
nothing but rounding, at any noise.
"""

import math

import torch

from infodecomp.channels.binary_symmetric import check_bits
from infodecomp.errors import InformationError
from infodecomp.information.entropy import binary_entropy

LN2 = math.log(2)
NODES = 385
GOOD = 0.7  # volts: below, integrate the loss; above, the information
SILENT, DEAF = 1e-3, 1e100  # volts: noise beyond these delivers H2(p), or 0, to the last digit
STEPS = 5  # of Newton's method: 4 leave nothing but rounding for p from 1e-8 to 1 - 1e-8; one more for what lies beyond


def gaussian_channel_information(noise, p=0.5) -> torch.Tensor:
    """Information I(X;U) = H2(p) - E[H2(P(X=1|U))] through a voltage line, in bits; error below 1e-12.

    noise: (...) standard deviation s in volts, 0 to infinity. p: (...) probability that the source sends a 1.
    Returns the broadcast shape. Raises InformationError for noise below 0 and p outside 0 to 1.
    """
    noise, p, h = _checked(noise, p)
    return _line(noise, p, h)[0]


def gaussian_channel_noise(bits, p=0.5) -> torch.Tensor:
    """The noise s in volts at which a voltage line delivers `bits`: the inverse of voltage_information.

    bits: (...) 0 to H2(p); no bits is infinite noise, all of them none. p: (...) probability that the source sends a 1.
    Returns the broadcast shape. Raises InformationError for more bits than the source has. Newton's method on
    I(1/s^2), whose slope is half the mean squared error of the best guess of X (Guo, Shamai & Verdu 2005, eq. 1).
    """
    bits, p = torch.as_tensor(bits, dtype=torch.float64), torch.as_tensor(p, dtype=torch.float64)
    bits, p, h = torch.broadcast_tensors(bits, p, check_bits(bits, p))
    signal = _first_signal(bits, p, h)
    mostly = bits > 0.5 * h
    for _ in range(STEPS):
        information, rest, slope = _line(signal.rsqrt(), p, h)
        # log(h - I) is nearly linear in the signal where most arrives, log I in its logarithm where little does
        high = (rest / (h - bits)).log() * rest / slope
        low = signal * torch.expm1((information.log() - bits.log()) * -information / (slope * signal))
        step = torch.where(mostly, high, low).nan_to_num(0, 0, 0)
        signal = torch.maximum(torch.minimum(signal + step, 4 * signal), signal / 4)
    noise = signal.rsqrt()
    return noise.masked_fill(bits <= 0, math.inf).masked_fill(bits >= h, 0.0)


def gaussian_channel_density(voltage, noise, p=0.5) -> torch.Tensor:
    """The joint densities p(x) p(u|x) of a voltage u for x = 0 and x = 1, per volt; their sum is the density of U.

    voltage, noise, p: (...) that broadcast; noise in volts, above 0 and finite. Returns (..., 2), the x = 0 one first.
    """
    noise, p, _ = _checked(noise, p)
    if not bool(((noise > 0) & torch.isfinite(noise)).all()):
        raise InformationError(
            "without noise, or with all of it, a voltage has no density; give a finite noise above 0 V"
        )
    voltage = torch.as_tensor(voltage, dtype=torch.float64)
    volts = torch.stack([p.new_tensor(-1.0), p.new_tensor(1.0)])
    bell = torch.exp(-((voltage[..., None] - volts) / noise[..., None]).square() / 2)
    return torch.stack([1 - p, p], -1) * bell / (noise[..., None] * math.sqrt(2 * math.pi))


def _checked(noise, p) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    noise = torch.as_tensor(noise, dtype=torch.float64)
    p = torch.as_tensor(p, dtype=torch.float64)
    if not bool((noise >= 0).all()):
        raise InformationError(
            f"a noise of {noise[~(noise >= 0)][0].item():.6g} V: a standard deviation is at least 0 V"
        )
    return noise, p, binary_entropy(p)


def _line(noise: torch.Tensor, p: torch.Tensor, h: torch.Tensor):
    """Information and loss in bits, and the slope of the information in the signal-to-noise ratio 1/s^2; each (...)."""
    s = noise.clamp(SILENT, DEAF)[..., None]
    q = p.clamp(1e-300, 1 - 1e-16)[..., None]
    prior = (q.log() - torch.log1p(-q)) / 2  # half the log odds
    moved, step = _grid(s, prior)  # how far u moves half the log odds, (..., NODES)
    up, down = (torch.exp(-(s * moved + sign / s).square() / 2) for sign in (-1, 1))
    weight = (q * up + (1 - q) * down) * step * s / math.sqrt(2 * math.pi)
    guess = (
        1 / torch.cosh((prior + moved).clamp(-350, 350)).square()
    )  # 4 P(1|u) P(0|u), the squared error of a guess
    integrand = torch.where(s < GOOD, _doubt(prior + moved), _surprise(q, moved))
    total = (weight * integrand).sum(-1) / LN2
    slope = (weight * guess).sum(-1) / (2 * LN2)
    good = noise < GOOD
    information = torch.minimum(torch.where(good, h - total, total).clamp_min(0), h)
    return information, torch.where(good, total, h - total).clamp_min(0), slope


def _grid(s: torch.Tensor, prior: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Nodes in u/s^2 and their distance. The loss peaks where the odds are even, or as near to it as the noise reaches."""
    centre = prior.sign() * (prior.abs() - 1 / s.square()).clamp_min(0) - prior
    loss_width = (9 / s).clamp_max(45.0)
    wide = (1 / s + 9) / s  # both bells, nine standard deviations beyond each
    good = s < GOOD
    width = torch.where(good, loss_width, wide)
    nodes = torch.linspace(-1, 1, NODES, dtype=torch.float64)
    return torch.where(good, centre, 0.0) + width * nodes, width * (2 / (NODES - 1))


def _doubt(half_odds: torch.Tensor) -> torch.Tensor:
    """H2 of a posterior, in nats, from half its log odds; right to the last digit where the odds are long."""
    against = torch.exp(-2 * half_odds.abs())
    return torch.log1p(against) + 2 * half_odds.abs() * against / (1 + against)


def _surprise(p: torch.Tensor, moved: torch.Tensor) -> torch.Tensor:
    """KL divergence, in nats, of the posterior from the prior p after the half log odds moved; right where they hardly do."""
    grow = torch.expm1(2 * moved)
    change = grow / (1 + p * grow)  # P(1|u) = p (1 + (1-p) change)
    return p * _bend((1 - p) * change) + (1 - p) * _bend(-p * change)


def _bend(x: torch.Tensor) -> torch.Tensor:
    """(1+x) log(1+x) - x, by its series where the difference would cancel."""
    series = x.square() * (1 / 2 - x * (1 / 6 - x * (1 / 12 - x * (1 / 20 - x / 30))))
    return torch.where(x.abs() < 1e-3, series, (1 + x) * torch.log1p(x.clamp_min(-1 + 1e-16)) - x)


def _first_signal(bits: torch.Tensor, p: torch.Tensor, h: torch.Tensor) -> torch.Tensor:
    """1/s^2 to start from: I = 2 p (1-p) / (s^2 ln 2) for little, h - I falling like exp(-1/(2 s^2)) for much."""
    share = (bits / h).clamp(1e-300, 1 - 1e-16)
    scale = (h * LN2 / (2 * p * (1 - p))).nan_to_num(1, 1, 1).clamp(1, 1e3)
    return (share * scale).clamp(1e-30, 1e3) + torch.where(share > 0.5, -2 * torch.log1p(-share), 0.0)
