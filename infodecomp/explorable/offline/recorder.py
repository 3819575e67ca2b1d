"""Recording a figure: every state that a copy holds computed, packed, and what lies between them measured.

What a copy shows is either a state that was computed, or interpolated between kin whose error was measured here: at places
between them the interpolated numbers are compared with the computation. Where they are too far off, or where the neighbours are
no kin, the copy goes to the nearest computed state instead, and its controls with it.
"""

import itertools
import json
import math
import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass

from infodecomp.explorable.figures.figure import NARROW, WIDE, Figure, FigureState
from infodecomp.explorable.figures.parameters import is_active
from infodecomp.explorable.graphics.paths import no_simplification
from infodecomp.explorable.offline.codec import Pieces, as_text, sort_kin, write_kin
from infodecomp.explorable.offline.sampling import Grid, slow

OFF = 0.005  # of a value's unit: an interpolated number further off than this is not shown
OFF_PIXELS = 2.0  # of a mark
CHECKS = 64  # places between the states of a grid over two ranges

_HANDLE = re.compile(
    r'<g class="handle"[^>]*data-keys[^>]*><rect class="target" x="([-\d.]+)" y="([-\d.]+)" width="([\d.]+)" height="([\d.]+)"'
)
_PLANE = re.compile(
    r'<rect class="plane"[^>]*data-grab[^>]* x="([-\d.]+)" y="([-\d.]+)" width="([\d.]+)" height="([\d.]+)"'
)
_HOVER = re.compile(
    r' data-column[^=]*="[^"]*"| data-tip="[^"]*"'
)  # what lies under a pointer is asked of the server


@dataclass
class Recording:
    """A recorded figure. states: how many were computed; body: them, compressed, as text; checked: places between them that
    were compared; worst, worst_pixels: how far off the interpolation was there; words: how often a sentence was another.
    snaps: whether there are places where the nearest state is shown."""

    figure: Figure
    states: int = 0
    body: str = ""
    checked: int = 0
    worst: float = 0.0
    worst_pixels: float = 0.0
    words: int = 0
    snaps: bool = False
    interpolates: bool = False

    def told(self) -> str:
        """What this copy holds of the figure, in a sentence or two for its readers."""
        told = f"This copy holds {_counted(self.states, 'state')} of this figure, all of them computed beforehand."
        if self.interpolates:
            told += (
                f" Between neighbours it is interpolated: where we compared, at {_counted(self.checked, 'place')}, its numbers were off by "
                f"at most {_short(self.worst)} and its marks by at most {_short(self.worst_pixels)} pixels."
            )
            if self.words:
                told += f" At {self.words} of these places its sentence would have been worded otherwise."
        if self.snaps:
            told += " Elsewhere a control goes to the nearest state that was computed."
        return told


def work(grids: list[Grid]) -> int:
    """How many states a recording will compute, to within the few that are shared."""
    return sum(math.prod(grid.shape) + len(_places(grid)) for grid in grids)


def record(figure: Figure, grids: list[Grid], tell: Callable[[int], None] = lambda states: None) -> Recording:
    """Compute and pack the states of some grids. tell: is called with the number of states done since the last call."""
    recording = Recording(figure)
    pieces, held, columns = _Dictionary(), [], _Columns()
    states = set()
    for grid in grids:
        cut = Pieces()
        shots = []
        for state in grid.states():
            shots.append(_Shot(figure(**state), cut))
            states.add(shots[-1].query)
            tell(1)
        held.append(
            _pack(grid, figure, shots, pieces, columns)
            | {"rough": _measure(figure, grid, shots, cut, recording, tell)}
        )
    recording.states = len(states)
    head = json.dumps(
        {"pieces": pieces.texts, "slow": sorted(slow(figure)), "grids": held},
        ensure_ascii=False,
        separators=(",", ":"),
    )
    raw = head.encode()
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(len(raw).to_bytes(4, "little") + raw + bytes(columns.body)) + packer.flush()
    recording.body = as_text(packed)
    return recording


class _Dictionary:
    """Texts and their numbers, each once."""

    def __init__(self):
        self.texts: list[str] = []
        self._places: dict[str, int] = {}

    def place(self, text: str) -> int:
        if text not in self._places:
            self._places[text] = len(self.texts)
            self.texts.append(text)
        return self._places[text]


class _Columns:
    """Columns of numbers, one after the other; those that are alike once."""

    def __init__(self):
        self.body = bytearray()
        self._places: dict[bytes, int] = {}

    def place(self, chunk: bytes) -> int:
        if chunk not in self._places:
            self._places[chunk] = len(self.body)
            self.body += chunk
        return self._places[chunk]


class _Shot:
    """One state: the pieces of its pictures, words and table, its values, and where its handle lies in the plane."""

    def __init__(self, view: FigureState, cut: Pieces):
        self.query, self.values = view.query, view.values
        with no_simplification():
            wide, narrow = (_HOVER.sub("", view.svg(width)) for width in (WIDE, NARROW))
        self.parts = {
            "wide": cut.of(wide),
            "narrow": cut.of(narrow),
            "words": cut.of(_words(view)),
            "table": cut.of(_table(view)),
        }
        self.at = _handle(wide)


def _words(view: FigureState) -> str:
    """What an answer says besides the picture, as JSON; numbers that can lie between steps with all their decimals."""
    state = {
        p.name: f"{view.state[p.name]:.6f}" if p.is_continuous else json.dumps(view.state[p.name])
        for p in view.figure.parameters
    }
    parameters = ",".join(f"{json.dumps(name)}:{value}" for name, value in state.items())
    told = json.dumps(
        {"texts": view.formatted_values, "voice": view.value_text, "description": view.description},
        ensure_ascii=False,
    )
    return f'{told[:-1]}, "parameters": {{{parameters}}}}}'.replace("<", "\\u003c")


def _table(view: FigureState) -> str:
    """The table as JSON, its numbers as texts with the decimals that a page shows, but no more than four digits that count."""

    def told(value) -> str:
        if not isinstance(value, float) or not math.isfinite(value):
            return json.dumps(value, default=str)
        return f'"{value:.{min(4, max(0, 3 - math.floor(math.log10(abs(value) + 1e-9))))}f}"'

    columns = (
        f"{json.dumps(name)}:[{','.join(map(told, column.tolist()))}]" for name, column in view.table.items()
    )
    return f"{{{','.join(columns)}}}".replace("NaN", "null").replace("<", "\\u003c")


def _handle(svg: str) -> list[float] | None:
    """Where the handle of a plane lies in it, as shares of its width and height."""
    handle, plane = _HANDLE.search(svg), _PLANE.search(svg)
    if not handle or not plane:
        return None
    x, y, width, height = map(float, handle.groups())
    left, top, wide, high = map(float, plane.groups())
    return [round((x + width / 2 - left) / wide, 4), round((y + height / 2 - top) / high, 4)]


def _pack(grid: Grid, figure: Figure, shots: list[_Shot], pieces: _Dictionary, columns: _Columns) -> dict:
    """A grid as the copy's script reads it; its columns are added to those of the others.

    fixed: what does not vary and says something here, as in an address. parts: where among the columns their kin are told.
    """
    varying = dict(grid.axes)
    fixed = {
        p.name: p.write(grid.base[p.name])
        for p in figure.parameters
        if p.name not in varying and is_active(p, grid.base)
    }
    packed = {"fixed": fixed, "axes": [[name, list(values)] for name, values in grid.axes], "parts": {}}
    for part in shots[0].parts:
        kin = sort_kin([shot.parts[part] for shot in shots])
        strands = [
            (pieces.place(strand.template), columns.place(strand.columns) + 1 if strand.columns else 0)
            for strand in kin.strands
        ]
        packed["parts"][part] = columns.place(write_kin(strands, kin))
    if grid.axes and all(shot.at for shot in shots):
        packed["at"] = [number for shot in shots for number in shot.at]
    return packed


def _places(grid: Grid) -> list[tuple[tuple[int, float], ...]]:
    """Where to compare: (cell, share of the way through it) for each axis; all middles along one axis, some over two."""
    cells = list(itertools.product(*(range(n - 1) for n in grid.shape))) if grid.axes else []
    if len(grid.axes) > 1 and len(cells) > CHECKS:
        cells = cells[:: len(cells) // CHECKS + 1]
    return [tuple((i, 0.5) for i in cell) for cell in cells]


def _measure(
    figure: Figure,
    grid: Grid,
    shots: list[_Shot],
    cut: Pieces,
    recording: Recording,
    tell: Callable[[int], None],
) -> list[int]:
    """Compare interpolation with computation; the cells, by the number of their first state, that are too rough for it."""
    rough = []
    for place in _places(grid):
        tell(1)
        state, corners = _between(figure, grid, place, shots)
        if state is None:
            continue
        if any(
            len({tuple(p.skeleton for p in shot.parts[part]) for shot, _ in corners}) > 1
            for part in ("wide", "narrow", "words")
        ):
            recording.snaps = True
            continue
        true = _Shot(figure(**state), cut)
        off = max(
            (
                abs(sum(w * shot.values[name] for shot, w in corners) - value)
                for name, value in true.values.items()
                if isinstance(value, float)
                and all(isinstance(shot.values.get(name), float) for shot, _ in corners)
            ),
            default=0.0,
        )
        pixels = _apart(true, corners)
        if off > OFF or pixels > OFF_PIXELS:
            rough.append(_first(grid, place))
            recording.snaps = True
            continue
        recording.interpolates = True
        recording.checked += 1
        recording.worst, recording.worst_pixels = (
            max(recording.worst, off),
            max(recording.worst_pixels, pixels),
        )
        recording.words += [p.skeleton for p in true.parts["words"]] != [
            p.skeleton for p in corners[0][0].parts["words"]
        ]
    return rough


def _between(figure: Figure, grid: Grid, place, shots: list[_Shot]) -> tuple[dict | None, list]:
    """The state of a place between others, on the steps of its sliders, with those others and their weights."""
    known = {parameter.name: parameter for parameter in figure.parameters}
    state, sides = dict(grid.base), []
    for (name, values), (cell, share) in zip(grid.axes, place):
        low, high = values[cell], values[cell + 1]
        value = known[name].snap(low + share * (high - low))
        state[name] = value
        sides.append([(cell, (high - value) / (high - low)), (cell + 1, (value - low) / (high - low))])
    corners = [
        (shots[_index(grid, [i for i, _ in corner])], math.prod(w for _, w in corner))
        for corner in itertools.product(*sides)
    ]
    corners = [(shot, weight) for shot, weight in corners if weight > 1e-9]
    return (state, corners) if len(corners) > 1 else (None, [])  # no step of the slider lies in between


def _apart(true: _Shot, corners: list) -> float:
    """How far the marks of the interpolated wide picture lie from the true ones', in pixels; 0 where they are other marks."""
    worst = 0.0
    for position, piece in enumerate(true.parts["wide"]):
        ends = [
            (shot.parts["wide"][position], weight)
            for shot, weight in corners
            if position < len(shot.parts["wide"])
        ]
        if (
            not piece.skeleton.startswith("<")
            or len(ends) < len(corners)
            or any(p.skeleton != piece.skeleton for p, _ in ends)
        ):
            continue
        if all(p.numbers == piece.numbers for p, _ in ends):
            continue
        scale = 0.1 if piece.skeleton.count("h0") > 3 else 1.0  # many dots are written in tenths of a pixel
        marks = piece.skeleton[: piece.skeleton.find(">") + 1].count("\ue000")
        for slot in range(marks):
            told = sum(weight * float(p.numbers[slot]) for p, weight in ends)
            worst = max(worst, scale * abs(told - float(piece.numbers[slot])))
    return worst


def _index(grid: Grid, cells: list[int]) -> int:
    index = 0
    for cell, length in zip(cells, grid.shape):
        index = index * length + cell
    return index


def _first(grid: Grid, place) -> int:
    return _index(grid, [cell for cell, _ in place])


def _counted(count: int, thing: str) -> str:
    return f"one {thing}" if count == 1 else f"{count:,} {thing}s"


def _short(number: float) -> str:
    """A size with two digits that count, never rounded down."""
    if number < 1e-9:
        return "0"
    digits = max(0, 1 - math.floor(math.log10(number)))
    return f"{math.ceil(number * 10**digits) / 10**digits:.{digits}f}"
