"""Forty networks for each of two sizes that learn fuzzy XOR on the whole unit square."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import torch

from infodecomp.errors import InformationError
from infodecomp.experiments.registry import Context, Experiment
from infodecomp.experiments.storage import Packed
from infodecomp.networks.architecture import MLP
from infodecomp.networks.settings import TrainingSettings
from infodecomp.networks.training import train
from infodecomp.representations.fuzzy_logic import fuzzy_functions, truth_grid

ARCHITECTURES = {"2-4-4-1": MLP((2, 4, 4, 1)), "2-8-8-1": MLP((2, 8, 8, 1))}
KEEP, N_BATCHES = 40, 3
SEEDS_TRIED = {"2-4-4-1": 165, "2-8-8-1": 60}
SIDE = 33  # points along each side of the training grid
MAX_ERROR = 1e-4  # mean squared, of the networks that are kept
STAGES = ((5000, 5e-3), (2500, 1e-3), (1000, 1e-4))  # steps and learning rate
BATCH_SIZE = 64


class FuzzySnapshot(NamedTuple):
    """The networks that have learnt fuzzy XOR.

    Attributes
    ----------
    parameters : torch.Tensor, shape (40, n_parameters)
    n_failed : int
        Seeds before the last of these that did not learn it.
    """

    parameters: torch.Tensor
    n_failed: int


@dataclass(frozen=True)
class FuzzyConfig:
    """Which networks: a key of ARCHITECTURES, and a batch of seeds from 1."""

    architecture: str = "2-4-4-1"
    batch: int = 1


def grid() -> tuple[torch.Tensor, torch.Tensor]:
    """The truth values (SIDE**2, 2) on which they are trained, and fuzzy XOR of them (SIDE**2,)."""
    a, b = truth_grid(SIDE)
    return torch.stack((a, b), 1).float(), fuzzy_functions(a, b)[-1].float()


def errors(network: MLP, parameters: torch.Tensor) -> torch.Tensor:
    """Mean squared error of each network on the grid, (n_networks,)."""
    x, y = grid()
    return (network.forward(parameters, x)[-1][..., 0] - y).square().mean(1)


def _run(context: Context[FuzzyConfig]) -> Iterator[FuzzySnapshot]:
    config, (x, y) = context.config, grid()
    network = ARCHITECTURES[config.architecture]
    tried = SEEDS_TRIED[config.architecture]
    seeds = range(10_000 * config.batch, 10_000 * config.batch + tried)
    parameters = network.initial(seeds)
    for steps, rate in STAGES:
        settings = TrainingSettings(learning_rate=rate, batch_size=BATCH_SIZE, shared_stream=True)
        *_, last = train(network, x, y[:, None], seeds, steps, settings, initial=parameters)
        parameters = last.parameters
    learnt = (errors(network, parameters) < MAX_ERROR).nonzero().flatten()[:KEEP]
    if len(learnt) < KEEP:
        raise InformationError(f"{len(learnt)} of {tried} networks learnt it and {KEEP} are wanted")
    yield FuzzySnapshot(parameters[learnt], int(learnt[-1]) + 1 - KEEP)


def _pack(snapshots: list[FuzzySnapshot]) -> Packed:
    return Packed({"parameters": snapshots[-1].parameters}, {"failed": snapshots[-1].n_failed})


def _unpack(config: FuzzyConfig, packed: Packed) -> list[tuple[int, FuzzySnapshot]]:
    return [(0, FuzzySnapshot(packed.tensors["parameters"], packed.metadata["failed"]))]


def _score(config: FuzzyConfig, last: FuzzySnapshot) -> dict[str, float]:
    error = errors(ARCHITECTURES[config.architecture], last.parameters)
    return {"worst": float(error.max()), "median": float(error.median()), "failed": float(last.n_failed)}


FUZZY_XOR = Experiment(
    name="fuzzy-xor",
    summary="Forty networks of each of two sizes that learn fuzzy XOR on the unit square.",
    config=FuzzyConfig(),
    run=_run,
    pack=_pack,
    unpack=_unpack,
    score=_score,
    tolerance={"worst": 1e-7, "median": 1e-7},
    cpu_seconds=125,
    runs={
        f"{name}-{batch}": FuzzyConfig(name, batch)
        for name in ARCHITECTURES
        for batch in range(1, N_BATCHES + 1)
    },
    live=None,
)
