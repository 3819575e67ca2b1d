"""A network of one hidden layer fitted to a curve, with its Jacobian in closed form."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

HIDDEN = 6
N_WEIGHTS = 3 * HIDDEN + 1
N_DATA = 40
DAMPING, DECAY = 1e-2, 1e-4
STEPS = 400


@dataclass(frozen=True)
class FittedCurve:
    """A fit and what its loss looks like around it.

    Parameters
    ----------
    x, y : numpy.ndarray, shape (40,)
        The data.
    weights : numpy.ndarray, shape (19,)
        Input weights, biases and output weights of six tanh units, and the output bias.
    hessian : numpy.ndarray, shape (19, 19)
        Gauss-Newton Hessian of half the mean squared error; positive semidefinite.
    loss : float
        Half the mean squared error.
    """

    x: np.ndarray
    y: np.ndarray
    weights: np.ndarray
    hessian: np.ndarray
    loss: float


def output(weights: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Outputs (..., n) of networks with weights (..., 19) at inputs (n,)."""
    inputs, biases, outputs = (weights[..., i * HIDDEN : (i + 1) * HIDDEN, None] for i in range(3))
    return (outputs * np.tanh(inputs * x + biases)).sum(-2) + weights[..., -1:]


def jacobian(weights: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Derivative (n, 19) of the output in each weight."""
    inputs, biases, outputs = (weights[i * HIDDEN : (i + 1) * HIDDEN, None] for i in range(3))
    hidden = np.tanh(inputs * x + biases)
    slope = outputs * (1 - hidden**2)
    return np.concatenate([slope * x, slope, hidden, np.ones((1, len(x)))]).T


@lru_cache(maxsize=1)
def fitted_curve() -> FittedCurve:
    """Fit sin(2 x) exp(-x^2 / 4) plus a little noise by Levenberg and Marquardt's method, from one seed."""
    generator = np.random.default_rng(3)
    x = np.linspace(-3, 3, N_DATA)
    y = np.sin(2 * x) * np.exp(-(x**2) / 4) + 0.05 * generator.standard_normal(N_DATA)
    weights = generator.standard_normal(N_WEIGHTS)
    damping, objective = DAMPING, np.inf
    for _ in range(STEPS):
        slope = jacobian(weights, x)
        gradient = slope.T @ (output(weights, x) - y) / N_DATA + DECAY * weights
        normal = slope.T @ slope / N_DATA + DECAY * np.eye(N_WEIGHTS)
        trial = weights - np.linalg.solve(normal + damping * np.eye(N_WEIGHTS), gradient)
        value = _loss(trial, x, y) + DECAY / 2 * (trial**2).sum()
        if value < objective:
            weights, objective, damping = trial, value, max(damping / 3, 1e-9)
        else:
            damping *= 4
    slope = jacobian(weights, x)
    return FittedCurve(x, y, weights, slope.T @ slope / N_DATA, _loss(weights, x, y))


def _loss(weights: np.ndarray, x: np.ndarray, y: np.ndarray) -> float:
    return float(((output(weights, x) - y) ** 2).mean() / 2)
