"""Four estimators of mutual information on distributions whose information is known."""

from collections.abc import Iterator
from dataclasses import dataclass

import torch

from infodecomp.estimators.benchmark import ESTIMATORS, benchmark_tasks
from infodecomp.estimators.estimate import Estimate
from infodecomp.experiments.registry import Context, Experiment
from infodecomp.experiments.storage import Packed


@dataclass(frozen=True)
class RaceConfig:
    """Settings of a comparison of estimators: the distribution, the number of samples, and the seed."""

    task: str = "normal"
    n: int = 1000
    seed: int = 0


RACE_COUNTS = (100, 300, 1000, 3000)
MOST_IN_MANY_DIMENSIONS = 1000


def race_counts(task: str) -> tuple[int, ...]:
    """The numbers of samples for which a distribution was run; not the largest in many dimensions."""
    many = benchmark_tasks()[task].dimensions > 2
    return tuple(n for n in RACE_COUNTS if not many or n <= MOST_IN_MANY_DIMENSIONS)


def _race(context: Context[RaceConfig]) -> Iterator[dict[str, Estimate]]:
    config = context.config
    x, y = benchmark_tasks()[config.task].sample(config.n, config.seed)
    yield {name: estimate(x, y) for name, estimate in ESTIMATORS.items()}


ESTIMATOR_RACE = Experiment(
    name="estimator-race",
    summary="Four estimators on nine distributions of known information, from 100 to 3,000 samples.",
    config=RaceConfig(),
    run=_race,
    pack=lambda found: Packed(
        {"estimates": torch.tensor([[e.bits, e.standard_error] for e in found[-1].values()])},
        {"estimators": list(found[-1])},
    ),
    unpack=lambda config, packed: [
        (
            0,
            {
                name: Estimate(bits, error, "point", config.n)
                for name, (bits, error) in zip(
                    packed.metadata["estimators"], packed.tensors["estimates"].tolist()
                )
            },
        )
    ],
    score=lambda config, last: {name: estimate.bits for name, estimate in last.items()},
    tolerance={name: 1e-5 for name in ESTIMATORS},
    cpu_seconds=30,
    runs={f"{task}-{n}": RaceConfig(task, n) for task in benchmark_tasks() for n in race_counts(task)},
)
