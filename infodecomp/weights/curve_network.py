"""A network whose hidden layer is fixed and random, fitted to a curve: its loss is exactly quadratic."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

HIDDEN = 18
N_WEIGHTS = HIDDEN + 1
N_DATA = 40
DECAY = 1e-4
SEED = 3


@dataclass(frozen=True)
class FittedCurve:
    """A fit and what its loss looks like around it.

    Parameters
    ----------
    x, y : numpy.ndarray, shape (40,)
        The data.
    weights : numpy.ndarray, shape (19,)
        Output weights of eighteen tanh units, and the output bias.
    hessian : numpy.ndarray, shape (19, 19)
        Of half the mean squared error; positive semidefinite, and the same everywhere.
    loss : float
        Half the mean squared error.
    """

    x: np.ndarray
    y: np.ndarray
    weights: np.ndarray
    hessian: np.ndarray
    loss: float


@lru_cache(maxsize=1)
def _hidden() -> tuple[np.ndarray, np.ndarray]:
    """Input weights and biases (18,) of the hidden units."""
    generator = np.random.default_rng(SEED)
    slopes = generator.uniform(0.6, 2.4, HIDDEN)
    return slopes, -slopes * np.linspace(-3, 3, HIDDEN)


def features(x: np.ndarray) -> np.ndarray:
    """Activations (n, 19) of the hidden layer and a constant: the derivative of the output in each weight."""
    slopes, biases = _hidden()
    hidden = np.tanh(np.asarray(x, float)[:, None] * slopes + biases)
    return np.hstack([hidden, np.ones((len(x), 1))])


def output(weights: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Outputs (..., n) of networks with weights (..., 19) at inputs (n,)."""
    return weights @ features(x).T


@lru_cache(maxsize=1)
def fitted_curve() -> FittedCurve:
    """Fit sin(2 x) exp(-x^2 / 4) plus a little noise by ridge regression on the hidden layer."""
    generator = np.random.default_rng(SEED)
    x = np.linspace(-3, 3, N_DATA)
    y = np.sin(2 * x) * np.exp(-(x**2) / 4) + 0.05 * generator.standard_normal(N_DATA)
    hidden = features(x)
    hessian = hidden.T @ hidden / N_DATA
    weights = np.linalg.solve(hessian + DECAY * np.eye(N_WEIGHTS), hidden.T @ y / N_DATA)
    return FittedCurve(x, y, weights, hessian, float(((hidden @ weights - y) ** 2).mean() / 2))
