"""`infodecomp decompose`: where in a table is the information about one of its columns?"""

import platform
from pathlib import Path

import click

from infodecomp.cli.progress import Interrupted, training_bar
from infodecomp.errors import InformationError

FILES = ("plane.json", "plane.csv", "plane.svg", "model.safetensors", "report.html")
CHECKPOINT = "unfinished.safetensors"


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--target", required=True, help="The column to predict.")
@click.option(
    "--ignore", multiple=True, help="A column to leave out. This option and the next three can be repeated."
)
@click.option(
    "--circular",
    multiple=True,
    metavar="COLUMN[:PERIOD]",
    help="A column of numbers that wrap around, as in hour:24.",
)
@click.option("--categorical", multiple=True, help="A column of numbers that are names.")
@click.option(
    "--ordinal", multiple=True, help="A column of numbers of which only the order and the distances matter."
)
@click.option("--classes", is_flag=True, help="The target's numbers are class labels.")
@click.option(
    "--steps", default=1500, show_default=True, type=click.IntRange(1), help="Steps of the optimiser."
)
@click.option(
    "--seed",
    default=0,
    show_default=True,
    type=click.IntRange(0),
    help="The same seed gives the same numbers.",
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder for the results; FILE's name with -bits by default.",
)
@click.option("--overwrite", is_flag=True, help="Replace results in the folder.")
def decompose(
    file, target, ignore, circular, categorical, ordinal, classes, steps, seed, out, overwrite
) -> None:
    """Fit a distributed information bottleneck to the table FILE (CSV) and report which columns are worth
    their bits.

    Writes plane.json, plane.csv, plane.svg, model.safetensors and report.html. An interrupted fit resumes
    when the same command is given again.
    """
    out = out or file.with_name(file.stem + "-bits")
    try:
        _decompose(file, target, ignore, circular, categorical, ordinal, classes, steps, seed, out, overwrite)
    except InformationError as error:
        raise click.ClickException(str(error)) from None
    except Interrupted:
        raise click.ClickException(
            f"stopped; the fit so far is in {out / CHECKPOINT}. Give the same command again to go on."
        ) from None
    except OSError as error:
        raise click.ClickException(f"{out} cannot be written: {error.strerror or error}.") from None


def _decompose(
    file, target, ignore, circular, categorical, ordinal, classes, steps, seed, out, overwrite
) -> None:
    from infodecomp import DistributedBottleneck
    from infodecomp.cli.read_table import check_column, read_table
    from infodecomp.cli.report import terminal_table, write_results

    existing = [name for name in FILES if (out / name).exists()]
    if existing and not overwrite:
        raise InformationError(
            f"{out} already holds {', '.join(existing)}: choose another --out, or say --overwrite."
        )
    table = read_table(file, target, ignore, categorical)
    for note in table.notes:
        click.echo(note)
    periods = _periods(circular)
    kinds = (
        dict.fromkeys(periods, "circular")
        | dict.fromkeys(categorical, "categorical")
        | dict.fromkeys(ordinal, "ordinal")
    )
    for name in kinds:
        check_column(name, list(table.X.columns), file)
    estimator = DistributedBottleneck(
        task="classification" if classes else "auto",
        kinds=kinds,
        steps=steps,
        random_state=seed,
        periods={name: period for name, period in periods.items() if period is not None},
    )
    _fit(estimator, table, steps, out / CHECKPOINT)
    click.echo(terminal_table(estimator))
    write_results(
        estimator,
        out,
        {
            "file": file.name,
            "target": target,
            "rows": len(table.y),
            "notes": table.notes,
            "dates": table.dates,
            "python": platform.python_version(),
        },
    )
    (out / CHECKPOINT).unlink(missing_ok=True)
    click.echo(f"\nwrote {', '.join(FILES)} into {out}")


def _periods(circular) -> dict[str, float | None]:
    periods: dict[str, float | None] = {}
    for option in circular:
        name, colon, period = option.rpartition(":")
        try:
            periods[name if colon else option] = float(period) if colon else None
        except ValueError:
            raise InformationError(
                f"--circular {option}: {period!r} is not a number; write the period as in hour:24."
            ) from None
        if colon and not 0 < float(period) < float("inf"):
            raise InformationError(f"--circular {option}: the period must be above 0, as in hour:24.")
    return periods


def _fit(estimator, table, steps: int, checkpoint: Path) -> None:
    """Fit with a progress bar that shows the bits and the error of the last batch."""
    columns = table.X.shape[1]
    with training_bar(
        steps, f"{len(table.y):,} rows, {columns} column{'s' * (columns > 1)}", _describe
    ) as update:
        estimator.fit(
            table.X,
            table.y,
            callback=lambda training: update(training.step, training),
            checkpoint=checkpoint,
        )


def _describe(training) -> str:
    return f"{training.bits:.1f} bits, {100 * training.unexplained:.0f} % unexplained"
