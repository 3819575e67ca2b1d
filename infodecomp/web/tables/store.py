"""Tables that readers bring: each in a folder with an unguessable name, kept for a day, bounded in bytes."""

import fcntl
import json
import os
import re
import secrets
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any, TypeVar

from infodecomp.artifacts import write_atomic
from infodecomp.explorable.core.errors import ExplorableError, NotFound
from infodecomp.tables.table_folder import TableFile

NAME = re.compile(r"[A-Za-z0-9_-]{32}")
COPY_BYTES = 64 * 1024
SWEEP_SECONDS = 600
MAX_LOADED = 8  # tables whose fits are held in memory
Loaded = TypeVar("Loaded")


def seconds_since_boot() -> float:
    """Seconds of a clock that is never set; on Linux it runs while the machine sleeps."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()


class NoRoom(ExplorableError):
    """The folder of the tables is full, or cannot be written."""

    status = 507
    title = "No room for a table"


class TableStore:
    """Folders of tables outside the checkout.

    Parameters
    ----------
    folder : str or Path
        Made if it is missing.
    root : Path
        The checkout, in which the folder must not lie.
    max_bytes : int
        Of all tables with their results.
    hours : float
        After which a table is removed.
    clock : callable
        Seconds since the epoch, by which a table that was stored by an earlier process is judged.
    monotonic : callable
        Seconds of a clock that is never set and runs while the machine sleeps: from the first look on a
        table ages by it.
    """

    def __init__(
        self,
        folder: str | Path,
        root: Path,
        max_bytes: int,
        hours: float,
        clock: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = seconds_since_boot,
    ):
        self.folder = Path(folder).expanduser().resolve()
        if self.folder.is_relative_to(root.resolve()):
            raise ExplorableError(
                f"the folder of the tables, {self.folder}, lies inside the checkout: give a path "
                f"outside {root}"
            )
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.max_bytes, self.hours, self._clock, self._monotonic = max_bytes, hours, clock, monotonic
        self._births: dict[str, float] = {}  # by the monotonic clock
        self._load_lock = threading.Lock()
        self._turns: dict[str, threading.Lock] = {}
        self._loaded: dict[str, tuple[tuple[str, int, int], Any]] = {}  # the last used last

    def add(self, content: IO[bytes], shown_name: str, max_rows: int, max_bytes: int) -> str:
        """Store a table, and how much of it may be read; returns its unguessable name.

        Raises
        ------
        NoRoom
            If all tables take too many bytes, or it cannot be written; nothing is left of it then.
        """
        name = secrets.token_urlsafe(24)
        folder = self.folder / name
        try:
            with self._alone():
                self.remove_old()
                if self.used_bytes() + content.seek(0, 2) > self.max_bytes:
                    raise NoRoom("The place for tables is full at the moment; try again later.")
                content.seek(0)
                folder.mkdir(mode=0o700)
                with (folder / TableFile.TABLE).open("xb") as file:
                    shutil.copyfileobj(content, file, COPY_BYTES)
                about = {"name": display_name(shown_name), "stored": self._clock()}
                about |= {"max_rows": max_rows, "max_bytes": max_bytes}
                self._write(name, TableFile.ABOUT, about)
        except OSError as error:
            shutil.rmtree(folder, ignore_errors=True)
            raise not_stored(error) from error
        self._births[name] = self._monotonic()
        return name

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Let no other reader, of whatever process, store a table meanwhile: all share the room."""
        handle = os.open(self.folder, os.O_RDONLY)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)

    def path(self, name: str, file: str = "") -> Path:
        """The folder of a table or a file in it; raises NotFound for no or an old one."""
        folder = self.folder / name if NAME.fullmatch(name) else None
        if folder is None or not self.exists(name) or self._age(folder) > self.hours * 3600:
            raise NotFound(
                f"There is no such table here. Tables are removed {self.hours:g} hours after they came, "
                "or when their owner deletes them."
            )
        return folder / file if file else folder

    def exists(self, name: str) -> bool:
        """Whether there is a table with a name, be it an old one."""
        return (self.folder / name / TableFile.ABOUT).is_file()

    def read(self, name: str, file: str) -> Any:
        """A JSON file of a table, None if there is none; raises NotFound where the table has been deleted."""
        path = self.path(name, file)
        try:
            return json.loads(path.read_bytes())
        except (FileNotFoundError, ValueError):
            self.path(name)
            return None

    def write(self, name: str, file: str, content: Any) -> None:
        """Write a JSON file of a table; raises NotFound where it has been deleted."""
        self.path(name)
        try:
            self._write(name, file, content)
        except FileNotFoundError:  # deleted just now
            self.path(name)
            raise

    def _write(self, name: str, file: str, content: Any) -> None:
        write_atomic(self.folder / name / file, json.dumps(content).encode(), make_folders=False)

    def delete(self, name: str) -> None:
        """Remove a table with everything that was made of it."""
        self._remove(self.path(name))
        self._drop_loaded()

    def _remove(self, folder: Path) -> None:
        """Remove a folder, which is gone at once for everybody else."""
        removed = folder if folder.name.startswith(".") else folder.with_name(f".{folder.name}")
        with suppress(FileNotFoundError):  # another request removes it
            folder.rename(removed)
        shutil.rmtree(removed, ignore_errors=True)

    def loaded(self, name: str, file: str, load: Callable[[Path], Loaded]) -> Loaded:
        """What a function makes of the folder of a table, made again when a file in it is another one.

        Only a few tables are held at a time, and none that was removed.

        Parameters
        ----------
        name : str
            Of the table.
        file : str
            What is made depends on it.
        load : callable
            Folder -> what is made; always the same function for a file.

        Raises
        ------
        NotFound
            If there is no such table, or no such file.
        """
        folder = self.path(name)
        try:
            status = (folder / file).stat()
        except FileNotFoundError:
            raise NotFound("This table has no results yet.") from None
        stamp = file, status.st_mtime_ns, status.st_ino
        with self._load_lock:
            turn = self._turns.setdefault(name, threading.Lock())
        with turn:  # those who ask for one table wait for each other, and for no one else
            held = self._loaded.get(name)
            if held is None or held[0] != stamp:
                held = stamp, load(folder)
            with self._load_lock:
                self._loaded.pop(name, None)
                self._loaded[name] = held
                while len(self._loaded) > MAX_LOADED:
                    del self._loaded[next(iter(self._loaded))]
        self._drop_loaded()
        return held[1]

    def _drop_loaded(self) -> None:
        """Let go of what was made of tables that are not there any more."""
        with self._load_lock:
            for name in self._turns.keys() | self._loaded.keys():
                if not (self.folder / name).is_dir():
                    self._turns.pop(name, None)
                    self._loaded.pop(name, None)

    def remove_old(self) -> None:
        """Remove the tables whose time is over."""
        folders = [folder for folder in self.folder.iterdir() if NAME.fullmatch(folder.name.lstrip("."))]
        for folder in folders:
            if folder.name.startswith(".") or self._age(folder) > self.hours * 3600:
                self._remove(folder)
        for name in set(self._births) - {folder.name for folder in folders}:
            self._births.pop(name, None)
        self._drop_loaded()

    def remove_old_until(self, stopping: threading.Event) -> None:
        """Remove tables whose time is over, now and every ten minutes until the process stops."""
        self.remove_old()
        while not stopping.wait(SWEEP_SECONDS):
            self.remove_old()

    def used_bytes(self) -> int:
        """Bytes of all files."""
        total = 0
        for file in self.folder.rglob("*"):
            try:
                total += file.stat().st_size if file.is_file() else 0
            except OSError:  # removed meanwhile
                continue
        return total

    def _age(self, folder: Path) -> float:
        """Seconds since a table came. A clock that is set meanwhile neither removes it early nor keeps it."""
        now = self._monotonic()
        if folder.name not in self._births:
            self._births[folder.name] = now - max(0, self._age_by_clock(folder))
        return now - self._births[folder.name]

    def _age_by_clock(self, folder: Path) -> float:
        try:
            return self._clock() - json.loads((folder / TableFile.ABOUT).read_bytes())["stored"]
        except (OSError, ValueError, KeyError):  # it is being written, or was left behind
            return self._clock() - folder.stat().st_mtime if folder.is_dir() else float("inf")


def not_stored(error: OSError) -> NoRoom:
    """The error for a table that cannot be written."""
    return NoRoom(f"Your table could not be stored ({error.strerror or error}); try again later.")


def display_name(name: str) -> str:
    """The name of an uploaded file for people: no folders, no control characters, at most 80 characters."""
    last = re.split(r"[/\\]", name)[-1]
    return "".join(letter for letter in last if letter.isprintable())[:80] or TableFile.TABLE
