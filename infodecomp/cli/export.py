"""`infodecomp export`: write an essay into one HTML file that works without a server or a network."""

import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from infodecomp.cli.progress import use_one_thread

if TYPE_CHECKING:
    from infodecomp.explorable.offline.inline_assets import Fetch
    from infodecomp.explorable.offline.recorder import Recording
    from infodecomp.explorable.site.library import Library

MINUTES = 3.0  # of one processor
LARGE = 5_000_000  # bytes: a larger file is slow to open, and often too large to be sent


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
@click.option(
    "--minutes",
    default=MINUTES,
    show_default=True,
    type=click.FloatRange(min=0.1),
    help="Minutes of one processor that it may take; with more, sliders have finer steps.",
)
def export(slug: str, out: Path, only: str | None, essays: Path, minutes: float) -> None:
    """Write an essay into one HTML file whose figures work without a server.

    The states of the figures are computed beforehand, as many as fit into some minutes and into 5 MB.
    """
    from infodecomp.artifacts import write_atomic
    from infodecomp.explorable.core.errors import ExplorableError
    from infodecomp.explorable.offline import Budget, build_bundle, plan_bundle

    use_one_thread()
    started, used = time.monotonic(), time.process_time()
    try:
        _check_writable(out)
        library, fetch = open_site(essays)
        address = _figure_address(library, slug, only) if only else f"/essays/{slug}?_pictures=all"
        budget = Budget(60 * minutes - (time.process_time() - used), LARGE)
        bundle = plan_bundle(library, fetch, address, budget)
        with click.progressbar(length=bundle.state_count, label="computing states", file=sys.stderr) as bar:
            html, recordings = build_bundle(bundle, fetch, bar.update, LARGE)
    except ExplorableError as error:
        raise click.ClickException(str(error)) from None
    try:
        write_atomic(out, html.encode())
    except OSError as error:
        raise _not_writable(out, error) from None
    size, states = out.stat().st_size, sum(recording.states for recording in recordings)
    click.echo(
        f"wrote {out}: {size / 1e6:.2f} MB, {states:,} states of {len(recordings)} figures, "
        f"{time.monotonic() - started:.0f} s, {time.process_time() - used:.0f} s of one processor"
    )
    if size > LARGE:
        click.echo(_size_warning(recordings), err=True)


def open_site(essays: Path) -> "tuple[Library, Fetch]":
    """Return the library of a folder of essays, and a function that fetches addresses from it.

    Parameters
    ----------
    essays : Path
        The folder of the essays.
    """
    from infodecomp.explorable.core.errors import NotFound
    from infodecomp.web.factory import create_app
    from infodecomp.web.services import get_services

    app = create_app({"ESSAYS": essays.resolve(), "FEEDBACK": None, "LOG": 0, "RATE": 10**6})
    client = app.test_client()

    def fetch(address: str) -> tuple[bytes, str]:
        response = client.get(address, headers={"Accept": "*/*"})
        if response.status_code != 200:
            raise NotFound(
                (response.json or {})["detail"]
                if response.is_json
                else f"the page asks for {address}, which is not there"
            )
        return response.data, response.content_type

    return get_services(app).site.library, fetch


def _figure_address(library: "Library", slug: str, name: str) -> str:
    """The address of one figure of an essay; raises ExplorableError with the nearest name."""
    from infodecomp.explorable.core.diagnostics import did_you_mean
    from infodecomp.explorable.core.errors import ExplorableError

    mounted = library.essay(slug).page.mounted
    if name not in mounted:
        raise ExplorableError(f"{slug} shows no figure {name!r}{did_you_mean(name, mounted)}")
    return f"/embed/{name}"


def _check_writable(path: Path) -> None:
    """Fail before anything is computed if the file cannot be written."""
    if not path.parent.is_dir():
        raise click.ClickException(f"there is no folder {path.parent}; make it first")
    try:
        with tempfile.TemporaryFile(dir=path.parent):
            pass
    except OSError as error:
        raise _not_writable(path, error) from None


def _not_writable(path: Path, error: OSError) -> click.ClickException:
    reason = error.strerror or error
    return click.ClickException(
        f"{path} cannot be written: {reason}; name a file in a folder that you may write to"
    )


def _size_warning(recordings: "list[Recording]") -> str:
    largest = sorted(recordings, key=lambda recording: -recording.size)[:3]
    sizes = ", ".join(f"{recording.figure.name} {recording.size / 1e6:.1f} MB" for recording in largest)
    return (
        f"That is more than the {LARGE / 1e6:g} MB that a file should have at most: {sizes}. Fewer named "
        "states or coarser steps make it smaller; --only NAME exports one figure alone."
    )
