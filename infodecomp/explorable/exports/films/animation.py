"""Animations: a figure while one of its parameters moves from one value to another.

Frames are sent as soon as they are drawn. The cost of an animation is bounded in frames, pixels, bytes and
seconds, and everything that can be refused is refused before the first byte.
"""

import hashlib
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

from infodecomp.explorable.core.errors import Busy, ConversionError, ParameterError
from infodecomp.explorable.exports.films.sweep import SWEEP_OPTIONS, sweep
from infodecomp.explorable.exports.query_options import EXACT_HEIGHT, FRAME, THEME, WIDTH
from infodecomp.explorable.exports.raster import Converter
from infodecomp.explorable.exports.standalone import (
    bare_svg,
    caption_line_count,
    standalone_svg,
)
from infodecomp.explorable.figures.credit import Credit
from infodecomp.explorable.figures.parameters import Parameter
from infodecomp.explorable.figures.state import FigureState
from infodecomp.explorable.graphics.drawing import Drawing

MAX_SIDE = 1000  # pixels
FRAME_MS, OPTION_MS, LAST_FRAME_MS = 80, 1200, 1600  # durations: slider frame, option of a choice, last frame
PREVIEWS = 5  # frames that are drawn in advance: they fix the size, the colours and the estimated time


@dataclass(frozen=True)
class AnimationLimits:
    """Upper bounds of one animation: pixels of all frames together, bytes of the file, seconds to make it."""

    pixels: int = 40_000_000
    bytes: int = 12 * 2**20
    seconds: float = 90.0


LIMITS = AnimationLimits()

ANIMATION_OPTIONS = (
    *SWEEP_OPTIONS,
    replace(WIDTH, high=MAX_SIDE),
    replace(EXACT_HEIGHT, high=MAX_SIDE),
    THEME,
    FRAME,
)

ComputeSlot = Callable[[FigureState], AbstractContextManager]
"""Figure state -> the lock that is held while that state is computed and drawn."""


@dataclass
class Animation:
    """An animated GIF of a figure; `Video` makes other kinds.

    The constructor checks everything that needs no computation.

    Parameters
    ----------
    view : FigureState
        The state that all parameters but one keep.
    options : dict
        Checked values of `ANIMATION_OPTIONS` by name.
    credit : Credit

    Raises
    ------
    NotFound, ParameterError
        As `sweep` does.
    """

    view: FigureState
    options: dict[str, Any]
    credit: Credit
    frame_count: ClassVar[int | None] = None  # of a slider, unless the address says it
    varied: Parameter = field(init=False)
    values: list = field(init=False)

    def __post_init__(self):
        self.varied, self.values = sweep(self.view, self.options, self.frame_count)
        self._size: tuple[float, float | None] = (self.options["_width"], self.options["_height"])
        self._caption_lines: int | None = None
        self._previews: list[str] = []

    @property
    def limits(self) -> AnimationLimits:
        """Its upper bounds."""
        return LIMITS

    @property
    def name(self) -> str:
        """Suffix of the file name."""
        return f"vary={self.varied.name}"

    def _state_at(self, value) -> FigureState:
        return self.view.figure.at(**(self.view.state | {self.varied.name: value}))

    def prepare(self, slot: ComputeSlot) -> str:
        """Draw a few frames, which fix the size and the colours of all.

        Parameters
        ----------
        slot : callable
            State -> context manager that is held while the state is computed.

        Returns
        -------
        str
            The ETag of the animation.

        Raises
        ------
        ParameterError
            If all frames together have too many pixels.
        """
        last = len(self.values) - 1
        views = [
            self._state_at(self.values[i])
            for i in sorted({round(k * last / (PREVIEWS - 1)) for k in range(PREVIEWS)})
        ]
        width, height = self._size
        for view in views:
            with slot(view):
                if self.options["_frame"]:
                    lines = caption_line_count(view, width, height)
                    self._caption_lines = max(self._caption_lines or 0, lines)
                else:
                    view.picture  # noqa: B018 - computes the state while the slot is held
        if height is None:
            height = max(self._draw(view).height for view in views)
            self._size = width, height
        self._check_pixels(width * height * len(self.values))
        self._previews = [self._draw(view).svg for view in views]
        timing = repr((self.values, FRAME_MS, OPTION_MS, LAST_FRAME_MS))
        return hashlib.sha256("".join([timing, *self._previews]).encode()).hexdigest()[:20]

    def _check_pixels(self, pixels: float) -> None:
        if pixels <= self.limits.pixels:
            return
        width, height = self._size
        most = self.limits.pixels / 1e6
        raise ParameterError(
            f"{len(self.values)} frames of {width} by {height:.0f} pixels are {pixels / 1e6:.0f} million "
            f"pixels, and an animation may have {most:.0f} million: give fewer frames or a smaller _width.",
            parameter="frames",
            value=len(self.values),
        )

    def _draw(self, view: FigureState) -> Drawing:
        (width, height), theme = self._size, self.options["_theme"]
        if not self.options["_frame"]:
            return bare_svg(view, width, height, theme, embed_fonts=False)
        return standalone_svg(
            view,
            width,
            height,
            theme,
            credit=self.credit,
            embed_fonts=False,
            caption_lines=self._caption_lines,
        )

    def encode(self, converter: Converter, slot: ComputeSlot) -> Generator[bytes]:
        """Yield the bytes of the GIF, one frame at a time. Call `prepare` first.

        Parameters
        ----------
        converter : Converter
            The process that rasterises and encodes the frames.
        slot : callable
            State -> context manager that is held while the state is computed.

        Raises
        ------
        Busy
            Before the first byte, if the whole would take too long.
        ConversionError
            If it takes too long or grows too large after all.
        """
        started, size = time.monotonic(), 0
        for chunk in self._chunks(converter, slot):
            size += len(chunk)
            if size > self.limits.bytes or time.monotonic() - started > self.limits.seconds:
                raise ConversionError(
                    "The animation grew too large or took too long. Ask for fewer frames or a smaller _width."
                )
            yield chunk

    def _chunks(self, converter: Converter, slot: ComputeSlot) -> Iterator[bytes]:
        started = time.monotonic()
        for i, svg in enumerate(self._previews):
            converter.convert(svg, "probe", first=not i)
        self._check_estimate((time.monotonic() - started) / len(self._previews))
        for i, svg in enumerate(self._drawn_frames(slot)):
            yield converter.convert(svg, "frame", duration=self._duration(i))
        yield b";"

    def _check_estimate(self, seconds_of_frame: float) -> None:
        estimate = seconds_of_frame * len(self.values)
        if estimate > self.limits.seconds:
            raise Busy(
                f"This animation would take about {estimate:.0f} seconds to make: ask for fewer frames or a "
                "smaller _width, or try again later."
            )

    def _drawn_frames(self, slot: ComputeSlot) -> Iterator[str]:
        """The SVG of each value, one after the other."""
        for value in self.values:
            view = self._state_at(value)
            with slot(view):
                svg = self._draw(view).svg
            yield svg

    def _duration(self, index: int) -> int:
        if index == len(self.values) - 1:
            return LAST_FRAME_MS
        return FRAME_MS if self.varied.is_numeric else OPTION_MS
