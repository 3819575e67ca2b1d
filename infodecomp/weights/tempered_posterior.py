"""Posteriors over weights that are held near a solution: p(w) ~ exp(-n b (L(w) - L*) - g |w - w*|^2 / 2).

The localising strength g leads from the whole posterior, at 0, to a single network, at infinity. How the loss
grows around the solution is its local learning coefficient, n b E[L - L*].
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from infodecomp.errors import InformationError
from infodecomp.validation import as_finite, as_integer, as_scalar, as_seed


def tempered_density(loss: Any, distance: Any, strength: Any, localisation: Any) -> np.ndarray:
    """Probabilities of the points of a grid of weights.

    Parameters
    ----------
    loss : array_like
        L(w) - L* at each point of an evenly spaced grid.
    distance : array_like
        |w - w*|^2 at each point.
    strength : float
        n b, samples times inverse temperature; at least 0.
    localisation : float
        g, at least 0.

    Returns
    -------
    numpy.ndarray
        Of the shape of `loss`; its sum is 1.

    Raises
    ------
    InformationError
        If a number is negative or not finite, or the shapes differ.
    """
    excess, squared = as_finite(loss, "loss").numpy(), as_finite(distance, "distance").numpy()
    if excess.shape != squared.shape:
        raise InformationError(f"loss has shape {excess.shape} and distance {squared.shape}; give equal ones")
    sharpness, pull = as_scalar(strength, "strength", 0), as_scalar(localisation, "localisation", 0)
    exponent = -sharpness * excess - pull / 2 * squared
    density = np.exp(exponent - exponent.max())
    return density / density.sum()


def local_learning_coefficient(loss: Any, density: Any, strength: Any) -> float:
    """Local learning coefficient n b E[L - L*] under a distribution over weights.

    Parameters
    ----------
    loss, density : array_like
        L(w) - L* and the probability of each point.
    strength : float
        n b.

    Returns
    -------
    float
        d/2 for a quadratic loss of d weights; less where the solution is singular.

    References
    ----------
    Watanabe (2013), A widely applicable Bayesian information criterion; Lau et al. (2023), The local
    learning coefficient, eq. 10.
    """
    excess, p = as_finite(loss, "loss").numpy(), as_finite(density, "density").numpy()
    return float(as_scalar(strength, "strength", 0) * (excess * p).sum())


def power_law_coefficient(powers: Any) -> float:
    """Learning coefficient sum 1 / p_i of the loss sum |w_i|^p_i / 2."""
    p = as_finite(powers, "powers").numpy()
    if p.min() <= 0:
        raise InformationError(f"a power is {p.min():.3g}; give powers above 0")
    return float((1 / p).sum())


def sgld_samples(
    gradient: Callable[[np.ndarray], np.ndarray],
    start: Any,
    strength: float,
    localisation: float,
    chains: int = 64,
    steps: int = 400,
    step_size: float = 1e-3,
    seed: int = 0,
) -> np.ndarray:
    """Draw weights by Langevin dynamics: w += -e/2 (n b grad L + g (w - w*)) + sqrt(e) N.

    Parameters
    ----------
    gradient : callable
        Weights (chains, d) -> gradients of the loss (chains, d).
    start : array_like, shape (d,)
        w*, where all chains begin.
    strength, localisation : float
        n b and g.
    chains, steps : int
    step_size : float
        e.
    seed : int

    Returns
    -------
    numpy.ndarray, shape (chains, steps // 2, d)
        The second half of every chain.

    References
    ----------
    Welling & Teh (2011), Bayesian learning via stochastic gradient Langevin dynamics, eq. 4.
    """
    centre = as_finite(start, "start").numpy()
    n, length = as_integer(chains, "chains", 1), as_integer(steps, "steps", 2)
    generator = np.random.default_rng(as_seed(seed))
    w = np.tile(centre, (n, 1))
    path = []
    noise = np.sqrt(step_size) * generator.standard_normal((length, n, len(centre)))
    for step in range(length):
        drift = strength * gradient(w) + localisation * (w - centre)
        w = w - step_size / 2 * drift + noise[step]
        if step >= length - length // 2:
            path.append(w)
    return np.stack(path, 1)


def chain_coefficient(excess_loss: np.ndarray, strength: float) -> tuple[float, float]:
    """Local learning coefficient from chains of samples.

    Parameters
    ----------
    excess_loss : numpy.ndarray, shape (chains, steps)
        L - L* along every chain.
    strength : float
        n b.

    Returns
    -------
    coefficient, standard_error : float
        The error is that of the means of the chains.
    """
    means = strength * np.asarray(excess_loss).mean(1)
    error = float(means.std(ddof=1)) / np.sqrt(len(means)) if len(means) > 1 else 0.0
    return float(means.mean()), float(error)


def output_information(cells: np.ndarray, n_cells: int, density: np.ndarray) -> float:
    """I(X;Z) for equally likely inputs, the output rounded to cells, and weights drawn from a density.

    Parameters
    ----------
    cells : numpy.ndarray of int, shape (inputs, points)
        The cell of the output for each input and each point of the grid of weights.
    n_cells : int
    density : numpy.ndarray, shape (points,)
        Probability of each point.

    Returns
    -------
    float
        In bits, at most log2 of the number of inputs; all of H(Z) if one network has all the probability.
    """
    n = len(cells)
    offset = np.arange(n)[:, None] * n_cells + cells
    given = np.bincount(offset.ravel(), np.tile(density, n), n * n_cells).reshape(n, n_cells)
    whole = given.mean(0)
    return max(float(_entropy(whole) - np.mean([_entropy(row) for row in given])), 0.0)


def _entropy(p: np.ndarray) -> float:
    p = p[p > 0]
    return float(-(p * np.log2(p)).sum())
