"""A fit of the bike rentals from nothing that can be watched: its plane on hours held out, every few steps, and the work it took.

A full fit is `infodecomp train bikes`; this one is short. `python -m infodecomp.experiments.bikes_live` stores the run of seed 0.
"""

import json
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch

from infodecomp.artifacts import artifact_path, write_atomic
from infodecomp.bottleneck.features import learn_feature
from infodecomp.bottleneck.message_noise import row_noise
from infodecomp.bottleneck.network import sample, sampled_information
from infodecomp.bottleneck.preprocessing import Target, level_indices, name_columns
from infodecomp.bottleneck.training import Examples, Training, TrainingConfig
from infodecomp.data import bikes
from infodecomp.errors import InformationError

FILE = artifact_path("bikes-run.json")
STEPS = 900  # of the optimiser
PACE = (
    (50, 5),
    (200, 10),
    (STEPS, 25),
)  # up to which step, and steps between two measurements: much changes at the beginning
PRICES, HELD_OUT = 20, 500  # at which, and hours on which, a snapshot is measured


class Snapshot(NamedTuple):
    """A fit after `step` steps and `seconds` of CPU time. bits, error: (n_prices,), in bits and in rentals an hour, of one sample of the
    messages of HELD_OUT hours, which are as different as all of them; features: bits of each, (n_prices, n_features). Point estimates, bits to about .1."""

    step: int
    seconds: float
    bits: np.ndarray
    error: np.ndarray
    features: np.ndarray


@cache
def _material() -> tuple:
    """Features, target, the examples' levels and rentals, and those of the hours held out."""
    data, split = bikes.load_bikes(), bikes.split_bikes()
    columns = name_columns(list(bikes.FEATURES), list(data.columns.values()), bikes.KINDS, bikes.PERIODS)
    features = [learn_feature(column) for column in columns]
    codes, count = level_indices(features, columns), data.count
    target = Target(float(count[split.training].mean()), float(count[split.training].std()))
    held_out = _spread(split.validation, count)
    return (
        features,
        target,
        (codes[split.training], count[split.training]),
        (codes[held_out], count[held_out]),
    )


def _spread(rows: np.ndarray, count: np.ndarray) -> np.ndarray:
    """Of some hours HELD_OUT that lie evenly among them by their rentals, so that few hours vary about as much as all of them do."""
    place = (np.arange(HELD_OUT) + 0.5) * len(rows) / HELD_OUT
    return np.sort(rows[np.argsort(count[rows], kind="stable")][place.astype(int)])


def measured(step: int, steps: int = STEPS) -> bool:
    """Whether a run of so many steps is measured after this one."""
    return step == steps or step % next((every for until, every in PACE if step <= until), PACE[-1][1]) == 0


def bike_run(seed: int, steps: int = STEPS) -> Iterator[Snapshot]:
    """The snapshots of steps 0, 1, … of a fit; those between two measurements repeat the last one. Stop asking and the work stops.

    Raises InformationError for a seed that is no whole number from 0 on.
    """
    if not isinstance(seed, int) or seed < 0:
        raise InformationError(f"seed = {seed!r} is no seed: give a whole number from 0 on.")
    start = time.thread_time()
    features, target, (codes, count), held_out = _material()
    training = Training(features, 1, TrainingConfig(steps=steps), seed)
    examples = Examples(training.network.layout.flat_indices(torch.as_tensor(codes)), target.encode(count))
    snapshot = _measure(training, target, *held_out, 0.0)
    seconds = time.thread_time() - start
    yield snapshot
    while training.step < steps:
        start = time.thread_time()  # whoever asks may do so from another thread each time
        training.advance(examples)
        if measured(training.step, steps):
            snapshot = _measure(training, target, *held_out, seconds + time.thread_time() - start)
        seconds += time.thread_time() - start
        yield snapshot


@torch.no_grad()
def _measure(
    training: Training, target: Target, codes: np.ndarray, count: np.ndarray, seconds: float
) -> Snapshot:
    network, t = training.ema_network, torch.linspace(0, 1, PRICES)
    noise = row_noise(codes, network.dimension, training.seed).expand(PRICES, -1, -1, -1)
    rows = network.layout.flat_indices(torch.as_tensor(codes), noise[0]).expand(PRICES, -1, -1)
    table = network.encodings(t)
    u, _, log_variance = sample(table, rows, noise)
    features = sampled_information(table, network.layout, u, noise, log_variance).mean(
        1
    ).double().numpy() / np.log(2)
    outputs = network.decode(u.flatten(2), t)[..., 0].double().numpy() * target.scale + target.mean
    return Snapshot(
        training.step, seconds, features.sum(1), np.sqrt(((outputs - count) ** 2).mean(1)), features
    )


def store_run(file: Path = FILE, seed: int = 0, steps: int = STEPS) -> None:
    """Run a fit and write its measured snapshots to a JSON file."""
    snapshots = {snapshot.step: snapshot for snapshot in bike_run(seed, steps)}.values()
    rows = [
        {
            name: np.round(value, 4).tolist() if np.ndim(value) else round(value, 3)
            for name, value in one._asdict().items()
        }
        for one in snapshots
    ]
    record = {"seed": seed, "steps": steps, "torch": torch.__version__.partition("+")[0], "snapshots": rows}
    write_atomic(file, (json.dumps(record).replace('{"step"', '\n{"step"') + "\n").encode())


def stored_run(file: Path = FILE) -> tuple[int, list[Snapshot]]:
    """The seed and the measured snapshots of the stored run. Raises InformationError where it is missing or damaged."""
    try:
        record = json.loads(Path(file).read_text())
        return record["seed"], [
            Snapshot(
                **{name: np.array(value) if isinstance(value, list) else value for name, value in one.items()}
            )
            for one in record["snapshots"]
        ]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InformationError(
            f"{file} is missing or damaged ({error}): python -m infodecomp.experiments.bikes_live makes it again."
        ) from error


if __name__ == "__main__":
    torch.set_num_threads(1)
    store_run()
