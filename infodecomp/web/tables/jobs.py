"""Processes that read and decompose a reader's table, each with limits of time and memory."""

import fcntl
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from infodecomp.explorable.core.errors import NotFound
from infodecomp.explorable.serving.limits import ConcurrencyLimit
from infodecomp.tables.table_folder import TableFile
from infodecomp.web.tables.store import TableStore

WALL_SECONDS = {"inspect": 90, "decompose": 3600}
BROKE_OFF = "This took longer, or more memory, than there is for a table here. Bring fewer rows or columns."
UNREADABLE = (
    "This table could not be read. The file may be damaged, or take more memory than there is for it here: "
    "save it again, as CSV if it was not, or bring a part of it."
)
ENDED = "This was ended from outside ({}): by an operator, or because the machine ran out of memory. "
GO_ON = {
    "inspect": "Bring the table again.",
    "decompose": "Press “Decompose” to go on.",
}
FROM_OUTSIDE = signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP
CUT_OFF = "This was cut off: the server or its machine stopped. Press “Decompose” to go on."
EXIT_SECONDS = 5  # for which a process is waited for that has written what it found and is about to end
LOOK_SECONDS = 0.5  # for which somebody is waited for who looks whether a process works
FRESH_SECONDS = 60  # of progress: a process of a release without locks, which wrote it, goes on
WORKING_FOLDER = Path("/proc/self/cwd")  # of a process: nothing can be written in it once it is removed
JOBS = ConcurrencyLimit("tables", 2)


class AtWork(Exception):
    """A process works on this table, or another request starts one."""


def has_ended(folder: Path) -> bool:
    """Whether a decomposition has written its results, or what went wrong."""
    return (folder / TableFile.RESULTS).exists() or (folder / TableFile.ERROR).exists()


@contextmanager
def locked(folder: Path) -> Iterator[int]:
    """Keep everybody else from changing a table; gives the descriptor of the lock.

    Raises
    ------
    AtWork
        If a process works on the table and has not written its results, or does not end after that.
    """
    lock = os.open(folder / TableFile.LOCK, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        since = time.monotonic()
        while not _try_lock(lock):
            if time.monotonic() - since > (EXIT_SECONDS if has_ended(folder) else LOOK_SECONDS):
                raise AtWork
            time.sleep(0.02)
        yield lock
    finally:
        os.close(lock)


def _try_lock(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def start_job(store: TableStore, name: str, action: str, lock: int) -> None:
    """Start a process for a table; an inspection is waited for.

    Parameters
    ----------
    store : TableStore
    name : str
        Of the table.
    action : {'inspect', 'decompose'}
    lock : int
        Of the table, see `locked`: it stays locked until the process and its watcher have ended.

    Raises
    ------
    Busy
        If as many tables are being computed as there is room for.
    """
    JOBS.acquire()
    held = -1
    try:
        held = os.dup(lock)
        folder = store.path(name)
        path = WORKING_FOLDER if WORKING_FOLDER.is_dir() else folder
        environment = {
            key: os.environ[key] for key in ("PATH", "PYTHONPATH", "VIRTUAL_ENV", "LANG") if key in os.environ
        }
        process = subprocess.Popen(
            [sys.executable, "-m", "infodecomp.cli.table_job", str(path), action],
            cwd=folder,
            env=environment | {"OMP_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            pass_fds=(held,),  # so that it is locked until both have ended, however they end
        )
    except BaseException:
        if held >= 0:
            os.close(held)
        JOBS.release()
        raise
    watcher = threading.Thread(target=_watch, args=(process, store, name, action, held), daemon=True)
    watcher.start()
    if action == "inspect":
        watcher.join()


def is_running(folder: Path) -> bool:
    """Whether a process works on a table: none does after the machine has stopped meanwhile."""
    try:
        lock = os.open(folder / TableFile.LOCK, os.O_RDWR)
    except FileNotFoundError:
        return _is_fresh(folder / TableFile.PROGRESS)
    try:
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(lock)
    return False


def _is_fresh(file: Path) -> bool:
    try:
        return time.time() - file.stat().st_mtime < FRESH_SECONDS
    except FileNotFoundError:
        return False


def _watch(process: subprocess.Popen, store: TableStore, name: str, action: str, lock: int) -> None:
    """Wait for a process; end it when it takes too long, and say so where it has not said anything."""
    try:
        deadline, took_too_long = time.monotonic() + WALL_SECONDS[action], False
        while process.poll() is None:
            took_too_long = time.monotonic() > deadline
            if took_too_long or not store.exists(name):
                process.kill()
                process.wait()
            time.sleep(0.05)
        folder = store.folder / name
        if not store.exists(name):
            shutil.rmtree(folder, ignore_errors=True)  # which the process has made again
            return
        result = {"inspect": TableFile.COLUMNS, "decompose": TableFile.RESULTS}[action]
        if not (folder / result).exists() and not (folder / TableFile.ERROR).exists():
            number = signal.SIGXCPU if took_too_long else -process.returncode
            _write_error(store, name, _why_ended(action, number))
    finally:
        JOBS.release()
        os.close(lock)  # last: the next press, which waits for it, finds a place


def _why_ended(action: str, number: int) -> str:
    """What is known of a process that has ended without a word; number: of the signal, at most 0 for none."""
    if number in FROM_OUTSIDE:
        return ENDED.format(signal.Signals(number).name) + GO_ON[action]
    took_too_much = action == "decompose" or number in (signal.SIGXCPU, signal.SIGXFSZ)
    return BROKE_OFF if took_too_much else UNREADABLE


def _write_error(store: TableStore, name: str, sentence: str) -> None:
    """Say that a process broke off; on a full disk at least end the waiting, which needs no room."""
    try:
        store.write(name, TableFile.ERROR, {"sentence": sentence})
    except NotFound:
        pass  # deleted at this moment
    except OSError:
        (store.folder / name / TableFile.OPTIONS).unlink(missing_ok=True)
