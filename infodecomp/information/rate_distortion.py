"""The limit of any code for one variable: how small an error in the target may become when so many bits of the variable are sent."""

import math
from typing import NamedTuple

import torch

from infodecomp.errors import InformationError
from infodecomp.validation import as_distribution

STEPS = 2000
SETTLED = 1e-12  # of the mean squared error


class RateDistortion(NamedTuple):
    """bits: I(X; U), and mean_square: the least mean squared error of the target at that rate; each float64 of shape (n_slopes,)."""

    bits: torch.Tensor
    mean_square: torch.Tensor


def rate_distortion(p, means, within, slopes) -> RateDistortion:
    """The rate-distortion curve of a discrete X for guessing a number Y that depends on it, by the algorithm of Blahut and Arimoto.

    p: of the values of X, (n,). means, within: mean and variance of Y at each value, (n,). slopes: prices of a nat, in units of the
    squared error, (n_slopes,); a small one buys many bits. The reproductions are a code for each value, whose guesses are moved to the
    mean of what is sent as them (Rose 1994), so that a point is a lower end of the curve found, not a bound that is proven.

    Raises InformationError for what is no distribution and for slopes that are not positive. Source: Blahut (1972), Arimoto (1972).
    """
    p = as_distribution(p, 1)
    means, within, slopes = (
        torch.as_tensor(values, dtype=torch.float64) for values in (means, within, slopes)
    )
    if not (slopes > 0).all():
        raise InformationError(f"A slope of {slopes.min().item():g} is no price: give positive ones.")
    guesses = means.expand(len(slopes), -1).clone()  # (n_slopes, n_guesses)
    weights = p.expand(len(slopes), -1).clone()
    before = math.inf
    for _ in range(STEPS):
        square = (means[:, None] - guesses[:, None]).square()  # (n_slopes, n, n_guesses)
        logs = weights.clamp_min(1e-300).log()[:, None] - square / slopes[:, None, None]
        sent = logs.softmax(2)  # p(u|x)
        weights = torch.einsum("x,sxu->su", p, sent)
        guesses = torch.einsum("x,x,sxu->su", p, means, sent) / weights.clamp_min(1e-300)
        error = torch.einsum("x,sxu,sxu->s", p, sent, (means[:, None] - guesses[:, None]).square())
        now = error.sum().item()
        if abs(before - now) <= SETTLED * max(now, 1e-300):
            break
        before = now
    told = torch.where(
        sent > 0, sent * (sent.clamp_min(1e-300) / weights[:, None].clamp_min(1e-300)).log2(), 0.0
    )
    return RateDistortion(torch.einsum("x,sxu->s", p, told).clamp_min(0), error + p @ within)
