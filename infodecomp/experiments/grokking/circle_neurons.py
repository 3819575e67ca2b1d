"""Five neurons that learn to add on a given circle: twenty weights."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import torch

from infodecomp.experiments.registry import Context, Experiment
from infodecomp.experiments.storage import Packed
from infodecomp.modular.network import all_pairs, split_pairs
from infodecomp.modular.variants import circle_embedding, train_variants

SEEDS = range(6)
STEPS = (*range(0, 300, 5), *range(300, 1501, 30))


@dataclass(frozen=True)
class CircleConfig:
    """Settings of a run."""

    modulus: int = 67
    neurons: int = 5
    share: float = 0.3
    learning_rate: float = 3e-2
    decay: float = 0.01
    seed: int = 1


class CircleState(NamedTuple):
    """The network at one step.

    Attributes
    ----------
    step : int
    into : torch.Tensor, float32, shape (2, n_neurons)
        From the point of a number on the circle to each neuron.
    out : torch.Tensor, float32, shape (n_neurons, 2)
        From each neuron back to the circle.
    accuracy, test_accuracy : float
    """

    step: int
    into: torch.Tensor
    out: torch.Tensor
    accuracy: float
    test_accuracy: float


def _run(context: Context[CircleConfig]) -> Iterator[CircleState]:
    config = context.config
    for snapshot in train_variants(
        "circle",
        (config.seed,),
        (config.decay,),
        STEPS[-1],
        STEPS,
        modulus=config.modulus,
        neurons=config.neurons,
        learning_rate=config.learning_rate,
        share=config.share,
    ):
        context.report(snapshot.step, STEPS[-1])
        yield CircleState(
            snapshot.step,
            snapshot.factors["into"][0],
            snapshot.factors["out"][0],
            float(snapshot.accuracy[0]),
            float(snapshot.test_accuracy[0]),
        )


def _pack(states: list[CircleState]) -> Packed:
    return Packed(
        {
            "into": torch.stack([state.into for state in states]),
            "out": torch.stack([state.out for state in states]),
            "accuracy": torch.tensor([[state.accuracy, state.test_accuracy] for state in states]),
        },
        {"steps": list(STEPS)},
    )


def _unpack(config: CircleConfig, packed: Packed) -> list[tuple[int, CircleState]]:
    tensors = packed.tensors
    rows = zip(packed.metadata["steps"], tensors["into"], tensors["out"], tensors["accuracy"].tolist())
    return [(step, CircleState(step, into, out, *accuracy)) for step, into, out, accuracy in rows]


def circle_scores(config: CircleConfig, state: CircleState) -> torch.Tensor:
    """Logits of every answer for every unordered pair, shape (n_pairs, modulus)."""
    embedding = circle_embedding(config.modulus)
    seen = all_pairs(config.modulus).incidence @ embedding @ state.into
    return seen.relu() @ state.out @ embedding.T


def _score(config: CircleConfig, state: CircleState) -> dict[str, float]:
    right = circle_scores(config, state).argmax(1) == all_pairs(config.modulus).total
    split = split_pairs(config.modulus, config.share, config.seed)
    return {
        "train_accuracy": float(right[split.training].double().mean()),
        "test_accuracy": float(right[split.test].double().mean()),
    }


CIRCLE_NEURONS = Experiment(
    name="circle-neurons",
    summary="Five neurons that learn to add modulo 67 with numbers given as points of a circle, six seeds.",
    config=CircleConfig(),
    run=_run,
    pack=_pack,
    unpack=_unpack,
    score=_score,
    tolerance={"train_accuracy": 2e-3, "test_accuracy": 2e-3},
    cpu_seconds=12,
    runs={f"seed-{seed}": CircleConfig(seed=seed) for seed in SEEDS},
    live=None,
)
