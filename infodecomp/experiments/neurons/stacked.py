"""Networks with one or two narrow tanh layers that separate points in the plane, twelve seeds at once."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import torch

from infodecomp.data.point_sets import point_set, read_points
from infodecomp.experiments.registry import Context, Experiment
from infodecomp.experiments.storage import Packed
from infodecomp.networks import MLP, StackSnapshot, TrainingSettings, train

N_SEEDS = 12
N_EACH = 60  # points of a class
N_STEPS, EVERY = 600, 6  # training steps, and steps between two snapshots
SETTINGS = TrainingSettings("binary-cross-entropy", learning_rate=0.03)


@dataclass(frozen=True)
class StackedConfig:
    """Which points, the widths of the hidden layers, and the first of the seeds.

    The kind "own" takes its points from a text that `infodecomp.data.point_sets.read_points` reads.
    """

    kind: str = "moons"
    hidden: tuple[int, ...] = (3,)
    seed: int = 0
    points: str = ""


@lru_cache(maxsize=64)
def points_of(config: StackedConfig) -> tuple[np.ndarray, np.ndarray]:
    """Coordinates (n, 2) and classes (n,) of the points that a config trains on."""
    return read_points(config.points) if config.kind == "own" else point_set(config.kind, N_EACH)


def architecture(hidden: tuple[int, ...]) -> MLP:
    """A network from the plane to one logit."""
    return MLP((2, *hidden, 1), "tanh")


def _train(context: Context[StackedConfig]) -> Iterator[StackSnapshot]:
    config = context.config
    x, y = points_of(config)
    seeds = range(config.seed, config.seed + N_SEEDS)
    inputs, targets = torch.from_numpy(x).float(), torch.from_numpy(y).float()[:, None]
    return train(
        architecture(config.hidden),
        inputs,
        targets,
        seeds,
        N_STEPS,
        SETTINGS,
        range(0, N_STEPS + 1, EVERY),
    )


def responses(
    config: StackedConfig, snapshot: StackSnapshot, index: int, x: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Last hidden layer (n, width) and logit (n,) of one network at points (n, 2)."""
    outputs = architecture(config.hidden).forward(
        snapshot.parameters[index : index + 1], torch.from_numpy(np.asarray(x, np.float32))
    )
    return outputs[-2][0].double().numpy(), outputs[-1][0, :, 0].double().numpy()


def output_weights(config: StackedConfig, snapshot: StackSnapshot, index: int) -> tuple[np.ndarray, float]:
    """Weights (width,) and bias of the output of one network: its line in the last hidden layer."""
    layer = architecture(config.hidden).layers(snapshot.parameters)[-1]
    return layer.weight[index, :, 0].double().numpy(), float(layer.bias[index])


def accuracies(config: StackedConfig, snapshot: StackSnapshot) -> torch.Tensor:
    """Share of the points that each network has on the right side, (N_SEEDS,)."""
    x, y = points_of(config)
    logits = architecture(config.hidden).forward(snapshot.parameters, torch.from_numpy(x).float())[-1]
    return ((logits[..., 0] > 0) == torch.from_numpy(y).bool()).double().mean(1)


def _pack(snapshots: list[StackSnapshot]) -> Packed:
    return Packed(
        {
            "parameters": torch.stack([s.parameters for s in snapshots]).half(),
            "loss": torch.stack([s.loss for s in snapshots]).half(),
        }
    )


def _unpack(config: StackedConfig, packed: Packed) -> list[tuple[int, StackSnapshot]]:
    parameters, losses = packed.tensors["parameters"].float(), packed.tensors["loss"].float()
    frozen = torch.full((parameters.shape[1],), -1)
    return [
        (index, StackSnapshot(index * EVERY, row, loss, frozen))
        for index, (row, loss) in enumerate(zip(parameters, losses))
    ]


def _score(config: StackedConfig, last: StackSnapshot) -> dict[str, float]:
    found = accuracies(config, last)
    return {"median_accuracy": float(found.median()), "best_accuracy": float(found.max())}


STACKED_RUN = Experiment(
    name="stacked-run",
    summary="Twelve networks 2-3-1 that learn to separate two moons, every sixth step.",
    config=StackedConfig(),
    run=_train,
    pack=_pack,
    unpack=_unpack,
    score=_score,
    tolerance={"median_accuracy": 0.01, "best_accuracy": 0.01},
    cpu_seconds=0.3,
)
