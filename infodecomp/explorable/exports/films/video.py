"""Films in MP4 and WebM: a slider that moves there and back, so that the film can run in a loop on a slide.

Both containers are written as they go, MP4 in fragments, so that the first bytes leave before the last
picture is drawn.
"""

import time
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from typing import ClassVar

from infodecomp.explorable.exports.films.animation import Animation, AnimationLimits, ComputeSlot
from infodecomp.explorable.exports.films.sweep import SWEEP_OPTIONS
from infodecomp.explorable.exports.query_options import EXACT_HEIGHT, FRAME, THEME, WIDTH
from infodecomp.explorable.exports.raster import Converter
from infodecomp.explorable.graphics.text_paths import outline_text

RATE = 30  # pictures a second
FRAMES = 60  # of a slider, on its way there
END, OPTION = RATE // 2, round(1.2 * RATE)  # pictures for which an end of a slider and an option stand still
AHEAD = 3  # pictures that are drawn before an earlier one is encoded
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

    def __post_init__(self):
        super().__post_init__()
        width, height = self.options["_width"], self.options["_height"]
        self._size = width + width % 2, height + height % 2  # colours stand at half the size
        self._seconds_of_picture = 0.0

    def _chunks(self, converter: Converter, slot: ComputeSlot) -> Iterator[bytes]:
        begun = []  # what may leave once it is clear that the film does not take too long
        with ThreadPoolExecutor(1) as rasterising, ThreadPoolExecutor(1) as encoding:
            jobs = self._jobs(converter, slot, rasterising, encoding)
            try:
                for i, chunk in enumerate(_in_order(jobs)):
                    begun.append(chunk)
                    if i == 2:  # the header and two pictures
                        self._check_estimate(self._seconds_of_picture)
                    if i >= 2:
                        yield b"".join(begun)
                        begun.clear()
            finally:
                for pool in (rasterising, encoding):
                    pool.shutdown(wait=False, cancel_futures=True)
        yield b"".join(begun)

    def _jobs(
        self, converter: Converter, slot: ComputeSlot, rasterising: Executor, encoding: Executor
    ) -> Iterator[Future[bytes]]:
        """The parts of the film: while one picture is encoded, the next is rasterised and one more drawn."""
        encoder, last = converter.film_encoder, len(self.values) - 1

        def rasterise(svg: str) -> bytes:
            started = time.monotonic()
            png = converter.convert(outline_text(svg), "png", scale=1)  # outlines are faster than letters
            self._seconds_of_picture = time.monotonic() - started
            return png

        def encode(picture: Future[bytes], count: int) -> bytes:
            return encoder.ask("shot", picture.result(), count=count)

        figure = self.view.figure
        about = {"title": figure.title, "comment": self.credit.line(self.view.source, figure.attribution)}
        begin = {"container": self.container, "rate": RATE, "size": self._size, "about": about}
        yield encoding.submit(encoder.ask, "film", b"", **begin)
        for i, svg in enumerate(self._drawn_frames(slot)):
            still = (END if i in (0, last) else 1) if self.varied.is_numeric else OPTION
            yield encoding.submit(encode, rasterising.submit(rasterise, svg), still)
        if self.varied.is_numeric:
            for i in range(last - 1, 0, -1):
                yield encoding.submit(encoder.ask, "again", b"", index=i)
        yield encoding.submit(encoder.ask, "cut", b"")


def _in_order(jobs: Iterator[Future[bytes]]) -> Iterator[bytes]:
    """The results of jobs in their order, while a few more of them are under way."""
    waiting: deque[Future[bytes]] = deque()
    for job in jobs:
        waiting.append(job)
        if len(waiting) > AHEAD:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def video(container: str) -> partial[Video]:
    """Return what makes the films of a container: (state, options, credit) -> Video."""
    return partial(Video, container=container)
