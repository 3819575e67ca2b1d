"""Between which prices a bit is bought: so dear that none pays, to so cheap that a fit would learn its rows by heart."""

import numpy as np
from scipy.special import logsumexp

from infodecomp.bottleneck.model import Target
from infodecomp.bottleneck.training import TrainingConfig

MARGIN = 1.25  # of the price at which a target's last nat stops paying; what is learnt between two prices lags behind
ROWS = 3.0  # nats: what a row of the table can teach
MOST = 50.0  # a target that needs more is a few rows beside all others


def prices(y: np.ndarray, target: Target, n_fitted: int) -> tuple[float, float]:
    """The dearest and the cheapest price of a nat for a target y (n_samples,), in parts of what it has to tell. Few rows end dear."""
    return dearest_price(y, target), min(max(TrainingConfig.beta[1], ROWS / n_fitted), 0.5)


def dearest_price(y: np.ndarray, target: Target) -> float:
    """A price of a nat, in parts of what the target has to tell, at which hardly a message pays; at least that of every Recipe.

    Classes: a nat of message takes at most a nat from the cross-entropy (data processing), so that 1 / H(Y) is enough. Numbers: it takes at
    most 2 s² from the mean square, in variances, where s² = sup_λ 2 log E exp(λ z) / λ² of the standardised target is its sub-Gaussian
    variance proxy (Boucheron, Lugosi and Massart, Concentration Inequalities, 2013, lemma 4.18): 1 for a fair coin or a Gaussian, more for
    heavy tails. Half of that bound is used, as columns seldom tell the tail alone. y: (n_samples,), values of the target.
    """
    least = TrainingConfig.beta[0]
    if target.classes is not None:
        return float(np.clip(MARGIN / target.scale, least, MOST))
    values, counts = np.unique((y.astype(float) - target.mean) / target.scale, return_counts=True)
    slopes = np.logspace(-2, 2, 33)
    proxy = max(2 * logsumexp(slope * values, b=counts / len(y)) / slope**2 for slope in (*slopes, *-slopes))
    return float(np.clip(MARGIN * proxy, least, MOST))
