"""The fits of `decompose` to one table: each with a progress bar and a file from which it resumes."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from infodecomp.bottleneck.fits.ensemble import fit_ensemble, further_estimators, join_planes
from infodecomp.bottleneck.fits.fitting import second_checkpoint
from infodecomp.bottleneck.training import TrainingConfig
from infodecomp.cli.progress import Interrupted, training_bar
from infodecomp.errors import InformationError, number_of
from infodecomp.experiments.parallel import joblib_backend
from infodecomp.tables.large import WHOLE_ROWS, LargeTable

if TYPE_CHECKING:
    from infodecomp.bottleneck.estimator import DistributedBottleneck
    from infodecomp.cli.record import DecomposeOptions, SideBySide


def new_estimator(options: "DecomposeOptions", table: Any) -> "DistributedBottleneck":
    """The estimator that the options and the columns of a table ask for."""
    from infodecomp.bottleneck.estimator import DistributedBottleneck

    return DistributedBottleneck(
        task="classification" if options.classes else "auto",
        kinds=table.kinds,
        periods=table.periods,
        groups=options.groups() or None,
        steps=options.steps,
        levels=options.levels,
        random_state=options.seed,
    )


def fit_all(
    estimator: "DistributedBottleneck",
    table: Any,
    options: "DecomposeOptions",
    file: Path,
    side_by_side: "SideBySide",
) -> None:
    """Fit, and fit again with the next seeds if the options ask for several fits; the estimator then has
    their `ensemble_`.

    Parameters
    ----------
    estimator : DistributedBottleneck
        Of one fit.
    table : Table or LargeTable
    options : DecomposeOptions
    file : Path
        Where the first fit is stored every hundred steps.
    side_by_side : SideBySide
        Where the other fits are computed.

    Raises
    ------
    Interrupted
        By Ctrl-C.
    InformationError
        For a table or options that cannot be fitted, and where a worker is lost.
    """
    _fit(estimator, table, options, file)
    if options.fits == 1:
        return
    files = _other_files(file, options)
    if side_by_side.is_used:
        more = "another fit" if len(files) == 1 else f"{len(files)} more fits side by side"
        click.echo(more, err=True)
        stored = [None if side_by_side.scheduler else file for file in files]  # of this machine alone
        hold_out = _hold_out(table, options)
        try:
            with joblib_backend(*side_by_side):
                estimator.ensemble_ = fit_ensemble(
                    estimator,
                    options.seed,
                    "fit",
                    table.X,
                    table.y,
                    table.weights,
                    n_fits=options.fits,
                    checkpoints=stored,
                    **hold_out,
                )
        except KeyboardInterrupt:
            raise Interrupted from None
        return
    others = further_estimators(estimator, options.seed, options.fits)
    planes = []
    for i, (other, own) in enumerate(zip(others, files), 2):
        _fit(other, table, options, own, f"fit {i} of {options.fits}")
        planes.append(other.information_plane_)
    estimator.ensemble_ = join_planes(estimator, planes)


def compare(estimator: "DistributedBottleneck", table: Any, options: "DecomposeOptions") -> dict[str, Any]:
    """What trees and single columns find on the rows of a fit, and what its shuffled columns get.

    Returns
    -------
    dict
        yardsticks, permutation and controls as JSON-compatible values; None for a large table, and where no
        controls were asked for.
    """
    if is_large(table):
        return {"yardsticks": None, "permutation": None, "controls": None}
    given = table.X, table.y, table.weights
    controls = estimator.controls(*given).as_dict() if options.controls else None
    return {
        "yardsticks": estimator.yardsticks(*given).as_dict(),
        "permutation": estimator.permutation_importances(*given).as_dict(),
        "controls": controls,
    }


def check_size(options: "DecomposeOptions", table: Any, side_by_side: "SideBySide") -> None:
    """Raise InformationError for an option that needs a table in memory, if the table is a large one."""
    asked = {
        "--scheduler": side_by_side.scheduler,
        "--workers": side_by_side.is_used,
        "--controls": options.controls,
    }
    given = [option for option, value in asked.items() if value]
    if given and is_large(table):
        raise InformationError(
            f"{given[0]} needs a table of at most {WHOLE_ROWS:,} rows: give a random part of this one."
        )


def is_large(table: Any) -> bool:
    """Whether a table is read in batches, or has more rows than the levels are learnt from."""
    return isinstance(table, LargeTable) or len(table.y) > WHOLE_ROWS


def remove_checkpoints(file: Path, options: "DecomposeOptions") -> None:
    """Remove what interrupted fits would have resumed from."""
    for checkpoint in (file, *_other_files(file, options)):
        checkpoint.unlink(missing_ok=True)
        second_checkpoint(checkpoint).unlink(missing_ok=True)


def _other_files(file: Path, options: "DecomposeOptions") -> list[Path]:
    return [file.with_stem(f"{file.stem}-{number}") for number in range(2, options.fits + 1)]


def _fit(estimator, table, options: "DecomposeOptions", checkpoint: Path, label: str = "") -> None:
    """Fit with a progress bar that shows the bits and the error of the last batch."""
    in_batches = isinstance(table, LargeTable)
    n_columns = len(table.readings)
    rows = f"more than {WHOLE_ROWS:,} rows" if in_batches else f"{len(table.y):,} rows"
    label = label or f"{rows}, {number_of(n_columns, 'column')}"
    with training_bar(options.steps or TrainingConfig.steps, label, _describe) as update:

        def show(training) -> None:
            update(training.step, training, training.config.steps)

        control = {"callback": show, "checkpoint": checkpoint}
        if is_large(table):
            batches = table.batches if in_batches else _columns(table, options)
            roles = {
                "hold_out_by": options.hold_out_by,
                "hold_out_last": options.hold_out_last,
                "sample_weight": options.weight,
            }
            estimator.fit_stream(batches, options.target, **roles, **control)
        else:
            estimator.fit(table.X, table.y, table.weights, **_hold_out(table, options), **control)


def _hold_out(table: Any, options: "DecomposeOptions") -> dict[str, Any]:
    return {"hold_out_last" if options.hold_out_last else "hold_out_by": table.held_out_values}


def _columns(table: Any, options: "DecomposeOptions") -> dict[str, Any]:
    """All columns of a table in memory by their names, as one batch."""
    others = {
        options.target: table.y,
        options.hold_out_by or options.hold_out_last: table.held_out_values,
        options.weight: table.weights,
    }
    return {name: table.X[name] for name in table.X} | {
        name: values for name, values in others.items() if name is not None
    }


def _describe(training) -> str:
    if training.step == training.config.steps:
        return "measuring bits and error on the rows held out"
    shown = f"{training.bits:.1f} bits, {100 * training.unexplained:.0f}% unexplained in the last batch"
    return f"again, for columns that matter only together: {shown}" if training.config.annealing else shown
