"""A distributed bottleneck over the neurons of a layer: which of them are worth bits, at each budget?"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch

from infodecomp.data.digits import MNIST_ATTRIBUTION
from infodecomp.experiments.neurons.digit_networks import DIGIT_NETWORKS, HIDDEN
from infodecomp.experiments.registry import Context, Experiment
from infodecomp.experiments.storage import Packed

MIN_ACTIVE = 20  # images; neurons active on fewer are left out and get no bits


@dataclass(frozen=True)
class NeuronBitsConfig:
    """The regularisation of the digit network, and the settings of the bottleneck."""

    regularisation: str = "dropout"
    steps: int = 500
    levels: int = 8
    seed: int = 0


class NeuronBits(NamedTuple):
    """The information plane of the bottleneck, on held-out test images, by ascending budget.

    Attributes
    ----------
    bits : numpy.ndarray, shape (n,)
        In all.
    unknown : numpy.ndarray, shape (n,)
        Cross-entropy of the predicted digit in bits: what is still unknown.
    neurons : numpy.ndarray, shape (n, HIDDEN)
        Bits of each neuron.
    """

    bits: np.ndarray
    unknown: np.ndarray
    neurons: np.ndarray

    def at(self, budget: float) -> tuple[float, np.ndarray]:
        """What is unknown, and the bits of each neuron, interpolated at a budget within the range."""
        each = np.array([np.interp(budget, self.bits, column) for column in self.neurons.T])
        return float(np.interp(budget, self.bits, self.unknown)), each


def _fit(context: Context[NeuronBitsConfig]) -> Iterator[NeuronBits]:
    from infodecomp.bottleneck.estimator import DistributedBottleneck  # imports scikit-learn

    config = context.config
    network = DIGIT_NETWORKS.at(0, data="mnist", regularisation=config.regularisation).network
    used = (network.first > 0).sum(0) >= MIN_ACTIVE
    fit = DistributedBottleneck(
        task="classification",
        levels=config.levels,
        width=64,
        steps=config.steps,
        random_state=config.seed,
        annealing=0.0,
    ).fit(network.first[:, used], network.labels.astype(str))
    plane = fit.information_plane_
    order = np.argsort(np.asarray(plane.bits))
    neurons = np.zeros((len(order), HIDDEN))
    neurons[:, used] = np.asarray(plane.features)[order]
    yield NeuronBits(np.asarray(plane.bits)[order], np.asarray(plane.error)[order], neurons)


def _pack(snapshots: list[NeuronBits]) -> Packed:
    return Packed({name: torch.from_numpy(array).float() for name, array in snapshots[-1]._asdict().items()})


def _unpack(config: NeuronBitsConfig, packed: Packed) -> list[tuple[int, NeuronBits]]:
    return [(0, NeuronBits(*(packed.tensors[name].double().numpy() for name in NeuronBits._fields)))]


def _score(config: NeuronBitsConfig, last: NeuronBits) -> dict[str, float]:
    unknown, each = last.at(8.0)
    return {"unknown_at_8": unknown, "neurons_at_8": float((each > 0.02).sum())}


NEURON_BITS = Experiment(
    name="neuron-bits",
    summary="A distributed bottleneck over the first layer of the digit network with dropout.",
    config=NeuronBitsConfig(),
    run=_fit,
    pack=_pack,
    unpack=_unpack,
    score=_score,
    tolerance={"unknown_at_8": 1e-4},
    cpu_seconds=55,
    live=None,
    details={"data": [MNIST_ATTRIBUTION]},
)
