"""A recurrent network that predicts the Mess3 process."""

from collections.abc import Iterator
from dataclasses import dataclass

import torch

from infodecomp.experiments.registry import Context, Experiment
from infodecomp.experiments.storage import Packed
from infodecomp.processes import belief_network


@dataclass(frozen=True)
class BeliefConfig:
    """Settings of a recurrent network that predicts Mess3: the seed."""

    seed: int = 0


def _train_beliefs(context: Context[BeliefConfig]) -> Iterator[belief_network.BeliefSnapshot]:
    return belief_network.train_belief_network(context.config.seed)


def _score_beliefs(config: BeliefConfig, last: belief_network.BeliefSnapshot) -> dict[str, float]:
    probed = belief_network.probe_beliefs(last.weights.half().float())
    return {"r_squared": probed.r_squared, "loss": probed.loss}


BELIEF_NETWORK = Experiment(
    name="belief-network",
    summary="A gated recurrent network of 32 units that predicts the Mess3 process, at thirteen steps.",
    config=BeliefConfig(),
    run=_train_beliefs,
    pack=lambda found: Packed({"weights": torch.stack([s.weights for s in found]).half()}),
    unpack=lambda config, packed: [
        (index, belief_network.BeliefSnapshot(step, weights))
        for index, (step, weights) in enumerate(zip(belief_network.STEPS, packed.tensors["weights"].float()))
    ],
    score=_score_beliefs,
    tolerance={"r_squared": 1e-3, "loss": 2e-3},
    cpu_seconds=20,
)
