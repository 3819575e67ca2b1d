"""Estimators of mutual information on distributions where it is known, at several numbers of samples."""

from collections.abc import Iterator
from dataclasses import dataclass

import torch

from infodecomp.estimators.benchmark import ESTIMATORS, benchmark_tasks
from infodecomp.estimators.estimate import Estimate
from infodecomp.experiments.registry import Context, Experiment
from infodecomp.experiments.storage import Packed

COUNTS = (100, 300, 1000, 3000)
MOST_IN_MANY_DIMENSIONS = 1000


@dataclass(frozen=True)
class RaceConfig:
    """Settings of a comparison of estimators: the distribution, the number of samples, and the seed."""

    task: str = "normal"
    n: int = 1000
    seed: int = 0


def race_counts(task: str) -> tuple[int, ...]:
    """The numbers of samples for which a distribution was run; not the largest in many dimensions."""
    many = benchmark_tasks()[task].dimensions > 2
    return tuple(n for n in COUNTS if not many or n <= MOST_IN_MANY_DIMENSIONS)


def _race(context: Context[RaceConfig]) -> Iterator[dict[str, Estimate]]:
    config = context.config
    x, y = benchmark_tasks()[config.task].sample(config.n, config.seed)
    yield {name: estimate(x, y) for name, estimate in ESTIMATORS.items()}


def _pack(found: list[dict[str, Estimate]]) -> Packed:
    last = found[-1]
    return Packed(
        {"estimates": torch.tensor([[e.bits, e.standard_error, e.bias] for e in last.values()])},
        {"estimators": list(last), "kinds": [e.kind for e in last.values()]},
    )


def _unpack(config: RaceConfig, packed: Packed) -> list[tuple[int, dict[str, Estimate]]]:
    rows = packed.tensors["estimates"].tolist()
    found = {
        name: Estimate(bits, error, kind, config.n, bias)
        for name, kind, (bits, error, bias) in zip(
            packed.metadata["estimators"], packed.metadata["kinds"], rows
        )
    }
    return [(0, found)]


ESTIMATOR_RACE = Experiment(
    name="estimator-race",
    summary="Six estimators, two of them trained, on nine distributions of known information.",
    config=RaceConfig(),
    run=_race,
    pack=_pack,
    unpack=_unpack,
    score=lambda config, last: {name: estimate.bits for name, estimate in last.items()},
    tolerance={name: 1e-5 for name in ESTIMATORS},
    cpu_seconds=200,
    runs={f"{task}-{n}": RaceConfig(task, n) for task in benchmark_tasks() for n in race_counts(task)},
)
