"""A short fit of the bike rentals that readers watch from its first step: its information plane on held-out
hours.

The full fit is the experiment `bikes`.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import numpy as np
import torch

from infodecomp.bottleneck.features import Feature, learn_feature
from infodecomp.bottleneck.messages import row_noise, sample, sampled_information
from infodecomp.bottleneck.preprocessing import Target, level_indices, name_columns
from infodecomp.bottleneck.training import Examples, Training, TrainingConfig
from infodecomp.data import bikes
from infodecomp.errors import InformationError
from infodecomp.experiments.registry import Context, Experiment
from infodecomp.experiments.storage import Packed

STEPS = 900  # of the optimizer
SCHEDULE = ((50, 5), (200, 10), (STEPS, 25))  # up to a step, steps between measurements: most changes early
BETAS, HELD_OUT = 20, 500  # values of beta, and test hours, of a measurement
SCORED_BITS = (1, 4, 8, 15)


class BikeSnapshot(NamedTuple):
    """A fit as last measured. Point estimates, bits to about 0.1.

    Attributes
    ----------
    step
        Step of the measurement.
    seconds
        CPU time of the fit up to then.
    bits
        Total, of one sample of the messages of HELD_OUT hours, shape (n_betas,).
    error
        Root mean squared error in rentals an hour, shape (n_betas,).
    features
        Bits of each feature, shape (n_betas, n_features).
    """

    step: int
    seconds: float
    bits: np.ndarray
    error: np.ndarray
    features: np.ndarray


@dataclass(frozen=True)
class BikeRunConfig:
    """Settings of a fit: the seed, and the steps of the optimizer."""

    seed: int = 0
    steps: int = STEPS


class HeldOut(NamedTuple):
    """Level indices (n_rows, n_features) and rentals (n_rows,)."""

    indices: np.ndarray
    rentals: np.ndarray


class BikeTables(NamedTuple):
    """What every fit shares."""

    features: list[Feature]
    target: Target
    training: HeldOut
    held_out: HeldOut


@cache
def bike_tables() -> BikeTables:
    """Features, target, training hours and, of the test hours of the full fits, those that are held out."""
    data, split = bikes.load_bikes(), bikes.split_bikes()
    columns = name_columns(list(bikes.FEATURES), list(data.columns.values()), bikes.KINDS, bikes.PERIODS)
    features = [learn_feature(column) for column in columns]
    indices, count = level_indices(features, columns), data.count
    target = Target(float(count[split.training].mean()), float(count[split.training].std()))
    held_out = _stratified(split.test, count)
    training = HeldOut(indices[split.training], count[split.training])
    return BikeTables(features, target, training, HeldOut(indices[held_out], count[held_out]))


def _stratified(hours: np.ndarray, count: np.ndarray) -> np.ndarray:
    """HELD_OUT hours at even quantiles of the rentals, so that few hours vary as much as all of them."""
    ranks = (np.arange(HELD_OUT) + 0.5) * len(hours) / HELD_OUT
    return np.sort(hours[np.argsort(count[hours], kind="stable")][ranks.astype(int)])


def is_measured(step: int, steps: int = STEPS) -> bool:
    """Whether a run of so many steps is measured after this one."""
    interval = next((every for until, every in SCHEDULE if step <= until), SCHEDULE[-1][1])
    return step == steps or step % interval == 0


def bike_run(seed: int, steps: int = STEPS) -> Iterator[BikeSnapshot]:
    """Snapshots of steps 0, 1, … of a fit; steps between two measurements repeat the last one.

    Parameters
    ----------
    seed
        Non-negative.
    steps
        Steps of the optimizer.

    Raises
    ------
    InformationError
        For a seed that is no non-negative integer.
    """
    if not isinstance(seed, int) or seed < 0:
        raise InformationError(f"seed = {seed!r} is no seed: give a whole number from 0 on.")
    start = time.thread_time()
    features, target, (indices, count), held_out = bike_tables()
    training = Training(features, 1, TrainingConfig(steps=steps), seed)
    rows = training.network.layout.flat_indices(torch.as_tensor(indices))
    examples = Examples(rows, target.encode(count))
    snapshot = _measure(training, target, held_out, 0.0)
    seconds = time.thread_time() - start
    yield snapshot
    while training.step < steps:
        start = time.thread_time()  # each step may be requested by another thread
        training.advance(examples)
        if is_measured(training.step, steps):
            snapshot = _measure(training, target, held_out, seconds + time.thread_time() - start)
        seconds += time.thread_time() - start
        yield snapshot


@torch.no_grad()
def _measure(training: Training, target: Target, held_out: HeldOut, seconds: float) -> BikeSnapshot:
    network, t = training.ema_network, torch.linspace(0, 1, BETAS)
    noise = row_noise(held_out.indices, network.dimension, training.seed).expand(BETAS, -1, -1, -1)
    indices = torch.as_tensor(held_out.indices)
    rows = network.layout.flat_indices(indices, noise[0]).expand(BETAS, -1, -1)
    encodings = network.encodings(t)
    u, _, log_variance = sample(encodings, rows, noise)
    nats = sampled_information(encodings, network.layout, u, noise, log_variance)
    features = nats.double().numpy() / np.log(2)
    outputs = network.decode(u.flatten(2), t)[..., 0].double().numpy() * target.scale + target.mean
    error = np.sqrt(((outputs - held_out.rentals) ** 2).mean(1))
    return BikeSnapshot(training.step, seconds, features.sum(1), error, features)


def _run(context: Context[BikeRunConfig]) -> Iterator[BikeSnapshot]:
    return bike_run(context.config.seed, context.config.steps)


def _pack(snapshots: list[BikeSnapshot]) -> Packed:
    measured = list({snapshot.step: snapshot for snapshot in snapshots}.values())
    tensors = {
        name: torch.from_numpy(np.round(np.stack([getattr(item, name) for item in measured]), 4))
        for name in ("bits", "error", "features")
    }
    tensors["step"] = torch.tensor([item.step for item in measured])
    tensors["seconds"] = torch.tensor([round(item.seconds, 3) for item in measured], dtype=torch.float64)
    return Packed(tensors)


def _unpack(config: BikeRunConfig, packed: Packed) -> list[tuple[int, BikeSnapshot]]:
    tensors = packed.tensors
    steps, seconds = tensors["step"].tolist(), tensors["seconds"].tolist()
    arrays = zip(*(tensors[name].numpy() for name in ("bits", "error", "features")))
    return [(step, BikeSnapshot(step, time_, *row)) for step, time_, row in zip(steps, seconds, arrays)]


def _score(config: BikeRunConfig, last: BikeSnapshot) -> dict[str, float]:
    errors = np.interp(SCORED_BITS, np.maximum.accumulate(last.bits), last.error)
    return {f"rmse/{bits}": float(error) for bits, error in zip(SCORED_BITS, errors)}


BIKES_RUN = Experiment(
    name="bikes-run",
    summary="A short fit of the bike rentals from its first step on, as measured on 500 held-out hours.",
    config=BikeRunConfig(),
    run=_run,
    pack=_pack,
    unpack=_unpack,
    score=_score,
    tolerance={"rmse": 1e-9},
    cpu_seconds=10,
    required=True,
    max_live_runs=8,
)
