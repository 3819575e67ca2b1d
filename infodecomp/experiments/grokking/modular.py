"""Modular addition from scratch: slow runs of six seeds, and short runs that readers start themselves.

A run is measured at fixed steps, its frames, which its snapshots are numbered by. Of a slow run only every
third frame keeps its weights: these are its moments, which a figure's slider counts.
"""

from collections.abc import Iterator
from dataclasses import replace

from infodecomp.experiments.registry import Context, Experiment
from infodecomp.experiments.storage import Packed
from infodecomp.modular.ablation import ordered_accuracy
from infodecomp.modular.network import logits
from infodecomp.modular.packing import pack_run, unpack_run
from infodecomp.modular.spectrum import strongest_waves
from infodecomp.modular.training import ModularConfig, ModularSnapshot, train_modular

SLOW = ModularConfig(method="decay", learning_rate=5e-3, weight_decay=1, steps=7500)
SLOW_SEEDS = range(6)
PER_MOMENT = 3  # frames
N_MOMENTS = 36  # of a slow run, after the first
N_FRAMES = PER_MOMENT * N_MOMENTS
SLOW_FRAMES = [round(SLOW.steps * (i / N_FRAMES) ** 1.7) for i in range(N_FRAMES + 1)]
SLOW_MOMENTS = SLOW_FRAMES[::PER_MOMENT]
LIVE = ModularConfig(steps=3000, extra_steps=60)
LIVE_FRAMES = [*range(0, 600, 10), *range(600, 3001, 60)]


def slow_run(context: Context[ModularConfig]) -> Iterator[ModularSnapshot]:
    return train_modular(context.config, SLOW_FRAMES)


def _pack_slow(snapshots: list[ModularSnapshot]) -> Packed:
    return Packed(pack_run(snapshots, list(range(0, len(snapshots), PER_MOMENT))))


def _pack_live(snapshots: list[ModularSnapshot]) -> Packed:
    """Frames after the end of the run repeat it, so their weights are not kept."""
    steps = [one.step for one in snapshots]
    return Packed(pack_run(snapshots, list(range(steps.index(steps[-1]) + 1))))


def _unpack(config: ModularConfig, packed: Packed) -> list[tuple[int, ModularSnapshot]]:
    return list(enumerate(unpack_run(packed.tensors)))


def _score(config: ModularConfig, last: ModularSnapshot) -> dict[str, float]:
    waves = strongest_waves(last.network)
    return {
        "accuracy": ordered_accuracy(logits(last.network), config.modulus),
        "test_accuracy": last.test_accuracy,
        "least_purity": waves.purity[~waves.is_idle].min().item(),
    }


MOD67 = Experiment(
    name="mod67",
    summary="Addition modulo 67 learned from scratch with weight decay, six seeds, 37 moments of each.",
    config=SLOW,
    run=slow_run,
    pack=_pack_slow,
    unpack=_unpack,
    score=_score,
    tolerance={"accuracy": 1e-3, "test_accuracy": 1e-9, "least_purity": 1e-4},
    cpu_seconds=40,
    runs={f"seed-{seed}": replace(SLOW, seed=seed) for seed in SLOW_SEEDS},
    live=None,
)

MOD_LIVE = Experiment(
    name="mod-live",
    summary="Addition modulo 67 learned in some 300 steps with the projected gradient; readers start others.",
    config=LIVE,
    run=lambda context: train_modular(context.config, LIVE_FRAMES),
    pack=_pack_live,
    unpack=_unpack,
    score=_score,
    tolerance={"accuracy": 1e-3, "test_accuracy": 1e-9, "least_purity": 1e-4},
    cpu_seconds=1,
    max_live_runs=12,
)
