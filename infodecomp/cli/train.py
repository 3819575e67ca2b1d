"""`infodecomp train bikes` makes the model that the figures ask; `infodecomp verify` holds it to its record."""

from pathlib import Path

import click

from infodecomp.cli.progress import Interrupted, training_bar
from infodecomp.errors import InformationError


@click.group()
def train() -> None:
    """Train the models that are shipped."""


@train.command("bikes")
@click.option(
    "--out",
    default="models",
    show_default=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder to write into.",
)
@click.option(
    "--steps",
    type=click.IntRange(1),
    default=None,
    help="Steps of the optimiser; without it, those of the shipped model.",
)
@click.option(
    "--seed",
    default=0,
    show_default=True,
    type=click.IntRange(0),
    help="Of the model; the further fits have those after it.",
)
@click.option(
    "--seeds",
    default=None,
    type=click.IntRange(0),
    help="How many further fits show the spread over seeds; without it, 3.",
)
def train_bikes_command(out: Path, steps: int | None, seed: int, seeds: int | None) -> None:
    """Fit the bike rentals and write bikes.safetensors with its record bikes.json.

    The fits use 80 % of the hours; the scores are of the other 20 %. Files that are there are replaced at the end, whole or not at all.
    A training that was interrupted goes on when the same command is given again, and ends with the same model.
    """
    from infodecomp.experiments import bikes as shipped_bikes

    steps, seeds = steps or shipped_bikes.STEPS, shipped_bikes.SEEDS if seeds is None else seeds
    label = f"{1 + seeds} fit{'s' * (seeds > 0)} of {steps:,} steps"
    try:
        with training_bar(steps * (1 + seeds), label) as reached:
            record = shipped_bikes.train_bikes(
                out,
                steps,
                seed,
                seeds,
                callback=lambda fit, training: reached(fit * steps + training.step, training),
            )
    except InformationError as error:
        raise click.ClickException(str(error)) from None
    except Interrupted:
        raise click.ClickException(
            f"stopped; what was learnt is in {out / shipped_bikes.UNFINISHED.format('*')}. "
            "Give the same command again to go on."
        ) from None
    except OSError as error:
        raise click.ClickException(f"{out} cannot be written: {error.strerror or error}.") from None
    click.echo(
        f"wrote {out / 'bikes.safetensors'} and bikes.json; the first fit took {record['cpu_seconds']:.1f} CPU seconds\n"
    )
    scores = record["scores"]
    click.echo("bits    error, rentals an hour")
    for budget, rmse, error in zip(scores["budget"], scores["rmse"], scores["rmse_standard_error"]):
        click.echo(f"{budget:4d}    {rmse:6.1f} ± {error:.1f}")


@click.command()
@click.argument("model", type=click.Path(path_type=Path), default="models/bikes")
def verify(model: Path) -> None:
    """Compute the recorded scores of a MODEL again (models/bikes by default); exit with 1 where they do not hold.

    Compared are the sha256 of the file, every recorded error and amount of bits (to .1 rentals an hour and .01 bits), and the errors with
    other messages (to four standard errors).
    """
    from infodecomp.experiments.bikes import verify_bikes

    try:
        checks = verify_bikes(model.with_suffix(".safetensors"))
    except InformationError as error:
        raise click.ClickException(f"{error} `infodecomp train bikes` makes models/bikes.") from None
    click.echo("bits   recorded   computed   other messages")
    for check in checks:
        click.echo(
            f"{check.bits:4.0f} {check.recorded:10.2f} {check.found:10.2f} {check.redrawn:16.2f}   {'holds' if check.holds else 'FAILS'}"
        )
    failed = sum(not check.holds for check in checks)
    if failed:
        raise click.ClickException(
            f"{failed} of {len(checks)} scores do not hold: train the model again with `infodecomp train bikes`."
        )
    click.echo(f"all {len(checks)} scores hold, and the file is the one that was recorded")
