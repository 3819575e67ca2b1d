"""`infodecomp export`: an essay in one file, for rooms with no network."""

import sys
import time
from pathlib import Path

import click

LARGE = 5_000_000  # bytes: a copy that is larger is slow to open, and often too large to be sent


@click.command()
@click.argument("slug")
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--only", metavar="NAME", help="One figure alone, with all its controls.")
@click.option(
    "--essays",
    default="essays",
    show_default=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The folder of the essays.",
)
def export(slug: str, out: Path, only: str | None, essays: Path) -> None:
    """Write an essay into one file that needs neither server nor network, its figures alive.

    Their states are computed beforehand, which takes some minutes. Run it in the project's folder, where app.py lies.
    """
    from infodecomp.explorable.core.errors import ExplorableError
    from infodecomp.explorable.offline import copy_page, make_copy, place_for, write_whole

    started = time.monotonic()
    try:
        place_for(out)
        app, get = _site(essays)
        if only and only not in (mounted := app.site.library.essay(slug).page.mounted):
            from infodecomp.explorable.core.diagnostics import did_you_mean

            raise ExplorableError(f"{slug} shows no figure {only!r}{did_you_mean(only, mounted)}")
        copy = copy_page(app.site.library, get, f"/embed/{only}" if only else f"/essays/{slug}")
        with click.progressbar(length=copy.work, label="computing states", file=sys.stderr) as bar:
            html, recordings = make_copy(copy, get, bar.update)
        size = write_whole(out, html)
    except ExplorableError as error:
        raise click.ClickException(str(error)) from None
    states = sum(recording.states for recording in recordings)
    click.echo(
        f"wrote {out}: {size / 1e6:.2f} MB, {states:,} states of {len(recordings)} figures, {time.monotonic() - started:.0f} s"
    )
    if size > LARGE:
        heaviest = sorted(recordings, key=lambda recording: -len(recording.body.encode()))[:3]
        named = ", ".join(
            f"{recording.figure.name} {len(recording.body.encode()) / 1e6:.1f} MB" for recording in heaviest
        )
        click.echo(
            f"That is more than the {LARGE / 1e6:g} MB that are meant to be the most: {named}. Fewer named states or coarser steps make "
            "it smaller; --only NAME takes one figure along.",
            err=True,
        )


def _site(essays: Path):
    """The application over a folder of essays, and a way to ask it for the body and the type of an address."""
    from infodecomp.explorable.core.errors import ExplorableError, NotFound

    if not Path("app.py").is_file():
        raise ExplorableError(
            f"there is no app.py in {Path.cwd()}: run this in the project's folder, where it lies"
        )
    sys.path.insert(0, str(Path.cwd()))
    from app import create_app

    app = create_app({"ESSAYS": essays.resolve(), "FEEDBACK": None, "LOG": 0, "RATE": 10**6})
    client = app.test_client()

    def get(address: str) -> tuple[bytes, str]:
        reply = client.get(address, headers={"Accept": "*/*"})
        if reply.status_code != 200:
            raise NotFound(
                reply.json["detail"] if reply.is_json else f"the page asks for {address}, which is not there"
            )
        return reply.data, reply.content_type

    return app, get
