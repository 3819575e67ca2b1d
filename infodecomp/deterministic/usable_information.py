"""V-information: how much of a target a family of predictors can use, on held-out data.

I_V(X -> Y) = H_V(Y) - H_V(Y | X), the cross-entropy of the best predictor without X minus that of the best
with X. For the family of all functions it is the mutual information; for a smaller one it may be far less,
and a reversible map can raise it.
"""

import math
from typing import Any

import numpy as np
import torch

from infodecomp.errors import InformationError
from infodecomp.estimators.estimate import Estimate
from infodecomp.optim import Adam
from infodecomp.units import LN2
from infodecomp.validation import as_finite, as_integer, as_seed

HIDDEN = 64
RIDGE = 1.0  # precision of the prior on the weights of the linear probe
NEWTON_STEPS = 12


def usable_information(log_odds: Any, target: Any, base_rate: float) -> Estimate:
    """V-information of a probe from its held-out predictions: the cross-entropy saved, in bits.

    Parameters
    ----------
    log_odds : array_like, shape (n,)
        Predicted log odds of the target, in nats, on held-out samples.
    target : array_like, shape (n,)
        0 or 1.
    base_rate : float
        Frequency of 1 in the training data: the best prediction that ignores the input.

    Returns
    -------
    Estimate
        A lower bound on the mutual information up to sampling error; slightly negative for a useless probe.

    Raises
    ------
    InformationError
        If the shapes differ or the base rate is not between 0 and 1.

    References
    ----------
    Xu et al. (2020), A theory of usable information under computational constraints, def. 2.
    """
    scores, y = as_finite(log_odds, "log_odds").reshape(-1), as_finite(target, "target").reshape(-1)
    if scores.shape != y.shape or len(y) < 2 or not 0 < base_rate < 1:
        raise InformationError(
            f"{len(scores)} predictions for {len(y)} targets and a base rate of {base_rate:.3g}; "
            "give as many of each, at least 2, and a rate between 0 and 1"
        )
    null = -(y * math.log(base_rate) + (1 - y) * math.log(1 - base_rate))
    saved = (null - torch.nn.functional.softplus(torch.where(y > 0.5, -scores, scores))) / LN2
    error = float(saved.std()) / math.sqrt(len(y))
    return Estimate(float(saved.mean()), error, "lower", len(y))


def fit_linear_probe(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Fit logistic regression with a ridge penalty by Newton's method.

    Parameters
    ----------
    x : numpy.ndarray, shape (n, d)
    y : numpy.ndarray, shape (n,)
        0 or 1.

    Returns
    -------
    numpy.ndarray, shape (d + 1,)
        Weights, and the intercept last.
    """
    design = np.hstack([x, np.ones((len(x), 1))])
    w = np.zeros(design.shape[1])
    for _ in range(NEWTON_STEPS):
        p = 1 / (1 + np.exp(-np.clip(design @ w, -30, 30)))
        hessian = (design * (p * (1 - p))[:, None]).T @ design + RIDGE * np.eye(len(w))
        w = w - np.linalg.solve(hessian, design.T @ (p - y) + RIDGE * w)
    return w


def linear_log_odds(weights: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Predicted log odds (n,) of a linear probe."""
    return x @ weights[:-1] + weights[-1]


def fit_network_probe(
    x: np.ndarray, y: np.ndarray, steps: int = 600, batch: int = 512, seed: int = 0
) -> torch.Tensor:
    """Fit a network with one hidden layer of 64 ReLU units by Adam on the cross-entropy.

    Parameters
    ----------
    x : numpy.ndarray, shape (n, d)
    y : numpy.ndarray, shape (n,)
        0 or 1.
    steps, batch : int
        Number of steps and of samples in each.
    seed : int

    Returns
    -------
    torch.Tensor of float32, shape (64 (d + 2) + 1,)
        All weights in one vector; `network_log_odds` reads it.
    """
    generator = torch.Generator().manual_seed(as_seed(seed))
    inputs, target = torch.from_numpy(x).float(), torch.from_numpy(y).float()
    d, n = x.shape[1], len(x)
    size = HIDDEN * (d + 2) + 1
    w = torch.randn(size, generator=generator) / math.sqrt(d)
    w[HIDDEN * (d + 1) :] *= math.sqrt(d / HIDDEN)
    w[HIDDEN * d : HIDDEN * (d + 1)] = 0
    w[-1] = 0
    optimiser = Adam(w, 1e-2)
    for step in range(as_integer(steps, "steps", 1)):
        optimiser.learning_rate = 1e-2 * (1 - step / steps)
        rows = torch.randint(n, (batch,), generator=generator)
        leaf = w.detach().requires_grad_()
        loss = torch.nn.functional.binary_cross_entropy_with_logits(
            network_log_odds(leaf, inputs[rows]), target[rows]
        )
        optimiser.step(torch.autograd.grad(loss, leaf)[0])
    return w


def network_log_odds(weights: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    """Predicted log odds (n,) of a network probe for inputs (n, d)."""
    d = x.shape[1]
    first = weights[: HIDDEN * d].view(d, HIDDEN)
    bias, second = weights[HIDDEN * d : HIDDEN * (d + 1)], weights[HIDDEN * (d + 1) : -1]
    return (x @ first + bias).relu() @ second + weights[-1]
