"""A digit network with activations or weights of few bits."""

from typing import Any

import numpy as np

from infodecomp.networks.ablation import TwoLayerClassifier
from infodecomp.validation import as_integer


def quantise_activations(activations: Any, bits: int) -> np.ndarray:
    """Round the activations of each neuron to 2^bits levels between 0 and its largest.

    Parameters
    ----------
    activations : array_like, shape (n_samples, n_neurons)
        Not negative.
    bits : int
        With 0 every sample has the same activation, which says nothing.

    Returns
    -------
    numpy.ndarray of float32, shape (n_samples, n_neurons)
        The levels are 0 and equal steps up to the largest activation. With one bit they are 0 and the mean of
        what is above 0, as "active or not"; with no bits there is one, the mean.
    """
    a = np.asarray(activations, np.float32)
    n_steps = 2 ** as_integer(bits, "bits", 0, 16) - 1
    if not n_steps:
        return np.broadcast_to(a.mean(0), a.shape).astype(np.float32)
    if n_steps == 1:
        active = a > 0
        return active * (a.sum(0) / np.maximum(active.sum(0), 1)).astype(np.float32)
    step = np.maximum(a.max(0), np.finfo(np.float32).tiny) / n_steps
    return (np.rint(a / step) * step).astype(np.float32)


def quantise_weights(weights: Any, bits: int) -> np.ndarray:
    """Round weights to 2^bits levels, evenly spaced and symmetric about 0, up to the largest in size.

    Parameters
    ----------
    weights : array_like
    bits : int
        0 sets all of them to 0; 1 keeps their signs, at their mean size.

    Returns
    -------
    numpy.ndarray of float32, of the shape of the weights
    """
    w = np.asarray(weights, np.float32)
    levels = 2 ** as_integer(bits, "bits", 0, 16)
    if levels == 1:
        return np.zeros_like(w)
    if levels == 2:
        return np.where(w < 0, -1, 1).astype(np.float32) * np.abs(w).mean(dtype=np.float32)
    step = 2 * np.abs(w).max() / (levels - 1)
    return ((np.clip(np.floor(w / step), -levels // 2, levels // 2 - 1) + 0.5) * step).astype(np.float32)


def with_quantised_activations(network: TwoLayerClassifier, bits: int) -> tuple[float, np.ndarray]:
    """Accuracy with both hidden layers of few bits, and the activations that are then sent.

    Returns
    -------
    accuracy : float
    activations : numpy.ndarray of float32, shape (n_samples, n_1 + n_2)
    """
    first = quantise_activations(network.first, bits)
    second = quantise_activations(np.maximum(first @ network.weight_2 + network.bias_2, 0), bits)
    predicted = (second @ network.weight_3 + network.bias_3).argmax(1)
    return float((predicted == network.labels).mean()), np.concatenate((first, second), axis=1)


def with_quantised_weights(network: TwoLayerClassifier, bits: int) -> float:
    """Accuracy with the weights of the second and third layer of few bits, and biases as they are."""
    rounded = network._replace(
        weight_2=quantise_weights(network.weight_2, bits), weight_3=quantise_weights(network.weight_3, bits)
    )
    return rounded.accuracy()
