"""`infodecomp experiments` lists what is trained in advance, `train` computes it, `verify` compares it with
its record.
"""

import importlib
import json
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from infodecomp.artifacts import artifact_path
from infodecomp.cli.progress import Interrupted, training_bar, use_one_thread
from infodecomp.errors import InformationError, number_of

if TYPE_CHECKING:  # torch takes a second to import, which a help text can do without
    from infodecomp.experiments.registry import Experiment, Registry
    from infodecomp.experiments.training import Check

PERCENT = 100  # steps of the progress bar for each run

essays_option = click.option(
    "--essays",
    default="essays",
    show_default=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder of the essays, which may declare experiments of their own.",
)


def all_experiments(essays: Path) -> "Registry":
    """The experiments of the package and of the essays in a folder, with the essays that use them.

    An essay's own experiments are `Experiment` objects among the names of <slug>.py, of its modules, or of
    <slug>/experiments.py.
    """
    from infodecomp.experiments.registry import package_experiments
    from infodecomp.explorable.figures.loader import import_module

    registry = package_experiments()
    for path in sorted(essays.glob("*.py")) if essays.is_dir() else ():
        try:
            name = import_module(path).__name__
            if (path.with_suffix("") / "experiments.py").exists():
                importlib.import_module(f"{name}.experiments")
        except Exception as error:  # an essay that is being edited may raise anything
            click.echo(f"{path} is skipped: {type(error).__name__}: {error}", err=True)
            continue
        modules = [module for key, module in list(sys.modules.items()) if f"{key}.".startswith(f"{name}.")]
        registry.add(modules, used_by=path.stem)
    return registry


def _load(essays: Path, name: str) -> "Experiment":
    """An experiment of an essay, found again in a worker process."""
    return all_experiments(essays)[name]


def _find(registry: "Registry", name: str) -> "Experiment":
    try:
        return registry[name]
    except InformationError as error:
        raise click.ClickException(str(error)) from None


@click.command()
@essays_option
@click.option(
    "--readme",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write this Markdown file about the stored models instead, for example models/README.md.",
)
def experiments(essays: Path, readme: Path | None) -> None:
    """List the experiments: name, stored size, CPU seconds of a training, and essays that use it."""
    from infodecomp.experiments.catalogue import models_readme, stored_size

    registry = all_experiments(essays)
    if readme is not None:
        readme.write_text(models_readme(registry))
        click.echo(f"wrote {readme}")
        return
    click.echo(f"{'name':16}{'size':>9}{'CPU s':>8}   used by")
    for name in sorted(registry):
        experiment, size = registry[name], stored_size(registry[name])
        stored = "missing" if size is None else f"{size / 1000:.0f} kB"
        used_by = ", ".join(registry.used_by[name]) or "no essay"
        click.echo(f"{name:16}{stored:>9}{experiment.cpu_seconds:8g}   {used_by}")


@click.command()
@click.argument("name")
@click.option(
    "--seed", type=click.IntRange(0), help="Seed of every run; without it, those of the experiment."
)
@click.option(
    "--steps", type=click.IntRange(1), help="Steps of every run, where the experiment counts steps."
)
@click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="SETTING=VALUE",
    help="Any other setting of the experiment, as JSON, for example further_fits=0.",
)
@click.option(
    "--out",
    default="models",
    show_default=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder to write into.",
)
@click.option(
    "--workers",
    type=click.IntRange(1),
    default=1,
    show_default=True,
    help="Processes that compute the runs of the experiment side by side.",
)
@click.option(
    "--scheduler",
    metavar="tcp://HOST:PORT",
    help="A dask scheduler, whose workers compute the runs instead.",
)
@essays_option
def train(
    name: str,
    seed: int | None,
    steps: int | None,
    settings: tuple[str, ...],
    out: Path,
    workers: int,
    scheduler: str | None,
    essays: Path,
) -> None:
    """Train the experiment NAME and write NAME.safetensors with its record NAME.json.

    Existing files are replaced at the end, atomically. A training that was interrupted continues when the
    same command is given again, and ends with the same numbers, with any number of workers.
    """
    from infodecomp.experiments.registry import package_experiments
    from infodecomp.experiments.training import PARTIAL
    from infodecomp.experiments.training import train as train_experiment

    use_one_thread()
    experiment = _find(all_experiments(essays), name)
    given: dict[str, Any] = {"seed": seed, "steps": steps}
    changes = {key: value for key, value in given.items() if value is not None} | _parse(settings)
    runs, done = list(experiment.runs), dict.fromkeys(experiment.runs, 0)
    label = f"{name}, {number_of(len(runs), 'run')}"
    try:
        side_by_side = workers > 1 or scheduler is not None
        with training_bar(len(runs) * PERCENT, label, at_once=side_by_side) as advance:

            def report(run: str, step: int, total: int) -> None:
                done[run] = min(PERCENT * step // total, PERCENT) if total else 0
                advance(sum(done.values()), None)

            load = None if name in package_experiments() else partial(_load, essays, name)
            record = train_experiment(experiment, out, changes, report, workers, scheduler, load)
    except InformationError as error:
        raise click.ClickException(str(error)) from None
    except Interrupted:
        complete = any((out / PARTIAL).glob(f"{name}.*"))
        stored = f"what was learnt is in {out / PARTIAL}" if complete else "no run was complete"
        raise click.ClickException(f"stopped; {stored}. Give the same command again to go on.") from None
    except OSError as error:
        raise click.ClickException(f"{out} cannot be written: {error.strerror or error}.") from None
    click.echo(
        f"wrote {out / name}.safetensors and {name}.json; it took {record['cpu_seconds']:.1f} CPU seconds"
    )
    for run, content in record["runs"].items():
        for score, value in content["scores"].items():
            click.echo(f"{run:20} {score:28} {value:12.6g}")


def _parse(settings: tuple[str, ...]) -> dict[str, Any]:
    """Settings as given on the command line."""
    values = {}
    for text in settings:
        key, _, value = text.partition("=")
        try:
            values[key] = json.loads(value)
        except ValueError:
            raise click.BadParameter(f"{text!r} is no SETTING=VALUE with a JSON value.") from None
    return values


@click.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option(
    "--models",
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder of the files; without it, that of the installed models.",
)
@essays_option
def verify(names: tuple[str, ...], models: Path | None, essays: Path) -> None:
    """Check the sha256 of stored experiments and recompute their scores; all of them if no NAME is given.

    Exits with 1 if a file is missing or damaged, or a score differs from the recorded one by more than its
    tolerance.
    """
    from infodecomp.experiments.training import verify as verify_experiment

    use_one_thread()
    registry = all_experiments(essays)
    failures = 0
    for name in names or sorted(registry):
        try:
            checks = verify_experiment(_find(registry, name), models)
        except InformationError as error:
            failures += 1
            click.echo(f"{name}: FAILS: {error}")
            continue
        failed = [check for check in checks if not check.holds]
        failures += bool(failed)
        for check in failed:
            click.echo(_difference(name, check))
        if not failed:
            click.echo(f"{name}: all {len(checks)} scores hold, and the file is the one that was recorded")
    if failures:
        folder = models or artifact_path("")
        raise click.ClickException(
            f"{failures} of {len(names or registry)} experiments in {folder} do not hold: train them again."
        )


def _difference(name: str, check: "Check") -> str:
    place = f"{name}, {check.run}" if check.run else name
    return f"{place}: FAILS: {check.score} was recorded as {check.recorded:.6g} and is {check.recomputed:.6g}"
