"""Critics for the Donsker-Varadhan bound on correlated Gaussians, at several sizes of the problem."""

from collections.abc import Iterator
from dataclasses import dataclass

import torch

from infodecomp.deterministic import critics
from infodecomp.estimators.estimate import Estimate
from infodecomp.experiments.registry import Context, Experiment
from infodecomp.experiments.storage import Packed


@dataclass(frozen=True)
class CriticConfig:
    """Settings of a critic: correlation and number of pairs, size of a fixed sample (0: none), and seed."""

    rho: float = 0.8
    dimensions: int = 1
    n_samples: int = 0
    seed: int = 0


CRITIC_CASES = {
    "one": CriticConfig(0.8, 1),
    "one-strong": CriticConfig(0.99, 1),
    "ten": CriticConfig(0.8, 10),
    "ten-strong": CriticConfig(0.99, 10),
    "few": CriticConfig(0.0, 1, 200),
}


def _train_critic(context: Context[CriticConfig]) -> Iterator[critics.CriticSnapshot]:
    config = context.config
    return critics.train_critic(config.rho, config.dimensions, config.n_samples, config.seed)


def _pack_critic(snapshots: list[critics.CriticSnapshot]) -> Packed:
    """The bounds of every snapshot, and the weights of the last."""
    bounds = [[s.seen.bits, s.seen.standard_error, s.fresh.bits, s.fresh.standard_error] for s in snapshots]
    sizes = [[s.step, s.seen.n, s.fresh.n] for s in snapshots]
    return Packed(
        {
            "bounds": torch.tensor(bounds),
            "sizes": torch.tensor(sizes),
            "weights": snapshots[-1].weights.half(),
        }
    )


def _unpack_critic(config: CriticConfig, packed: Packed) -> list[tuple[int, critics.CriticSnapshot]]:
    weights, found = packed.tensors["weights"].float(), []
    for index, (bounds, sizes) in enumerate(
        zip(packed.tensors["bounds"].tolist(), packed.tensors["sizes"].tolist())
    ):
        seen, fresh = (Estimate(bounds[2 * k], bounds[2 * k + 1], "lower", int(sizes[k + 1])) for k in (0, 1))
        found.append((index, critics.CriticSnapshot(int(sizes[0]), weights, seen, fresh)))
    return found


def _score_critic(config: CriticConfig, last: critics.CriticSnapshot) -> dict[str, float]:
    pairs = critics.fresh_pairs(config.rho, config.dimensions)
    recomputed = critics.bound_of(last.weights.half().float(), pairs, config.dimensions).bits
    return {"recorded": last.fresh.bits, "relative": recomputed / max(abs(last.fresh.bits), 1.0)}


CRITICS = Experiment(
    name="critics",
    summary="Critics for the Donsker-Varadhan bound on correlated Gaussians, and one on too few samples.",
    config=CriticConfig(),
    run=_train_critic,
    pack=_pack_critic,
    unpack=_unpack_critic,
    score=_score_critic,
    tolerance={"recorded": 1e-4, "relative": 0.02},
    cpu_seconds=60,
    runs=CRITIC_CASES,
)
