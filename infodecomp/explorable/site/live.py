"""A site whose files may change while it runs: it holds the current library and replaces it as a whole."""

import logging
import os
import threading
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from infodecomp.explorable.site.library import Library
from infodecomp.explorable.site.reading import read_library

log = logging.getLogger("infodecomp")

WATCHED_SUFFIXES = (".md", ".py", ".bib", ".toml", ".html", ".xml", ".css", ".js", ".svg")
POLL_SECONDS = 0.1

Snapshot = tuple[tuple[str, int], ...]


class Site:
    """Holds the current library of a folder of essays.

    Readers take `library` once and use it for a whole response. A reload builds a new library and then
    replaces the reference, so readers need no lock and never see a library that is half read.

    Parameters
    ----------
    folder : Path
        The folder of the essays.
    beside : iterable of Path
        Other folders that pages are made from, such as templates and static files. A change there raises the
        revision, which makes cached responses stale.
    """

    def __init__(self, folder: Path, beside: Iterable[Path] = ()):
        self.folder, self.beside = Path(folder), tuple(beside)
        self._reload_lock = threading.Lock()
        self._stopped = threading.Event()
        self._watcher: threading.Thread | None = None
        self._seen = self._look()
        self.library: Library = read_library(self.folder)

    def reload(self) -> bool:
        """Read again what has changed since the last reading, in the calling thread.

        Returns
        -------
        bool
            Whether anything had changed.
        """
        with self._reload_lock:
            seen, before = self._look(), self._seen
            if seen == before:
                return False
            self._seen = seen
            revision = self.library.revision + 1
            if seen[0] == before[0]:  # only templates or static files
                self.library = replace(self.library, revision=revision)
            else:
                self.library = read_library(self.folder, revision)
            return True

    def watch(self) -> None:
        """Reload after each change of the files, in a daemon thread, until `stop_watching`."""
        if self._watcher is None:
            self._stopped.clear()
            self._watcher = threading.Thread(target=self._watch, name="essay watcher", daemon=True)
            self._watcher.start()

    def stop_watching(self) -> None:
        """Stop the watcher thread and wait for it to end."""
        if self._watcher is not None:
            self._stopped.set()
            self._watcher.join()
            self._watcher = None

    def _watch(self) -> None:
        last = self._seen
        while not self._stopped.wait(POLL_SECONDS):
            try:
                seen = self._look()
                # Wait until two looks agree: an editor may be in the middle of writing several files.
                if seen == last and seen != self._seen:
                    self.reload()
                last = seen
            except Exception:  # the next change gets another try
                log.exception("the essays could not be read again")

    def _look(self) -> tuple[Snapshot, ...]:
        return tuple(_snapshot(folder) for folder in (self.folder, *self.beside))


def _snapshot(folder: Path) -> Snapshot:
    """The watched files below a folder with their modification times; hidden and temporary files are
    ignored.
    """
    found: list[tuple[str, int]] = []
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.name[0] in "._":
                    continue
                if entry.is_dir(follow_symlinks=False):
                    found += [(f"{entry.name}/{name}", time) for name, time in _snapshot(Path(entry.path))]
                elif entry.name.endswith(WATCHED_SUFFIXES):
                    found.append((entry.name, _modified(entry)))
    except FileNotFoundError:
        return ()
    return tuple(sorted(found))


def _modified(entry: os.DirEntry) -> int:
    """The modification time in nanoseconds, 0 for a file that is being replaced at the moment."""
    try:
        return entry.stat().st_mtime_ns
    except OSError:
        return 0
