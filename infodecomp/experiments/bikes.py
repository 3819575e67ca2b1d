"""The model of the bike rentals that is shipped: trained here, recorded with its scores, and verified against its record."""

import platform
from collections.abc import Callable
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch

from infodecomp.artifacts import read_record, write_record
from infodecomp.bottleneck.information_plane import InformationPlane
from infodecomp.bottleneck.model import Bottleneck
from infodecomp.bottleneck.preprocessing import level_indices, name_columns
from infodecomp.data import bikes
from infodecomp.errors import InformationError

BUDGETS = tuple(range(1, 16))  # bits at which it is scored
STEPS = 7000  # of the optimiser
SEEDS = 3  # further fits, whose planes show how far equally good models differ
UNFINISHED = "unfinished-bikes-{}.safetensors"  # the fit of a seed, until all of them are done
HELD_OUT = 0.05  # of the hours to fit: the plane that is kept is measured on the test hours
DRAWS = 400  # of each value's message, to measure bits
RMSE_TOLERANCE, BITS_TOLERANCE = (
    0.1,
    0.01,
)  # what rounding on another machine may change: rentals an hour, bits
STANDARD_ERRORS = 4  # how far the scores may move when the messages are drawn again


class Check(NamedTuple):
    """One budget verified: the recorded and the recomputed error, what it is with other messages, and whether both hold."""

    bits: float
    recorded: float
    found: float
    redrawn: float
    holds: bool


def fit_bikes(
    split: bikes.Split,
    steps: int,
    seed: int,
    callback: Callable | None = None,
    checkpoint: Path | None = None,
):
    """A DistributedBottleneck fitted on training and validation hours; with a checkpoint it goes on from there if it was killed."""
    from infodecomp.bottleneck.estimator import DistributedBottleneck

    data, rows = bikes.load_bikes(), np.sort(np.concatenate([split.training, split.validation]))
    estimator = DistributedBottleneck(
        kinds=bikes.KINDS, periods=bikes.PERIODS, steps=steps, validation_fraction=HELD_OUT, random_state=seed
    )
    return estimator.fit(BikeTable(rows), data.count[rows], callback=callback, checkpoint=checkpoint)


class BikeTable:
    """Rows of the bike rentals as a table: `columns` and `[name]`, shape (n_samples, n_features)."""

    def __init__(self, rows: np.ndarray):
        self.columns, self._rows = list(bikes.FEATURES), rows
        self.shape = (len(rows), len(self.columns))

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, name: str) -> np.ndarray:
        return bikes.load_bikes().columns[name][self._rows]


def unseen_rows(bottleneck: Bottleneck, split: bikes.Split) -> tuple[np.ndarray, np.ndarray]:
    """Levels (n_test, n_features) and rentals (n_test,) of the hours that no fit has seen."""
    table = BikeTable(split.test)
    columns = name_columns(table.columns, [table[name] for name in table.columns], bikes.KINDS, bikes.PERIODS)
    return level_indices(bottleneck.features, columns), bikes.load_bikes().count[split.test]


def budgets_within(bottleneck: Bottleneck) -> list[int]:
    """The whole budgets from 1 to 15 that a fit can spend. Raises InformationError where there are none."""
    low, high = bottleneck.bits_range
    budgets = [bits for bits in BUDGETS if low <= bits <= high]
    if not budgets:
        raise InformationError(
            f"This fit spends {low:.2f} to {high:.2f} bits and reaches no whole budget from 1 to 15: train it longer."
        )
    return budgets


def bike_scores(
    bottleneck: Bottleneck, split: bikes.Split, draw: int = 0, draws: int = DRAWS
) -> InformationPlane:
    """Error on the test hours of ONE sample of the messages, at every whole budget within reach, and the bits measured there."""
    t = [bottleneck.t_at(bits) for bits in budgets_within(bottleneck)]
    return bottleneck.measure_plane(*unseen_rows(bottleneck, split), draws, t, draw)


def train_bikes(
    folder: Path,
    steps: int = STEPS,
    seed: int = 0,
    seeds: int = SEEDS,
    split_seed: int = 0,
    callback: Callable | None = None,
) -> dict:
    """Fit the model, score it, and write bikes.safetensors and bikes.json into a folder; returns the record.

    seeds: further fits with the seeds after this one, of which the planes are kept. callback(number of the fit, training): after every
    step. The plane of the model is measured on the test hours. Both files are written when all is done; until then each fit is stored
    as it goes, and goes on from there when the same is asked for again. cpu_seconds are those of the optimiser's steps.
    """
    split, planes, seconds, first = bikes.split_bikes(split_seed), [], [], None
    unfinished = [Path(folder) / UNFINISHED.format(seed + i) for i in range(1 + seeds)]
    for i in range(1 + seeds):
        fitted = fit_bikes(split, steps, seed + i, callback and partial(callback, i), unfinished[i])
        bottleneck = fitted.bottleneck_
        bottleneck.plane = bottleneck.measure_plane(*unseen_rows(bottleneck, split), DRAWS)
        first = first or bottleneck
        planes.append(bottleneck.plane)
        seconds.append(fitted.seconds_)
    record = _record(first, split, split_seed) | {
        "cpu_seconds": round(seconds[0], 1),
        "scores": _scores(first, split),
    }
    record["planes"] = [
        {"seed": seed + i, "cpu_seconds": round(seconds[i], 1)} | _rounded(planes[i])
        for i in range(1, 1 + seeds)
    ]
    file = Path(folder) / "bikes.safetensors"
    first.save(file)
    write_record(file, record)
    for part in unfinished:
        part.unlink(missing_ok=True)
    return record


def _record(bottleneck: Bottleneck, split: bikes.Split, split_seed: int) -> dict:
    return {
        "data": {"attribution": bikes.ATTRIBUTION, "sha256": bikes.SHA256},
        "features": list(bikes.FEATURES),
        "seed": bottleneck.seed,
        "split": {
            "seed": split_seed,
            "fitted_or_held_out": len(split.training) + len(split.validation),
            "test": len(split.test),
        },
        "recipe": bottleneck.config.as_dict(),
        "draws": DRAWS,
        "versions": {
            "python": platform.python_version(),
            "infodecomp": version("infodecomp"),
            "torch": torch.__version__.partition("+")[0],
            "numpy": np.__version__,
        },
    }


def _scores(bottleneck: Bottleneck, split: bikes.Split) -> dict:
    """The scores as JSON: rmse in rentals an hour, bits measured anew at the price of each budget."""
    plane = bike_scores(bottleneck, split)
    names = {
        "bits": plane.bits,
        "bits_standard_error": plane.bits_standard_error,
        "rmse": plane.error,
        "rmse_standard_error": plane.error_standard_error,
    }
    return {"budget": budgets_within(bottleneck)} | {
        name: np.round(column, 4).tolist() for name, column in names.items()
    }


def _rounded(plane: InformationPlane) -> dict:
    return {name: np.round(column, 4).tolist() for name, column in plane._asdict().items()}


def verify_bikes(file: Path) -> list[Check]:
    """Compute the recorded scores of a checkpoint again, from its sha256 to its errors with other messages.

    A score holds where it comes out the same to within 0.1 rentals an hour and .01 bits, and where messages drawn anew move it
    by no more than four of its standard errors. Raises InformationError where a file is missing or not the one recorded.
    """
    record, bottleneck = read_record(file), Bottleneck.load(file)
    try:
        split, scores = bikes.split_bikes(record["split"]["seed"]), record["scores"]
        columns = [np.array(scores[name]) for name in ("budget", "bits", "rmse", "rmse_standard_error")]
    except (KeyError, TypeError) as error:
        raise InformationError(
            f"{Path(file).with_suffix('.json')} records no scores ({error}): train the model again."
        ) from error
    found, redrawn = bike_scores(bottleneck, split), bike_scores(bottleneck, split, draw=1)
    if len(found.bits) != len(columns[0]):
        raise InformationError(
            f"{Path(file).with_suffix('.json')} has {len(columns[0])} scores, the model reaches {len(found.bits)}."
        )
    checks = []
    for i, (budget, bits, rmse, error) in enumerate(zip(*columns)):
        same = abs(found.error[i] - rmse) <= RMSE_TOLERANCE and abs(found.bits[i] - bits) <= BITS_TOLERANCE
        near = abs(redrawn.error[i] - rmse) <= STANDARD_ERRORS * error
        checks.append(
            Check(
                float(budget),
                float(rmse),
                float(found.error[i]),
                float(redrawn.error[i]),
                bool(same and near),
            )
        )
    return checks
