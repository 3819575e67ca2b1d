"""Cumulative ablation: the accuracy of a network while its neurons are switched off one after the other.

A neuron is switched off by setting its activation to 0. Activations of the first hidden layer are given; what
follows is computed again. Neurons are numbered through the hidden layers, the first layer's first.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from infodecomp.errors import InformationError

SCOPES = ("whole", "layer-1", "layer-2", "balanced")


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
    full = network.first @ network.weight_2 + network.bias_2
    accuracy = np.empty((len(orders), len(removed)))
    for row, order in enumerate(orders):
        inputs, keep, done = full.copy(), np.ones(n_2, bool), 0
        for column, count in enumerate(removed):
            gone = order[done:count]
            lower = gone[gone < n_1]
            inputs -= network.first[:, lower] @ network.weight_2[lower]
            keep[gone[gone >= n_1] - n_1] = False
            logits = np.maximum(inputs[:, keep], 0) @ network.weight_3[keep] + network.bias_3
            accuracy[row, column] = (logits.argmax(1) == network.labels).mean()
            done = count
    return accuracy
