"""Moves of the weights that leave what a network computes unchanged.

Neurons of a hidden layer can change places. A ReLU neuron can be stretched, its incoming weights multiplied
by a positive factor and its outgoing ones divided by it; a tanh neuron can be flipped, both multiplied by -1.
"""

import itertools
import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import torch

from infodecomp.errors import InformationError
from infodecomp.networks.architecture import MLP, Layer
from infodecomp.validation import as_finite, as_integer, shown

MAX_ALIGNMENTS = 1_000_000  # permutations and flips that `closest_alignment` tries
ALLOWED = {"relu": "positive factors", "tanh": "factors of 1 or -1", "linear": "factors other than 0"}


def permute_neurons(network: MLP, parameters: Any, layer: int, order: Sequence[int]) -> torch.Tensor:
    """Reorder the neurons of a hidden layer.

    Parameters
    ----------
    network : MLP
    parameters : array_like, shape (n_networks, n_parameters)
    layer : int
        The hidden layer, from 0.
    order : sequence of int
        Which neuron comes to each place.

    Returns
    -------
    torch.Tensor, shape (n_networks, n_parameters)

    Raises
    ------
    InformationError
        If there is no such hidden layer, or the order does not name each neuron once.
    """
    layers, layer = _copy(network, parameters), _hidden(network, layer)
    order = list(order)
    if sorted(order) != list(range(network.widths[layer + 1])):
        raise InformationError(
            f"order = {shown(order)}: name each of the {network.widths[layer + 1]} neurons once, from 0"
        )
    layers[layer] = Layer(layers[layer].weight[..., order], layers[layer].bias[..., order])
    layers[layer + 1] = layers[layer + 1]._replace(weight=layers[layer + 1].weight[:, order])
    return _join(layers)


def scale_neurons(network: MLP, parameters: Any, layer: int, factors: Any) -> torch.Tensor:
    """Multiply what enters each neuron of a hidden layer, and divide what leaves it by the same.

    Parameters
    ----------
    network : MLP
    parameters : array_like, shape (n_networks, n_parameters)
    layer : int
        The hidden layer, from 0.
    factors : array_like, shape (n_neurons,) or (n_networks, n_neurons)
        Positive for ReLU, 1 or -1 for tanh, not 0 for linear neurons.

    Returns
    -------
    torch.Tensor, shape (n_networks, n_parameters)

    Raises
    ------
    InformationError
        If there is no such hidden layer, or the factors would change what the network computes.
    """
    layers, layer = _copy(network, parameters), _hidden(network, layer)
    scale = as_finite(factors, "a factor").to(layers[0].weight.dtype)
    width, name = network.widths[layer + 1], network.activations[layer]
    if scale.shape not in ((width,), (len(layers[0].weight), width)):
        raise InformationError(
            f"factors have shape {tuple(scale.shape)}; give one for each of {width} neurons"
        )
    allowed = {"relu": scale > 0, "tanh": scale.abs() == 1, "linear": scale != 0}.get(name)
    if allowed is None:
        raise InformationError(f"{name} neurons cannot be scaled: choose from {', '.join(ALLOWED)}")
    if not bool(allowed.all()):
        raise InformationError(
            f"a factor of {scale[~allowed][0].item():g} changes what {name} neurons compute; "
            f"give {ALLOWED[name]}"
        )
    scale = scale.expand(len(layers[0].weight), width)[:, None]
    layers[layer] = Layer(layers[layer].weight * scale, layers[layer].bias * scale)
    layers[layer + 1] = layers[layer + 1]._replace(weight=layers[layer + 1].weight / scale.mT)
    return _join(layers)


def balance_neurons(network: MLP, parameters: Any) -> torch.Tensor:
    """Scale every ReLU neuron so that its incoming weights and bias have length 1.

    Networks that differ only by stretched neurons become equal. A neuron with no incoming weight stays.

    Parameters
    ----------
    network : MLP
        With ReLU hidden layers; others are left as they are.
    parameters : array_like, shape (n_networks, n_parameters)

    Returns
    -------
    torch.Tensor, shape (n_networks, n_parameters)
    """
    balanced = as_finite(parameters, "a parameter")
    for layer, name in enumerate(network.activations[:-1]):
        if name == "relu":
            weight, bias = network.layers(balanced)[layer]
            length = torch.cat((weight, bias), 1).norm(dim=1)
            balanced = scale_neurons(network, balanced, layer, 1 / length.masked_fill(length == 0, 1))
    return balanced


class Alignment(NamedTuple):
    """The move that brings a network closest to another.

    Attributes
    ----------
    distance : float
        Root mean squared difference of the parameters after the best move.
    start : float
        The same before any move.
    n_moves : int
        Permutations and flips tried.
    """

    distance: float
    start: float
    n_moves: int


def closest_alignment(network: MLP, parameters: Any, target: Any) -> Alignment:
    """The smallest distance between two networks over all permutations and flips of hidden neurons.

    ReLU networks are compared after `balance_neurons`, which takes the stretches out. Every combination is
    tried, so the result is exact.

    Parameters
    ----------
    network : MLP
        With ReLU or tanh hidden layers.
    parameters, target : array_like, shape (1, n_parameters)

    Returns
    -------
    Alignment

    Raises
    ------
    InformationError
        If there are more than a million combinations.
    """
    source, goal = balance_neurons(network, parameters), balance_neurons(network, target)
    candidates = source
    for layer, name in enumerate(network.activations[:-1]):
        width = network.widths[layer + 1]
        n_signs = 2**width if name == "tanh" else 1
        if len(candidates) * math.factorial(width) * n_signs > MAX_ALIGNMENTS:
            raise InformationError(
                f"layers of {network.widths[1:-1]} neurons have more than {MAX_ALIGNMENTS} alignments; "
                "give a smaller network"
            )
        orders = list(itertools.permutations(range(width)))
        signs = torch.cartesian_prod(*[torch.tensor([1.0, -1.0])] * width).reshape(-1, width)[:n_signs]
        moved = torch.cat([permute_neurons(network, candidates, layer, order) for order in orders])
        repeated = signs.repeat_interleave(len(moved), 0)
        candidates = moved.repeat(len(signs), 1)
        if len(signs) > 1:
            candidates = scale_neurons(network, candidates, layer, repeated)
    distances = (candidates - goal).square().mean(1).sqrt()
    start = (source - goal).square().mean().sqrt()
    return Alignment(float(distances.min()), float(start), len(candidates))


def _copy(network: MLP, parameters: Any) -> list[Layer]:
    values = parameters if isinstance(parameters, torch.Tensor) else as_finite(parameters, "a parameter")
    return list(network.layers(values.clone()))


def _hidden(network: MLP, layer: int) -> int:
    return as_integer(layer, "layer", 0, len(network.widths) - 3, "only hidden layers can be moved")


def _join(layers: Sequence[Layer]) -> torch.Tensor:
    return torch.cat([part.flatten(1) for layer in layers for part in (layer.weight, layer.bias)], 1)
