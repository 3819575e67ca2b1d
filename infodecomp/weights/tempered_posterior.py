"""Posteriors over weights that are held near a solution: p(w) ~ exp(-n b (L(w) - L*) - g |w - w*|^2 / 2).

The localising strength g leads from the whole posterior, at 0, to a single network, at infinity. How the loss
grows around the solution is its local learning coefficient, n b E[L - L*].
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.sparse import csc_array

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
    localisation : float or array_like, shape (m,)
        g, at least 0.

    Returns
    -------
    numpy.ndarray
        Of the shape of `loss`, after an axis (m,) if there are several g; each sums to 1.

    Raises
    ------
    InformationError
        If a number is negative or not finite, or the shapes differ.
    """
    excess, squared = as_finite(loss, "loss").numpy(), as_finite(distance, "distance").numpy()
    if excess.shape != squared.shape:
        raise InformationError(f"loss has shape {excess.shape} and distance {squared.shape}; give equal ones")
    sharpness, pulls = as_scalar(strength, "strength", 0), as_finite(localisation, "localisation").numpy()
    if pulls.ndim > 1 or pulls.size and pulls.min() < 0:
        raise InformationError(
            f"localisation has shape {pulls.shape} and a least value of {pulls.min():.6g}; "
            "give numbers of at least 0 along one axis"
        )
    exponent = np.multiply.outer(pulls / -2, squared)
    exponent -= sharpness * excess
    axes = tuple(range(pulls.ndim, exponent.ndim))
    exponent -= exponent.max(axes, keepdims=True)
    density = np.exp(exponent, out=exponent)
    density /= density.sum(axes, keepdims=True)
    return density


def local_learning_coefficient(loss: Any, density: Any, strength: Any) -> np.ndarray:
    """Local learning coefficient n b E[L - L*] under a distribution over weights.

    Parameters
    ----------
    loss : array_like
        L(w) - L* at each point.
    density : array_like
        The probability of each point, of the shape of `loss`; or several along a first axis (m,).
    strength : float
        n b.

    Returns
    -------
    numpy.ndarray, shape () or (m,)
        d/2 for a quadratic loss of d weights; less where the solution is singular.

    Raises
    ------
    InformationError
        If the shapes differ, or a number is not finite.

    References
    ----------
    Watanabe (2013), A widely applicable Bayesian information criterion; Lau et al. (2023), The local
    learning coefficient, eq. 10.
    """
    excess, p = as_finite(loss, "loss").numpy(), as_finite(density, "density").numpy()
    if excess.shape not in (p.shape, p.shape[1:]):
        raise InformationError(
            f"loss has shape {excess.shape} and density {p.shape}; give one probability for each loss, "
            "or several along a first axis"
        )
    several = p.reshape(-1, excess.size) @ excess.ravel() * as_scalar(strength, "strength", 0)
    return np.asarray(several.reshape(p.shape[: p.ndim - excess.ndim]))


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


def output_table(cells: np.ndarray, n_cells: int) -> csc_array:
    """Which inputs and weights lead to which output, a table for `output_information`.

    Parameters
    ----------
    cells : numpy.ndarray of int, shape (inputs, points)
        The cell of the output for each input and each point of the grid of weights.
    n_cells : int

    Returns
    -------
    scipy.sparse.csc_array, shape (inputs * n_cells, points)
        1 where the weights take the input to the cell.
    """
    n, points = cells.shape
    # numbered in 32 bits, as SciPy stores them
    rows = (cells.T + np.arange(n, dtype=np.int32) * np.int32(n_cells)).astype(np.int32, copy=False).ravel()
    starts = np.arange(points + 1, dtype=np.int32) * np.int32(n)
    return csc_array((np.ones(rows.size), rows, starts), shape=(n * n_cells, points))


def output_information(table: csc_array, n_inputs: int, densities: np.ndarray) -> np.ndarray:
    """I(X;Z) for equally likely inputs, the output rounded to cells, and weights drawn from a density.

    Parameters
    ----------
    table : scipy.sparse.csc_array, shape (inputs * n_cells, points)
        See `output_table`.
    n_inputs : int
    densities : numpy.ndarray, shape (points, m)
        Probability of each point, in each of m densities.

    Returns
    -------
    numpy.ndarray, shape (m,)
        In bits, at most log2 of the number of inputs; all of H(Z) if one network has all the probability.
    """
    given = (table @ densities).reshape(n_inputs, -1, densities.shape[1])
    return np.maximum(_entropies(given.mean(0)) - _entropies(given).mean(0), 0.0)


def _entropies(p: np.ndarray) -> np.ndarray:
    """Entropies in bits over the last axis but one."""
    return -(p * np.log2(np.where(p > 0, p, 1))).sum(-2)
