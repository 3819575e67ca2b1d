"""Forty networks on all strings of five bits: twenty learn the first bit, twenty a random table.

Each is stored when its loss first goes below each of three cutoffs, with the share of noisy copies that still
answer everything right. Every batch has seeds and a random table of its own.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import torch

from infodecomp.experiments.registry import Context, Experiment
from infodecomp.experiments.storage import Packed
from infodecomp.networks.architecture import MLP
from infodecomp.networks.bit_functions import bit_strings, random_balanced_function, train_to_loss
from infodecomp.networks.weight_noise import survival_under_weight_noise
from infodecomp.representations.kernels import kernel_information
from infodecomp.representations.tolerance_classes import (
    mean_absolute_differences,
    merge_tolerances,
    same_class,
)

N_BITS, KEEP = 5, 20
MAX_STEPS = 10_000
CUTOFFS = (1e-3, 1e-5, 1e-7)  # of the mean squared error
ARCHITECTURES = {
    "relu-5": MLP((N_BITS, 5, 5, 5, 1)),
    "relu-8": MLP((N_BITS, 8, 8, 8, 1)),
    "tanh-8": MLP((N_BITS, 8, 8, 8, 1), "tanh"),
}
N_BATCHES = 3
SEEDS_TRIED = {"relu-8": 44, "relu-5": 72, "tanh-8": 44}
NOISE_LEVELS = tuple(0.01 * 2 ** (step / 2) for step in range(14))  # 0.01 to 0.9
N_DRAWS = 200
TASKS = ("simple", "complex")


class FortySnapshot(NamedTuple):
    """The networks at one cutoff, those of the simple task first.

    Attributes
    ----------
    parameters : torch.Tensor, shape (40, n_parameters)
    survival : torch.Tensor, shape (2, 40, n_levels)
        Share of noisy copies with all answers right: absolute noise, and relative to each weight.
    steps : torch.Tensor, shape (40,)
        Steps of the training.
    n_failed : tuple of int
        Seeds of each task that did not reach the last cutoff, before the last that did.
    """

    parameters: torch.Tensor
    survival: torch.Tensor
    steps: torch.Tensor
    n_failed: tuple[int, int]


@dataclass(frozen=True)
class FortyConfig:
    """Which networks: a key of ARCHITECTURES, and a batch from 1."""

    architecture: str = "relu-8"
    batch: int = 1


@lru_cache(maxsize=1)
def inputs() -> torch.Tensor:
    """All 32 strings of five bits, (32, 5)."""
    return bit_strings(N_BITS)


def targets(batch: int) -> torch.Tensor:
    """What each of the forty networks of a batch learns, (40, 32)."""
    tables = torch.stack((inputs()[:, 0], random_balanced_function(N_BITS, batch)))
    return tables.repeat_interleave(KEEP, 0)


def _run(context: Context[FortyConfig]) -> Iterator[FortySnapshot]:
    """One snapshot for each cutoff: the networks are chosen by the last, and trained to the others again."""
    config, x = context.config, inputs()
    network, y = ARCHITECTURES[config.architecture], targets(config.batch)
    tables = (y[0], y[-1])
    tried = SEEDS_TRIED[config.architecture]
    first = [10_000 * config.batch + 1000 * task for task in range(2)]
    final = [
        train_to_loss(network, x, table, CUTOFFS[-1], range(start, start + tried), KEEP, MAX_STEPS)
        for table, start in zip(tables, first)
    ]
    for cutoff in CUTOFFS:
        found = [
            train_to_loss(network, x, table, cutoff, one.seeds, KEEP, MAX_STEPS)
            for table, one in zip(tables, final)
        ]
        parameters = torch.cat([one.parameters for one in found])
        survival = torch.stack(
            [
                survival_under_weight_noise(network, parameters, x, y, NOISE_LEVELS, N_DRAWS, relative)
                for relative in (False, True)
            ]
        )
        steps = torch.cat([one.steps for one in found])
        yield FortySnapshot(parameters, survival, steps, (final[0].n_failed, final[1].n_failed))


def _pack(snapshots: list[FortySnapshot]) -> Packed:
    return Packed(
        {
            "parameters": torch.stack([one.parameters for one in snapshots]),
            "survivors": (torch.stack([one.survival for one in snapshots]) * N_DRAWS).round().to(torch.uint8),
            "steps": torch.stack([one.steps for one in snapshots]).int(),
        },
        {"failed": list(snapshots[-1].n_failed)},
    )


def _unpack(config: FortyConfig, packed: Packed) -> list[tuple[int, FortySnapshot]]:
    tensors, failed = packed.tensors, tuple(packed.metadata["failed"])
    survival = tensors["survivors"].double() / N_DRAWS
    return [
        (i, FortySnapshot(tensors["parameters"][i], survival[i], tensors["steps"][i].long(), failed))
        for i in range(len(CUTOFFS))
    ]


def _score(config: FortyConfig, last: FortySnapshot) -> dict[str, float]:
    """The largest loss, failures, and the mean bits of the third layer at a tolerance of 0.01."""
    network = ARCHITECTURES[config.architecture]
    layers = network.forward(last.parameters, inputs())
    loss = (layers[-1][..., 0] - targets(config.batch)).square().mean(1)
    merge = merge_tolerances(mean_absolute_differences(layers[2]))
    bits = kernel_information(same_class(merge, 0.01).double()).view(2, KEEP).mean(1)
    names = [f"{name}_{what}" for what in ("layer_3", "failed") for name in TASKS]
    return {"loss": float(loss.max())} | dict(zip(names, [*bits.tolist(), *map(float, last.n_failed)]))


FORTY_NETWORKS = Experiment(
    name="forty-networks",
    summary="Forty networks on five bits, twenty for each of two tasks, at three cutoffs of the loss.",
    config=FortyConfig(),
    run=_run,
    pack=_pack,
    unpack=_unpack,
    score=_score,
    tolerance={"loss": 1e-8, "simple_layer_3": 1e-3, "complex_layer_3": 1e-3},
    cpu_seconds=400,
    runs={
        f"{name}-{batch}": FortyConfig(name, batch)
        for name in ARCHITECTURES
        for batch in range(1, N_BATCHES + 1)
    },
    live=None,
)
