"""A process of its own that turns SVG into PNG and PDF.

The conversion holds Python's one lock for a tenth of a second and more: in the server's process every reader would wait for it.
Run as a program, it reads jobs from its input, each a line of JSON and then so many bytes of SVG, and answers in the same way:
{"kind", "scale", "length"} -> {"error" or null, "length"}. It ends with its input. Nothing of the package is imported here, so
that it starts at once.
"""

import json
import os
import sys

import vl_convert

def png(svg: str, job: dict) -> bytes:
    return vl_convert.svg_to_png(svg, scale=job["scale"])


def pdf(svg: str, job: dict) -> bytes:
    return vl_convert.svg_to_pdf(svg)


def main() -> None:
    """Answer jobs until the input ends. The first argument is a folder of fonts."""
    os.nice(5)  # readers first
    vl_convert.register_font_directory(sys.argv[1])
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
