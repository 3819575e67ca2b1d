"""Shared by the figures of the forty networks: their parameters, and what is computed from their layers."""

from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from infodecomp.errors import CheckpointError
from infodecomp.experiments.same_computation.forty_networks import (
    ARCHITECTURES,
    CUTOFFS,
    FORTY_NETWORKS,
    KEEP,
    N_BATCHES,
    FortySnapshot,
    inputs,
)
from infodecomp.explorable import Choice, PowerOfTen, Range
from infodecomp.explorable.core.errors import Missing
from infodecomp.explorable.figures.parameters import Parameter
from infodecomp.representations.kernels import kernel_information, pair_information
from infodecomp.representations.tolerance_classes import (
    mean_absolute_differences,
    merge_tolerances,
    same_class,
)

N_NETWORKS, N_LAYERS = 2 * KEEP, 4
LAYER_NAMES = ("layer 1", "layer 2", "layer 3", "output")
LAYER_WORDS = ("layer 1", "layer 2", "layer 3", "the output")
TASK_NAMES = ("simple", "complex")
TASK_WORDS = {"simple": "the first bit", "complex": "a random table"}
ROLES = {"simple": "series-1", "complex": "series-2"}
SOURCE = (
    "Every network here is trained by us: the first twenty seeds of each task that reach a loss of "
    "0.0000001, stored when their loss first passes each of three cutoffs."
)

BRIEF_SOURCE = "The forty networks are trained by us: twenty seeds for each task."

ARCHITECTURE = Choice(
    name="architecture",
    label="Network",
    default="relu-8",
    options={
        "relu-8": "ReLU, width 8",
        "relu-5": "ReLU, width 5",
        "tanh-8": "tanh, width 8",
    },
)
CUTOFF = Choice(
    name="cutoff",
    label="Trained to a loss of",
    default="1e-5",
    options={"1e-3": "0.001", "1e-5": "0.00001", "1e-7": "0.0000001"},
)
TOLERANCE = PowerOfTen(
    name="tolerance",
    label="tolerance",
    default=-2.0,
    low=-7,
    high=0,
    step=0.25,
    role="selection",
)
NOISE = PowerOfTen(
    name="noise",
    label="noise on each weight",
    default=-1.3,
    low=-2,
    high=0,
    step=0.05,
    role="selection",
)
BATCH = Range(name="batch", label="batch of forty", default=1, low=1, high=N_BATCHES, step=1)
LAYER = Choice(
    name="layer",
    label="Layer",
    default="3",
    options={"1": "1", "2": "2", "3": "3", "4": "output"},
)
NETWORKS = (ARCHITECTURE, CUTOFF, BATCH)
ALL_BATCHES = tuple(range(1, N_BATCHES + 1))


def own(prefix: str, *parameters: Parameter, **changes) -> tuple[Parameter, ...]:
    """The same parameters for one figure alone, so that no other figure of the page moves with it.

    Each has the prefix before its name; the figure by itself still accepts the name without it.
    """
    return tuple(replace(one, name=f"{prefix}_{one.name}", alias=one.name, **changes) for one in parameters)


class Forty(NamedTuple):
    """What is known of forty networks whatever the tolerance.

    Attributes
    ----------
    layers : list of Tensor, each (40, 32, width)
    merge : Tensor, shape (4, 40, 32, 32)
        The tolerance at which two inputs merge, by layer.
    """

    layers: list
    merge: object


def snapshot(architecture: str, cutoff: str, batch: int) -> FortySnapshot:
    """The stored networks."""
    try:
        return FORTY_NETWORKS.at(CUTOFFS.index(float(cutoff)), architecture=architecture, batch=batch)
    except CheckpointError as error:
        raise Missing(str(error)) from error


@lru_cache(maxsize=len(ARCHITECTURES) * len(CUTOFFS) * N_BATCHES)
def forty(architecture: str, cutoff: str, batch: int) -> Forty:
    """Layers and merge tolerances of forty networks."""
    network = ARCHITECTURES[architecture]
    parameters = snapshot(architecture, cutoff, batch).parameters.double()
    layers = network.forward(parameters, inputs().double())
    merge = parameters.new_empty(N_LAYERS, N_NETWORKS, len(inputs()), len(inputs()))
    for layer, activations in enumerate(layers):
        merge[layer] = merge_tolerances(mean_absolute_differences(activations))
    return Forty(layers, merge)


def classes(architecture: str, cutoff: str, batch: int, tolerance: float):
    """Which inputs are in one class: (4, 40, 32, 32) of 0 and 1; `tolerance` is an exponent of ten."""
    return same_class(forty(architecture, cutoff, batch).merge, 10**tolerance).double()


@lru_cache(maxsize=256)
def layer_bits(architecture: str, cutoff: str, batch: int, tolerance: float) -> np.ndarray:
    """Bits of every layer of every network, (4, 40)."""
    return kernel_information(classes(architecture, cutoff, batch, tolerance)).numpy()


@lru_cache(maxsize=128)
def layer_pairs(architecture: str, cutoff: str, batch: int, tolerance: float, layer: int):
    """Information of all pairs of networks at one depth, from 0; arrays (40, 40)."""
    merge = forty(architecture, cutoff, batch).merge[layer]
    return pair_information(same_class(merge, 10**tolerance).double())


def batch_means(architecture: str, cutoff: str, tolerance: float) -> dict[str, np.ndarray]:
    """Mean bits of each layer in every batch, (N_BATCHES, 4) for each task."""
    means = [task_means(layer_bits(architecture, cutoff, batch, tolerance)) for batch in ALL_BATCHES]
    return {task: np.array([one[task] for one in means]) for task in TASK_NAMES}


def task_means(values: np.ndarray) -> dict[str, np.ndarray]:
    """Means over the twenty networks of each task; networks are the last axis."""
    return {"simple": values[..., :KEEP].mean(-1), "complex": values[..., KEEP:].mean(-1)}


def n_failed(architecture: str, batch: int) -> dict[str, int]:
    """How many seeds of each task did not reach the last cutoff before twenty had."""
    failed = snapshot(architecture, "1e-7", batch).n_failed
    return dict(zip(TASK_NAMES, failed, strict=True))
