"""The raster mark: what Pillow reads back from its image, and the colours of both themes."""

import base64
import io
import re

import numpy as np
import pytest
import vl_convert
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from infodecomp.explorable import Axis, Plot, Raster
from infodecomp.explorable.graphics.drawing import render
from infodecomp.explorable.graphics.marks.raster import LEVELS
from infodecomp.explorable.graphics.plot import DrawOptions
from infodecomp.explorable.graphics.png import encode_png
from infodecomp.explorable.graphics.theme import DARK, LIGHT


def _plot(values, **settings):
    edge = Axis(domain=(0, 10), hidden=True)
    return Plot(
        (Raster(0, 0, 10, 10, values, **settings),), edge, edge, 1, margins=(0,) * 4, heights=(100, 900)
    )


def _image(svg: str) -> np.ndarray:
    (data,) = re.findall(r'href="data:image/png;base64,([^"]+)"', svg)
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(data))).convert("RGBA"))


def _rgb(shade: str) -> list[int]:
    return list(bytes.fromhex(shade[1:]))


@given(st.integers(1, 256), st.integers(1, 9), st.integers(1, 19), st.integers(0, 99))
def test_a_png_decodes_to_the_palette_of_each_pixel(n, rows, columns, seed):
    generator = np.random.default_rng(seed)
    palette = generator.integers(0, 256, (n, 4))
    indices = generator.integers(0, n, (rows, columns))
    decoded = np.asarray(Image.open(io.BytesIO(encode_png(indices, palette))).convert("RGBA"))
    assert np.array_equal(decoded, palette[indices])


@pytest.mark.parametrize(
    ("indices", "n"),
    [(np.zeros((0, 3), int), 2), (np.array([[2]]), 2), (np.array([[-1]]), 2), (np.array([[0]]), 257)],
)
def test_a_png_refuses_what_its_palette_does_not_hold(indices, n):
    with pytest.raises(ValueError, match="needs indices from 0"):
        encode_png(indices, np.zeros((n, 4), int))


@pytest.mark.parametrize(("theme", "palette"), [("light", LIGHT), ("dark", DARK)])
def test_the_opacity_of_a_cell_is_its_absolute_value_and_its_hue_the_sign(theme, palette):
    values = np.linspace(-1.2, 1.2, 48).reshape(6, 8)
    cells = _image(render(_plot(values), 320, DrawOptions(theme=theme)).svg)
    assert np.abs(cells[..., 3] / 255 - np.clip(np.abs(values), 0, 1)).max() <= 0.5 / LEVELS + 0.002
    visible = cells[..., 3] > 0
    for sign, role in ((values > 0, "series-1"), (values < 0, "series-2")):
        assert (cells[sign & visible][:, :3] == _rgb(palette[role])).all()


def test_a_picture_on_a_page_suits_both_themes():
    (cell,) = _image(render(_plot([[1.0]], role="target"), 320).svg)[0]
    low, high = np.sort([_rgb(LIGHT["target"]), _rgb(DARK["target"])], axis=0)
    assert (low <= cell[:3]).all() and (cell[:3] <= high).all()


def test_values_that_are_not_finite_are_left_out():
    cells = _image(render(_plot([[np.nan, np.inf, -np.inf, 0.5]]), 320).svg)
    assert cells[0, :, 3].tolist() == [0, 0, 0, 128]


def test_the_exported_picture_has_sharp_cells():
    svg = render(_plot([[1.0, 0.0], [0.0, -1.0]]), 200, DrawOptions(theme="light")).svg
    pixels = np.asarray(Image.open(io.BytesIO(vl_convert.svg_to_png(svg, scale=1))).convert("RGB"))
    assert pixels[5, 95].tolist() == pixels[95, 5].tolist() == _rgb(LIGHT["series-1"])
    assert pixels[195, 105].tolist() == _rgb(LIGHT["series-2"])
    assert pixels[95, 105].tolist() == _rgb(LIGHT["paper"])


def test_a_large_matrix_is_one_node_of_a_few_kilobytes():
    waves = np.sin(np.outer(np.arange(67), np.arange(48)) / 7)
    svg = _plot(waves).body(320)
    assert svg.count("<image") == 1 and len(svg) < 5000
