"""The fits of `decompose` to one table: each with a progress bar and a file from which it resumes."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from infodecomp.bottleneck.fits.ensemble import Ensemble
from infodecomp.cli.progress import training_bar
from infodecomp.tables.large import WHOLE_ROWS, LargeTable

if TYPE_CHECKING:
    from infodecomp.bottleneck.estimator import DistributedBottleneck
    from infodecomp.cli.record import DecomposeOptions


def new_estimator(options: "DecomposeOptions", table: Any) -> "DistributedBottleneck":
    """The estimator that the options and the columns of a table ask for."""
    from infodecomp.bottleneck.estimator import DistributedBottleneck

    return DistributedBottleneck(
        task="classification" if options.classes else "auto",
        kinds=table.kinds,
        periods=table.periods,
        steps=options.steps,
        levels=options.levels,
        random_state=options.seed,
    )


def fit_all(estimator: "DistributedBottleneck", table: Any, options: "DecomposeOptions", file: Path) -> None:
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
    """
    _fit(estimator, table, options, file)
    if options.fits == 1:
        return
    planes = [estimator.information_plane_]
    for i, other_file in enumerate(_other_files(file, options), 1):
        other = type(estimator)(**estimator.get_params() | {"random_state": options.seed + i})
        _fit(other, table, options, other_file, f"fit {i + 1} of {options.fits}")
        planes.append(other.information_plane_)
    names = tuple(feature.name for feature in estimator.features_)
    estimator.ensemble_ = Ensemble(names, tuple(planes), estimator.best_bits_)


def remove_checkpoints(file: Path, options: "DecomposeOptions") -> None:
    """Remove what interrupted fits would have resumed from."""
    for checkpoint in (file, *_other_files(file, options)):
        checkpoint.unlink(missing_ok=True)


def _other_files(file: Path, options: "DecomposeOptions") -> list[Path]:
    return [file.with_stem(f"{file.stem}-{number}") for number in range(2, options.fits + 1)]


def _fit(estimator, table, options: "DecomposeOptions", checkpoint: Path, label: str = "") -> None:
    """Fit with a progress bar that shows the bits and the error of the last batch."""
    is_large = isinstance(table, LargeTable)
    n_columns = len(table.readings)
    rows = "many rows" if is_large else f"{len(table.y):,} rows"
    with training_bar(
        options.steps, label or f"{rows}, {n_columns} column{'s' * (n_columns > 1)}", _describe
    ) as update:

        def show(training) -> None:
            update(training.step, training)

        if is_large:
            estimator.fit_stream(table.batches, options.target, callback=show, checkpoint=checkpoint)
        elif len(table.y) > WHOLE_ROWS:
            frame = {name: table.X[name] for name in table.X} | {options.target: table.y}
            estimator.fit_stream(frame, options.target, callback=show, checkpoint=checkpoint)
        else:
            estimator.fit(table.X, table.y, callback=show, checkpoint=checkpoint)


def _describe(training) -> str:
    if training.step == training.config.steps:
        return "measuring bits and error on the rows held out"
    return f"{training.bits:.1f} bits, {100 * training.unexplained:.0f}% unexplained in the last batch"
