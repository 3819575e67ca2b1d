"""How sharply the loss rises around a network: the eigenvalues of its Gauss-Newton matrix.

For the mean squared error of n outputs the matrix is (2/n) J'J, with J the derivatives of the outputs with
respect to the parameters. At zero error it is the Hessian of the loss.
"""

from typing import Any

import torch

from infodecomp.errors import InformationError
from infodecomp.networks.architecture import ACTIVATIONS, MLP
from infodecomp.validation import as_finite, as_float64, as_scalar


def output_jacobian(network: MLP, parameters: Any, x: Any) -> torch.Tensor:
    """Derivatives of all outputs on all samples with respect to the parameters.

    Parameters
    ----------
    network : MLP
    parameters : array_like, shape (n_networks, n_parameters)
    x : array_like, shape (n_samples, n_inputs)

    Returns
    -------
    torch.Tensor, shape (n_networks, n_samples * n_outputs, n_parameters)

    Raises
    ------
    InformationError
        If shapes do not fit.
    """
    samples, values = as_finite(x, "an input"), as_finite(parameters, "a parameter")
    hidden = network.forward(values, samples)
    inputs = [samples.expand(len(values), *samples.shape), *hidden[:-1]]
    layers, n_outputs = network.layers(values), network.widths[-1]
    # derivatives of the outputs by those of a layer: (n_networks, n_samples, n_outputs, width)
    back = torch.eye(n_outputs, dtype=values.dtype).expand(*hidden[-1].shape[:2], -1, -1)
    parts: list[torch.Tensor] = []
    for layer, before, after, name in reversed(list(zip(layers, inputs, hidden, network.activations))):
        back = back * ACTIVATIONS[name].slope(after)[:, :, None]
        weight = before[:, :, None, :, None] * back[..., None, :]  # (..., n_outputs, n_in, n_out)
        parts = [weight.flatten(-2), back, *parts]
        back = back @ layer.weight.mT[:, None]
    return torch.cat(parts, -1).flatten(1, 2)


def gauss_newton_eigenvalues(network: MLP, parameters: Any, x: Any) -> torch.Tensor:
    """Eigenvalues of (2/n) J'J, the curvatures of the mean squared error, in descending order.

    Parameters
    ----------
    network : MLP
    parameters : array_like, shape (n_networks, n_parameters)
    x : array_like, shape (n_samples, n_inputs)

    Returns
    -------
    torch.Tensor, shape (n_networks, min(n_samples * n_outputs, n_parameters))
        Non-negative; all further eigenvalues are 0, since the rank is at most the number of outputs.

    Raises
    ------
    InformationError
        If shapes do not fit.
    """
    jacobian = output_jacobian(network, parameters, x)
    n = jacobian.shape[1]
    gram = jacobian @ jacobian.mT if n <= jacobian.shape[2] else jacobian.mT @ jacobian
    return torch.linalg.eigvalsh(2 / n * gram).flip(-1).clamp_min(0)


def effective_parameters(eigenvalues: Any, curvature: float) -> torch.Tensor:
    """Number of directions that the data pin down: sum of e / (e + curvature).

    Parameters
    ----------
    eigenvalues : array_like, shape (..., n)
        Non-negative.
    curvature : float
        Positive; a direction of this curvature counts as one half.

    Returns
    -------
    torch.Tensor, shape (...)

    Raises
    ------
    InformationError
        If an eigenvalue is negative or the curvature is not positive.

    References
    ----------
    MacKay (1992), Bayesian interpolation, Neural Computation 4, eq. 4.9.
    """
    values, curvature = _checked(eigenvalues, curvature)
    return (values / (values + curvature)).sum(-1)


def curvature_bits(eigenvalues: Any, curvature: float) -> torch.Tensor:
    """How much smaller the peak is than one of equal curvature all round: sum of log2(1 + e/curvature) / 2.

    Parameters and errors are those of `effective_parameters`.

    Returns
    -------
    torch.Tensor, shape (...)
        In bits: halvings of the volume.
    """
    values, curvature = _checked(eigenvalues, curvature)
    return torch.log2(1 + values / curvature).sum(-1) / 2


def _checked(eigenvalues: Any, curvature: float) -> tuple[torch.Tensor, float]:
    values, curvature = as_float64(eigenvalues, "an eigenvalue"), as_scalar(curvature, "curvature", 0)
    if curvature == 0 or bool((values < 0).any()):
        raise InformationError("eigenvalues must be at least 0 and the curvature above 0")
    return values, curvature
