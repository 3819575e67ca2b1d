"""The range of beta to train over: from no message paying off, to where a fit would start overfitting."""

import numpy as np
from scipy.special import logsumexp

from infodecomp.bottleneck.preprocessing import Target
from infodecomp.bottleneck.training import TrainingConfig

# Over the beta at which the last nat stops paying, as what is learnt between two betas lags behind.
MARGIN = 1.25
NATS_PER_ROW = 3.0  # what one row of the table can teach, if nothing else prevents learning it by heart
MAX_BETA = 50.0  # only a target with a few extreme rows would need more


def beta_range(
    y: np.ndarray, target: Target, n_fitted: int, nats_per_row: float = NATS_PER_ROW
) -> tuple[float, float]:
    """The highest and the lowest beta for a target.

    Parameters
    ----------
    y : ndarray of shape (n_samples,)
        Values of the target.
    target : Target
    n_fitted : int
        Rows to fit on. With few rows the lowest beta is higher, against overfitting.
    nats_per_row : float
        What one row of the table can teach.

    Returns
    -------
    tuple of float
        In nats of loss, divided by the target's variance or entropy, for a nat of information.
    """
    return highest_beta(y, target), min(max(TrainingConfig.beta[1], nats_per_row / n_fitted), 0.5)


def highest_beta(y: np.ndarray, target: Target) -> float:
    """A beta at which hardly any message pays; at least that of every TrainingConfig.

    Parameters
    ----------
    y : ndarray of shape (n_samples,)
        Values of the target.
    target : Target

    Notes
    -----
    Classes: a nat of information removes at most a nat of cross-entropy (data processing inequality), so
    that 1 / H(Y) is enough. Numbers: it removes at most 2 s² from the mean squared error, in variances,
    where s² = sup_λ 2 log E exp(λ z) / λ² is the sub-Gaussian variance proxy of the standardised target: 1
    for a fair coin or a Gaussian, more for heavy tails. Half of that bound is used, as columns seldom
    predict the tail alone.

    References
    ----------
    Boucheron, Lugosi and Massart, Concentration Inequalities, 2013, lemma 4.18.
    """
    minimum = TrainingConfig.beta[0]
    if target.classes is not None:
        return float(np.clip(MARGIN / target.scale, minimum, MAX_BETA))
    values, counts = np.unique((y.astype(float) - target.mean) / target.scale, return_counts=True)
    slopes = np.logspace(-2, 2, 33)
    proxy = max(2 * logsumexp(slope * values, b=counts / len(y)) / slope**2 for slope in (*slopes, *-slopes))
    return float(np.clip(MARGIN * proxy, minimum, MAX_BETA))
