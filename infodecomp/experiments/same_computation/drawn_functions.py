"""Twenty networks that learn a truth table of four bits while a reader waits."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import torch

from infodecomp.experiments.registry import Context, Experiment
from infodecomp.experiments.storage import Packed
from infodecomp.networks.architecture import MLP
from infodecomp.networks.bit_functions import bit_strings
from infodecomp.networks.settings import TrainingSettings
from infodecomp.networks.training import train

NETWORK = MLP((4, 8, 8, 8, 1))
N_NETWORKS, N_BITS = 20, 4
N_SNAPSHOTS, STEPS_PER_SNAPSHOT = 60, 50
CUTOFF, LEARNING_RATE = 1e-5, 5e-3
PARITY_OF_TWO = (0.0, 1.0, 1.0, 0.0) * 4  # the last two bits


class DrawnSnapshot(NamedTuple):
    """The networks after some steps.

    Attributes
    ----------
    step : int
        Of the optimiser.
    parameters : torch.Tensor, shape (20, n_parameters)
    """

    step: int
    parameters: torch.Tensor


@dataclass(frozen=True)
class DrawnConfig:
    """The table, in the order of the binary numbers, and the seed of the first network."""

    table: tuple[float, ...] = PARITY_OF_TWO
    seed: int = 0


def inputs() -> torch.Tensor:
    """All sixteen strings of four bits, (16, 4)."""
    return bit_strings(N_BITS)


def _run(context: Context[DrawnConfig]) -> Iterator[DrawnSnapshot]:
    config, x = context.config, inputs()
    y = torch.tensor(config.table)[:, None]
    seeds = range(N_NETWORKS * config.seed, N_NETWORKS * (config.seed + 1))
    settings = TrainingSettings(learning_rate=LEARNING_RATE, freeze_below=CUTOFF)
    at = [index * STEPS_PER_SNAPSHOT for index in range(N_SNAPSHOTS + 1)]
    for snapshot in train(NETWORK, x, y, seeds, at[-1], settings, snapshots=at):
        yield DrawnSnapshot(snapshot.step, snapshot.parameters)


def _pack(snapshots: list[DrawnSnapshot]) -> Packed:
    return Packed(
        {"parameters": torch.stack([one.parameters for one in snapshots[::4]])},
        {"steps": [one.step for one in snapshots[::4]]},
    )


def _unpack(config: DrawnConfig, packed: Packed) -> list[tuple[int, DrawnSnapshot]]:
    return [
        (step // STEPS_PER_SNAPSHOT, DrawnSnapshot(step, parameters))
        for step, parameters in zip(packed.metadata["steps"], packed.tensors["parameters"], strict=True)
    ]


def _score(config: DrawnConfig, last: DrawnSnapshot) -> dict[str, float]:
    outputs = NETWORK.forward(last.parameters, inputs())[-1][..., 0]
    loss = (outputs - torch.tensor(config.table)).square().mean(1)
    return {"below_1e-4": float((loss < 1e-4).sum()), "median_loss": float(loss.median())}


DRAWN_FUNCTION = Experiment(
    name="drawn-function",
    summary="Twenty networks that learn the parity of two of four bits, which readers replace by any table.",
    config=DrawnConfig(),
    run=_run,
    pack=_pack,
    unpack=_unpack,
    score=_score,
    tolerance={"median_loss": 1e-7},
    cpu_seconds=2,
)
