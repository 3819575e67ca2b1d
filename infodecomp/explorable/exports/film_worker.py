"""The film process: reads PNG on standard input, writes parts of MP4 or WebM to standard output.

It works beside the converter process, so that a picture is encoded while the next one is rasterised. Jobs and
replies are those of `raster_worker`.
"""

import os
import zlib
from pathlib import Path
from runpy import run_path
from typing import Any, cast


class ByteSink:
    """A file that a container is written to and that is emptied from time to time; it cannot seek."""

    def __init__(self):
        self._parts: list[bytes] = []

    def write(self, part: bytes) -> int:
        self._parts.append(bytes(part))
        return len(part)

    def flush(self) -> None:
        """Nothing waits anywhere else."""

    def take(self) -> bytes:
        """Return what was written since the last call."""
        taken = b"".join(self._parts)
        self._parts.clear()
        return taken


class FilmEncoder:
    """A streaming encoder of MP4 and WebM; it keeps each picture, compressed, for the way back."""

    CODECS = {
        "mp4": (
            "libx264",
            {"preset": "ultrafast", "crf": "20"},
            {"movflags": "frag_keyframe+empty_moov+default_base_moof"},
        ),
        "webm": (
            "libvpx-vp9",
            {"deadline": "realtime", "cpu-used": "8", "crf": "32", "b": "0", "row-mt": "1"},
            {"live": "1"},
        ),
    }
    GROUP = 30  # pictures from one that is encoded by itself to the next: a fragment of an MP4
    FORMAT = "yuv420p"
    BT709, STUDIO_RANGE = 1, 1  # the colours that players expect of pictures of this size

    def __init__(self, container: str, rate: int, size: tuple[int, int], about: dict[str, str]):
        import av

        codec, settings, muxing = self.CODECS[container]
        self._sink = ByteSink()
        self._output = av.open(self._sink, "w", format=container, options=muxing)
        self._output.metadata.update(about)
        self._stream = cast(Any, self._output.add_stream(codec, rate=rate, options=settings))
        self._stream.width, self._stream.height = size
        self._stream.pix_fmt = self.FORMAT
        context = self._stream.codec_context
        context.colorspace = context.color_primaries = context.color_trc = self.BT709
        context.color_range = self.STUDIO_RANGE
        context.gop_size = self.GROUP
        context.thread_count = 2
        self._pictures: list[bytes] = []
        self._output.start_encoding()

    def header(self) -> bytes:
        """Return what stands before the first picture."""
        return self._sink.take()

    def shot(self, png: bytes, count: int) -> bytes:
        """Encode a picture that stands for `count` frames."""
        planes = self._planes(png)
        self._pictures.append(zlib.compress(planes.tobytes(), 1))
        return self._encode(planes, count)

    def again(self, index: int) -> bytes:
        """Encode an earlier picture once more."""
        import numpy as np

        height, width = self._stream.height * 3 // 2, self._stream.width
        planes = np.frombuffer(zlib.decompress(self._pictures[index]), np.uint8)
        return self._encode(planes.reshape(height, width), 1)

    def cut(self) -> bytes:
        """Return the rest of the file."""
        self._output.mux(self._stream.encode(None))
        self._output.close()
        return self._sink.take()

    def _planes(self, png: bytes):
        """A picture as an array: its brightness above its colours, which have half the width and height."""
        import av
        from PIL import Image

        frame = av.CodecContext.create("png", "r").decode(av.Packet(png))[0]
        size = self._stream.width, self._stream.height
        if (frame.width, frame.height) != size:
            drawn = frame.to_image().convert("RGB")
            picture = Image.new("RGB", size, drawn.getpixel((0, 0)))
            picture.paste(drawn)
            frame = av.VideoFrame.from_image(picture)
        return frame.reformat(
            format=self.FORMAT, dst_colorspace="ITU709", dst_color_range="MPEG"
        ).to_ndarray()

    def _encode(self, planes, count: int) -> bytes:
        import av

        frame = av.VideoFrame.from_ndarray(planes, format=self.FORMAT)
        frame.colorspace, frame.color_range = self.BT709, self.STUDIO_RANGE
        for _ in range(count):
            frame.pts = None
            self._output.mux(self._stream.encode(frame))
        return self._sink.take()


class Jobs:
    """The kinds of jobs. A process encodes one film at a time."""

    def __init__(self):
        self._encoder: FilmEncoder | None = None

    def _begun(self) -> FilmEncoder:
        if self._encoder is None:
            raise RuntimeError("no film was begun")
        return self._encoder

    def film(self, body: bytes, job: dict[str, Any]) -> bytes:
        self._encoder = FilmEncoder(job["container"], job["rate"], job["size"], job["about"])
        return self._encoder.header()

    def shot(self, png: bytes, job: dict[str, Any]) -> bytes:
        return self._begun().shot(png, job["count"])

    def again(self, body: bytes, job: dict[str, Any]) -> bytes:
        return self._begun().again(job["index"])

    def cut(self, body: bytes, job: dict[str, Any]) -> bytes:
        rest = self._begun().cut()
        self._encoder = None
        return rest


if __name__ == "__main__":
    os.nice(5)  # readers of the server come first
    jobs = Jobs()
    kinds = {"film": jobs.film, "shot": jobs.shot, "again": jobs.again, "cut": jobs.cut}
    # no module of the package is imported: that takes longer than a picture
    run_path(str(Path(__file__).with_name("raster_worker.py")))["answer_jobs"](kinds)
