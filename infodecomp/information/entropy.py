"""Entropy and mutual information of probability tables, in bits.

A table is an array whose last axes are the outcomes of its variables; the axes before them are a batch.
Tables may be nested lists, NumPy arrays, pandas tables or tensors. Results are float64 tensors.
"""

from typing import Any

import torch

from infodecomp.information import kernels
from infodecomp.validation import as_distribution, as_probabilities


def entropy(p: Any, n_variables: int = 1) -> torch.Tensor:
    """Entropy H(X) = -sum_x p(x) log2 p(x).

    Parameters
    ----------
    p : array_like, shape (..., n_1, ..., n_k)
        Probability tables.
    n_variables : int, default 1
        k, the number of variables: the last k axes are the outcomes, and the joint entropy is returned.

    Returns
    -------
    torch.Tensor, shape (...)
        Entropies in bits.

    Raises
    ------
    InformationError
        If `p` is not a table of probabilities.

    References
    ----------
    Shannon (1948), A mathematical theory of communication, sec. 6.
    """
    return kernels.entropy(as_distribution(p, n_variables), n_variables).clamp_min(0)


def binary_entropy(p: Any) -> torch.Tensor:
    """Binary entropy H2(p) = -p log2 p - (1-p) log2 (1-p).

    Parameters
    ----------
    p : array_like, shape (...)
        Probabilities.

    Returns
    -------
    torch.Tensor, shape (...)
        Entropies in bits.

    Raises
    ------
    InformationError
        If a number lies outside 0 to 1.
    """
    return kernels.binary_entropy(as_probabilities(p))


def conditional_entropy(joint: Any) -> torch.Tensor:
    """Conditional entropy H(Y|X) = H(X,Y) - H(X).

    Parameters
    ----------
    joint : array_like, shape (..., n_x, n_y)
        Joint distributions p(x,y).

    Returns
    -------
    torch.Tensor, shape (...)
        Entropies in bits.

    Raises
    ------
    InformationError
        If `joint` is not a table of probabilities.
    """
    joint = as_distribution(joint, 2)
    return (kernels.entropy(joint, 2) - kernels.entropy(joint.sum(-1))).clamp_min(0)


def mutual_information(joint: Any) -> torch.Tensor:
    """Mutual information I(X;Y) = H(X) + H(Y) - H(X,Y).

    Parameters
    ----------
    joint : array_like, shape (..., n_x, n_y)
        Joint distributions p(x,y).

    Returns
    -------
    torch.Tensor, shape (...)
        Information in bits.

    Raises
    ------
    InformationError
        If `joint` is not a table of probabilities.

    References
    ----------
    Cover & Thomas (2006), Elements of information theory, eq. 2.45.
    """
    return kernels.mutual_information(as_distribution(joint, 2)).clamp_min(0)
