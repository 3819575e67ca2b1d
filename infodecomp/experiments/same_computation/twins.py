"""Two small networks that give the same answers, for each of two activations: majority of three bits."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import torch

from infodecomp.experiments.registry import Context, Experiment
from infodecomp.experiments.storage import Packed
from infodecomp.networks.architecture import MLP
from infodecomp.networks.bit_functions import bit_strings, train_to_loss

NETWORKS = {"relu": MLP((3, 3, 3, 1)), "tanh": MLP((3, 3, 3, 1), "tanh")}
CUTOFF, SEEDS_TRIED, MAX_STEPS = 1e-9, 12, 12_000


class TwinSnapshot(NamedTuple):
    """A network and a stranger that has learnt the same function from another seed.

    Attributes
    ----------
    parameters : torch.Tensor, shape (2, n_parameters)
    """

    parameters: torch.Tensor


@dataclass(frozen=True)
class TwinConfig:
    """The activation, a key of NETWORKS."""

    activation: str = "relu"


def majority() -> tuple[torch.Tensor, torch.Tensor]:
    """All strings of three bits (8, 3), and whether most of each are ones (8,)."""
    x = bit_strings(3)
    return x, (x.sum(1) > 1.5).float()


def _run(context: Context[TwinConfig]) -> Iterator[TwinSnapshot]:
    x, y = majority()
    network = NETWORKS[context.config.activation]
    yield TwinSnapshot(train_to_loss(network, x, y, CUTOFF, range(SEEDS_TRIED), 2, MAX_STEPS).parameters)


def _score(config: TwinConfig, last: TwinSnapshot) -> dict[str, float]:
    x, y = majority()
    outputs = NETWORKS[config.activation].forward(last.parameters, x)[-1][..., 0]
    return {"largest_error": float((outputs - y).abs().max())}


TWINS = Experiment(
    name="twins",
    summary="Two networks of each of two activations that have learnt the majority of three bits.",
    config=TwinConfig(),
    run=_run,
    pack=lambda snapshots: Packed({"parameters": snapshots[-1].parameters}),
    unpack=lambda config, packed: [(0, TwinSnapshot(packed.tensors["parameters"]))],
    score=_score,
    tolerance={"largest_error": 1e-6},
    cpu_seconds=10,
    runs={name: TwinConfig(name) for name in NETWORKS},
    live=None,
)
