"""The command line, `infodecomp`: each command is a function with click options."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from infodecomp.cli.decompose import decompose, rerun
from infodecomp.cli.export import export
from infodecomp.cli.progress import use_one_thread
from infodecomp.cli.serve import serve
from infodecomp.cli.train import experiments, train, verify
from infodecomp.errors import extra_command

if TYPE_CHECKING:
    from infodecomp.explorable.core.diagnostics import Diagnostic


class MissingExtra(click.ClickException):
    """A command that needs an extra that is not installed; exit code 2."""

    exit_code = 2


class Commands(click.Group):
    """Commands of which some need packages that the plain installation does without."""

    def invoke(self, ctx: click.Context):
        """Run a command; a missing package is one sentence that names the extra to install."""
        try:
            return super().invoke(ctx)
        except ModuleNotFoundError as error:
            package = (error.name or "").partition(".")[0]
            if package in ("", "infodecomp"):
                raise
            sentence = (
                f"infodecomp {ctx.invoked_subcommand} needs {package}, which is not installed here: "
                + extra_command("serve")
            )
            raise MissingExtra(sentence) from None


@click.group(cls=Commands)
@click.version_option(package_name="infodecomp")
def main() -> None:
    """Explorable essays about information, and the decomposition of information in tables."""


@main.command()
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--essays",
    default="essays",
    show_default=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The folder of the essays, if no files are named.",
)
@click.option("--strict", is_flag=True, help="Treat warnings as errors.")
def check(files: tuple[Path, ...], essays: Path, strict: bool) -> None:
    """Check essays for errors and warnings.

    Prints each as file:line: level: message, then how hard each essay is to read, with its longest and its
    hardest sentence. Exits with 1 if there are errors.
    """
    from infodecomp.explorable.markup.readability import readability
    from infodecomp.explorable.site.reading import read_library

    use_one_thread()
    for path in files:
        if path.suffix != ".md":
            raise click.ClickException(
                f"{path} is not an essay: name the .md file; its figures are checked with it"
            )
    diagnostics: list[Diagnostic] = []
    levels = {}
    for folder in {path.parent for path in files} or {essays}:
        library = read_library(folder)
        chosen = [path.stem for path in files if path.parent == folder]
        for slug in chosen:
            diagnostics += library.essay(slug).diagnostics
        if not chosen:
            diagnostics += library.diagnostics()
        for slug in chosen or library.documents:
            levels[slug] = readability(library.essay(slug).page.root)
    for diagnostic in dict.fromkeys(diagnostics):
        click.echo(diagnostic)
    for slug, level in levels.items():
        click.echo(
            f"{slug}: {level.words:,} words, Flesch\u2013Kincaid grade {level.grade:.1f}\n"
            f"  longest sentence: {level.longest}\n  hardest sentence: {level.hardest}",
            err=True,
        )
    errors = sum(diagnostic.level == "error" for diagnostic in diagnostics)
    click.echo(f"{errors} errors, {len(diagnostics) - errors} warnings", err=True)
    if errors or (strict and diagnostics):
        raise SystemExit(1)


@main.command()
@click.argument("slug")
@click.option(
    "--essays",
    default="essays",
    show_default=True,
    type=click.Path(path_type=Path),
    help="Where to write them.",
)
def new(slug: str, essays: Path) -> None:
    """Write a starter essay and its figures, which pass the check."""
    from infodecomp.explorable.core.errors import ExplorableError
    from infodecomp.explorable.site.starter import write_starter

    try:
        paths = write_starter(slug, essays, date.today())
    except ExplorableError as error:
        raise click.ClickException(str(error)) from None
    for path in paths:
        click.echo(f"wrote {path}")


for command in (decompose, rerun, experiments, export, serve, train, verify):
    main.add_command(command)

if __name__ == "__main__":
    main()
