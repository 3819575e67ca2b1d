"""`infodecomp serve`: the essays in a browser."""

import os
from pathlib import Path

import click


@click.command()
@click.option("--host", metavar="ADDRESS", help="Address to listen on; by default HOST, or 127.0.0.1.")
@click.option("--port", type=int, help="Port; by default PORT, or 5000. 0 chooses a free one.")
@click.option("--workers", type=int, help="Number of processes; by default WORKERS, or 1.")
@click.option(
    "--essays",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of the essays; by default the published ones.",
)
def serve(host: str | None, port: int | None, workers: int | None, essays: Path | None) -> None:
    """Serve the essays until Ctrl-C."""
    from infodecomp.web.serve import main

    given = {"HOST": host, "PORT": port, "WORKERS": workers, "INFODECOMP_ESSAYS": essays}
    os.environ.update({name: str(value) for name, value in given.items() if value is not None})
    main()
