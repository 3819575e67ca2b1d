"""An experiment of the new essay: how much rain falls, day after day."""

from dataclasses import dataclass

import torch

from infodecomp.experiments.registry import Experiment
from infodecomp.experiments.storage import Packed


@dataclass(frozen=True)
class RainConfig:
    """The settings of a run."""

    seed: int = 0
    days: int = 30


def rain(context):
    """The rain up to each day, in millimetres."""
    generator, total = torch.Generator().manual_seed(context.config.seed), 0.0
    for _ in range(context.config.days):
        total += torch.rand((), generator=generator).item()
        yield total


RAINFALL = Experiment(
    name="rainfall",
    summary="The rain of a month.",
    config=RainConfig(),
    run=rain,
    pack=lambda totals: Packed({"total": torch.tensor(totals, dtype=torch.float64)}),
    unpack=lambda config, packed: list(enumerate(packed.tensors["total"].tolist())),
    score=lambda config, total: {"total": total},
    tolerance={"total": 1e-6},
    cpu_seconds=0.1,
)
