"""The slow runs on modular addition, measured: progress at every moment, information under noise."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import NamedTuple

import torch

from infodecomp.experiments.grokking.modular import MOD67, N_FRAMES, PER_MOMENT, SLOW, SLOW_MOMENTS
from infodecomp.experiments.registry import Context, Experiment
from infodecomp.experiments.storage import Packed
from infodecomp.modular.information import noisy_sum_information
from infodecomp.modular.network import split_pairs
from infodecomp.modular.progress import excluded_loss, local_learning_coefficient, restricted_loss
from infodecomp.modular.spectrum import frequency_groups, large_groups, spectral_sparsity

MEASURED_SEEDS = (5, 0, 1)  # of the slow runs, those that know the sum by step 4,100
MEASURES = ("restricted_loss", "excluded_loss", "norm", "sparsity", "learning_coefficient")
NOISES = tuple(round(0.02 * 1.5**i, 4) for i in range(14))  # in units of the activations' root mean square
DRAWS = 1
MAX_GROUPS = 6
ALL_SETS = 4  # groups up to which every set of them is measured


@dataclass(frozen=True)
class MeasuredRun:
    """Which slow run is measured."""

    seed: int = MEASURED_SEEDS[0]


class Progress(NamedTuple):
    """Measures of a run at each moment: MEASURES, each of shape (n_moments,)."""

    step: list[int]
    restricted_loss: torch.Tensor
    excluded_loss: torch.Tensor
    norm: torch.Tensor
    sparsity: torch.Tensor
    learning_coefficient: torch.Tensor


class GroupInformation(NamedTuple):
    """Bits about the sum under noise.

    Attributes
    ----------
    frequencies
        Of the groups of neurons; 0 for all neurons that belong to none of the largest groups.
    sets
        Indices of the groups in each measured set.
    bits, standard_error
        Shape (n_noises, n_sets).
    """

    frequencies: list[int]
    sets: list[tuple[int, ...]]
    bits: torch.Tensor
    standard_error: torch.Tensor


def measure_progress(context: Context[MeasuredRun]) -> Iterator[Progress]:
    """Measure a stored slow run at each of its moments; the key frequencies are those at its end."""
    seed = context.config.seed
    run = MOD67.until(N_FRAMES, seed=seed)[::PER_MOMENT]
    split = split_pairs(SLOW.modulus, SLOW.share, seed)
    frequencies = list(frequency_groups(run[-1].network))
    columns: list[list[float]] = [[] for _ in MEASURES]
    for snapshot in run:
        network = snapshot.network
        row = (
            restricted_loss(network, frequencies, split.test),
            excluded_loss(network, frequencies, split.training),
            snapshot.norm,
            spectral_sparsity(network),
            local_learning_coefficient(network, split.training, seed),
        )
        for column, value in zip(columns, row):
            column.append(value)
    yield Progress(SLOW_MOMENTS, *map(torch.tensor, columns))


def measured_sets(n_groups: int) -> list[tuple[int, ...]]:
    """Every set of a few groups; of more groups the single ones, the pairs and all of them."""
    sizes = range(1, n_groups + 1) if n_groups <= ALL_SETS else (1, 2, n_groups)
    return [chosen for size in sizes for chosen in combinations(range(n_groups), size)]


def measure_information(context: Context[MeasuredRun]) -> Iterator[GroupInformation]:
    """Measure the last network of a stored slow run at each noise."""
    seed = context.config.seed
    network = MOD67.at(N_FRAMES, seed=seed).network
    groups = large_groups(network, MAX_GROUPS)
    sets = measured_sets(len(groups))
    results = [
        noisy_sum_information(network, list(groups.values()), sets, noise, seed, DRAWS) for noise in NOISES
    ]
    yield GroupInformation(
        list(groups),
        sets,
        torch.stack([one.bits for one in results]),
        torch.stack([one.standard_error for one in results]),
    )


def _pack_progress(snapshots: list[Progress]) -> Packed:
    return Packed({name: getattr(snapshots[-1], name).float() for name in MEASURES})


def _unpack_progress(config: MeasuredRun, packed: Packed) -> list[tuple[int, Progress]]:
    return [(0, Progress(SLOW_MOMENTS, *(packed.tensors[name] for name in MEASURES)))]


def _score_progress(config: MeasuredRun, last: Progress) -> dict[str, float]:
    return {name: getattr(last, name)[-1].item() for name in MEASURES}


def _pack_information(snapshots: list[GroupInformation]) -> Packed:
    last = snapshots[-1]
    tensors = {"bits": last.bits.float(), "standard_error": last.standard_error.float()}
    return Packed(tensors, {"frequencies": last.frequencies})


def _unpack_information(config: MeasuredRun, packed: Packed) -> list[tuple[int, GroupInformation]]:
    frequencies = packed.metadata["frequencies"]
    parts = (packed.tensors["bits"], packed.tensors["standard_error"])
    return [(0, GroupInformation(frequencies, measured_sets(len(frequencies)), *parts))]


def _score_information(config: MeasuredRun, last: GroupInformation) -> dict[str, float]:
    """Bits of all groups together at the least, the middle and the most noise."""
    return {f"all/{NOISES[i]:g}": last.bits[i, -1].item() for i in (0, len(NOISES) // 2, -1)}


SEEDS = {f"seed-{seed}": MeasuredRun(seed) for seed in MEASURED_SEEDS}
MOD_PROGRESS = Experiment(
    name="mod-progress",
    summary="Measures of progress at the moments of three slow runs on modular addition.",
    config=MeasuredRun(),
    run=measure_progress,
    pack=_pack_progress,
    unpack=_unpack_progress,
    score=_score_progress,
    tolerance=dict.fromkeys(MEASURES, 1e-6),
    cpu_seconds=40,
    runs=SEEDS,
    live=None,
)
MOD_INFORMATION = Experiment(
    name="mod-information",
    summary="Bits about the sum that the frequencies of three slow runs keep under noise.",
    config=MeasuredRun(),
    run=measure_information,
    pack=_pack_information,
    unpack=_unpack_information,
    score=_score_information,
    tolerance={"all": 1e-6},
    cpu_seconds=30,
    runs=SEEDS,
    live=None,
)
