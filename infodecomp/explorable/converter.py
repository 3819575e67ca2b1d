"""A process of its own that turns SVG into PNG and PDF.

The conversion holds Python's one lock for a tenth of a second and more: in the server's process every reader would wait for it.
Run as a program, it reads jobs from its input, each a line of JSON and then so many bytes of SVG, and answers in the same way:
{"kind", "scale", "length"} -> {"error" or null, "length"}. It ends with its input. Nothing of the package is imported here, so
that it starts at once.
"""

import json
import os
import sys
from pathlib import Path

import vl_convert

PLAIN = ((0x20, 0x180), (0x370, 0x400), (0x2000, 0x20C0), (0x2190, 0x2300))  # letters, marks, arrows and signs of pictures


def png(svg: str, job: dict) -> bytes:
    return vl_convert.svg_to_png(svg, scale=job["scale"])


def pdf(svg: str, job: dict) -> bytes:
    return vl_convert.svg_to_pdf(svg)


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
    kinds = {"png": png, "pdf": pdf}
    jobs, answers = sys.stdin.buffer, sys.stdout.buffer
    while line := jobs.readline():
        job = json.loads(line)
        svg = jobs.read(job["length"]).decode()
        try:
            body, error = kinds[job["kind"]](svg, job), None
        except Exception as problem:  # the server says what could not be converted; the next job is another one
            body, error = b"", str(problem).partition("\n")[0]
        answers.write(json.dumps({"error": error, "length": len(body)}).encode() + b"\n" + body)
        answers.flush()


if __name__ == "__main__":
    main()
