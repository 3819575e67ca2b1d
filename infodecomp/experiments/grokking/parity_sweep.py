"""The sweep over sparse parity: 1,125 networks, in 25 groups that can be trained on different machines."""

from collections.abc import Iterator
from dataclasses import dataclass

import torch

from infodecomp.experiments.grokking.curves import pack_curves, unpack_curves
from infodecomp.experiments.registry import Context, Experiment
from infodecomp.parity.sweep import KNOWS, OUTCOMES, SweepCurves, first_step, outcomes, train_group

SIZES = (500, 700, 850, 1000, 1500)  # training sequences
WIDTHS = (4, 8, 12, 16, 32)  # hidden neurons
DECAYS = (0.01, 0.1, 0.3, 1.0, 3.0)


@dataclass(frozen=True)
class ParityGroupConfig:
    """Settings of a group of networks that differ in weight decay and seed alone."""

    n_train: int = SIZES[-2]
    width: int = WIDTHS[-2]
    decays: tuple[float, ...] = DECAYS
    learning_rate: float = 1e-2


def _run(context: Context[ParityGroupConfig]) -> Iterator[SweepCurves]:
    config = context.config
    yield train_group(config.n_train, config.width, config.decays, config.learning_rate, context.report)


def _score(config: ParityGroupConfig, curves: SweepCurves) -> dict[str, float]:
    counts = torch.bincount(outcomes(curves), minlength=len(OUTCOMES)).tolist()
    known = first_step(curves.test_accuracy, KNOWS)
    reached = known[known >= 0]
    return dict(zip(OUTCOMES, counts)) | {
        "mean_test_accuracy": float(curves.test_accuracy[:, -1].double().mean()),
        "median_step": float(reached.median()) if len(reached) else -1.0,
    }


def group_name(n_train: int, width: int) -> str:
    """The run of a training set size and a width."""
    return f"{n_train}x{width}"


PARITY_SWEEP = Experiment(
    name="parity-sweep",
    summary="1,125 networks on sparse parity: five training sizes, widths and decays, nine seeds each.",
    config=ParityGroupConfig(),
    run=_run,
    pack=pack_curves,
    unpack=unpack_curves,
    score=_score,
    tolerance={"mean_test_accuracy": 1e-6},
    cpu_seconds=250,
    runs={group_name(n, width): ParityGroupConfig(n, width) for n in SIZES for width in WIDTHS},
    live=None,
)
