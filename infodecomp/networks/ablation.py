"""Cumulative ablation: the accuracy of a network while its neurons are switched off one after the other.

A neuron is switched off by setting its activation to 0. Activations of the first hidden layer are given; what
follows is computed again. Neurons are numbered through the hidden layers, the first layer's first.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from infodecomp.errors import InformationError

SCOPES = ("whole", "layer-1", "layer-2", "balanced")
SAMPLES_AT_ONCE = 1000  # whose activations fit into the cache of a processor


class TwoLayerClassifier(NamedTuple):
    """A ReLU network with two hidden layers, from the activations of the first on.

    Attributes
    ----------
    first : numpy.ndarray of float32, shape (n_samples, n_1)
        Activations of the first hidden layer.
    weight_2, bias_2 : numpy.ndarray of float32, shapes (n_1, n_2) and (n_2,)
    weight_3, bias_3 : numpy.ndarray of float32, shapes (n_2, n_classes) and (n_classes,)
    labels : numpy.ndarray of int64, shape (n_samples,)
    """

    first: np.ndarray
    weight_2: np.ndarray
    bias_2: np.ndarray
    weight_3: np.ndarray
    bias_3: np.ndarray
    labels: np.ndarray

    @property
    def widths(self) -> tuple[int, int]:
        """Number of neurons in each hidden layer."""
        n_1, n_2 = self.weight_2.shape
        return n_1, n_2

    def hidden(self, keep: Any = None) -> np.ndarray:
        """Activations of all hidden neurons, (n_samples, n_1 + n_2), those not kept being 0.

        `keep` is a boolean array (n_1 + n_2,); None keeps all.
        """
        n_1, n_2 = self.widths
        mask = np.ones(n_1 + n_2, np.float32) if keep is None else np.asarray(keep, np.float32)
        first = self.first * mask[:n_1]
        second = np.maximum(first @ self.weight_2 + self.bias_2, 0) * mask[n_1:]
        return np.concatenate((first, second), axis=1)

    def predict(self, keep: Any = None) -> np.ndarray:
        """The predicted class of each sample, (n_samples,), with only the neurons of `keep`."""
        second = self.hidden(keep)[:, self.widths[0] :]
        return (second @ self.weight_3 + self.bias_3).argmax(1)

    def accuracy(self, keep: Any = None) -> float:
        """Share of the samples that are classified correctly with only the neurons of `keep`."""
        return float((self.predict(keep) == self.labels).mean())

    def confusion(self, keep: Any = None) -> np.ndarray:
        """How often a sample of class i is taken for class j, (n_classes, n_classes), as counts."""
        n = len(self.bias_3)
        return np.bincount(self.labels * n + self.predict(keep), minlength=n * n).reshape(n, n)


def ablation_order(information: Any, widths: tuple[int, int], scope: str = "whole") -> np.ndarray:
    """The order in which neurons are switched off, the least informative first.

    Parameters
    ----------
    information : array_like, shape (n_1 + n_2,)
    widths : tuple of int
        (n_1, n_2).
    scope : {"whole", "layer-1", "layer-2", "balanced"}
        All neurons by their information; those of one layer alone; or all neurons by their rank within
        their layer, so that both layers lose neurons at the same rate.

    Returns
    -------
    numpy.ndarray of int64, shape (n,)
        Numbers of neurons. The reverse is "most informative first".

    Raises
    ------
    InformationError
        If the scope is unknown.
    """
    bits, (n_1, n_2) = np.asarray(information, float), widths
    first, second = np.argsort(bits[:n_1], kind="stable"), n_1 + np.argsort(bits[n_1:], kind="stable")
    if scope == "layer-1":
        return first
    if scope == "layer-2":
        return second
    if scope == "whole":
        return np.argsort(bits, kind="stable")
    if scope != "balanced":
        raise InformationError(f"scope {scope!r}: choose from {', '.join(SCOPES)}")
    rank = np.concatenate(((np.arange(n_1) + 0.5) / n_1, (np.arange(n_2) + 0.5) / n_2))
    return np.concatenate((first, second))[np.argsort(rank, kind="stable")]


def random_orders(scope: str, widths: tuple[int, int], draws: int, seed: int) -> list[np.ndarray]:
    """Random orders of the neurons of a scope, by random numbers in place of the information.

    Parameters
    ----------
    scope, widths
        See `ablation_order`.
    draws : int
    seed : int

    Returns
    -------
    list of numpy.ndarray
    """
    generator = np.random.default_rng(seed)
    return [ablation_order(generator.random(sum(widths)), widths, scope) for _ in range(draws)]


def ablation_curves(
    network: TwoLayerClassifier, orders: Sequence[np.ndarray], removed: Sequence[int]
) -> np.ndarray:
    """The accuracy after switching off the first neurons of some orders.

    Only what a removal changes is computed again: the contribution of a first-layer neuron is subtracted from
    the inputs of the second layer.

    Parameters
    ----------
    network : TwoLayerClassifier
    orders : sequence of numpy.ndarray
        Numbers of neurons, each at most once.
    removed : sequence of int
        How many are switched off, ascending.

    Returns
    -------
    numpy.ndarray, shape (len(orders), len(removed))
    """
    n_1, n_2 = network.widths
    count = np.zeros((len(orders), len(removed)), np.int64)
    for start in range(0, len(network.labels), SAMPLES_AT_ONCE):
        part = slice(start, start + SAMPLES_AT_ONCE)
        first, labels = np.ascontiguousarray(network.first[part].T), network.labels[part]
        inputs = network.weight_2.T @ first + network.bias_2[:, None]
        for row, order in enumerate(orders):
            count[row] += _count_right(network, first, inputs, labels, np.asarray(order), removed)
    return count / len(network.labels)


def _count_right(
    network: TwoLayerClassifier,
    first: np.ndarray,
    inputs: np.ndarray,
    labels: np.ndarray,
    order: np.ndarray,
    removed: Sequence[int],
) -> list[int]:
    """How many samples are classified correctly after each removal.

    `first` (n_1, n) are activations and `inputs` (n_2, n) what they add up to in layer 2. Its neurons
    are sorted so that those which stay longest come first: each removal shortens the matrices.
    """
    n_1, n_2 = network.widths
    is_upper = order >= n_1
    lower, upper = order[~is_upper], order[is_upper] - n_1
    rows = np.concatenate((np.setdiff1d(np.arange(n_2), upper), upper[::-1]))
    weight_2 = np.ascontiguousarray(network.weight_2[np.ix_(lower, rows)].T)
    weight_3 = np.ascontiguousarray(network.weight_3[rows].T)
    inputs, first, bias = inputs[rows], first[lower], network.bias_3[:, None]
    active, own = np.empty_like(inputs), labels * len(labels) + np.arange(len(labels))
    n_upper = np.concatenate(([0], np.cumsum(is_upper)))
    right, done = [], 0
    for n_gone in removed:
        stay, gone = n_2 - n_upper[n_gone], n_gone - n_upper[n_gone]
        if gone > done:
            inputs[:stay] -= weight_2[:stay, done:gone] @ first[done:gone]
            done = gone
        logits = weight_3[:, :stay] @ np.maximum(inputs[:stay], 0, out=active[:stay]) + bias
        right.append(int((logits.take(own) == logits.max(0)).sum()))
    return right
