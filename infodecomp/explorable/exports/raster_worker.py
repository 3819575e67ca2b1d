"""The converter process: reads SVG on standard input, writes PNG, PDF or parts of GIFs to standard output.

A conversion holds Python's global interpreter lock for a tenth of a second and more, which would stop all
readers of the server's process. A job is a line of JSON, {"kind", "length", ...}, followed by `length` bytes
of SVG; the reply is {"error": null or text, "length"} and the bytes. The process ends with its input. Nothing
of the package is imported here, so that it starts quickly.
"""

import io
import json
import os
import struct
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import vl_convert

# Unicode ranges that pictures use: Latin, Greek, punctuation and signs, arrows and operators.
CHARACTERS = ((0x20, 0x180), (0x370, 0x400), (0x2000, 0x20C0), (0x2190, 0x2300))


def _pixels(svg: str):
    """Rasterise an SVG as an opaque RGB image."""
    from PIL import Image

    return Image.open(io.BytesIO(vl_convert.svg_to_png(svg, scale=1))).convert("RGB")


def transparent_png(svg: str, scale: float, paper: str) -> bytes:
    """Rasterise an SVG without a background as a PNG whose semi-transparent pixels have the right colours.

    The converter's own have not: it cuts each of their channels off at their opacity, so that a pale orange
    turns khaki and the edges of letters grey. So the picture is drawn on black and on white, and what differs
    is its transparency. What cannot be seen has the colour of the paper, since programs that scale a picture
    mix it into the edges.
    """
    import numpy as np
    from PIL import Image

    def drawn_on(background: str):
        filled = f'><rect width="100%" height="100%" fill="{background}"/>'
        png = vl_convert.svg_to_png(svg.replace(">", filled, 1), scale=scale)
        return np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))

    unseen = list(bytes.fromhex(paper[1:]))
    on_black, on_white = drawn_on("black"), drawn_on("white")
    pixels = np.empty((*on_black.shape[:2], 4), np.uint8)
    for row, black, white in zip(pixels, on_black, on_white):
        opacity = 255 - (white.astype(float) - black).mean(1, keepdims=True)
        colours = np.where(opacity < 1, unseen, 255.0 * black / np.maximum(opacity, 1))
        row[:] = np.clip(np.hstack((colours, opacity)).round(), 0, 255)
    body = io.BytesIO()
    Image.fromarray(pixels).save(body, "PNG")
    return body.getvalue()


class GifEncoder:
    """A streaming encoder of animated GIFs: one palette of 255 colours; each frame holds what has changed.

    Pillow quantises the colours and compresses the frames. Its own `save(save_all=True)` collects every frame
    before it writes the first byte, so the file header and the order of the blocks are written here.
    """

    EXACT, COLOURS = 192, 255  # the most frequent colours stay exact; index 255 means "unchanged"

    def __init__(self):
        self._colour_counts: Counter[tuple[int, int, int]] = Counter()
        self._size = (0, 0)
        self._palette = None
        self._previous = None

    def probe(self, svg: str) -> None:
        """Count the colours of a frame; probe a few frames before the first one is encoded."""
        picture = _pixels(svg)
        self._size = max(self._size[0], picture.width), max(self._size[1], picture.height)
        colours = picture.getcolors(picture.width * picture.height)
        self._colour_counts.update({colour: count for count, colour in colours})

    def frame(self, svg: str, duration: int) -> bytes:
        """Encode a frame that is shown for `duration` milliseconds; the first one follows the file header."""
        import numpy as np
        from PIL import Image
        from PIL.GifImagePlugin import getdata

        drawn = _pixels(svg)
        picture = Image.new("RGB", self._size, drawn.getpixel((0, 0)))
        picture.paste(drawn)
        header = self._header() if self._palette is None else b""
        indices = np.asarray(picture.quantize(palette=self._palette, dither=Image.Dither.NONE))
        changed = np.ones(indices.shape, bool) if self._previous is None else indices != self._previous
        self._previous = indices
        left, top, right, bottom = Image.fromarray(changed).getbbox() or (0, 0, 1, 1)
        part = np.where(changed, indices, self.COLOURS)[top:bottom, left:right].astype("uint8")
        blocks = getdata(
            Image.fromarray(part), (left, top), duration=duration, transparency=self.COLOURS, disposal=1
        )
        return header + b"".join(blocks)

    def _header(self) -> bytes:
        """Fix the palette and return the header of a file that loops for ever."""
        from PIL import Image

        ordered = [colour for colour, _ in self._colour_counts.most_common()]
        colours: list[tuple[int, ...]] = [*ordered[: self.EXACT]]
        rest = ordered[self.EXACT :]
        if rest:
            row = Image.new("RGB", (len(rest), 1))
            row.putdata(rest)
            palette = row.quantize(self.COLOURS - self.EXACT).palette
            colours += palette.colors if palette else ()
        table = bytes(value for colour in colours for value in colour)
        table += table[:3] * (256 - len(colours))
        self._palette = Image.new("P", (1, 1))
        self._palette.putpalette(table)
        screen = struct.pack("<HHBBB", *self._size, 0xF7, 0, 0)
        return b"GIF89a" + screen + table + b"!\xff\x0bNETSCAPE2.0\x03\x01\0\0\0"


class Jobs:
    """The kinds of jobs. A process encodes one GIF at a time.

    The fonts are prepared for the first picture with text: one whose letters are outlines comes sooner.
    """

    def __init__(self, prepare_fonts: Callable[[], None]):
        self._gif = GifEncoder()
        self._prepare_fonts: Callable[[], None] | None = prepare_fonts

    def _text(self, svg: bytes) -> str:
        if self._prepare_fonts and b"<text" in svg:
            self._prepare_fonts()
            self._prepare_fonts = None
        return svg.decode()

    def png(self, svg: bytes, job: dict[str, Any]) -> bytes:
        if job.get("paper"):
            return transparent_png(self._text(svg), job["scale"], job["paper"])
        return vl_convert.svg_to_png(self._text(svg), scale=job["scale"])

    def pdf(self, svg: bytes, job: dict[str, Any]) -> bytes:
        return vl_convert.svg_to_pdf(self._text(svg))

    def probe(self, svg: bytes, job: dict[str, Any]) -> bytes:
        if job["first"]:
            self._gif = GifEncoder()
        self._gif.probe(self._text(svg))
        return b""

    def frame(self, svg: bytes, job: dict[str, Any]) -> bytes:
        return self._gif.frame(self._text(svg), job["duration"])


def subset_fonts(files: list[Path], folder: Path) -> None:
    """Write fonts with only the characters of pictures into a folder, unless they are there already.

    The converter opens font files several times for every glyph: a sixth of the bytes halves the time.
    Where nothing can be written it takes the whole fonts.
    """
    from fontTools import subset

    for file in files:
        if (folder / file.name).exists():
            continue
        options = subset.Options(hinting=False, layout_features=["kern"])
        font = subset.load_font(str(file), options)
        subsetter = subset.Subsetter(options)
        subsetter.populate(unicodes=[code for low, high in CHARACTERS for code in range(low, high)])
        subsetter.subset(font)
        temporary = folder / f"{file.stem}.{os.getpid()}"
        try:
            subset.save_font(font, str(temporary), options)
            os.replace(temporary, folder / file.name)
        except OSError:
            temporary.unlink(missing_ok=True)
            return


def answer_jobs(handlers: dict[str, Callable[[bytes, dict[str, Any]], bytes]]) -> None:
    """Answer jobs of some kinds until the input ends: (body, job) -> body of the reply."""
    stdin, stdout = sys.stdin.buffer, sys.stdout.buffer
    while line := stdin.readline():
        job = json.loads(line)
        content = stdin.read(job["length"])
        body, error = b"", None
        try:
            body = handlers[job["kind"]](content, job)
        except Exception as problem:  # reported to the server; the next job is independent of it
            error = str(problem).partition("\n")[0] or type(problem).__name__
        stdout.write(json.dumps({"error": error, "length": len(body)}).encode() + b"\n" + body)
        stdout.flush()


def serve(fonts: list[Path], font_folder: Path) -> None:
    """Answer jobs until the input ends. The full fonts come second, for glyphs that the subset lacks."""

    def prepare_fonts() -> None:
        subset_fonts(fonts, font_folder)
        for folder in (font_folder, fonts[0].parent):
            vl_convert.register_font_directory(str(folder))

    jobs = Jobs(prepare_fonts)
    answer_jobs({"png": jobs.png, "pdf": jobs.pdf, "probe": jobs.probe, "frame": jobs.frame})


if __name__ == "__main__":
    os.nice(5)  # readers of the server come first
    serve(list(map(Path, sys.argv[2:])), Path(sys.argv[1]))
