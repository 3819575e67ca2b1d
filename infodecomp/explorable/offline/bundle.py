"""The copy of a page: its figures recorded, and all of it written into one file at once or not at all."""

import os
import re
import tempfile
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from html import escape, unescape
from pathlib import Path
from urllib.parse import parse_qsl

from infodecomp.explorable.core.errors import ExplorableError
from infodecomp.explorable.figures.figure import Figure
from infodecomp.explorable.offline.inline_assets import Get, SingleFile
from infodecomp.explorable.offline.recorder import Recording, record, work
from infodecomp.explorable.offline.sampling import Grid, Groups, grids
from infodecomp.explorable.site.library import Library

_SCRIPTS = {"/static/explorable.js": "/static/offline.js"}
_FIGURE = re.compile(r'data-figure="([^"]+)"')
_MOVED = re.compile(r'data-(?:parameter|moves|keys)="([^"]+)"')
_TARGET = re.compile(r'data-set="([^"]*)"')
_HOVER = re.compile(r' data-column[^=]*="[^"]*"| data-tip="[^"]*"')


@dataclass
class Copy:
    """A page that is to be copied. held: the grids of each of its figures; fixed: parameters that no hand moves."""

    html: str
    folder: str
    held: dict[Figure, list[Grid]]
    fixed: frozenset[str]

    @property
    def work(self) -> int:
        """How many states are to be computed, about."""
        return sum(work(found) for found in self.held.values())


def copy_page(library: Library, get: Get, address: str) -> Copy:
    """What a copy of the page at an address would hold.

    get: an address within the site -> its body and its type; it raises NotFound.
    """
    html = get(address)[0].decode()
    named = [library.figure(name) for name in dict.fromkeys(_FIGURE.findall(html))]
    moved = {name for names in _MOVED.findall(html) for name in names.split()}
    words = [
        parse_qsl(unescape(query), keep_blank_values=True) for query in dict.fromkeys(_TARGET.findall(html))
    ]
    steps = [
        parse_qsl(query, keep_blank_values=True) for figure in named for query in figure.presets.values()
    ]
    on_page = {parameter.name for figure in named for parameter in figure.parameters}
    targets = [[pair for pair in pairs if pair[0] in on_page] for pairs in (*words, *steps)]
    groups = Groups([*named, *(f for f in library.figures.values() if f not in named)], moved, targets)
    held = {figure: grids(figure, groups) for figure in named if figure.has("draw")}
    parameters = {p.name: p for figure in held for p in figure.parameters}
    varying = {name for found in held.values() for grid in found for name in dict(grid.axes)}
    varying |= {
        name for found in held.values() for name in _choices(found) if parameters[name].is_categorical
    }
    return Copy(html, address.rpartition("/")[0] + "/", held, frozenset(moved - varying))


def _choices(found: list[Grid]) -> set[str]:
    """What differs between the bases of a figure's grids. Ranges and boards that do, words lead to; a hand would miss them."""
    return {name for grid in found for name, value in grid.base.items() if value != found[0].base[name]}


def make_copy(
    copy: Copy, get: Get, tell: Callable[[int], None] = lambda states: None
) -> tuple[str, list[Recording]]:
    """The copy as HTML, and what it recorded. tell: is called with the number of states done since the last call."""
    recordings = [record(figure, found, tell) for figure, found in copy.held.items()]
    below = {
        recording.figure.name: f'<p class="quiet held">{escape(recording.told())}</p>'
        '<p class="quiet went-back" role="status" hidden></p>'
        for recording in recordings
    }
    states = "".join(
        f'<script type="text/plain" id="states-{recording.figure.name}">{recording.body}</script>\n'
        for recording in recordings
    )
    page = SingleFile(get, copy.folder, below, copy.fixed, _SCRIPTS, states)
    return page.page(_HOVER.sub("", copy.html)), recordings


def place_for(path: Path) -> None:
    """Raises ExplorableError where a file cannot be written, before anything is computed for it."""
    if not path.parent.is_dir():
        raise ExplorableError(f"there is no folder {path.parent}; make it first")
    with _written(path), tempfile.TemporaryFile(dir=path.parent):
        pass


@contextmanager
def _written(path: Path):
    try:
        yield
    except OSError as error:
        raise ExplorableError(
            f"{path} cannot be written: {error.strerror or error}; name a file in a folder that you may "
            "write to"
        ) from None


def write_whole(path: Path, text: str) -> int:
    """Write a file whole or leave what was there; its size in bytes. Raises ExplorableError where it cannot be written."""
    with _written(path):
        handle, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
            os.chmod(beside, 0o644)
            os.replace(beside, path)
        except BaseException:
            os.unlink(beside)
            raise
    return path.stat().st_size
