"""Shared by the figures of digit networks: parameters, stored networks and what follows from them."""

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from infodecomp.data.digits import ATTRIBUTION, MNIST_ATTRIBUTION
from infodecomp.experiments.neurons.digit_networks import DIGIT_NETWORKS, HIDDEN, DigitNetworks, removals
from infodecomp.explorable import Choice, Range
from infodecomp.explorable.figures.credit import SourceOf
from infodecomp.networks.ablation import SCOPES, ablation_curves, ablation_order
from infodecomp.networks.neurons import NeuronMeasures, neuron_measures

from .stored import stored

N_NEURONS = 2 * HIDDEN
STEP = 5  # percent between two points of a curve
LAYER_ROLES = ("series-1", "series-2")
PERCENT = {share / 100: f"{share}" for share in (0, 25, 50, 75, 100)}  # the ticks of an axis of shares
SOURCES = SourceOf("data", {"mnist": MNIST_ATTRIBUTION, "digits": ATTRIBUTION})

DATA = Choice(
    name="data", label="digits", default="mnist", options={"mnist": "MNIST", "digits": "small, 8 by 8"}
)
REGULARISATION = Choice(
    name="regularisation",
    label="trained with",
    default="dropout",
    options={"none": "nothing extra", "l2": "L2 penalty", "dropout": "dropout"},
)
DROPOUT_ON_MNIST = "regularisation=dropout&data=mnist"  # the network that the text is about
QUANTISER = Choice(
    name="quantiser",
    label="activation read as",
    default="2",
    options={"2": "active or not, 1 bit", "4": "4 bins", "8": "8 bins"},
)
SCOPE = Choice(
    name="scope",
    label="order runs through",
    default="whole",
    options={
        "whole": "the whole network",
        "layer-1": "layer 1",
        "layer-2": "layer 2",
        "balanced": "both layers alike",
    },
)
REMOVED = Range(
    name="removed",
    label="switched off",
    default=30,
    low=0,
    high=100,
    step=STEP,
    unit="%",
    role="selection",
)


class Curves(NamedTuple):
    """Accuracy while neurons are switched off, at every five percent of them.

    low, high: numpy.ndarray, shape (21,), lowest and highest information first. random: shape (5, 21).
    order: the neurons, lowest information first.
    """

    low: np.ndarray
    high: np.ndarray
    random: np.ndarray
    order: np.ndarray


def networks(data: str, regularisation: str) -> DigitNetworks:
    """The stored networks."""
    return stored(DIGIT_NETWORKS, data=data, regularisation=regularisation)


@lru_cache(maxsize=8)
def hidden(data: str, regularisation: str) -> np.ndarray:
    """Activations of both hidden layers on the test images, (n, N_NEURONS)."""
    return networks(data, regularisation).network.hidden()


@lru_cache(maxsize=32)
def measures(data: str, regularisation: str, quantiser: str) -> NeuronMeasures:
    """What every neuron knows about the digit."""
    labels = networks(data, regularisation).network.labels
    return neuron_measures(hidden(data, regularisation), labels, int(quantiser))


@lru_cache(maxsize=96)
def curves(data: str, regularisation: str, quantiser: str, scope: str) -> Curves:
    """The ablation curves of a network."""
    known = networks(data, regularisation)
    information = measures(data, regularisation, quantiser).information
    low = ablation_order(information, known.network.widths, scope)
    found = ablation_curves(known.network, [low, low[::-1]], removals(len(low)))
    return Curves(found[0], found[1], known.random[SCOPES.index(scope)], low)


def layer_of(neurons: np.ndarray) -> np.ndarray:
    """0 for neurons of the first hidden layer, 1 for those of the second."""
    return (np.asarray(neurons) >= HIDDEN).astype(int)
