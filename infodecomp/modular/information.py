"""Bits about the sum that groups of neurons still carry when their activations are blurred by noise.

The activations Z of some neurons are a function of the pair (a, b). Without noise they differ for any two
pairs of different sums, so every group has all log2(modulus) bits about the sum S. With independent Gaussian
noise on each activation, I(S; Z + noise) says how far apart the sums are, and groups can be distinguished.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

import torch

from infodecomp.errors import InformationError
from infodecomp.information.entropy import mutual_information
from infodecomp.modular.network import ModularNetwork, all_pairs, hidden

CHUNK = 600  # samples whose distances to all centres are held at once


class NoisyInformation(NamedTuple):
    """Bits about the sum for several sets of groups at one noise.

    Attributes
    ----------
    bits
        Estimates, shape (n_sets,).
    standard_error
        Of each, from the spread over the sampled noise, shape (n_sets,).
    """

    bits: torch.Tensor
    standard_error: torch.Tensor


def activation_scale(network: ModularNetwork) -> float:
    """Root mean square of the activations over all neurons and ordered pairs: the unit of the noise."""
    weight = all_pairs(network.modulus).weight.to(network.inputs)
    return ((weight @ hidden(network).square()).mean() / weight.sum()).sqrt().item()


def exact_sum_information(network: ModularNetwork, neurons: Sequence[int]) -> float:
    """I(S; Z) in bits for some neurons without noise: exact, over all ordered pairs.

    Activations count as different if they differ at all. It falls short of log2(modulus) only where pairs of
    different sums leave all of these neurons silent, or happen to agree.
    """
    pairs = all_pairs(network.modulus)
    _, code = torch.unique(hidden(network)[:, list(neurons)], dim=0, return_inverse=True)
    joint = torch.zeros(int(code.max()) + 1, network.modulus, dtype=torch.float64)
    joint.index_put_((code, pairs.total), pairs.weight.double() / network.modulus**2, accumulate=True)
    return float(mutual_information(joint))


def noisy_sum_information(
    network: ModularNetwork,
    groups: Sequence[Sequence[int]],
    sets: Sequence[Sequence[int]],
    noise: float,
    seed: int = 0,
    draws: int = 1,
) -> NoisyInformation:
    """Estimate I(S; Z + noise) in bits for the joint activations of sets of groups of neurons.

    The sum over all pairs is exact; the noise is averaged over `draws` samples for each unordered pair. All
    sets see the same noise.

    Parameters
    ----------
    network
        The network.
    groups
        Neurons of each group.
    sets
        Indices of the groups in each set, not empty.
    noise
        Standard deviation on each activation, in units of `activation_scale`; positive.
    seed
        Of the noise.
    draws
        Samples for each pair.

    Raises
    ------
    InformationError
        If the noise is not positive, or a set is empty.
    """
    if not noise > 0:
        raise InformationError(f"noise = {noise}: give a positive one; without noise all bits arrive")
    if any(not chosen for chosen in sets):
        raise InformationError("a set holds no group: give at least one")
    pairs = all_pairs(network.modulus)
    weight = pairs.weight.repeat(draws).double()
    sampled = torch.cat([_log_ratios(network, groups, sets, noise, seed + i) for i in range(draws)], 1)
    bits = (sampled @ weight) / weight.sum()
    variance = ((sampled - bits[:, None]).square() @ weight.square()) / weight.sum() ** 2
    return NoisyInformation(bits, variance.sqrt())


def _log_ratios(network: ModularNetwork, groups, sets, noise: float, seed: int) -> torch.Tensor:
    """log2 p(s | z) / p(s) of one noisy sample for each pair and set, shape (n_sets, n_pairs)."""
    pairs, active = all_pairs(network.modulus), hidden(network).float() / activation_scale(network)
    generator = torch.Generator().manual_seed(seed)
    blurred = active + noise * torch.randn(active.shape, generator=generator)
    order = pairs.total.argsort(stable=True)  # centres of one sum side by side
    bounds = torch.cat([torch.zeros(1, dtype=torch.long), torch.bincount(pairs.total).cumsum(0)])
    log_weight = pairs.weight[order].float().log()
    ratios = []
    for start in range(0, len(active), CHUNK):
        rows = slice(start, start + CHUNK)
        exponents = [
            -torch.cdist(blurred[rows][:, list(group)], active[order][:, list(group)]).square()
            / (2 * noise**2)
            for group in groups
        ]
        ratios.append(
            torch.stack(
                [
                    _posterior(sum(exponents[g] for g in chosen) + log_weight, bounds, pairs.total[rows])
                    for chosen in sets
                ]
            )
        )
    return torch.cat(ratios, 1) + math.log2(network.modulus)


def _posterior(log_density: torch.Tensor, bounds: torch.Tensor, totals: torch.Tensor) -> torch.Tensor:
    """log2 p(s | z) of the right sum s, from the log densities of all centres sorted by sum."""
    density = (log_density - log_density.amax(1, keepdim=True)).exp().double()
    cumulative = torch.nn.functional.pad(density.cumsum(1), (1, 0))
    rows = torch.arange(len(totals))
    of_sum = cumulative[rows, bounds[totals + 1]] - cumulative[rows, bounds[totals]]
    return (of_sum.clamp_min(1e-300) / cumulative[:, -1]).log2()
