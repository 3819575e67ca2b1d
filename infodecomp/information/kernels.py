"""Entropies in bits of float64 tensors that are already known to be valid: the inner loops of the package.

The public functions in :mod:`infodecomp.information.entropy` check their arguments first and then call these.
"""

import torch

TINY = torch.finfo(torch.float64).tiny


def xlog2x(p: torch.Tensor) -> torch.Tensor:
    """p log2 p, elementwise, with 0 log 0 = 0."""
    # torch.xlogy is five times slower; at p = 0 the product with a finite logarithm is 0 as required.
    return p * p.clamp_min(TINY).log2()


def entropy(p: torch.Tensor, n_variables: int = 1) -> torch.Tensor:
    """H of tables whose last n_variables axes are the outcomes."""
    return -xlog2x(p).sum(dim=tuple(range(-n_variables, 0)))


def binary_entropy(p: torch.Tensor) -> torch.Tensor:
    """H2(p), elementwise."""
    return -xlog2x(p) - xlog2x(1 - p)


def mutual_information(joint: torch.Tensor) -> torch.Tensor:
    """I(X;Y) of joints (..., n_x, n_y); rounding may leave it slightly below 0."""
    return entropy(joint.sum(-1)) + entropy(joint.sum(-2)) - entropy(joint, 2)
