"""Films in MP4 and WebM: a slider that moves there and back, so that the film can run in a loop on a slide.

Both containers are written as they go, MP4 in fragments, so that the first bytes leave before the last
picture is drawn.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import ClassVar

from infodecomp.explorable.exports.films.animation import Animation, AnimationLimits, ComputeSlot
from infodecomp.explorable.exports.films.sweep import SWEEP_OPTIONS
from infodecomp.explorable.exports.query_options import EXACT_HEIGHT, FRAME, THEME, WIDTH
from infodecomp.explorable.exports.raster import Converter

RATE = 30  # pictures a second
FRAMES = 60  # of a slider, on its way there
END, OPTION = RATE // 2, round(1.2 * RATE)  # pictures for which an end of a slider and an option stand still
WIDE_SCREEN = (1920, 1080)  # pixels
VIDEO_LIMITS = AnimationLimits(pixels=250_000_000, bytes=40 * 2**20, seconds=90)
VIDEO_OPTIONS = (
    *SWEEP_OPTIONS,
    replace(WIDTH, default=WIDE_SCREEN[0], high=WIDE_SCREEN[0]),
    replace(EXACT_HEIGHT, label="exact height", default=WIDE_SCREEN[1], high=WIDE_SCREEN[1]),
    THEME,
    FRAME,
)


@dataclass
class Video(Animation):
    """A film of a figure. The constructor checks everything that needs no computation.

    Parameters
    ----------
    view, options, credit
        As for `Animation`; options: the values of `VIDEO_OPTIONS`.
    container : {"mp4", "webm"}
        H.264 in fragmented MP4, or VP9 in WebM.
    """

    frame_count: ClassVar[int | None] = FRAMES
    container: str = "mp4"

    @property
    def limits(self) -> AnimationLimits:
        """Its upper bounds."""
        return VIDEO_LIMITS

    def _chunks(self, converter: Converter, slot: ComputeSlot) -> Iterator[bytes]:
        last, started = len(self.values) - 1, 0.0
        width, height = self._size
        begun = converter.convert("", "film", container=self.container, rate=RATE, size=[width, height])
        for i, svg in enumerate(self._drawn_frames(slot)):
            if not self.varied.is_numeric:
                count = OPTION
            else:
                count = END if i in (0, last) else 1
            begun += converter.convert(svg, "shot", count=count)
            if i == 0:
                started = time.monotonic()  # the first picture takes longer: the process reads its fonts
                continue
            if i == 1:
                self._check_estimate(time.monotonic() - started)
            yield begun
            begun = b""
        if self.varied.is_numeric:
            for i in range(last - 1, 0, -1):
                yield converter.convert("", "again", index=i)
        yield converter.convert("", "cut")


def video(container: str) -> partial[Video]:
    """Return what makes the films of a container: (state, options, credit) -> Video."""
    return partial(Video, container=container)
