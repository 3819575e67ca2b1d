"""How often a reader's run comes to know the sum, by the modulus and the share of the pairs that is shown."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

import torch

from infodecomp.experiments.grokking.modular import LIVE, LIVE_FRAMES
from infodecomp.experiments.registry import Context, Experiment
from infodecomp.experiments.storage import Packed
from infodecomp.modular.training import ModularConfig, train_modular

MODULI = (5, 11, 17, 31, 47, 67, 113)
SHARES = (0.4, 0.6, 0.8)
N_SEEDS = 12
KNOWN = 0.995  # test accuracy from which a network is said to know the sum


@dataclass(frozen=True)
class Survey:
    """The first of the seeds; everything else is as readers start their runs."""

    seed: int = 0


class SurveyResult(NamedTuple):
    """When each run knew the sum.

    Attributes
    ----------
    known_at : torch.Tensor, int64, shape (n_moduli, n_shares, n_seeds)
        The first measured step at which it did, or -1.
    """

    known_at: torch.Tensor

    def n_known(self, modulus: int, share: float) -> int:
        """How many of the runs with one of `MODULI` and one of `SHARES` came to know the sum."""
        return int((self.known_at[MODULI.index(modulus), SHARES.index(share)] >= 0).sum())


def known_at(config: ModularConfig) -> int:
    """The first measured step at which a run knows the sum, at which it is stopped; -1 if it never does."""
    for snapshot in train_modular(config, LIVE_FRAMES):
        if snapshot.test_accuracy >= KNOWN:
            return snapshot.step
    return -1


def survey(context: Context[Survey]) -> Iterator[SurveyResult]:
    """Run every modulus with every share and seed."""
    seeds = range(context.config.seed, context.config.seed + N_SEEDS)
    configs = [
        replace(LIVE, modulus=modulus, share=share, seed=seed)
        for modulus in MODULI
        for share in SHARES
        for seed in seeds
    ]
    steps = []
    for config in configs:
        steps.append(known_at(config))
        context.report(len(steps), len(configs))
    yield SurveyResult(torch.tensor(steps).view(len(MODULI), len(SHARES), N_SEEDS))


def _pack(snapshots: list[SurveyResult]) -> Packed:
    return Packed({"known_at": snapshots[-1].known_at.short()})


def _unpack(config: Survey, packed: Packed) -> list[tuple[int, SurveyResult]]:
    return [(0, SurveyResult(packed.tensors["known_at"].long()))]


def _score(config: Survey, last: SurveyResult) -> dict[str, float]:
    return {
        f"known/{modulus}/{share:g}": float(last.n_known(modulus, share))
        for modulus in MODULI
        for share in SHARES
    }


MOD_SURVEY = Experiment(
    name="mod-survey",
    summary="How many of twelve short runs come to know the sum, for seven moduli and three shares of pairs.",
    config=Survey(),
    run=survey,
    pack=_pack,
    unpack=_unpack,
    score=_score,
    tolerance={},
    cpu_seconds=300,
    live=None,
)
