"""Which parameterisations of the same network generalise: modular addition, 45 runs."""

from collections.abc import Iterator
from dataclasses import dataclass

import torch

from infodecomp.experiments.grokking.curves import pack_curves, unpack_curves
from infodecomp.experiments.registry import Context, Experiment
from infodecomp.modular.variants import VariantSnapshot, train_variants
from infodecomp.parity.sweep import SweepCurves

NAMES = ("tied", "untied", "input", "output", "direct")
DECAYS = (0.3, 1.0, 3.0)
SEEDS = (0, 1, 2)
STEPS = tuple(range(0, 1501, 50))
KNOWS = 0.95  # test accuracy from which a run knows the sum


@dataclass(frozen=True)
class FactorisationConfig:
    """Settings of the runs of one parameterisation."""

    parameterisation: str = "tied"
    decays: tuple[float, ...] = DECAYS
    seeds: tuple[int, ...] = SEEDS
    learning_rate: float = 1e-2
    share: float = 0.4


def curves_of(snapshots: list[VariantSnapshot]) -> SweepCurves:
    """Accuracies and losses of several runs, (n_runs, n_steps) each."""
    columns = ("accuracy", "test_accuracy", "loss", "test_loss")
    return SweepCurves(*(torch.stack([getattr(one, name) for one in snapshots], 1) for name in columns))


def _run(context: Context[FactorisationConfig]) -> Iterator[SweepCurves]:
    config, snapshots = context.config, []
    for snapshot in train_variants(
        config.parameterisation,
        config.seeds,
        config.decays,
        STEPS[-1],
        STEPS,
        learning_rate=config.learning_rate,
        share=config.share,
    ):
        context.report(snapshot.step, STEPS[-1])
        snapshots.append(snapshot._replace(factors={}))
    yield curves_of(snapshots)


def _score(config: FactorisationConfig, curves: SweepCurves) -> dict[str, float]:
    final = curves.test_accuracy[:, -1].double()
    return {"knows": float((final >= KNOWS).sum()), "mean_test_accuracy": float(final.mean())}


FACTORISATIONS = Experiment(
    name="factorisations",
    summary="Modular addition with five parameterisations, three weight decays and three seeds each.",
    config=FactorisationConfig(),
    run=_run,
    pack=pack_curves,
    unpack=unpack_curves,
    score=_score,
    tolerance={"mean_test_accuracy": 1e-6},
    cpu_seconds=110,
    runs={name: FactorisationConfig(name) for name in NAMES},
    live=None,
)
