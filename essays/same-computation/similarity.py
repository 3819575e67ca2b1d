"""Similarity of forty networks by eight measures, and of a network with its own disguises."""

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from infodecomp.explorable import Choice
from infodecomp.representations.geometry import linear_cka, procrustes_similarity
from infodecomp.representations.kernels import (
    bhattacharyya_kernels,
    information_ratio,
    noisy_similarity,
    pair_information,
)
from infodecomp.representations.network_similarity import mean_over_aligned_layers, mean_over_all_layers
from infodecomp.representations.tolerance_classes import (
    mean_absolute_differences,
    merge_tolerances,
    same_class,
)

from .forty import forty

STRETCH = 10  # by which the first neuron of every hidden layer is stretched


class Measure(NamedTuple):
    """Its name, what it says in a few words, and whether it is a distance: 0 instead of 1 between equals."""

    name: str
    meaning: str = ""
    is_distance: bool = False


MEASURES = {
    "sim": Measure("Sim, every layer with every layer"),
    "diagonal": Measure("ratio, same layers"),
    "aligned": Measure("ratio, layers matched in order"),
    "cka": Measure("CKA", "how alike the shapes of two clouds of points are"),
    "procrustes": Measure("Procrustes", "how well one cloud of points can be turned onto the other"),
    "rajski": Measure("Rajski's distance", "one minus the ratio", True),
    "nmi": Measure("NMI under noise", "what two noisy layers share, of what each of them holds"),
    "vi": Measure("VI under noise, in bits", "what two noisy layers don't share", True),
}
FROM_CLASSES = ("sim", "diagonal", "aligned", "rajski")
NOISY = ("nmi", "vi")
MEASURE = Choice(
    name="measure",
    label="Measure",
    default="sim",
    options={
        "sim": "Sim",
        "diagonal": "same layers",
        "aligned": "matched layers",
        "cka": "CKA",
        "procrustes": "Procrustes",
        "rajski": "Rajski",
        "nmi": "NMI",
        "vi": "VI",
    },
)


def similarity(measure: str, layers: list, tolerance: float, noise: float) -> np.ndarray:
    """A measure between all pairs of networks, (..., n, n).

    `layers` has the activations (..., n, 32, width) of each depth; `tolerance` and `noise` are exponents of
    ten.
    """
    if measure in ("cka", "procrustes"):
        compare = linear_cka if measure == "cka" else procrustes_similarity
        return np.mean([compare(layer).numpy() for layer in layers], 0)
    if measure in NOISY:
        return np.mean([_noisy(layer, noise)[measure == "vi"].numpy() for layer in layers], 0)
    merges = [merge_tolerances(mean_absolute_differences(layer)) for layer in layers]
    return from_merges(measure, merges, tolerance)


def from_merges(measure: str, merges, tolerance: float) -> np.ndarray:
    """The measures that need classes, from the merge tolerances (..., n, 32, 32) of each depth."""
    kernels = [same_class(merge, 10**tolerance).double() for merge in merges]
    if measure in ("sim", "aligned"):
        return _over_layers(measure, kernels)
    mean = np.mean([information_ratio(pair_information(kernel)).numpy() for kernel in kernels], 0)
    return mean if measure == "diagonal" else 1 - mean


def _over_layers(measure: str, kernels: list) -> np.ndarray:
    """Sim or its mean over matched layers, from the classes (..., n, 32, 32) of each depth."""
    *batch, n, inputs, _ = kernels[0].shape
    depth = len(kernels)
    together = kernels[0].new_empty(*batch, n, depth, inputs, inputs)
    for layer, kernel in enumerate(kernels):
        together[..., layer, :, :] = kernel
    ratio = information_ratio(pair_information(together.flatten(-4, -3)))
    mean = mean_over_all_layers if measure == "sim" else mean_over_aligned_layers
    return mean(ratio, depth).numpy()


def _noisy(layer, noise: float):
    """NMI and VI with a noise that is a share of the spread of each network's layer."""
    spread = (layer - layer.mean(-2, keepdim=True)).square().mean((-2, -1)).sqrt().clamp_min(1e-9)
    return noisy_similarity(pair_information(bhattacharyya_kernels(layer, 10**noise * spread)))


def all_similarities(
    measure: str, architecture: str, cutoff: str, batch: int, tolerance: float, noise: float
) -> np.ndarray:
    """A measure between the forty networks, (40, 40)."""
    return _all_similarities(measure, architecture, cutoff, batch, *_needed(measure, tolerance, noise))


def _needed(measure: str, tolerance: float, noise: float) -> tuple[float, float]:
    """Tolerance and noise, with 0 for those that the measure does not depend on."""
    return tolerance * (measure in FROM_CLASSES), noise * (measure in NOISY)


@lru_cache(maxsize=128)
def _all_similarities(
    measure: str, architecture: str, cutoff: str, batch: int, tolerance: float, noise: float
) -> np.ndarray:
    known = forty(architecture, cutoff, batch)
    if measure in FROM_CLASSES:
        return from_merges(measure, known.merge, tolerance)
    return similarity(measure, known.layers, tolerance, noise)


def disguised(layers: list, disguise: str) -> list:
    """Layers of networks whose hidden neurons are reordered, or whose first neuron is stretched."""
    changed = [layer.clone() for layer in layers]
    for layer in changed[:-1]:
        if disguise == "permuted":
            layer[:] = layer.flip(-1)
        else:
            layer[..., 0] *= STRETCH
    return changed


@lru_cache(maxsize=16)
def _with_disguise(architecture: str, cutoff: str, batch: int, disguise: str) -> tuple[list, list]:
    """Every network beside its disguise: layers (40, 2, 32, width) and merge tolerances (40, 2, 32, 32)."""
    layers, pairs = forty(architecture, cutoff, batch).layers, []
    for before, after in zip(layers, disguised(layers, disguise), strict=True):
        pair = before.new_empty(len(before), 2, *before.shape[1:])
        pair[:, 0], pair[:, 1] = before, after
        pairs.append(pair)
    return pairs, [merge_tolerances(mean_absolute_differences(pair)) for pair in pairs]


def disguises(
    measure: str, architecture: str, cutoff: str, batch: int, tolerance: float, noise: float
) -> dict[str, np.ndarray]:
    """The measure between each network and its disguises, (40,) for each disguise."""
    return _disguises(measure, architecture, cutoff, batch, *_needed(measure, tolerance, noise))


@lru_cache(maxsize=128)
def _disguises(
    measure: str, architecture: str, cutoff: str, batch: int, tolerance: float, noise: float
) -> dict[str, np.ndarray]:
    found = {}
    for disguise in ("permuted", "stretched"):
        layers, merges = _with_disguise(architecture, cutoff, batch, disguise)
        if measure in FROM_CLASSES:
            found[disguise] = from_merges(measure, merges, tolerance)[:, 0, 1]
        else:
            found[disguise] = similarity(measure, layers, tolerance, noise)[:, 0, 1]
    return found
