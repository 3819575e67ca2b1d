"""Measures of how far a network has come towards the algorithm, beyond its accuracy.

The algorithm answers from waves over the sum, so the logits for a pair are projected on cos and sin of
2π f (a + b) / p for a few key frequencies f. Restricted loss keeps only that part of the logits; excluded
loss removes it.

References
----------
Nanda, Chan, Lieberum, Smith & Steinhardt (2023), Progress measures for grokking via mechanistic
interpretability, section 5.1. Lau, Furman, Wang, Murfet & Wei (2025), The local learning coefficient: a
singularity-aware complexity measure, section 4 (the estimator by stochastic gradient Langevin dynamics).
"""

import math
from collections.abc import Sequence

import torch

from infodecomp.errors import InformationError
from infodecomp.modular.network import ModularNetwork, all_pairs, hidden, logits, loss_of
from infodecomp.units import LN2


def sum_waves(scores: torch.Tensor, modulus: int, frequencies: Sequence[int]) -> torch.Tensor:
    """The part of the logits that is a wave over the sum a + b of the given frequencies.

    Parameters
    ----------
    scores
        Logits of every unordered pair, shape (n_pairs, modulus).
    modulus
        The number of numbers.
    frequencies
        From 1 to modulus // 2, each once.

    Returns
    -------
    torch.Tensor
        Shape (n_pairs, modulus).

    Raises
    ------
    InformationError
        If a frequency is out of bounds or given twice.
    """
    if len(set(frequencies)) < len(frequencies) or any(not 1 <= f <= modulus // 2 for f in frequencies):
        raise InformationError(f"frequencies = {list(frequencies)}: give each once, 1 to {modulus // 2}")
    pairs = all_pairs(modulus)
    by_sum = torch.zeros(modulus, modulus, dtype=scores.dtype)  # mean over the ordered pairs of each sum
    by_sum.index_add_(0, pairs.total, scores * (pairs.weight / modulus).to(scores)[:, None])
    kept = torch.zeros(modulus // 2 + 1, 1, dtype=scores.dtype)
    kept[list(frequencies)] = 1
    filtered = torch.fft.irfft(torch.fft.rfft(by_sum, dim=0) * kept, modulus, dim=0)
    return filtered[pairs.total]


def restricted_loss(network: ModularNetwork, frequencies: Sequence[int], chosen: torch.Tensor) -> float:
    """Cross-entropy in bits on some pairs when only the waves over the sum and the mean logits are kept.

    Parameters
    ----------
    network
        The network.
    frequencies
        The key frequencies.
    chosen
        Indices of the pairs.
    """
    scores, totals = logits(network), all_pairs(network.modulus).total
    weight = all_pairs(network.modulus).weight.to(scores)
    mean = (weight @ scores) / weight.sum()
    kept = mean + sum_waves(scores, network.modulus, frequencies)
    return loss_of(kept[chosen], totals[chosen]).item() / LN2


def excluded_loss(network: ModularNetwork, frequencies: Sequence[int], chosen: torch.Tensor) -> float:
    """Cross-entropy in bits on some pairs when the waves over the sum are removed. Parameters as above."""
    scores, totals = logits(network), all_pairs(network.modulus).total
    without = scores - sum_waves(scores, network.modulus, frequencies)
    return loss_of(without[chosen], totals[chosen]).item() / LN2


def local_learning_coefficient(
    network: ModularNetwork,
    chosen: torch.Tensor,
    seed: int,
    chains: int = 2,
    steps: int = 200,
    step_size: float = 2e-4,
    localization: float = 100.0,
) -> float:
    """Estimate the local learning coefficient of the collapsed weights: how fast the loss rises around them.

    n β (E[L(w)] - L(w*)), where w follows Langevin dynamics of the tempered posterior exp(-n β L(w)),
    β = 1 / ln n, held near w* by a quadratic well. Full-batch gradients; the first half of each chain is
    discarded. An estimate: it depends on the step size and the well: compare values of one setting only.

    Parameters
    ----------
    network
        The network at w*.
    chosen
        Indices of the n training pairs.
    seed
        Of the noise.
    chains, steps
        Number and length of the chains.
    step_size
        Of the dynamics.
    localization
        Strength of the well.

    Returns
    -------
    float
        In units of half a parameter of a regular model.
    """
    pairs, n = all_pairs(network.modulus), len(chosen)
    incidence, totals, rows = pairs.incidence[chosen], pairs.total[chosen], torch.arange(n)
    generator = torch.Generator().manual_seed(seed)
    strength = n / math.log(n)
    start = [network.inputs.clone(), network.outputs.clone()]
    base = loss_of(logits(network)[chosen], totals).item()
    excess: list[float] = []
    for _ in range(chains):
        inputs, outputs = (weights.clone() for weights in start)
        for step in range(steps):
            active = (incidence @ inputs).relu_()
            log_p = torch.log_softmax(active @ outputs, 1)
            if step >= steps // 2:
                excess.append(-log_p[rows, totals].mean().item() - base)
            error = log_p.exp_()
            error[rows, totals] -= 1
            error /= n
            gradients = (incidence.T @ (error @ outputs.T).mul_(active > 0), active.T @ error)
            for weights, gradient, origin in zip((inputs, outputs), gradients, start):
                drift = strength * gradient + localization * (weights - origin)
                noise = torch.randn(weights.shape, generator=generator) * math.sqrt(step_size)
                weights += noise - step_size / 2 * drift
    return strength * sum(excess) / len(excess)


def group_logits(network: ModularNetwork, groups: dict[int, list[int]]) -> dict[int, torch.Tensor]:
    """What each group of neurons adds to the logits of every unordered pair, each (n_pairs, modulus)."""
    active = hidden(network)
    return {f: active[:, neurons] @ network.outputs[neurons] for f, neurons in groups.items()}
