"""Processes that read and decompose a reader's table, each with limits of time and memory."""

import fcntl
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

from infodecomp.explorable.serving.limits import ConcurrencyLimit
from infodecomp.web.tables.store import TableStore

WALL_SECONDS = {"inspect": 90, "decompose": 3600}
BROKE_OFF = "This took longer, or more memory, than there is for a table here. Bring fewer rows or columns."
UNREADABLE = (
    "This table could not be read. The file may be damaged, or take more memory than there is for it here: "
    "save it again, as CSV if it was not, or bring a part of it."
)
CUT_OFF = "This was cut off: the server or its machine stopped. Press “Decompose” to go on from where it was."
LOCK = "running"  # is locked by a process that works on the table, and by the one that watches it
JOBS = ConcurrencyLimit("tables", 2)


def start_job(store: TableStore, name: str, action: str) -> None:
    """Start a process for a table; an inspection is waited for.

    Parameters
    ----------
    store : TableStore
    name : str
        Of the table.
    action : {'inspect', 'decompose'}

    Raises
    ------
    Busy
        If as many tables are being computed as there is room for.
    """
    JOBS.acquire()
    lock = -1
    try:
        folder = store.path(name)
        lock = os.open(folder / LOCK, os.O_CREAT | os.O_RDWR, 0o600)
        fcntl.flock(lock, fcntl.LOCK_EX)
        environment = {
            key: os.environ[key] for key in ("PATH", "PYTHONPATH", "VIRTUAL_ENV", "LANG") if key in os.environ
        }
        process = subprocess.Popen(
            [sys.executable, "-m", "infodecomp.cli.table_job", str(folder), action],
            cwd=folder,
            env=environment | {"OMP_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            pass_fds=(lock,),  # so that it is locked until both have ended, however they end
        )
    except BaseException:
        if lock >= 0:
            os.close(lock)
        JOBS.release()
        raise
    watcher = threading.Thread(target=_watch, args=(process, store, name, action, lock), daemon=True)
    watcher.start()
    if action == "inspect":
        watcher.join()


def is_running(folder: Path) -> bool:
    """Whether a process works on a table: none does after the machine has stopped meanwhile."""
    try:
        lock = os.open(folder / LOCK, os.O_RDWR)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(lock)
    return False


def _watch(process: subprocess.Popen, store: TableStore, name: str, action: str, lock: int) -> None:
    """Wait for a process; end it when it takes too long, and say so where it has not said anything."""
    try:
        deadline = time.monotonic() + WALL_SECONDS[action]
        while process.poll() is None:
            if time.monotonic() > deadline or not (store.folder / name).is_dir():  # too slow, or deleted
                process.kill()
                process.wait()
            time.sleep(0.05)
        folder = store.folder / name
        result = {"inspect": "columns.json", "decompose": "page.json"}[action]
        if folder.is_dir() and not (folder / result).exists() and not (folder / "error.json").exists():
            ended = signal.SIGKILL, signal.SIGXCPU, signal.SIGXFSZ  # for what it took
            took_too_much = action == "decompose" or -process.returncode in ended
            _write_error(store, name, BROKE_OFF if took_too_much else UNREADABLE)
    finally:
        os.close(lock)
        JOBS.release()


def _write_error(store: TableStore, name: str, sentence: str) -> None:
    """Say that a process broke off; on a full disk at least end the waiting, which needs no room."""
    try:
        store.write(name, "error.json", {"sentence": sentence})
    except OSError:
        (store.folder / name / "options.json").unlink(missing_ok=True)
