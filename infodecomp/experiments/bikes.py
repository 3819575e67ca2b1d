"""The model of the bike rentals that the figures query: a full fit that begins at cells, with the planes of
further fits that begin at random.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from infodecomp.bottleneck.information_plane import InformationPlane
from infodecomp.bottleneck.model import Bottleneck
from infodecomp.bottleneck.preprocessing import level_indices, name_columns
from infodecomp.data import bikes
from infodecomp.errors import InformationError
from infodecomp.experiments.registry import Context, Experiment
from infodecomp.experiments.storage import Packed

if TYPE_CHECKING:
    from infodecomp.bottleneck.estimator import DistributedBottleneck

BUDGETS = tuple(range(1, 16))  # bits at which it is scored
SOLVED_BUDGETS = tuple(round(0.1 * k, 1) for k in range(2, 161))  # bits: those of the figures' slider
HELD_OUT = 0.05  # share of the hours to fit; the stored plane is measured on the test hours
STANDARD_ERRORS = 4  # how far other messages may move a score


@dataclass(frozen=True)
class BikesConfig:
    """Settings of the fits.

    Attributes
    ----------
    seed
        Of the model; further fits use the seeds after it.
    steps
        Of the optimizer, for each fit.
    start
        Where the encoders begin: 'cells' or 'random'.
    further_fits
        Fits of which only the plane is kept, to show how far equally good models differ.
    further_start
        Where their encoders begin. From cells, all fits settle for the same columns.
    split_seed
        Of the split into hours to fit and test hours.
    draws
        Messages of each value from which bits are measured.
    solve_budgets
        Whether the budgets of the figures' slider are solved in advance, 0.6 CPU seconds each.
    """

    seed: int = 0
    steps: int = 7000
    start: str = "cells"
    further_fits: int = 3
    further_start: str = "random"
    split_seed: int = 0
    draws: int = 400
    solve_budgets: bool = True


class SeedPlane(NamedTuple):
    """The information plane of a fit with another seed."""

    seed: int
    plane: InformationPlane


class BikeModel(NamedTuple):
    """The trained model, the planes of the other seeds, and the CPU seconds of all fits (0 once stored)."""

    bottleneck: Bottleneck
    further: list[SeedPlane]
    cpu_seconds: float = 0.0


class BikeTable:
    """Rows of the bike rentals as a table: `columns` and `[name]`, shape (n_samples, n_features)."""

    def __init__(self, rows: np.ndarray):
        self.columns, self._rows = list(bikes.FEATURES), rows
        self.shape = (len(rows), len(self.columns))

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, name: str) -> np.ndarray:
        return bikes.load_bikes().columns[name][self._rows]


def fit_bikes(
    split: bikes.Split,
    steps: int,
    seed: int,
    start: str,
    callback: Callable[[Any], None] | None = None,
    checkpoint: Path | None = None,
) -> "DistributedBottleneck":
    """Fit a DistributedBottleneck on the training and validation hours.

    Parameters
    ----------
    split
        Which hours to fit.
    steps, seed
        Of the optimizer; of the model.
    start
        Where the encoders begin: 'cells' or 'random'.
    callback
        Called with the training after every step.
    checkpoint
        File in which the state is stored, and from which an interrupted fit continues.
    """
    from infodecomp.bottleneck.estimator import DistributedBottleneck  # takes two seconds to import

    rows = np.sort(np.concatenate([split.training, split.validation]))
    estimator = DistributedBottleneck(
        kinds=bikes.KINDS,
        periods=bikes.PERIODS,
        steps=steps,
        validation_fraction=HELD_OUT,
        random_state=seed,
        start=start,
        annealing=0.0,
    )
    count = bikes.load_bikes().count[rows]
    return estimator.fit(BikeTable(rows), count, callback=callback, checkpoint=checkpoint)


def unseen_rows(bottleneck: Bottleneck, split: bikes.Split) -> tuple[np.ndarray, np.ndarray]:
    """Level indices (n_test, n_features) and rentals (n_test,) of the test hours."""
    table = BikeTable(split.test)
    columns = name_columns(table.columns, [table[name] for name in table.columns], bikes.KINDS, bikes.PERIODS)
    return level_indices(bottleneck.features, columns), bikes.load_bikes().count[split.test]


def budgets_within(bottleneck: Bottleneck) -> list[int]:
    """The budgets from 1 to 15 whole bits that a fit can spend. Raises InformationError if there are none."""
    low, high = bottleneck.bits_range
    budgets = [bits for bits in BUDGETS if low <= bits <= high]
    if not budgets:
        raise InformationError(
            f"This fit spends {low:.2f} to {high:.2f} bits and reaches no whole budget from 1 to 15: "
            "train it longer."
        )
    return budgets


def bike_scores(
    bottleneck: Bottleneck, split: bikes.Split, draw: int = 0, draws: int = BikesConfig.draws
) -> InformationPlane:
    """Error on the test hours of one sample of the messages, and the bits, at every budget within reach."""
    t = [bottleneck.t_at(bits) for bits in budgets_within(bottleneck)]
    return bottleneck.measure_plane(*unseen_rows(bottleneck, split), draws, t, draw)


def _run(context: Context[BikesConfig]) -> Iterator[BikeModel]:
    config = context.config
    split, fits, seconds = bikes.split_bikes(config.split_seed), 1 + config.further_fits, 0.0
    models: list[Bottleneck] = []
    planes: list[SeedPlane] = []
    for seed in range(config.seed, config.seed + fits):

        def report(training: Any, done: int = len(models) * config.steps) -> None:
            context.report(done + training.step, fits * config.steps)

        start = config.further_start if models else config.start
        fitted = fit_bikes(split, config.steps, seed, start, report, context.checkpoint(f"seed-{seed}"))
        model = fitted.bottleneck_
        model.plane = model.measure_plane(*unseen_rows(model, split), config.draws)
        models.append(model)
        planes.append(SeedPlane(seed, model.plane))
        seconds += fitted.seconds_
    low, high = models[0].bits_range
    if config.solve_budgets:  # stored with the model, so that no reader waits for them
        models[0].solve_grid([bits for bits in SOLVED_BUDGETS if low <= bits <= high])
    yield BikeModel(models[0], planes[1:], seconds)


def _pack(snapshots: list[BikeModel]) -> Packed:
    """A checkpoint that `Bottleneck.load` can read, with the planes of the other seeds in its metadata."""
    model = snapshots[-1]
    tensors, metadata = model.bottleneck.to_tensors()
    further: list[dict] = [{"seed": seed} | _rounded(plane) for seed, plane in model.further]
    return Packed(tensors, metadata | {"further_planes": further}, model.cpu_seconds)


def _unpack(config: BikesConfig, packed: Packed) -> list[tuple[int, BikeModel]]:
    bottleneck = Bottleneck.from_tensors(packed.tensors, packed.metadata)
    further = [
        SeedPlane(
            stored["seed"],
            InformationPlane(
                **{name: np.array(stored[name]) for name in InformationPlane._fields if name in stored}
            ),
        )
        for stored in packed.metadata["further_planes"]
    ]
    return [(0, BikeModel(bottleneck, further))]


def _rounded(plane: InformationPlane) -> dict:
    return {name: np.round(column, 4).tolist() for name, column in plane.as_dict().items()}


def _score(config: BikesConfig, model: BikeModel) -> dict[str, float]:
    """Errors in rentals an hour and bits at each budget.

    Raises InformationError where they depend on the messages drawn.
    """
    bottleneck, split = model.bottleneck, bikes.split_bikes(config.split_seed)
    plane = bike_scores(bottleneck, split, draws=config.draws)
    redrawn = bike_scores(bottleneck, split, 1, config.draws).error
    if bool((abs(redrawn - plane.error) > STANDARD_ERRORS * plane.error_standard_error).any()):
        raise InformationError(
            f"Other messages change an error by more than {STANDARD_ERRORS} standard errors: "
            "train the model again."
        )
    columns = {
        "rmse": plane.error,
        "rmse_standard_error": plane.error_standard_error,
        "rmse_redrawn": redrawn,
        "bits": plane.bits,
        "bits_standard_error": plane.bits_standard_error,
    }
    return {
        f"{name}/{budget}": round(float(value), 4)
        for name, column in columns.items()
        for budget, value in zip(budgets_within(bottleneck), column)
    }


BIKES = Experiment(
    name="bikes",
    summary="The bottleneck of the bike rentals, and the information planes of three more fits.",
    config=BikesConfig(),
    run=_run,
    pack=_pack,
    unpack=_unpack,
    score=_score,
    tolerance={  # what rounding on another machine may change: bits, and rentals an hour
        "bits": 0.01,
        "bits_standard_error": 0.01,
        "rmse": 0.1,
        "rmse_standard_error": 0.1,
        "rmse_redrawn": 0.1,
    },
    cpu_seconds=314,
    live=None,
    required=True,
    details={"data": {"attribution": bikes.ATTRIBUTION, "sha256": bikes.SHA256}},
)
