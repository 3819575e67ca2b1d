"""Which inputs a layer tells apart when small differences do not count.

Two inputs are close if their activations differ by less than a tolerance in the mean over the neurons.
Closeness is not transitive: a chain of inputs can be close link by link although its ends are far apart. The
classes are therefore the connected components of closeness, which is single-linkage clustering cut at the
tolerance. `merge_tolerances` finds for every two inputs the tolerance at which their classes merge; after
that the classes at any tolerance are one comparison.
"""

from typing import Any

import torch

from infodecomp.errors import InformationError
from infodecomp.validation import as_finite, as_float64, as_scalar


def mean_absolute_differences(activations: Any) -> torch.Tensor:
    """Distances d(a, b) = mean over neurons of abs(z_a - z_b).

    Parameters
    ----------
    activations : array_like, shape (..., n_inputs, n_neurons)

    Returns
    -------
    torch.Tensor, shape (..., n_inputs, n_inputs)
        In the units of the activations.

    Raises
    ------
    InformationError
        If the activations are not finite numbers, or lack one of the two axes.
    """
    z = as_finite(activations, "an activation")
    if z.dim() < 2 or 0 in z.shape[-2:]:
        raise InformationError(f"activations have shape {tuple(z.shape)}; give (..., n_inputs, n_neurons)")
    return torch.cdist(z, z, p=1) / z.shape[-1]


def merge_tolerances(distances: Any) -> torch.Tensor:
    """The largest step that the best chain of inputs between a and b needs: single linkage as an ultrametric.

    Two inputs are in one class at a tolerance exactly if this is below the tolerance.

    Parameters
    ----------
    distances : array_like, shape (..., n_inputs, n_inputs)
        Symmetric, with zeros on the diagonal.

    Returns
    -------
    torch.Tensor, shape (..., n_inputs, n_inputs)

    Raises
    ------
    InformationError
        If the matrices are not square and symmetric.

    References
    ----------
    Gower & Ross (1969), Minimum spanning trees and single linkage cluster analysis, Applied Statistics 18.
    """
    merge = as_float64(distances, "a distance").clone()
    if merge.dim() < 2 or merge.shape[-1] != merge.shape[-2]:
        raise InformationError(f"distances have shape {tuple(merge.shape)}; give square matrices")
    if not torch.allclose(merge, merge.mT, atol=1e-9):
        raise InformationError("distances differ from their transpose; give symmetric matrices")
    for k in range(merge.shape[-1]):  # minimax paths: those through inputs 0..k
        merge = torch.minimum(merge, torch.maximum(merge[..., k, None], merge[..., k, None, :]))
    return merge


def same_class(merge: Any, tolerance: float) -> torch.Tensor:
    """Whether two inputs are in one class at a tolerance.

    Parameters
    ----------
    merge : array_like, shape (..., n_inputs, n_inputs)
        As `merge_tolerances` returns.
    tolerance : float
        Positive, in the units of the activations.

    Returns
    -------
    torch.Tensor of bool, shape (..., n_inputs, n_inputs)

    Raises
    ------
    InformationError
        If the tolerance is not positive.
    """
    tolerance = as_scalar(tolerance, "tolerance", 0)
    if tolerance == 0:
        raise InformationError("tolerance = 0 joins nothing, not even an input with itself; give more than 0")
    return as_float64(merge, "a merge tolerance") < tolerance


def class_labels(same: Any) -> torch.Tensor:
    """The classes as numbers from 0, in the order of their first inputs.

    Parameters
    ----------
    same : array_like of bool, shape (..., n_inputs, n_inputs)
        An equivalence relation, as `same_class` returns.

    Returns
    -------
    torch.Tensor of int64, shape (..., n_inputs)
    """
    first = as_float64(same, "a relation").argmax(-1)  # the first member of each input's class
    is_first = first == torch.arange(first.shape[-1])
    return (is_first.cumsum(-1) - 1).gather(-1, first)
