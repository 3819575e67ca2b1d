"""Entropies and mutual informations of probability tables, in bits.

A table is a float64 tensor whose last dimensions are the outcomes; whatever stands before them is a batch. Public
functions take anything that torch can make a tensor of, check it, and answer in bits. The underscored ones trust
their argument and are what the inner loops use.
"""

import torch

from infodecomp.errors import InformationError

TINY = torch.finfo(torch.float64).tiny
TOLERANCE = 1e-9  # how far the sum of a table may be from 1


def table(probabilities, outcomes: int = 1) -> torch.Tensor:
    """Check a batch of probability tables and return it as float64.

    probabilities: (..., n_1, ..., n_outcomes), each table non-negative and with sum 1 (to 1e-9).
    Raises InformationError for a number that is negative or not finite, for a sum that is not 1, and for too few dimensions.
    """
    try:
        p = torch.as_tensor(probabilities, dtype=torch.float64)
    except (TypeError, ValueError, RuntimeError) as error:
        raise InformationError(f"a table of probabilities must be an array of numbers: {error}") from None
    if p.dim() < outcomes:
        raise InformationError(
            f"the table has shape {tuple(p.shape)}; it needs at least {outcomes} dimensions"
        )
    if not bool(torch.isfinite(p).all()):
        raise InformationError(
            "the table holds a number that is not finite; probabilities lie between 0 and 1"
        )
    if bool((p < 0).any()):
        raise InformationError(f"the table holds {p.min().item():.6g}; probabilities lie between 0 and 1")
    total = p.sum(dim=tuple(range(-outcomes, 0))) if outcomes else p
    off = (total - 1).abs().max().item() if total.numel() else 0.0
    if off > TOLERANCE:
        raise InformationError(
            f"a table sums to {1 + off:.9g} or {1 - off:.9g}, not to 1; divide it by its sum first"
        )
    return p


def _xlog2x(p: torch.Tensor) -> torch.Tensor:
    # torch.xlogy is five times slower; at p = 0 the product with a finite logarithm is the 0 that is wanted.
    return p * p.clamp_min(TINY).log2()


def _entropy(p: torch.Tensor, outcomes: int = 1) -> torch.Tensor:
    return -_xlog2x(p).sum(dim=tuple(range(-outcomes, 0)))


def entropy(p, outcomes: int = 1) -> torch.Tensor:
    """Entropy H(X) = -sum_x p(x) log2 p(x), in bits (Shannon 1948).

    p: (..., n) tables, or (..., n_1, ..., n_k) with outcomes=k for the joint entropy of k variables.
    Returns (...). Raises InformationError for what is no table.
    """
    return _entropy(table(p, outcomes), outcomes).clamp_min(0)


def binary_entropy(p) -> torch.Tensor:
    """Binary entropy H2(p) = -p log2 p - (1-p) log2 (1-p), in bits; p: (...) probabilities. Returns (...)."""
    p = torch.as_tensor(p, dtype=torch.float64)
    if not bool(((p >= -TOLERANCE) & (p <= 1 + TOLERANCE)).all()):
        raise InformationError(
            f"a probability of {_extreme(p):.6g} lies outside its limits, 0 to 1; give one between them"
        )
    return _binary_entropy(p.clamp(0, 1))


def _binary_entropy(p: torch.Tensor) -> torch.Tensor:
    return -_xlog2x(p) - _xlog2x(1 - p)


def _extreme(p: torch.Tensor) -> float:
    flat = p.reshape(-1)
    return flat[(flat - 0.5).abs().nan_to_num(torch.inf).argmax()].item()


def conditional_entropy(joint) -> torch.Tensor:
    """Conditional entropy H(Y|X) = H(X,Y) - H(X), in bits; joint: (..., n_x, n_y). Returns (...)."""
    joint = table(joint, 2)
    return (_entropy(joint, 2) - _entropy(joint.sum(-1))).clamp_min(0)


def mutual_information(joint) -> torch.Tensor:
    """Mutual information I(X;Y) = H(X) + H(Y) - H(X,Y), in bits (Cover & Thomas 2006, eq. 2.28).

    joint: (..., n_x, n_y). Returns (...). Raises InformationError for what is no table.
    """
    joint = table(joint, 2)
    return _mutual_information(joint).clamp_min(0)


def _mutual_information(joint: torch.Tensor) -> torch.Tensor:
    return _entropy(joint.sum(-1)) + _entropy(joint.sum(-2)) - _entropy(joint, 2)
