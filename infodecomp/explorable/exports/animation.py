"""Films: a figure while one of its parameters goes from one value to another, as the frames of a GIF.

Nothing is kept waiting for the last frame: each is sent as soon as it is drawn. What a film may cost is bounded in frames, pixels,
bytes and seconds, and all that can be refused is refused before the first byte.
"""

import hashlib
import queue
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass, field, replace

import numpy as np

from infodecomp.explorable.core.errors import Busy, ConversionError, NotFound, ParameterError
from infodecomp.explorable.exports.query_options import EXACT_HEIGHT, FRAME, THEME, WIDTH, FreeText, Integer
from infodecomp.explorable.exports.raster import Converter
from infodecomp.explorable.exports.standalone import bare_svg, caption_lines, standalone_svg
from infodecomp.explorable.figures.figure import Figure, FigureState
from infodecomp.explorable.figures.parameters import Choice, Parameter, Range, is_active

LARGEST = 1000  # pixels on a side
MOST = {"pixels": 40_000_000, "bytes": 12 * 2**20, "seconds": 90.0}  # of all frames of a film
USUAL = 40  # frames
PACE, REST, END = 80, 1200, 1600  # milliseconds: of a frame, of a choice, of the last before it begins again
VARY = FreeText(
    name="_vary",
    label="the parameter that goes from one value to another",
    told="the name of a slider or a choice of the figure",
)
FROM = FreeText(name="_from", label="its first value", told="a value within its bounds")
TO = FreeText(name="_to", label="its last value", told="a value within its bounds")
FRAMES = Integer(name="_frames", label="frames of a slider's way", default=None, low=2, high=120, step=1)
SWEEP = (VARY, FROM, TO, FRAMES)  # an address may leave out their underscore
FILMED = (*SWEEP, replace(WIDTH, high=LARGEST), replace(EXACT_HEIGHT, high=LARGEST), THEME, FRAME)

Room = Callable[[FigureState], AbstractContextManager]


def sliders(view: FigureState) -> list[Parameter]:
    """What a film of this state can go over, that a menu should offer."""
    return [p for p in view.figure.parameters if isinstance(p, Range) and is_active(p, view.state)]


def can_be_filmed(figure: Figure) -> bool:
    return figure.has("draw") and any(isinstance(p, (Range, Choice)) for p in figure.parameters)


def sweep(view: FigureState, show: dict) -> tuple[Parameter, list]:
    """What varies and its values. Raises NotFound where nothing can, ParameterError for what a film cannot go over."""
    known = {p.name: p for p in view.figure.parameters if isinstance(p, (Range, Choice))}
    if not can_be_filmed(view.figure):
        raise NotFound(
            f"{view.figure.name} has nothing that a film could show: it draws nothing or has no slider. Ask for its JSON."
        )
    name = show["_vary"] or next((p.name for p in sliders(view)), next(iter(known)))
    if name not in known:
        raise ParameterError(
            f"vary = {name[:40]!r} is no slider or choice of this figure: give one of {', '.join(known)}.",
            parameter="vary",
            value=name[:40],
            known=list(known),
        )
    varied = known[name]
    if not is_active(varied, view.state):
        raise ParameterError(
            f"vary = {name!r} changes nothing in this state: give {'='.join(map(str, varied.active_when))} too.",
            parameter="vary",
            value=name,
        )
    return varied, (_steps if isinstance(varied, Range) else _options)(varied, show)


def _ends(varied: Parameter, show: dict, low, high) -> tuple:
    first, last = (
        replace(varied, name=end[1:]).parse(show[end]) if show[end] else usual
        for end, usual in (("_from", low), ("_to", high))
    )
    if first == last:
        raise ParameterError(
            f"from and to are both {varied.write(first)}: nothing would move. Give two values, {varied.bounds()}.",
            parameter="to",
            value=varied.write(last),
            bounds=varied.bounds(),
        )
    return first, last


def _steps(varied: Range, show: dict) -> list:
    first, last = _ends(varied, show, varied.low, varied.high)
    way = np.linspace(first, last, show["_frames"] or USUAL)
    return list(
        dict.fromkeys(varied.check(int(round(at)) if varied.whole else round(float(at), 10)) for at in way)
    )


def _options(varied: Choice, show: dict) -> list:
    options = list(varied.options)
    start, stop = (options.index(end) for end in _ends(varied, show, options[0], options[-1]))
    if show["_frames"] is not None:
        raise ParameterError(
            f"frames says nothing here: {varied.name} is a choice and has a frame for each of its values. Leave it out.",
            parameter="frames",
            value=show["_frames"],
        )
    return options[start : stop + 1] if start < stop else options[stop : start + 1][::-1]


@dataclass
class Animation:
    """A film of a figure: a view, what an address says of the film, and where its state is to be found.

    Making one checks all that can be checked without computing. Raises as sweep() does.
    """

    view: FigureState
    show: dict
    source: str
    varied: Parameter = field(init=False)
    values: list = field(init=False)

    def __post_init__(self):
        self.varied, self.values = sweep(self.view, self.show)
        self._size: tuple[float, float | None] = (self.show["_width"], self.show["_height"])
        self._lines: int | None = None
        self._looks: list[str] = []

    @property
    def name(self) -> str:
        """What is added to the name of a file."""
        return f"vary={self.varied.name}"

    def _at(self, value) -> FigureState:
        return self.view.figure.at(**(self.view.state | {self.varied.name: value}))

    def prepare(self, room: Room) -> str:
        """Look at a few of its frames, which settle its size and its colours; returns its validator. Raises ParameterError."""
        some = [
            self._at(self.values[i])
            for i in sorted({round(k * (len(self.values) - 1) / 4) for k in range(5)})
        ]
        width, height = self._size
        for view in some:
            with room(view):
                if self.show["_frame"]:
                    self._lines = max(self._lines or 0, caption_lines(view, width, height))
                else:
                    view.picture
        if height is None:
            self._size = width, max(_height(self._svg(view)) for view in some)
        pixels = width * self._size[1] * len(self.values)
        if pixels > MOST["pixels"]:
            raise ParameterError(
                f"{len(self.values)} frames of {width} by {self._size[1]:.0f} pixels are {pixels / 1e6:.0f} million pixels, "
                f"and a film may have {MOST['pixels'] / 1e6:.0f} million: give fewer frames or a smaller _width.",
                parameter="frames",
                value=len(self.values),
            )
        self._looks = [self._svg(view) for view in some]
        return hashlib.sha256(
            "".join([repr((self.values, PACE, REST, END)), *self._looks]).encode()
        ).hexdigest()[:20]

    def _svg(self, view: FigureState) -> str:
        (width, height), theme = self._size, self.show["_theme"]
        if not self.show["_frame"]:
            return bare_svg(view, width, height, theme, fonts=False)
        return standalone_svg(view, width, height, theme, source=self.source, fonts=False, lines=self._lines)

    def chunks(self, converter: Converter, room: Room) -> Iterator[bytes]:
        """The bytes of the file, a frame at a time. room: what is held while a view is computed and drawn.

        Raises Busy before the first byte where the whole would take too long, ConversionError where it does.
        """
        began, size = time.monotonic(), 0
        for i, svg in enumerate(self._looks):
            converter.convert(svg, "probe", first=not i)
        ahead = (time.monotonic() - began) / len(self._looks) * len(self.values)
        if ahead > MOST["seconds"]:
            raise Busy(
                f"This film would take about {ahead:.0f} seconds to make: ask for fewer frames or a smaller _width, or later."
            )
        for i, value in enumerate(self.values):
            view = self._at(value)
            with room(view):
                svg = self._svg(view)
            chunk = converter.convert(svg, "frame", duration=self._duration(i))
            size += len(chunk)
            if size > MOST["bytes"] or time.monotonic() - began > MOST["seconds"]:
                raise ConversionError(
                    "The film grew too large or took too long. Ask for fewer frames or a smaller _width."
                )
            yield chunk
        yield b";"

    def _duration(self, nth: int) -> int:
        if nth == len(self.values) - 1:
            return END
        return PACE if isinstance(self.varied, Range) else REST


def _height(svg: str) -> float:
    return float(svg.partition(' height="')[2].partition('"')[0])


class Flow:
    """Bytes that are made in a thread of their own, at their own pace, while a reader takes them at his.

    first: waits for the first of them, and raises what it raises. Closing ends the making at the next chunk. done: is called with
    all bytes where the making came to its end; after: whenever it ends.
    """

    def __init__(self, chunks: Iterator[bytes], done: Callable[[bytes], None], after: Callable[[], None]):
        self._chunks, self._done, self._after = chunks, done, after
        self._made: queue.SimpleQueue = queue.SimpleQueue()
        self._stopped = threading.Event()
        threading.Thread(target=self._make, daemon=True).start()
        self.first = self._take()

    def _make(self) -> None:
        made, end = [], None
        try:
            with closing(self._chunks):
                for chunk in self._chunks:
                    made.append(chunk)
                    self._made.put(chunk)
                    if self._stopped.is_set():
                        return
            self._done(b"".join(made))
        except Exception as error:
            end = error
        finally:
            self._after()
            self._made.put(end)

    def _take(self) -> bytes | None:
        chunk = self._made.get()
        if isinstance(chunk, Exception):
            raise chunk
        return chunk

    def __iter__(self) -> Iterator[bytes]:
        chunk = self.first
        while chunk is not None:
            yield chunk
            chunk = self._take()

    def close(self) -> None:
        self._stopped.set()
