"""Similarity of representations as shapes: centred kernel alignment and Procrustes.

Both ignore rotation, shift and scale of a whole layer, so a permutation of its neurons changes nothing; the
stretching of a single neuron does.
"""

from typing import Any

import torch

from infodecomp.errors import InformationError
from infodecomp.validation import as_finite

CONSTANT = 1e-12  # a layer whose activations vary by less than this is constant


def _centred(activations: Any) -> torch.Tensor:
    z = as_finite(activations, "an activation")
    if z.dim() < 3:
        raise InformationError(f"activations have shape {tuple(z.shape)}; give (..., m, n_inputs, n_neurons)")
    return z - z.mean(-2, keepdim=True)


def _normalised(products: torch.Tensor, norms: torch.Tensor) -> torch.Tensor:
    """Products (..., m, m) over the products of norms (..., m); 1 where both are constant, 0 where one is."""
    constant = norms < CONSTANT
    both = constant[..., :, None] & constant[..., None, :]
    one = constant[..., :, None] | constant[..., None, :]
    scale = (norms[..., :, None] * norms[..., None, :]).masked_fill(one, 1)
    return (products / scale).masked_fill(one, 0).masked_fill(both, 1).clamp(0, 1)


def linear_cka(activations: Any) -> torch.Tensor:
    """Linear centred kernel alignment |X'Y|^2 / (|X'X| |Y'Y|) of all pairs of representations.

    Parameters
    ----------
    activations : array_like, shape (..., m, n_inputs, n_neurons)

    Returns
    -------
    torch.Tensor, shape (..., m, m)
        From 0 to 1; 1 for layers that differ by a rotation, shift and scale. Two constant layers have 1, a
        constant and another one 0.

    Raises
    ------
    InformationError
        If the activations are not finite numbers of this shape.

    References
    ----------
    Kornblith et al. (2019), Similarity of neural network representations revisited, eq. 4.
    """
    z = _centred(activations)
    gram = (z @ z.mT).flatten(-2)  # (..., m, n_inputs * n_inputs)
    return _normalised(gram @ gram.mT, gram.norm(dim=-1))


def procrustes_similarity(activations: Any) -> torch.Tensor:
    """Nuclear norm of X'Y over |X| |Y|: the cosine after the best rotation, for all pairs.

    Its arc cosine is a metric between shapes.

    Parameters
    ----------
    activations : array_like, shape (..., m, n_inputs, n_neurons)

    Returns
    -------
    torch.Tensor, shape (..., m, m)
        From 0 to 1, with the conventions of `linear_cka`.

    Raises
    ------
    InformationError
        If the activations are not finite numbers of this shape.

    References
    ----------
    Williams, Kunz, Kornblith & Linderman (2021), Generalized shape metrics on neural representations.
    """
    z = _centred(activations)
    m = z.shape[-3]
    first, second = torch.triu_indices(m, m)
    products = z[..., first, :, :].mT @ z[..., second, :, :]
    nuclear = products.abs()[..., 0, 0] if z.shape[-1] == 1 else torch.linalg.svdvals(products).sum(-1)
    full = torch.zeros(*z.shape[:-3], m, m, dtype=z.dtype)
    full[..., first, second] = full[..., second, first] = nuclear
    return _normalised(full, z.flatten(-2).norm(dim=-1))
