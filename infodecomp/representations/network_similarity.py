"""Similarity of whole networks from the ratios of their layers."""

from typing import Any

import torch

from infodecomp.errors import InformationError
from infodecomp.validation import as_float64, as_integer


def by_network(pairs: Any, n_layers: int) -> torch.Tensor:
    """Arrange a matrix of all layers of all networks by networks.

    Parameters
    ----------
    pairs : array_like, shape (..., n_networks * n_layers, n_networks * n_layers)
        Rows and columns run through the layers of the first network, then of the second, and so on.
    n_layers : int

    Returns
    -------
    torch.Tensor, shape (..., n_networks, n_networks, n_layers, n_layers)

    Raises
    ------
    InformationError
        If the matrix is not square or does not divide into networks.
    """
    values, n_layers = as_float64(pairs, "a pair"), as_integer(n_layers, "n_layers", 1)
    size = values.shape[-1] if values.dim() >= 2 else 0
    if not size or values.shape[-2] != size or size % n_layers:
        raise InformationError(
            f"pairs have shape {tuple(values.shape)}; give a square matrix of whole networks "
            f"of {n_layers} layers"
        )
    n = size // n_layers
    return values.reshape(*values.shape[:-2], n, n_layers, n, n_layers).transpose(-3, -2)


def mean_over_all_layers(pairs: Any, n_layers: int) -> torch.Tensor:
    """Sim: the mean ratio over every layer of one network with every layer of the other.

    A network need not be the one most similar to itself: its own layers differ from each other.

    Parameters
    ----------
    pairs : array_like, shape (..., n_networks * n_layers, n_networks * n_layers)
    n_layers : int

    Returns
    -------
    torch.Tensor, shape (..., n_networks, n_networks)

    Raises
    ------
    InformationError
        As `by_network`.
    """
    return by_network(pairs, n_layers).mean((-2, -1))


def count_beaten(similarity: Any, margin: float = 1e-9) -> int:
    """The number of networks that are more similar to some other network than to themselves.

    Parameters
    ----------
    similarity : array_like, shape (n_networks, n_networks)
        Higher is more similar.
    margin : float
        By how much another network must exceed the network itself.

    Returns
    -------
    int
    """
    values = as_float64(similarity, "a similarity")
    others = values - torch.diag(torch.full((len(values),), torch.inf, dtype=values.dtype))
    return int((others.max(1).values > values.diagonal() + margin).sum())
