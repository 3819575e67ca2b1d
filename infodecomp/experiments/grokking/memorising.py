"""Two small networks that find the rule of modular addition and then learn their pairs by heart."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import torch

from infodecomp.experiments.registry import Context, Experiment
from infodecomp.experiments.storage import Packed
from infodecomp.modular.network import all_pairs, split_pairs
from infodecomp.modular.variants import train_variants

N_SNAPSHOTS = 60


@dataclass(frozen=True)
class MemorisingConfig:
    """Settings of a run."""

    modulus: int = 31
    embedding: int = 5
    neurons: int = 10
    decay: float = 0.0
    share: float = 0.6
    learning_rate: float = 3e-3
    steps: int = 3000
    seed: int = 10


class MemorisingState(NamedTuple):
    """The network at one step.

    Attributes
    ----------
    step : int
    inputs : torch.Tensor, float32, shape (modulus, n_neurons)
    outputs : torch.Tensor, float32, shape (n_neurons, modulus)
    accuracy, test_accuracy : float
    loss, test_loss : float
        Cross-entropy in nats.
    """

    step: int
    inputs: torch.Tensor
    outputs: torch.Tensor
    accuracy: float
    test_accuracy: float
    loss: float
    test_loss: float


MEASURES = ("accuracy", "test_accuracy", "loss", "test_loss")


def _run(context: Context[MemorisingConfig]) -> Iterator[MemorisingState]:
    config = context.config
    for snapshot in train_variants(
        "tied",
        (config.seed,),
        (config.decay,),
        config.steps,
        range(0, config.steps + 1, config.steps // N_SNAPSHOTS),
        modulus=config.modulus,
        embedding=config.embedding,
        neurons=config.neurons,
        learning_rate=config.learning_rate,
        share=config.share,
    ):
        context.report(snapshot.step, config.steps)
        measures = {name: float(getattr(snapshot, name)[0]) for name in MEASURES}
        yield MemorisingState(snapshot.step, snapshot.inputs[0], snapshot.outputs[0], **measures)


def _pack(states: list[MemorisingState]) -> Packed:
    """Half precision: a solution by heart does not survive eight bits."""
    tensors = {
        "step": torch.tensor([state.step for state in states], dtype=torch.int32),
        "inputs": torch.stack([state.inputs for state in states]).half(),
        "outputs": torch.stack([state.outputs for state in states]).half(),
        "measures": torch.tensor([[getattr(state, name) for name in MEASURES] for state in states]),
    }
    return Packed(tensors)


def _unpack(config: MemorisingConfig, packed: Packed) -> list[tuple[int, MemorisingState]]:
    tensors = packed.tensors
    weights = tensors["inputs"].float(), tensors["outputs"].float()
    rows = zip(tensors["step"].tolist(), *weights, tensors["measures"].tolist())
    return [(step, MemorisingState(step, into, out, *measures)) for step, into, out, measures in rows]


def _score(config: MemorisingConfig, state: MemorisingState) -> dict[str, float]:
    """Accuracies of the stored weights, and the recorded measures of the last step."""
    pairs = all_pairs(config.modulus)
    right = ((pairs.incidence @ state.inputs).relu() @ state.outputs).argmax(1) == pairs.total
    split = split_pairs(config.modulus, config.share, config.seed)
    return {
        "train_accuracy": float(right[split.training].double().mean()),
        "test_accuracy": float(right[split.test].double().mean()),
        "recorded_test_accuracy": state.test_accuracy,
        "recorded_test_loss": state.test_loss,
    }


MEMORISING = Experiment(
    name="memorising",
    summary="Two small networks that find the rule of modular addition and then learn their pairs by heart.",
    config=MemorisingConfig(),
    run=_run,
    pack=_pack,
    unpack=_unpack,
    score=_score,
    tolerance={
        "train_accuracy": 0.01,
        "test_accuracy": 0.01,
        "recorded_test_accuracy": 1e-6,
        "recorded_test_loss": 1e-5,
    },
    cpu_seconds=10,
    runs={
        "no-decay": MemorisingConfig(),
        "some-decay": MemorisingConfig(embedding=6, neurons=12, decay=0.13, share=0.7, steps=13800, seed=1),
    },
    live=None,
)
