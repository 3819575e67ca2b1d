"""The networks of the information plane: 12-10-7-5-4-3-2 with tanh and with ReLU, five seeds each.

Stored are their weights at some thirty epochs, and for the first seed what takes too long to compute while a
reader waits: the binned information of all layers at all epochs; and at three of the epochs bins of many
widths, kernel bounds and nearest-neighbour estimates.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import numpy as np
import torch

from infodecomp.estimators.kernel_bounds import kernel_bounds_of_noises
from infodecomp.estimators.nearest_neighbours import ksg_information
from infodecomp.experiments.registry import Context, Experiment
from infodecomp.experiments.storage import Packed
from infodecomp.networks import MLP, TrainingSettings, train
from infodecomp.networks.plane import RULES, binned_information, sphere_task

WIDTHS = (12, 10, 7, 5, 4, 3, 2)
N_LAYERS = len(WIDTHS) - 1
N_SEEDS = 5
N_TRAIN, BATCH, N_EPOCHS = 3_482, 256, 1_500  # 85% of the 4,096 inputs
STEPS_PER_EPOCH = N_TRAIN // BATCH
EPOCHS = tuple(int(e) for e in np.unique(np.rint(np.geomspace(1, N_EPOCHS, 30)).astype(int)).tolist())
EPOCHS = (0, *EPOCHS)
NOISES = tuple(
    (2.0 / np.geomspace(4, 2_000, 7)).tolist()
)  # standard deviations; 2 / bins is the width of a bin
MEASURED = {"start": 0, "middle": len(EPOCHS) * 2 // 3, "end": len(EPOCHS) - 1}  # indices into EPOCHS
KSG_SAMPLES = 1_000
BINS = (5, 10, 30, 100, 1_000, 10_000, 1_000_000)  # of the information plane
POWERS = np.round(np.arange(-6, -0.39, 0.2), 10)  # of ten: the widths of bins over -1 to 1, for one layer


@dataclass(frozen=True)
class PlaneConfig:
    """The activation, and the first of the seeds, of which the others follow."""

    activation: str = "tanh"
    seed: int = 0


class PlaneNetworks(NamedTuple):
    """Trained networks.

    Attributes
    ----------
    parameters : torch.Tensor, shape (len(EPOCHS), N_SEEDS, n_parameters)
    kernel : numpy.ndarray, shape (len(MEASURED), N_LAYERS, len(NOISES), 2)
        Lower and upper bound on I(X; T + noise) of the first seed, in bits.
    ksg : numpy.ndarray, shape (len(MEASURED), N_LAYERS)
        Nearest-neighbour estimates of I(X;T) of the first seed from KSG_SAMPLES inputs, in bits.
    planes : numpy.ndarray, shape (len(RULES), len(BINS), len(EPOCHS), N_LAYERS, 2)
        Binned I(X;T) and I(Y;T) of the first seed, in bits.
    widths : numpy.ndarray, shape (len(MEASURED), N_LAYERS, len(RULES), len(POWERS))
        Binned I(X;T) of the first seed for many widths of bins, in bits.
    """

    parameters: torch.Tensor
    kernel: np.ndarray
    ksg: np.ndarray
    planes: np.ndarray
    widths: np.ndarray


@cache
def task() -> tuple[torch.Tensor, np.ndarray]:
    """All inputs (4096, 12), and their labels."""
    x, y = sphere_task()
    return torch.from_numpy(x).float(), y


def architecture(activation: str) -> MLP:
    """The shape of the networks; the last layer is a softmax over two logits."""
    return MLP(WIDTHS, activation)


def layers(activation: str, parameters: torch.Tensor) -> list[np.ndarray]:
    """The activations of all layers, the softmax last: each (n_networks, 4096, width)."""
    outputs = architecture(activation).forward(parameters, task()[0])
    return [layer.numpy() for layer in (*outputs[:-1], outputs[-1].softmax(-1))]


def _train(context: Context[PlaneConfig]) -> Iterator[PlaneNetworks]:
    config = context.config
    x, labels = task()
    chosen = torch.from_numpy(training_inputs(config.seed))
    settings = TrainingSettings("cross-entropy", learning_rate=1e-3, batch_size=BATCH, shared_stream=True)
    seeds = range(config.seed, config.seed + N_SEEDS)
    steps = [epoch * STEPS_PER_EPOCH for epoch in EPOCHS]
    network, y = architecture(config.activation), torch.from_numpy(labels)
    start = network.initial(seeds, "glorot" if config.activation == "tanh" else "he")
    found = []
    for snapshot in train(network, x[chosen], y[chosen], seeds, steps[-1], settings, steps, start):
        context.report(snapshot.step, steps[-1])
        found.append(snapshot.parameters)
    parameters = torch.stack(found).half().float()  # as they are stored
    yield PlaneNetworks(
        parameters,
        *_estimates(config.activation, parameters),
        *binned_estimates(config.activation, parameters),
    )


def _estimates(activation: str, parameters: torch.Tensor) -> tuple[np.ndarray, np.ndarray]:
    """Kernel bounds and nearest-neighbour estimates of the first seed, see `PlaneNetworks`."""
    x = task()[0].numpy()
    some = np.random.default_rng(0).permutation(len(x))[:KSG_SAMPLES]
    kernel = np.empty((len(MEASURED), N_LAYERS, len(NOISES), 2))
    ksg = np.empty((len(MEASURED), N_LAYERS))
    for row, index in enumerate(MEASURED.values()):
        for column, layer in enumerate(layers(activation, parameters[index, :1].float())):
            ksg[row, column] = ksg_information(x[some], layer[0, some]).bits
            kernel[row, column] = kernel_bounds_of_noises(layer[0], NOISES)
    return kernel, ksg


def binned_estimates(activation: str, parameters: torch.Tensor) -> tuple[np.ndarray, np.ndarray]:
    """Binned information of the first seed, see `planes` and `widths` of `PlaneNetworks`."""
    labels, all_layers = task()[1], layers(activation, parameters[:, 0])
    planes = [[layer_trajectories(all_layers, bins, rule) for bins in BINS] for rule in RULES]
    counts = [round(2 / 10**power) for power in POWERS.tolist()]
    widths = [
        [
            [[binned_information(layer[index], labels, n, rule)[0] for n in counts] for rule in RULES]
            for layer in all_layers
        ]
        for index in MEASURED.values()
    ]
    return np.array(planes), np.array(widths)


def _pack(snapshots: list[PlaneNetworks]) -> Packed:
    parameters, *estimates = snapshots[-1]
    tensors = {
        name: torch.from_numpy(values).float() for name, values in zip(PlaneNetworks._fields[1:], estimates)
    }
    return Packed({"parameters": parameters.half()} | tensors)


def _unpack(config: PlaneConfig, packed: Packed) -> list[tuple[int, PlaneNetworks]]:
    parameters, *estimates = (packed.tensors[name].float() for name in PlaneNetworks._fields)
    return [(0, PlaneNetworks(parameters, *(values.numpy() for values in estimates)))]


def trajectories(activation: str, parameters: torch.Tensor, bins: int, rule: str) -> np.ndarray:
    """I(X;Q(T)) and I(Y;Q(T)) of every layer, (n_networks, N_LAYERS, 2), in bits."""
    return layer_trajectories(layers(activation, parameters), bins, rule)


def layer_trajectories(activations: list[np.ndarray], bins: int, rule: str) -> np.ndarray:
    """The same of activations that `layers` has computed."""
    labels = task()[1]
    return np.stack([binned_information(layer, labels, bins, rule) for layer in activations], axis=1)


def training_inputs(seed: int = 0) -> np.ndarray:
    """Which of the inputs the networks were trained on, (N_TRAIN,)."""
    return np.random.default_rng(seed).permutation(len(task()[1]))[:N_TRAIN]


def accuracies(config: PlaneConfig, found: PlaneNetworks) -> np.ndarray:
    """Accuracy of the trained networks on their training inputs and on the others, (N_SEEDS, 2)."""
    right = layers(config.activation, found.parameters[-1])[-1].argmax(-1) == task()[1]
    trained = np.zeros(right.shape[1], bool)
    trained[training_inputs(config.seed)] = True
    return np.stack((right[:, trained].mean(1), right[:, ~trained].mean(1)), axis=1)


def _score(config: PlaneConfig, last: PlaneNetworks) -> dict[str, float]:
    """Accuracy on all inputs, how far the binned information of a layer falls from its peak, and its end."""
    rule = "fixed" if config.activation == "tanh" else "min-max"
    binned = np.stack([trajectories(config.activation, p, 30, rule)[..., 0] for p in last.parameters])
    drop = binned.max(0) - binned[-1]  # (N_SEEDS, N_LAYERS)
    fine = trajectories(config.activation, last.parameters[-1], 10**6, rule)[..., 0]
    planes, widths = binned_estimates(config.activation, last.parameters)
    return (
        {
            "test_accuracy": float(accuracies(config, last)[:, 1].mean()),
            "binned_difference": float(
                max(np.abs(planes - last.planes).max(), np.abs(widths - last.widths).max())
            ),
        }
        | {f"least_drop/{layer + 1}": float(drop[:, layer].min()) for layer in range(N_LAYERS)}
        | {f"most_drop/{layer + 1}": float(drop[:, layer].max()) for layer in range(N_LAYERS)}
        | {f"fine/{layer + 1}": float(fine[:, layer].min()) for layer in range(N_LAYERS)}
    )


PLANE_NETWORKS = Experiment(
    name="plane-networks",
    summary="Networks 12-10-7-5-4-3-2 of tanh and of ReLU while they train, and estimates of their bits.",
    config=PlaneConfig(),
    run=_train,
    pack=_pack,
    unpack=_unpack,
    score=_score,
    tolerance={
        "test_accuracy": 4e-3,
        "binned_difference": 0.1,
        "least_drop": 0.1,
        "most_drop": 0.1,
        "fine": 0.1,
    },
    cpu_seconds=150,
    runs={activation: PlaneConfig(activation) for activation in ("tanh", "relu")},
    live=None,
)
