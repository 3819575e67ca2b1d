"""Exported SVG looks the same in other programs as in our own converter; absent programs are skipped."""

import io
import shutil
import subprocess

import pytest
from PIL import Image, ImageChops, ImageFilter

FIGURES = ("storm-telegraph", "bike-week")  # labels with outlines in the colour of the paper; many axes
OPEN = {
    "rsvg-convert": lambda svg, folder: ["rsvg-convert", svg, "-o", folder / "picture.png"],
    "inkscape": lambda svg, folder: ["inkscape", svg, "-o", folder / "picture.png"],
    "soffice": lambda svg, folder: [
        "soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless",
        "--convert-to", "png", "--outdir", folder, svg,
    ],
}  # fmt: skip


def blurred(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    """A picture without what programs may draw differently: the smoothing of edges."""
    return picture.convert("RGB").resize(size).filter(ImageFilter.GaussianBlur(4))


@pytest.mark.parametrize("program", OPEN)
def test_a_picture_with_outlines_looks_the_same_elsewhere(client, tmp_path, program):
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed")
    for name in FIGURES:
        ours = Image.open(io.BytesIO(client.get(f"/figures/{name}.png").data))
        file = tmp_path / "picture.svg"
        file.write_bytes(client.get(f"/figures/{name}.svg?_text=paths").data)
        subprocess.run(OPEN[program](file, tmp_path), check=True, capture_output=True, timeout=120)
        theirs = Image.open(tmp_path / "picture.png")
        assert max(abs(a - b) for a, b in zip(ours.size, theirs.size)) <= 2
        difference = ImageChops.difference(blurred(ours, ours.size), blurred(theirs, ours.size)).convert("L")
        assert difference.getextrema()[1] < 40, (name, difference.getextrema())
