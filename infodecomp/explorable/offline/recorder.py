"""Record a figure for an offline bundle: compute and encode its states, measure the interpolation."""

import json
import math
import zlib
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from infodecomp.explorable.figures.figure import Figure
from infodecomp.explorable.figures.parameters import is_active
from infodecomp.explorable.offline.codec import (
    BASE91_GROWTH,
    TemplateGroup,
    Tokenizer,
    encode_base91,
    encode_group,
    group_by_template,
)
from infodecomp.explorable.offline.grid import Grid
from infodecomp.explorable.offline.interpolation import InterpolationError, count_cells, measure
from infodecomp.explorable.offline.sample import PARTS, Sample
from infodecomp.explorable.offline.sampling import slow_parameters

Progress = Callable[[int], None]


# What a recording leaves out, in degrees: nothing; narrow pictures; tables too, but for the first grid's.
_OMITTED = ((), ("narrow",), ("narrow", "table"))


@dataclass
class Recording:
    """A recorded figure.

    Attributes
    ----------
    figure : Figure
    states : int
        How many different states it contains.
    encodings : list of bytes
        The compressed states; each leaves out more than the one before.
    error : InterpolationError
    degree : int
        Which of the encodings is used.
    """

    figure: Figure
    states: int
    encodings: list[bytes]
    error: InterpolationError
    degree: int = 0

    @property
    def body(self) -> str:
        """The encoded states."""
        return encode_base91(self.encodings[self.degree])

    @property
    def size(self) -> int:
        """Bytes of the body, but for a thousandth."""
        return self.size_at(self.degree)

    def size_at(self, degree: int) -> int:
        """Bytes of the body with another of the encodings."""
        return round(len(self.encodings[degree]) * BASE91_GROWTH)

    def summary(self) -> str:
        """Return what the bundle contains of this figure, in a few sentences for its readers."""
        error = self.error
        text = (
            f"This copy holds {_count(self.states, 'state')} of this figure, all of them computed beforehand."
        )
        if error.checked:
            text += (
                " Between neighbours it is interpolated: where we compared, at "
                f"{_count(error.checked, 'place')}, its numbers were off by at most "
                f"{_round_up(error.worst_value)} and its marks by at most "
                f"{_round_up(error.worst_pixels)} pixels."
            )
            if error.different_texts:
                text += (
                    f" At {error.different_texts} of these places its description would have been worded "
                    "differently."
                )
        if error.snaps:
            where = " Elsewhere a control moves" if error.checked else " Its controls move"
            text += f"{where} in steps, from one computed state to the next."
        if "narrow" in _OMITTED[self.degree]:
            text += " It holds the picture for wide screens alone: on a phone that one is shown, smaller."
        if "table" in _OMITTED[self.degree]:
            text += " It holds the table of some of these states only."
        return text


def count_states(grids: list[Grid]) -> int:
    """Return how many states a recording computes; states that grids share are counted more than once."""
    return sum(math.prod(grid.shape) + count_cells(grid) for grid in grids)


def record(figure: Figure, grids: list[Grid], progress: Progress = lambda states: None) -> Recording:
    """Compute and encode the states of some grids.

    Parameters
    ----------
    figure : Figure
    grids : list of Grid
    progress : callable, optional
        Called with the number of states computed since its last call.
    """
    error = InterpolationError()
    outputs: list[tuple[_Table[str], _Columns, list[dict]]] = [
        (_Table[str](), _Columns(), []) for _ in _OMITTED
    ]
    queries = set()
    for number, grid in enumerate(grids):
        tokenizer = Tokenizer()
        samples = []
        for state in grid.states():
            samples.append(Sample(figure(**state), tokenizer))
            queries.add(samples[-1].query)
            progress(1)
        rough = measure(figure, grid, samples, tokenizer, error, progress)
        groups = {part: group_by_template([sample.part(part) for sample in samples]) for part in PARTS}
        described = _describe_grid(grid, figure, samples) | {"rough": rough}
        for (patterns, columns, encoded), omitted in zip(outputs, _OMITTED):
            kept = {p: g for p, g in groups.items() if p not in omitted or (p == "table" and not number)}
            encoded.append(described | {"parts": _encode_parts(kept, patterns, columns)})
    slow = sorted(slow_parameters(figure))
    encodings = [_compress(patterns, columns, encoded, slow) for patterns, columns, encoded in outputs]
    return Recording(figure, len(queries), encodings, error)


def _compress(patterns: "_Table[str]", columns: "_Columns", grids: list[dict], slow: list[str]) -> bytes:
    header = json.dumps(
        {"pieces": patterns.items, "slow": slow, "grids": grids}, ensure_ascii=False, separators=(",", ":")
    ).encode()
    compressor = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = compressor.compress(len(header).to_bytes(4, "little") + header + bytes(columns.body))
    return body + compressor.flush()


def fit_into(recordings: list[Recording], limit: float) -> None:
    """Leave out of the largest recordings what is needed least, until all have at most `limit` bytes."""
    while sum(recording.size for recording in recordings) > limit:
        shrinkable = [r for r in recordings if r.degree + 1 < len(r.encodings)]
        if not shrinkable:
            return
        max(shrinkable, key=lambda r: r.size - r.size_at(r.degree + 1)).degree += 1


T = TypeVar("T", bound=Hashable)


class _Table(Generic[T]):
    """Distinct items in the order in which they first came."""

    def __init__(self) -> None:
        self.items: list[T] = []
        self._index: dict[T, int] = {}

    def index(self, item: T) -> int:
        if item not in self._index:
            self._index[item] = len(self.items)
            self.items.append(item)
        return self._index[item]


class _Columns:
    """Byte strings one after the other; equal ones are stored once."""

    def __init__(self) -> None:
        self.body = bytearray()
        self._offsets: dict[bytes, int] = {}

    def offset(self, chunk: bytes) -> int:
        if chunk not in self._offsets:
            self._offsets[chunk] = len(self.body)
            self.body += chunk
        return self._offsets[chunk]


def _encode_parts(
    groups: dict[str, TemplateGroup], patterns: _Table[str], columns: _Columns
) -> dict[str, int]:
    """The offset of each part's template group."""
    parts = {}
    for part, group in groups.items():
        # an offset of 0 means that a column has no deltas, so that all others are one higher
        stored = [
            (patterns.index(column.pattern), columns.offset(column.deltas) + 1 if column.deltas else 0)
            for column in group.columns
        ]
        parts[part] = columns.offset(encode_group(stored, group))
    return parts


def _describe_grid(grid: Grid, figure: Figure, samples: list[Sample]) -> dict[str, Any]:
    """A grid as static/offline.js reads it.

    fixed: the active parameters that do not vary, as in an address. at: the position of the handle in each
    state.
    """
    varying = dict(grid.axes)
    fixed = {
        p.name: p.write(grid.base[p.name])
        for p in figure.parameters
        if p.name not in varying and is_active(p, dict(grid.base))
    }
    encoded: dict[str, Any] = {
        "fixed": fixed,
        "axes": [[name, list(values)] for name, values in grid.axes],
    }
    handles = [sample.handle for sample in samples if sample.handle]
    if grid.axes and len(handles) == len(samples):
        encoded["at"] = [share for handle in handles for share in handle]
    return encoded


def _count(count: int, noun: str) -> str:
    return f"one {noun}" if count == 1 else f"{count:,} {noun}s"


def _round_up(number: float) -> str:
    """A size with two significant digits, never rounded down."""
    if number < 1e-9:
        return "0"
    digits = max(0, 1 - math.floor(math.log10(number)))
    return f"{math.ceil(number * 10**digits) / 10**digits:.{digits}f}"
