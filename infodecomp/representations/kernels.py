"""Information of representations, and of all pairs of them, from kernels between inputs.

A kernel k(a, b) from 0 to 1 says how far a representation confuses the inputs a and b. With uniform inputs

    I = - mean_a log2 mean_b k(a, b),

and two representations together have the product of their kernels. If k is 1 within classes of inputs and 0
between them, I is the entropy of the classes, exactly. If each input is sent with Gaussian noise and
k = exp(-D) for the Bhattacharyya distance D, I is a lower bound on the information that survives the noise.
A tolerance is a noise with a hard edge; the formula is the same.
"""

import math
from typing import Any, NamedTuple

import torch

from infodecomp.errors import InformationError
from infodecomp.validation import as_float64, as_probabilities, as_scalar, broadcast

LOG_RANGE = 1000  # binary orders of magnitude that a product may span; a float64 has 1,022
ZERO_BITS = 1e-12  # a representation with less than this is constant
TINY = torch.finfo(torch.float64).tiny


class PairInformation(NamedTuple):
    """Information of m representations and of all their pairs, in bits.

    Attributes
    ----------
    single : torch.Tensor, shape (..., m)
    joint : torch.Tensor, shape (..., m, m)
        Of both representations together.
    mutual : torch.Tensor, shape (..., m, m)
        single_i + single_j - joint_ij.
    """

    single: torch.Tensor
    joint: torch.Tensor
    mutual: torch.Tensor


def as_kernels(kernels: Any) -> torch.Tensor:
    """Check kernels (..., n_inputs, n_inputs) with numbers from 0 to 1 and ones on the diagonal."""
    k = as_probabilities(kernels, "a kernel value")
    if k.dim() < 2 or k.shape[-1] != k.shape[-2] or 0 in k.shape[-2:]:
        raise InformationError(f"kernels have shape {tuple(k.shape)}; give (..., n_inputs, n_inputs)")
    if not torch.allclose(k.diagonal(dim1=-2, dim2=-1), torch.ones((), dtype=k.dtype), atol=1e-9):
        raise InformationError("a kernel is not 1 between an input and itself; divide it by its diagonal")
    return k


def kernel_information(kernels: Any) -> torch.Tensor:
    """I = -mean_a log2 mean_b k(a, b) of representations of uniform inputs.

    Parameters
    ----------
    kernels : array_like, shape (..., n_inputs, n_inputs)
        From 0 to 1, with ones on the diagonal.

    Returns
    -------
    torch.Tensor, shape (...)
        In bits: the entropy of the classes for 0/1 kernels of classes, else a lower bound on the information.

    Raises
    ------
    InformationError
        If these are no kernels.

    References
    ----------
    Kolchinsky & Tracey (2017), Estimating mixture entropy with pairwise distances, Entropy 19, eq. 10.
    Murphy, Dillavou & Bassett (2024), arXiv 2405.21042, section 3.
    """
    return -as_kernels(kernels).mean(-1).log2().mean(-1) + 0.0


def pair_information(kernels: Any) -> PairInformation:
    """Information of representations of the same inputs and of all their pairs.

    Parameters
    ----------
    kernels : array_like, shape (..., m, n_inputs, n_inputs)

    Returns
    -------
    PairInformation
        In bits. The diagonal of `joint` is that of two independent copies of one representation, which for
        classes is the entropy itself.

    Raises
    ------
    InformationError
        If these are no kernels, or there is no axis of representations.
    """
    k = as_kernels(kernels)
    if k.dim() < 3:
        raise InformationError(f"kernels have shape {tuple(k.shape)}; give (m, n_inputs, n_inputs)")
    single = -k.mean(-1).log2().mean(-1) + 0.0
    by_input = k.transpose(-3, -2)  # (..., n_inputs, m, n_inputs)
    confused = by_input @ by_input.mT / k.shape[-1]  # (..., n_inputs, m, m): mean over b of k_i k_j
    joint = _minus_mean_log2(confused.clamp_min(TINY))
    return PairInformation(single, joint, single[..., :, None] + single[..., None, :] - joint)


def _minus_mean_log2(confused: torch.Tensor) -> torch.Tensor:
    """-mean_a log2 of (..., n_inputs, m, m), with one logarithm for as many inputs as a product can hold."""
    # A value is at least 1/n_inputs, since a kernel is 1 between an input and itself.
    n = confused.shape[-3]
    per_product = max(1, int(LOG_RANGE / math.log2(n + 1)))
    logs = [part.prod(-3).log2() for part in confused.split(per_product, -3)]
    return -sum(logs[1:], logs[0]) / n + 0.0


def information_ratio(pairs: PairInformation) -> torch.Tensor:
    """I(A;B) / H(A,B) of classes; 1 between two constant representations.

    1 minus it is Rajski's distance, a metric on partitions.

    Parameters
    ----------
    pairs : PairInformation
        Of 0/1 kernels of classes.

    Returns
    -------
    torch.Tensor, shape (..., m, m)
        From 0 to 1; 1 exactly if both have the same classes.

    References
    ----------
    Rajski (1961), A metric space of discrete probability distributions, Information and Control 4.
    """
    constant = pairs.joint < ZERO_BITS
    ratio = pairs.mutual / pairs.joint.masked_fill(constant, 1)
    return ratio.masked_fill(constant, 1).clamp(0, 1)


def chance_information_ratio(kernels: Any, n_shuffles: int = 8, seed: int = 0) -> torch.Tensor:
    """The information ratio of classes of the same sizes that are dealt to the inputs at random.

    For each pair, the mean of I(A;B') / H(A,B') over shuffles, where B' is B with its inputs permuted.

    Parameters
    ----------
    kernels : array_like, shape (m, n_inputs, n_inputs)
        0/1 kernels of classes.
    n_shuffles : int
        Random permutations of the inputs; each is used for all pairs.
    seed : int

    Returns
    -------
    torch.Tensor, shape (m, m)
        From 0 to 1: what a ratio has to exceed to say more than how many classes there are.

    References
    ----------
    Vinh, Epps & Bailey (2010), Information theoretic measures for clusterings comparison, JMLR 11, section 4.
    """
    k, generator = as_kernels(kernels), torch.Generator().manual_seed(seed)
    m, n_inputs = len(k), k.shape[-1]
    ratios = []
    for _ in range(n_shuffles):
        order = torch.randperm(n_inputs, generator=generator)
        both = torch.cat((k, k[:, order][:, :, order]))
        ratios.append(information_ratio(pair_information(both))[:m, m:])
    return torch.stack(ratios).mean(0)


def bhattacharyya_kernels(activations: Any, noise: Any) -> torch.Tensor:
    """exp(-D) of layers whose neurons have Gaussian noise: exp(-|z_a - z_b|^2 / (8 noise^2)).

    Parameters
    ----------
    activations : array_like, shape (..., n_inputs, n_neurons)
    noise : array_like, shape (...)
        Standard deviation of the noise of each neuron; positive.

    Returns
    -------
    torch.Tensor, shape (..., n_inputs, n_inputs)
        The Bhattacharyya coefficient of every two noisy inputs.

    Raises
    ------
    InformationError
        If the noise is not positive or shapes do not fit.
    """
    z, deviation = as_float64(activations, "an activation"), as_float64(noise, "noise")
    if z.dim() < 2:
        raise InformationError(f"activations have shape {tuple(z.shape)}; give (..., n_inputs, n_neurons)")
    as_scalar(deviation.min(), "noise", TINY)
    squared = (z[..., :, None, :] - z[..., None, :, :]).square().sum(-1)
    squared, deviation = broadcast(distances=squared, noise=deviation[..., None, None])
    return torch.exp(-squared / (8 * deviation.square()))


class NoisySimilarity(NamedTuple):
    """How similar noisy representations are, each an array (..., m, m).

    Attributes
    ----------
    nmi : torch.Tensor
        Normalised mutual information, 1 between a representation and itself.
    vi : torch.Tensor
        Variation of information in bits, 0 between a representation and itself.
    """

    nmi: torch.Tensor
    vi: torch.Tensor


def noisy_similarity(pairs: PairInformation) -> NoisySimilarity:
    """NMI and VI of soft representations, with I(U;U') of two independent copies in place of the entropy.

    NMI = (I1 + I2 - I12) / sqrt((2 I1 - I11) (2 I2 - I22)) and VI = 2 I12 - I11 - I22. For classes they are
    the usual measures of clusterings. Two constant representations have NMI 1, a constant and another one 0.

    Parameters
    ----------
    pairs : PairInformation

    Returns
    -------
    NoisySimilarity

    References
    ----------
    Murphy, Dillavou & Bassett (2024), arXiv 2405.21042, eqs. 3 and 4.
    """
    copies = pairs.joint.diagonal(dim1=-2, dim2=-1)
    shared = (2 * pairs.single - copies).clamp_min(0)  # I(U;U')
    scale = (shared[..., :, None] * shared[..., None, :]).sqrt()
    constant = shared < ZERO_BITS
    both = constant[..., :, None] & constant[..., None, :]
    one = constant[..., :, None] | constant[..., None, :]
    nmi = (pairs.mutual / scale.masked_fill(one, 1)).masked_fill(one, 0).masked_fill(both, 1)
    vi = 2 * pairs.joint - copies[..., :, None] - copies[..., None, :]
    return NoisySimilarity(nmi, vi.clamp_min(0))  # less than 0 is rounding (Cauchy-Schwarz)
