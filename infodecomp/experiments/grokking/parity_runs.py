"""Sparse parity learnt by one network under an L1 and under an L2 penalty on its weights."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import torch

from infodecomp.experiments.grokking.quantised import weights_from_bytes, weights_to_bytes
from infodecomp.experiments.registry import Context, Experiment
from infodecomp.experiments.storage import Packed
from infodecomp.parity.network import TEST, TRAIN, evaluate, split_weights, stacked_samples
from infodecomp.parity.training import train_parity

N_SNAPSHOTS = 64  # steps between two stored snapshots: a 64th of the training


@dataclass(frozen=True)
class ParityConfig:
    """Settings of a training."""

    penalty: str = "l1"
    strength: float = 1e-4
    n_train: int = 1200
    width: int = 64
    learning_rate: float = 1e-3
    steps: int = 3200
    seed: int = 0


class ParityState(NamedTuple):
    """The network at one step.

    Attributes
    ----------
    step : int
    hidden : torch.Tensor, float32, shape (31, width)
        Weights from each digit, and from the constant input, to each neuron.
    out : torch.Tensor, float32, shape (width,)
    train_accuracy, test_accuracy : float
    train_loss, test_loss : float
        Cross-entropy in nats.
    penalty : float
        What the weights cost at this step, in nats: strength * sum |w| or strength * sum w**2 / 2.
    """

    step: int
    hidden: torch.Tensor
    out: torch.Tensor
    train_accuracy: float
    test_accuracy: float
    train_loss: float
    test_loss: float
    penalty: float


MEASURES = ("train_accuracy", "test_accuracy", "train_loss", "test_loss", "penalty")


def _cost(config: ParityConfig, weights: torch.Tensor) -> float:
    size = weights.abs().sum() if config.penalty == "l1" else weights.square().sum() / 2
    return config.strength * float(size)


def _run(context: Context[ParityConfig]) -> Iterator[ParityState]:
    config = context.config
    every = config.steps // N_SNAPSHOTS
    for snapshot in train_parity(
        config.n_train,
        config.width,
        (config.seed,),
        (config.strength,),
        config.steps,
        config.penalty,
        config.learning_rate,
        range(0, config.steps + 1, every),
    ):
        context.report(snapshot.step, config.steps)
        weights = snapshot.parameters[0, 0]
        hidden, out = split_weights(weights)
        measures = {name: float(getattr(snapshot, name)[0, 0]) for name in MEASURES[:-1]}
        yield ParityState(snapshot.step, hidden, out, **measures, penalty=_cost(config, weights))


def _pack(states: list[ParityState]) -> Packed:
    hidden, hidden_scale = weights_to_bytes(torch.stack([state.hidden for state in states]))
    out, out_scale = weights_to_bytes(torch.stack([state.out for state in states]))
    measures = torch.tensor([[getattr(state, name) for name in MEASURES] for state in states])
    return Packed(
        {
            "step": torch.tensor([state.step for state in states], dtype=torch.int32),
            "hidden": hidden,
            "hidden_scale": hidden_scale,
            "out": out,
            "out_scale": out_scale,
            "measures": measures.float(),
        }
    )


def _unpack(config: ParityConfig, packed: Packed) -> list[tuple[int, ParityState]]:
    tensors = packed.tensors
    hidden = weights_from_bytes(tensors["hidden"], tensors["hidden_scale"])
    out = weights_from_bytes(tensors["out"], tensors["out_scale"])
    rows = zip(tensors["step"].tolist(), hidden, out, tensors["measures"].tolist())
    return [(step, ParityState(step, inner, outer, *row)) for step, inner, outer, row in rows]


def _score(config: ParityConfig, state: ParityState) -> dict[str, float]:
    """Accuracies of the stored weights, computed again on the sequences of the seed."""
    parameters = torch.cat([state.hidden.flatten(), state.out])[None, None]
    fits = [
        evaluate(parameters, stacked_samples(n, (config.seed,), stream))
        for n, stream in ((config.n_train, TRAIN), (1000, TEST))
    ]
    return {
        "train_accuracy": float(fits[0].accuracy),
        "test_accuracy": float(fits[1].accuracy),
        "penalty": _cost(config, parameters),
        "recorded_penalty": state.penalty,
    }


PARITY_RUNS = Experiment(
    name="parity-runs",
    summary="A network that learns sparse parity by heart and then the rule, under an L1 and an L2 penalty.",
    config=ParityConfig(),
    run=_run,
    pack=_pack,
    unpack=_unpack,
    score=_score,
    tolerance={"train_accuracy": 1e-3, "test_accuracy": 1e-3, "penalty": 1e-5, "recorded_penalty": 1e-6},
    cpu_seconds=15,
    runs={
        "l1": ParityConfig(),
        "l2": ParityConfig("l2"),
    },
    live=None,
)
