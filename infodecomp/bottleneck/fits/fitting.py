"""One fit, from the columns of a table to a measured network: in memory, or from codes in a file."""

import numbers
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import numpy as np
import torch

from infodecomp.bottleneck.beta_range import NATS_PER_ROW, beta_range
from infodecomp.bottleneck.features import Column, Feature, affordable_levels
from infodecomp.bottleneck.fits.column_groups import group_columns, learn_columns
from infodecomp.bottleneck.fits.hold_out import held_out_mask
from infodecomp.bottleneck.fits.quantiser import is_affordable, start_at_cells
from infodecomp.bottleneck.fits.yardsticks import LEAST_ADVANTAGE, advantage_of_trees
from infodecomp.bottleneck.model import Bottleneck
from infodecomp.bottleneck.preprocessing import Target, learn_target, level_indices, target_values
from infodecomp.bottleneck.resumable import run_training
from infodecomp.bottleneck.streams.codes import CodedTable, write_codes
from infodecomp.bottleneck.streams.hold_out import HoldOut
from infodecomp.bottleneck.streams.mapped import MappedRows, MappedTarget, MappedWeights
from infodecomp.bottleneck.streams.scan import Scan, learn_features
from infodecomp.bottleneck.training import (
    Examples,
    Training,
    TrainingConfig,
    abundance,
    default_steps,
    scarcity,
)
from infodecomp.errors import InformationError

STARTS = "auto", "cells", "random"
ROWS_FOR_CELLS = 5000  # to fit, from which on 'auto' looks for cells
ROWS_SO_FAR, BETAS_SO_FAR, DRAWS_SO_FAR = 1000, 17, 4  # of a plane while the fit goes on
KNOTS_OF_CELLS, KL_FRACTION_OF_CELLS = 21, 0.01
ANNEALING = 0.3  # of a second fit, where trees show that the first misses columns
LONG_TRAINING = 3000  # steps, with which nothing is clearly gained by that: see models/BENCHMARKS.md
OWN_LEVEL, SMOOTHNESS, FIRST_BETA = 0.1, 1.5, 0.045  # in a table with very few rows
MOST_ROWS, CELLS_OF_A_STEP = 512, 12_800  # of a step for a β, in a table with many rows; rows times columns
WEIGHT_DECAY, NATS_OF_CLASSES, LEARNING_RATE = 10.0, 1.0, 0.007  # where classes are predicted from these


class FitSettings(NamedTuple):
    """What a fit depends on besides its table and its seed; see `DistributedBottleneck`."""

    task: str
    dimension: int
    width: int
    steps: int | None
    annealing: float | str
    start: str
    levels: int | None
    validation_fraction: float
    draws: int


class Control(NamedTuple):
    """How a fit is watched, stopped and resumed; see `run_training`."""

    callback: Callable[[Training], object] | None = None
    should_stop: Callable[[], bool] | None = None
    checkpoint: str | Path | None = None

    def of_second_fit(self) -> "Control":
        """The same, with a checkpoint of its own."""
        if self.checkpoint is None:
            return self
        return self._replace(checkpoint=second_checkpoint(self.checkpoint))


class Fitted(NamedTuple):
    """The result of a fit.

    Attributes
    ----------
    bottleneck : Bottleneck
        A measured network.
    steps : int
        Of the optimiser.
    seconds : float
        CPU time of the steps.
    measured : int
        Rows on which the error was measured.
    held_out : ndarray of bool, shape (n_samples,), or None
        These rows; None after a fit from codes in a file.
    """

    bottleneck: Bottleneck
    steps: int
    seconds: float
    measured: int
    held_out: np.ndarray | None = None

    @property
    def error(self) -> float:
        """At the bits that are enough."""
        return float(self.bottleneck.plane.at(self.bottleneck.best_bits).error)


def second_checkpoint(checkpoint: str | Path) -> Path:
    """Where the second fit is stored, which looks for columns that matter only together."""
    return Path(checkpoint).with_stem(f"{Path(checkpoint).stem}-annealed")


def fit_columns(
    columns: list[Column],
    y: np.ndarray,
    settings: FitSettings,
    seed: int,
    control: Control,
    weights: np.ndarray | None = None,
    held_out: np.ndarray | None = None,
) -> Fitted:
    """Fit to a table in memory.

    Parameters
    ----------
    columns : list of Column
    y : ndarray of shape (n_samples,)
    settings : FitSettings
    seed : int
    control : Control
    weights : ndarray of shape (n_samples,), optional
        Of the rows.
    held_out : ndarray of bool, shape (n_samples,), optional
        Rows on which the error is measured; random ones by default.

    Returns
    -------
    Fitted

    Raises
    ------
    InformationError
        For a column or target with one value, and for infinite numbers.
    """
    with _one_thread_with_gradients():
        target = learn_target(y, settings.task, weights)
        kinds = [one.kind for column in columns for one in (column.members or (column,))]
        has_classes = target.classes is not None
        features = learn_columns(columns, affordable_levels(kinds, settings.levels, len(y), has_classes))
        levels = level_indices(features, columns)
        if weights is not None:
            features = [feature.weighted(own, weights) for feature, own in zip(features, levels.T)]
        if held_out is None:
            held_out = held_out_mask(len(y), settings.validation_fraction, seed)
        fit = partial(_fit_levels, features, target, levels, y, held_out, weights)
        if control.checkpoint is not None and not Path(control.checkpoint).exists():
            second_checkpoint(control.checkpoint).unlink(missing_ok=True)  # of a fit that was given up
        first = fit(settings, seed, control)
        if settings.annealing != "auto" or first.steps < default_steps(len(y)):  # it was cut short
            return first
        advantage = advantage_of_trees(features, target, levels, y, first.error, held_out, seed, weights)
        if advantage < LEAST_ADVANTAGE:
            return first
        second = fit(settings._replace(annealing=ANNEALING), seed, control.of_second_fit())
        better = second if second.error < first.error else first
        return better._replace(seconds=first.seconds + second.seconds)


def _fit_levels(
    features: list[Feature],
    target: Target,
    levels: np.ndarray,
    y: np.ndarray,
    held_out: np.ndarray,
    weights: np.ndarray | None,
    settings: FitSettings,
    seed: int,
    control: Control,
) -> Fitted:
    """Fit to level indices, (n_samples, n_features)."""
    fitted = ~held_out
    training = _training(features, target, y, len(y), int(fitted.sum()), settings, seed)
    examples = Examples(
        training.network.layout.flat_indices(torch.as_tensor(levels[fitted])),
        target.encode(y[fitted]),
        scale=1.0 if target.classes is None else target.scale,
        weights=None if weights is None else torch.as_tensor(weights[fitted]),
    )
    held_weights = None if weights is None else weights[held_out]
    measured = levels[held_out], y[held_out], held_weights
    training.so_far = partial(_so_far, training, features, target, *measured)
    _run(training, features, examples, control)
    return _measured(training, features, target, settings, *measured)._replace(held_out=held_out)


def fit_scanned(
    read: Callable[[], Iterator],
    scanned: Scan,
    periods: Mapping[str, float],
    settings: FitSettings,
    seed: int,
    control: Control,
    folder: str | Path | None,
    groups: Mapping[str, Sequence[str]] | None = None,
) -> Fitted:
    """Fit to a table whose batches were read once and can be read again.

    Parameters
    ----------
    read : callable
        Returns an iterator over the batches.
    scanned : Scan
        What the first reading found.
    periods : mapping of column name to period
    settings : FitSettings
    seed : int
    control : Control
    folder : path or None
        Where the codes of a large table are written; None is a temporary folder.
    groups : mapping of name to names of columns, optional
        Columns that share one message.

    Returns
    -------
    Fitted

    Raises
    ------
    InformationError
        As `fit_columns`, and for columns that split the rows into too few groups.
    """
    y = scanned.target.column(scanned.y, None).values
    y = np.array(y.tolist()) if scanned.target.kind == "categorical" else y  # as text, not as objects
    if scanned.is_complete:
        columns = [
            column.column(values, periods.get(column.name))
            for column, values in zip(scanned.columns, scanned.sample)
        ]
        grouped, y = group_columns(columns, groups), target_values(y, scanned.n)
        by = scanned.hold_out if scanned.roles.hold_out_by else None
        last = scanned.hold_out if scanned.roles.hold_out_last else None
        name = repr(scanned.roles.hold_out)
        held_out = held_out_mask(scanned.n, settings.validation_fraction, seed, by, last, name)
        return fit_columns(grouped, y, settings, seed, control, scanned.weights, held_out)
    with TemporaryDirectory(dir=folder) as temporary, _one_thread_with_gradients():
        kinds = [column.kind or "continuous" for column in scanned.columns]
        limits = affordable_levels(kinds, settings.levels, scanned.n)
        features = learn_features(scanned, periods, limits, groups)
        hold_out = HoldOut(scanned, settings.validation_fraction, seed)
        table = write_codes(read, scanned, features, hold_out, Path(temporary))
        return _fit_codes(table, scanned, y, settings, seed, control)


def _fit_codes(
    table: CodedTable, scanned: Scan, y: np.ndarray, settings: FitSettings, seed: int, control: Control
) -> Fitted:
    """Fit to a coded table; y is the target in the sample of rows."""
    target, fitted = learn_target(y, settings.task, scanned.weights), table.fitted
    if target.classes is not None:  # some may not be in the sample
        target = replace(target, classes=np.unique(np.array(scanned.target.categories)).tolist())
    training = _training(table.features, target, y, scanned.n, len(fitted.target), settings, seed)
    of_codes, of_target, of_weights = table.sha256
    names = scanned.target.categories or None
    weights = None if fitted.weights is None else MappedWeights(fitted.weights, of_weights)
    examples = Examples(
        MappedRows(fitted.codes, training.network.layout, of_codes),  # type: ignore[arg-type]
        MappedTarget(fitted.target, target, names, of_target),  # type: ignore[arg-type]
        scale=1.0 if target.classes is None else target.scale,
        weights=weights,  # type: ignore[arg-type]
    )
    levels = table.measured.codes.astype(np.int64)
    measured = levels, scanned.target.column(table.measured.target, None).values, table.measured.weights
    training.so_far = partial(_so_far, training, table.features, target, *measured)
    _run(training, table.features, examples, control)
    return _measured(training, table.features, target, settings, *measured)


def _training(
    features: list[Feature],
    target: Target,
    y: np.ndarray,
    n_rows: int,
    n_fitted: int,
    settings: FitSettings,
    seed: int,
) -> Training:
    """The training for a table with so many rows; y is the target in all of them, or in a sample."""
    steps = default_steps(n_rows) if settings.steps is None else settings.steps
    config = TrainingConfig(
        dimension=settings.dimension,
        width=settings.width,
        steps=steps,
        beta=beta_range(y, target, n_fitted),
        **(_annealed(settings.annealing) or _started(settings.start, features, target, n_fitted, steps)),
    )
    config = replace(config, rows_per_step=rows_per_step(n_rows, len(features)))
    config = for_few_rows(config, y, target, n_rows, n_fitted)
    return Training(features, target.outputs, config, seed)


def rows_per_step(n_rows: int, n_columns: int) -> int:
    """Rows that a step draws for a β: 128, and with many rows more, up to 512, unless the table is wide."""
    fewest = TrainingConfig.rows_per_step
    most = min(MOST_ROWS, max(fewest, CELLS_OF_A_STEP // n_columns))
    return min(most, int(fewest * abundance(n_rows)))


def for_few_rows(
    config: TrainingConfig, y: np.ndarray, target: Target, n_rows: int, n_fitted: int
) -> TrainingConfig:
    """Settings that prevent learning few rows by heart.

    Parameters
    ----------
    config : TrainingConfig
        For many rows.
    y : ndarray of shape (n_samples,)
        The target, in all rows or in a sample.
    target : Target
    n_rows, n_fitted : int
        Rows of the table, and of them those to fit on.

    Returns
    -------
    TrainingConfig
        The more unlike the given one, the fewer rows there are.
    """
    few = scarcity(n_rows)
    if not few:
        return config
    between = lambda many, rare: (1 - few) * many + few * rare
    if config.start == "random":
        own_level = config.own_level + few**2 * (OWN_LEVEL - config.own_level)
        config = replace(config, own_level=own_level, smoothness=few**2 * SMOOTHNESS)
    config = replace(config, first_beta=few**2 * FIRST_BETA)
    if target.classes is None:
        return config
    if not config.annealing:  # slow steps would not find the columns that it looks for
        config = replace(config, learning_rate=between(config.learning_rate, LEARNING_RATE))
    return replace(
        config,
        weight_decay=few * WEIGHT_DECAY,
        beta=beta_range(y, target, n_fitted, between(NATS_PER_ROW, NATS_OF_CLASSES)),
    )


def _run(training: Training, features: list[Feature], examples: Examples, control: Control) -> None:
    """Train, from the cells of quantisers if the fit begins there and does not resume."""
    resumes = control.checkpoint is not None and Path(control.checkpoint).exists()
    if training.config.start == "cells" and not resumes:
        start_at_cells(training.network, features, training.config, examples, training.seed)
        training.ema_network.load_state_dict(training.network.state_dict())
    run_training(training, examples, *control)


def _annealed(share: float | str) -> dict:
    """The settings of a training in which every β starts from encodings that are well separated."""
    if share == "auto":
        return {}
    if not isinstance(share, numbers.Real) or not 0 <= share < 1:
        raise InformationError(
            f"annealing = {share!r} is out of bounds: give a share from 0 to below 1, or 'auto'."
        )
    if not share:
        return {}
    separated = TrainingConfig.init_log_scale[1]
    return {"annealing": float(share), "init_log_scale": (separated, separated)}


def _measured(
    training: Training,
    features: list[Feature],
    target: Target,
    settings: FitSettings,
    levels: np.ndarray,
    y: np.ndarray,
    weights: np.ndarray | None = None,
) -> Fitted:
    """The network with its plane on the rows that were held out."""
    bottleneck = Bottleneck(features, target, training.ema_network, training.config, training.seed)
    bottleneck.plane = bottleneck.measure_plane(levels, y, settings.draws, weights=weights)
    bottleneck.t_at(bottleneck.best_bits)  # cached for predict
    return Fitted(bottleneck, training.step, training.seconds, len(y))


def _so_far(
    training: Training,
    features: list[Feature],
    target: Target,
    levels: np.ndarray,
    y: np.ndarray,
    weights: np.ndarray | None,
) -> Bottleneck:
    """The network as it is, with its plane on at most ROWS_SO_FAR random rows of those that are held out."""
    if len(y) > ROWS_SO_FAR:
        chosen = np.random.default_rng(0).choice(len(y), ROWS_SO_FAR, replace=False)
        levels, y, weights = levels[chosen], y[chosen], None if weights is None else weights[chosen]
    bottleneck = Bottleneck(features, target, training.ema_network, training.config, training.seed)
    t = np.linspace(0, 1, BETAS_SO_FAR)
    bottleneck.plane = bottleneck.measure_plane(levels, y, DRAWS_SO_FAR, t, weights=weights)
    return bottleneck


def _started(start: str, features: list[Feature], target: Target, n_fitted: int, steps: int) -> dict:
    """The settings of a training whose encoders begin at cells, which in a short one may differ more from β
    to β."""
    if start not in STARTS:
        raise InformationError(f"start = {start!r} is none of {', '.join(map(repr, STARTS))}.")
    is_small = start == "auto" and n_fitted < ROWS_FOR_CELLS
    if start == "random" or is_small or not is_affordable(features, target.outputs):
        return {}
    if steps >= LONG_TRAINING:
        return {"start": "cells"}
    return {"start": "cells", "knots": KNOTS_OF_CELLS, "kl_fraction": KL_FRACTION_OF_CELLS}


@contextmanager
def _one_thread_with_gradients() -> Iterator[None]:
    """Torch on one thread, so that results do not depend on the number of cores; restored afterwards."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with torch.inference_mode(False), torch.enable_grad():
            yield
    finally:
        torch.set_num_threads(threads)
