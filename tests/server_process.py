"""The process of a server for tests; it is forked from one that has imported torch and the application."""

import multiprocessing
import os
import sys
from multiprocessing.connection import Connection

import torch  # noqa: F401

import infodecomp.web.factory  # noqa: F401
from infodecomp.web.serve import main


def run_server(environment: dict[str, str], stdout: Connection, stderr: Connection) -> None:
    """Do what `python app.py` does, with these environment variables and streams."""
    os.environ.clear()
    os.environ.update(environment)
    for number, stream in enumerate((stdout, stderr), start=1):
        os.dup2(stream.fileno(), number)
        stream.close()
    multiprocessing.set_start_method("fork", force=True)  # of its workers, as without this function
    sys.argv = ["app.py"]
    main()
