"""A process of its own that turns SVG into PNG, PDF and the frames of a GIF.

The conversion holds Python's one lock for a tenth of a second and more: in the server's process every reader would wait for it.
Run as a program, it reads jobs from its input, each a line of JSON and then so many bytes of SVG, and answers in the same way:
{"kind", "scale", "length"} -> {"error" or null, "length"}. It ends with its input. Nothing of the package is imported here, so
that it starts at once.
"""

import io
import json
import os
import sys

import vl_convert

def png(svg: str, job: dict) -> bytes:
    return vl_convert.svg_to_png(svg, scale=job["scale"])


def pdf(svg: str, job: dict) -> bytes:
    return vl_convert.svg_to_pdf(svg)


class Frames:
    """The frames of one GIF after the other: each says only what differs from the one before."""

    def __init__(self):
        self.last = None

    def __call__(self, svg: str, job: dict) -> bytes:
        """The bytes of a frame; the first brings the head of the file along, the last its end."""
        from PIL import GifImagePlugin, Image, ImageChops

        picture = Image.open(io.BytesIO(vl_convert.svg_to_png(svg, scale=job["scale"]))).convert("RGB")
        box = None
        if job["first"]:
            head = b"GIF89a" + b"".join(side.to_bytes(2, "little") for side in picture.size) + b"\x70\x00\x00"
            head += b"\x21\xff\x0bNETSCAPE2.0\x03\x01\x00\x00\x00"  # again and again
        else:
            head = b""
            box = ImageChops.difference(picture, self.last).getbbox() or (0, 0, 1, 1)
        self.last = picture
        part = picture.crop(box) if box else picture
        part = part.quantize(256, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
        chunks = GifImagePlugin.getdata(part, offset=box[:2] if box else (0, 0), include_color_table=True, disposal=1,
                                        duration=1000 if job["last"] else job["duration"])
        return head + b"".join(chunks) + (b";" if job["last"] else b"")


def main() -> None:
    """Answer jobs until the input ends. The first argument is a folder of fonts."""
    os.nice(5)  # readers first
    vl_convert.register_font_directory(sys.argv[1])
    kinds = {"png": png, "pdf": pdf, "frame": Frames()}
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
