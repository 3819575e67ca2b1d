"""A process of its own that turns SVG into PNG, PDF and the frames of a GIF.

The conversion holds Python's one lock for a tenth of a second and more: in the server's process every reader would wait for it.
Run as a program, it reads jobs from its input, each a line of JSON and then so many bytes of SVG, and answers in the same way:
{"kind", "length", …} -> {"error" or null, "length"}. It ends with its input. Nothing of the package is imported here, so
that it starts at once.
"""

import io
import json
import os
import struct
import sys
from collections import Counter
from pathlib import Path

import vl_convert

PLAIN = (
    (0x20, 0x180),
    (0x370, 0x400),
    (0x2000, 0x20C0),
    (0x2190, 0x2300),
)  # letters, marks, arrows and signs of pictures


def png(svg: str, job: dict) -> bytes:
    return vl_convert.svg_to_png(svg, scale=job["scale"])


def pdf(svg: str, job: dict) -> bytes:
    return vl_convert.svg_to_pdf(svg)


class Animation:
    """The frames of a GIF: 255 colours for all of them, and of each frame only what has changed since the last.

    Pillow chooses the colours and packs the frames. They leave one by one, so that a film flows while it is made.
    """

    EXACT, COLOURS = (
        192,
        255,
    )  # the most frequent colours stay as they are; the last place is that of what has not changed

    def __init__(self):
        self.seen: Counter = Counter()
        self.size = (0, 0)
        self.palette = None
        self.last = None

    def probe(self, svg: str) -> bytes:
        """Look at the colours of a frame; nothing is written."""
        picture = _pixels(svg)
        self.size = max(self.size[0], picture.width), max(self.size[1], picture.height)
        self.seen.update(
            {colour: count for count, colour in picture.getcolors(picture.width * picture.height)}
        )
        return b""

    def frame(self, svg: str, job: dict) -> bytes:
        """A frame, shown for so many milliseconds; before the first one, the head of the file."""
        import numpy as np
        from PIL import Image
        from PIL.GifImagePlugin import getdata

        picture = Image.new("RGB", self.size, (drawn := _pixels(svg)).getpixel((0, 0)))
        picture.paste(drawn)
        head = self._head() if self.palette is None else b""
        picture = picture.quantize(palette=self.palette, dither=Image.Dither.NONE)
        now = np.asarray(picture)
        changed = np.ones(now.shape, bool) if self.last is None else now != self.last
        rows, columns = np.flatnonzero(changed.any(1)), np.flatnonzero(changed.any(0))
        top, bottom, left, right = (
            (rows[0], rows[-1] + 1, columns[0], columns[-1] + 1) if len(rows) else (0, 1, 0, 1)
        )
        part = np.where(changed, now, self.COLOURS)[top:bottom, left:right].astype("uint8")
        self.last = now
        return head + b"".join(
            getdata(
                Image.fromarray(part),
                (int(left), int(top)),
                duration=job["duration"],
                transparency=self.COLOURS,
                disposal=1,
            )
        )

    def _head(self) -> bytes:
        """The head of a file that is shown again and again; settles the colours."""
        from PIL import Image

        ordered = [colour for colour, _ in self.seen.most_common()]
        colours, rest = ordered[: self.EXACT], ordered[self.EXACT :]
        if rest:
            row = Image.new("RGB", (len(rest), 1))
            row.putdata(rest)
            colours += row.quantize(self.COLOURS - self.EXACT).palette.colors
        table = bytes(value for colour in colours for value in colour)
        table += table[:3] * (256 - len(colours))
        self.palette = Image.new("P", (1, 1))
        self.palette.putpalette(table)
        return (
            b"GIF89a"
            + struct.pack("<HHBBB", *self.size, 0xF7, 0, 0)
            + table
            + b"!\xff\x0bNETSCAPE2.0\x03\x01\0\0\0"
        )


def _pixels(svg: str):
    """A picture as rows of colours; its ground is opaque."""
    from PIL import Image

    return Image.open(io.BytesIO(vl_convert.svg_to_png(svg, scale=1))).convert("RGB")


film = Animation()  # one process makes one film at a time


def probe(svg: str, job: dict) -> bytes:
    global film
    if job["first"]:
        film = Animation()
    return film.probe(svg)


def frame(svg: str, job: dict) -> bytes:
    return film.frame(svg, job)


def light_fonts(files: list[str], folder: Path) -> None:
    """Write fonts without what pictures do not use into a folder, where they are not there yet.

    The converter opens the file of a font several times for every letter that it sets: a sixth of the bytes halve the time.
    """
    from fontTools import subset

    for file in map(Path, files):
        if (folder / file.name).exists():
            continue
        options = subset.Options(hinting=False, layout_features=["kern"])
        font = subset.load_font(file, options)
        subsetter = subset.Subsetter(options)
        subsetter.populate(unicodes=[code for low, high in PLAIN for code in range(low, high)])
        subsetter.subset(font)
        written = folder / f"{file.stem}.{os.getpid()}"
        subset.save_font(font, written, options)
        os.replace(written, folder / file.name)


def main() -> None:
    """Answer jobs until the input ends. The arguments are a folder for light fonts and the files of the fonts.

    The fonts as they are come second, for the letters that the light ones lack.
    """
    os.nice(5)  # readers first
    folder, files = Path(sys.argv[1]), sys.argv[2:]
    light_fonts(files, folder)
    for place in (folder, Path(files[0]).parent):
        vl_convert.register_font_directory(str(place))
    kinds = {"png": png, "pdf": pdf, "probe": probe, "frame": frame}
    jobs, answers = sys.stdin.buffer, sys.stdout.buffer
    while line := jobs.readline():
        job = json.loads(line)
        svg = jobs.read(job["length"]).decode()
        try:
            body, error = kinds[job["kind"]](svg, job), None
        except (
            Exception
        ) as problem:  # the server says what could not be converted; the next job is another one
            body, error = b"", str(problem).partition("\n")[0]
        answers.write(json.dumps({"error": error, "length": len(body)}).encode() + b"\n" + body)
        answers.flush()


if __name__ == "__main__":
    main()
