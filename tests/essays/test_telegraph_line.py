"""The telegraph-line figure: its message, its noise, and its drag handle."""

import json
import re
import xml.etree.ElementTree as ET
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import infodecomp
from tests.essays.figures import essay_figure, essay_module
from tests.legible import assert_legible

LINE = essay_figure("line.telegraph_line", "telegraph-line")
MODULE = essay_module("line.telegraph_line")
LINES = ("flip", "voltage")
BITS = [0, 1e-9, 0.001, 0.01, 0.25, 0.5, 0.9, 0.99, 0.999999, 1 - 1e-12, 1]


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize("bits", [0.01, 0.25, 0.5, 0.75, 0.99])
def test_the_noise_level_inverts_the_information(line, bits):
    noise = LINE(line=line, bits_line=bits).values["noise"]
    information = (
        infodecomp.bsc_information(noise)
        if line == "flip"
        else infodecomp.gaussian_channel_information(noise)
    )
    assert information.item() == pytest.approx(bits, abs=1e-9)


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize("bits", BITS)
@pytest.mark.parametrize("width", [350, 640])
def test_every_line_has_a_picture_a_description_and_data(line, bits, width):
    view = LINE(line=line, bits_line=bits)
    svg = view.svg(width, "light")
    ET.fromstring(svg)
    assert not re.search(r"nan|[^r]inf(?!inite)", svg)
    assert_legible(svg)
    data = json.loads(view.json())
    assert data["values"]["noise"] is not None and data["values"]["lost"] == pytest.approx(1 - bits)
    assert "nan" not in view.csv() and "inf" not in view.csv() and view.csv().count("\n") == 25
    assert len(view.description) < 130 and "nan" not in view.description
    assert set(view.value_text) == {p.name for p in LINE.parameters}


@given(st.sampled_from(LINES), st.floats(0, 1), st.integers(0, 999))
def test_wrong_digits_are_counted_and_struck_out(line, bits, message):
    view = LINE(line=line, bits_line=bits, message=message)
    digits = view.data["digits"]
    assert view.values["wrong"] == sum(
        a != b for a, b in zip(digits["sent"].tolist(), digits["received"].tolist())
    )
    crossed_out = re.findall(r'text-decoration="line-through"[^>]*>([01]+)<', view.svg())
    assert len("".join(crossed_out)) == view.values["wrong"]
    if line == "voltage" and bits > 1e-9:
        assert ((np.asarray(digits["voltage"]) > 0) == digits["received"]).all()


def test_noiseless_and_useless_channels():
    for line in LINES:
        assert LINE(line=line, bits_line=1).values["wrong"] == 0
        assert LINE(line=line, bits_line=1).values["noise"] == 0
    assert LINE(line="flip", bits_line=0).values["noise"] == 0.5
    useless = LINE(line="voltage", bits_line=0)
    assert useless.values["noise"] == "infinite" and set(useless.table["voltage"]) == {None}
    assert (
        LINE(line="voltage", bits_line=1).table["voltage"].tolist()
        == (2 * useless.table["sent"] - 1).tolist()
    )
    assert (useless.table["received"] == LINE(line="flip", bits_line=0).table["received"]).all()


def test_a_message_is_determined_by_its_number():
    assert LINE(message=3).csv() == LINE(message=3).csv() != LINE(message=4).csv()
    for state in ({"bits_line": 0.1}, {"line": "voltage"}, {"bits_line": 1}):
        assert (LINE(message=3, **state).table["sent"] == LINE(message=3).table["sent"]).all()
    last = LINE(message=999).data["next_message"]
    assert last == 0 and LINE(message=7).data["next_message"] == 8


@pytest.mark.parametrize("line", LINES)
def test_more_bits_never_add_a_wrong_digit(line):
    for message in range(5):
        wrong = None
        for bits in np.linspace(0, 1, 41).tolist():
            table = LINE(line=line, bits_line=bits, message=message).table
            now = set(np.flatnonzero(table["sent"] != table["received"]).tolist())
            assert wrong is None or now <= wrong
            wrong = now


def test_noise_has_the_stated_distribution():
    flip, volts = 0.11, 0.98
    drawn = [MODULE.drawn_message(number) for number in range(1000)]
    sent, uniform = (np.concatenate(column) for column in zip(*drawn))
    assert sent.mean() == pytest.approx(0.5, abs=0.01)
    assert (MODULE.flipped(sent, uniform, flip) != sent).mean() == pytest.approx(flip, abs=0.007)
    noise = (MODULE.voltages(sent, uniform, volts) - (2 * sent - 1)) / volts
    assert noise.mean() == pytest.approx(0, abs=0.02) and noise.std() == pytest.approx(1, abs=0.02)
    wrong = (noise * volts + 2 * sent - 1 > 0) != sent
    assert wrong.mean() == pytest.approx(NormalDist().cdf(-1 / volts), abs=0.01)


@pytest.mark.parametrize("line", LINES)
def test_a_drag_on_the_curve_sets_the_bits_under_the_pointer(line):
    for step in range(101):
        bits = step / 100
        place = LINE(line=line, bits_line=bits).data["place"]
        assert (
            LINE.at_point({"line": line, "bits_line": 0.5, "message": 3}, f"{place:.6g},{bits:.6g}").state[
                "bits_line"
            ]
            == bits
        )


@pytest.mark.parametrize(
    "line, point, bits",
    [
        ("flip", "0,1", 1),
        ("flip", "0.5,0", 0),
        ("flip", "0.5,1", 0.61),
        ("voltage", "1,0", 0),
        ("voltage", "0,1.14", 1),
    ],
)
def test_a_drag_beside_the_curve_sets_the_nearest_point(line, point, bits):
    state = LINE.at_point({"line": line, "bits_line": 0.5, "message": 3}, point).state
    assert state["message"] == 3 and state["line"] == line
    x, y = map(float, point.split(","))
    span = 0.5 if line == "flip" else 1
    distances = [
        ((LINE(line=line, bits_line=b / 100).data["place"] - x) / span) ** 2 + (b / 100 - y) ** 2
        for b in range(101)
    ]
    assert state["bits_line"] == np.argmin(distances) / 100
    assert state["bits_line"] == pytest.approx(bits, abs=0.2)


def test_the_densities_integrate_to_one():
    data = LINE(line="voltage", bits_line=0.5).data
    density = infodecomp.gaussian_channel_density(
        data["density"]["place"] * data["reach"], data["noise"]
    ).numpy()
    assert np.trapezoid(density.sum(1), data["density"]["place"] * data["reach"]) == pytest.approx(
        1, abs=0.02
    )
    assert data["density"]["after_1"].max() == pytest.approx(1)
    assert np.interp(data["level"], data["density"]["place"], data["density"]["after_1"]) == pytest.approx(
        1, abs=1e-3
    )
