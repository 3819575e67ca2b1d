import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from infodecomp.explorable import (
    Area,
    Axis,
    Bars,
    BitGauge,
    Digits,
    Dot,
    Dots,
    HConcat,
    Heatmap,
    Label,
    Line,
    Plot,
    Raster,
    Rect,
    Symbol,
)
from infodecomp.explorable.graphics.drawing import render
from infodecomp.explorable.graphics.paths import TOLERANCE, path, simplify_polyline
from infodecomp.explorable.graphics.plot import DrawOptions
from infodecomp.explorable.graphics.scales import Scale, format_number, round_ticks
from infodecomp.explorable.graphics.theme import DARK, LIGHT
from tests.legible import assert_legible

EDGE = {
    "x": Axis(domain=(0, 10), hidden=True),
    "y": Axis(domain=(0, 10), hidden=True),
    "margins": (0, 0, 0, 0),
    "ratio": 1,
    "heights": (100, 1000),
}


def test_a_scale_is_linear_and_lists_its_ends_for_scripts():
    scale = Scale(0, 2, 40, 640)
    assert scale(0) == 40 and scale(2) == 640 and scale(1) == 340
    assert scale.attribute() == "0 2 40 640"


@given(st.floats(-1e6, 1e6), st.floats(1e-6, 1e6), st.integers(2, 8))
def test_ticks_are_few_round_and_inside(low, span, count):
    high = low + span
    ticks = round_ticks(low, high, count)
    slack = 1e-6 * max(abs(low), abs(high), span)
    assert len(ticks) <= count + 2
    assert all(low - slack <= t <= high + slack for t in ticks)


def test_thousands_on_an_axis_have_a_comma_but_years_have_none():
    assert [text for _, text in Axis("steps", (0, 7500), ticks=(0, 5000)).labelled_ticks()] == ["0", "5,000"]
    assert [text for _, text in Axis("year", (1990, 2024), ticks=(2000,)).labelled_ticks()] == ["2000"]


def test_numbers_are_formatted_without_trailing_zeros():
    assert [format_number(v) for v in (1.0, 0.25, -0.01, 100, 1e-9)] == ["1", "0.2", "0", "100", "0"]


def test_dots_are_one_path_per_class_at_the_right_pixels():
    x = np.linspace(0, 10, 1001)
    svg = Plot((Dots(x, x, ("series-1", "series-2"), (x > 5).astype(int)),), **EDGE).body(400)
    paths = re.findall(r'd="([^"]*)"', svg)
    assert len(paths) == 2
    steps = [
        np.array(re.findall(r"m(-?\d+) ?(-?\d+)h0", d), int) for d in paths
    ]  # each from the one before, in tenths of a pixel
    places = np.concatenate([each.cumsum(0) for each in steps])
    assert places[0].tolist() == [0, 4000] and places[-1].tolist() == [4000, 0]
    assert len(places) == 1001 and set(np.unique(np.diff(places, axis=0))) == {-4, 4}


def test_a_simplified_line_has_few_points_and_stays_within_the_tolerance():
    x = np.linspace(0, 6, 600)
    points = np.column_stack((100 * x, 80 * np.sin(3 * x) + 15 * np.abs(x - 2)))
    points = np.insert(points, 300, [points[299, 0], 900], axis=0)  # a spike must survive
    kept = simplify_polyline(points)
    assert len(kept) < 200
    ends = kept[:-1], kept[1:]
    for point in points:
        chord, away = ends[1] - ends[0], point - ends[0]
        at = np.clip((chord * away).sum(1) / (chord**2).sum(1), 0, 1)
        assert np.hypot(*(away - at[:, None] * chord).T).min() <= TOLERANCE
    drawn = np.array(re.findall(r"(-?[\d.]+) ?(-?[\d.]+)", path(*points.T)), float)
    assert np.abs(drawn.cumsum(0) - kept).max() <= 0.0501


def test_a_line_breaks_at_points_that_are_not_finite():
    svg = Plot((Line([0, 1, 2, 3, 4], [0, 1, np.nan, 3, 4]),), **EDGE).body(100)
    assert svg.count("M") == 2 and "nan" not in svg


def body(*marks) -> str:
    unit = Axis("", (0, 1))
    return Plot(marks, unit, unit).body(400)


TRIANGLE = (("M0 0L1 0L0 1Z", "ink", ""),)
LEFT_OUT = {
    "dots": (lambda v: Dots([0, v], [0, 1], ("ink",)), Dots([0], [0], ("ink",))),
    "bars": (lambda v: Bars([0, 0.5], [0.5, 1], [1, v]), Bars([0], [0.5], [1])),
    "bars at a place": (lambda v: Bars([0, v], [0.5, 1], [1, 1]), Bars([0], [0.5], [1])),
    "digits": (lambda v: Digits([0, v, 1], 0, "a<b"), Digits([0, 1], 0, "ab")),
    "cells": (lambda v: Heatmap(0, 0, 1, 1, [[1, v]]), Heatmap(0, 0, 1, 1, [[1, 0]])),
    "pixels": (lambda v: Raster(0, 0, 1, 1, [[1, v]]), Raster(0, 0, 1, 1, [[1, 0]])),
    "line": (lambda v: Line([0, 1, 1], [0, 1, v]), Line([0, 1], [0, 1])),
    "area": (lambda v: Area([0, 1, 1], [0, 0, v], [1, 1, 1]), Area([0, 1], [0, 0], [1, 1])),
    "area to a line": (lambda v: Area([v, 0, 1], 0, [1, 1, 1]), Area([0, 1], 0, [1, 1])),
    "dot": (lambda v: Dot(v, 0), None),
    "rectangle": (lambda v: Rect(0, 0, 1, v), None),
    "label": (lambda v: Label(0, v, "text"), None),
    "symbol": (lambda v: Symbol(v, 0, TRIANGLE), None),
    "row of digits": (lambda v: Digits([0, 1], v, "ab"), None),
    "gauge": (lambda v: BitGauge(0, 0, v), None),
    "gauge at a place": (lambda v: BitGauge(v, 0, 2), None),
}


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("mark", LEFT_OUT)
def test_what_is_not_finite_is_left_out(mark, value):
    drawn, expected = LEFT_OUT[mark]
    assert body(drawn(value)) == body(expected)


def test_an_area_is_interrupted_where_it_is_not_finite():
    svg = body(Area([0, 0.25, 0.5, 0.75, 1], 0, [1, 1, np.nan, 1, 1]))
    parts = [body(Area(x, 0, [1, 1])) for x in ([0, 0.25], [0.75, 1])]
    first, second = (re.search(r'd="(M[^"]*Z)"', part)[1] for part in parts)
    assert f'd="{first}{second}"' in svg


def test_digits_are_escaped_one_by_one():
    svg = body(Digits([0, 1], 0, "<&"))
    assert ">&lt;&amp;</text>" in svg


def test_the_last_square_of_a_bit_gauge_is_filled_in_proportion():
    svg = Plot((BitGauge(0, 5, 1.5, "ink", side=10),), **EDGE).body(100)
    heights = [float(h) for h in re.findall(r'height="([\d.]+)" rx="[\d.]+" fill="var', svg)]
    assert heights == [10, 5]


@pytest.mark.parametrize("theme", [None, "light", "dark"])
def test_pictures_are_well_formed_and_text_is_escaped(theme):
    marks = (
        Label(1, 1, '<b>&"', halo=True),
        Rect(0, 0, 1, 1, stroke="ink"),
        Dot(1, 2, rim="rim"),
        Area([0, 1], 0, [1, 2]),
        Symbol(1, 1, (("M0 0h5", "", "ink"),)),
    )
    svg = render(
        Plot(marks, Axis("x & y", (0, 1)), Axis("<y>", (0, 1), grid=True)),
        500,
        DrawOptions(theme=theme),
        "a < b",
    ).svg
    root = ET.fromstring(svg)
    assert root.attrib["aria-label"] == "a < b"
    assert '<b>&"' in [t.text for t in root.iter("{http://www.w3.org/2000/svg}text")]


def test_an_area_of_no_points_draws_nothing():
    assert "<path" not in Plot((Area([], 0, []),), **EDGE).body(300)


def test_concatenated_plots_are_stacked_in_a_narrow_picture():
    plots = HConcat((Plot((), **EDGE), Plot((), **EDGE)), (1, 1), gap=20)
    assert plots.height(620) == 300
    assert plots.height(400) == 400 + 8 + 400


def test_an_empty_domain_is_widened():
    assert Axis(domain=(0.3, 0.3)).span() == (0.3, 1.3)
    assert "nan" not in Plot((), Axis("", (0, 0)), Axis("", (1, 1))).body(300)


def test_text_is_at_least_eleven_pixels_high():
    svg = render(Plot((), Axis("x", (0, 1)), Axis("y", (0, 1))), 350).svg
    assert_legible(svg)


def _luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("ground", ["paper", "wash"])
def test_text_colours_have_enough_contrast(palette, ground):
    for role in ("ink", "muted", *(name for name in palette if name.endswith("-text"))):
        a, b = sorted((_luminance(palette[role]), _luminance(palette[ground])))
        assert (b + 0.05) / (a + 0.05) >= 4.5, role


def test_a_heatmap_paints_each_cell_with_its_value():
    values = [[0, 1, 1], [0.5, 0.5, 0.25]]
    marks = (Heatmap(0, 0, 3, 2, values, "ink", tones=4),)
    svg = render(
        Plot(marks, Axis(domain=(0, 3), hidden=True), Axis(domain=(0, 2), hidden=True)),
        300,
        DrawOptions(theme="light"),
    ).svg
    painted = {}
    for d, opacity in re.findall(r'<path d="([^"]+)" stroke-opacity="([\d.]+)"', svg):
        for x, y, length in re.findall(r"M(\d+) (\d+)h(\d+)", d):
            painted |= {((int(y) - 1) // 2, int(x) + i): float(opacity) for i in range(int(length))}
    assert painted == {(0, 1): 1, (0, 2): 1, (1, 0): 0.5, (1, 1): 0.5, (1, 2): 0.25}


def test_bars_start_at_zero_and_are_one_path():
    svg = Plot((Bars([0, 5], [5, 10], [10, 0], inset=0),), **EDGE).body(100)
    assert re.findall(r' d="([^"]*)"', svg) == [
        "M0 1000v-1000h500v1000z"
    ]  # tenths of a pixel; one of no height is not drawn


@pytest.mark.parametrize(
    "text", ["", "<text/>", "<text font-size='9'>a</text>", "<g font-size='9'><text>a</text></g>"]
)
def test_a_picture_without_text_or_with_small_text_is_not_legible(text):
    assert_legible(f"<svg font-size='13'><text>b</text>{text * ('9' not in text)}</svg>")
    with pytest.raises(AssertionError):
        assert_legible(f"<svg font-size='13'>{text}</svg>")
