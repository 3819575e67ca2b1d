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


def mean_over_aligned_layers(pairs: Any, n_layers: int) -> torch.Tensor:
    """The mean ratio over the best matching of layers that keeps their order.

    Each layer of one network is matched with at most one of the other, and matched layers come in the same
    order in both; of all such matchings the one with the largest sum counts, divided by the number of
    layers. It is at least the mean over layers of the same depth, and exactly 1 between a network and itself.

    Parameters
    ----------
    pairs : array_like, shape (..., n_networks * n_layers, n_networks * n_layers)
        Not negative.
    n_layers : int

    Returns
    -------
    torch.Tensor, shape (..., n_networks, n_networks)

    Raises
    ------
    InformationError
        As `by_network`.

    References
    ----------
    Needleman & Wunsch (1970), A general method applicable to the search for similarities in the amino acid
    sequence of two proteins; here without a price of gaps.
    """
    ratio = by_network(pairs, n_layers)
    best = [ratio.new_zeros(ratio.shape[:-2])] * (n_layers + 1)
    for i in range(n_layers):
        row = [torch.zeros_like(best[0])]
        for j in range(n_layers):
            matched = best[j] + ratio[..., i, j]
            row.append(torch.maximum(matched, torch.maximum(best[j + 1], row[j])))
        best = row
    return best[-1] / n_layers


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
