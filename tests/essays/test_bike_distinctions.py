"""The distinguishability matrices: values, symmetry, row and column names, and pictures."""

import re
import xml.etree.ElementTree as ET
from collections import Counter

import numpy as np
import pytest

from infodecomp.data.bikes import FEATURES, load_bikes, value_name
from infodecomp.pictures.matrices import ALIKE
from tests.essays.figures import essay_figure, essay_module

FIGURE = essay_figure("bikes.bike_distinctions", "bike-distinctions")
MODULE = essay_module("bikes.bike_distinctions")
BIKES = essay_module("bikes.bikes")
BUDGETS = (0.2, 0.5, 4, 10, 15, 16)


@pytest.mark.parametrize("feature", FEATURES)
def test_each_value_has_its_row_and_column_in_the_matrix(feature):
    counts = Counter(load_bikes().columns[feature].tolist())
    # the rarest values may be in no row of the fit
    common = {value_name(feature, value) for value, count in counts.items() if count > 5}
    pairs = FIGURE(feature=feature, bits=9.5).data["pairs"]
    assert set(pairs["one"]) == set(pairs["other"]) >= common
    matrix, levels = BIKES.model().distinguishability(feature, 9.5), MODULE.levels_of(feature)
    names = [value_name(feature, int(level) if feature == "year" else level) for level in levels]
    for i in range(0, len(pairs["one"]), 7):
        expected = matrix[names.index(pairs["one"][i]), names.index(pairs["other"][i])]
        assert pairs["apart"][i] == pytest.approx(expected, abs=6e-5)


@pytest.mark.parametrize("bits", BUDGETS)
def test_matrices_are_symmetric_with_a_zero_diagonal(bits):
    for matrix in MODULE.apart(bits).values():
        assert np.abs(matrix - matrix.T).max() < 1e-9 and np.abs(np.diag(matrix)).max() < 1e-9
        assert -1e-12 <= matrix.min() and matrix.max() <= 1


def test_axis_labels_are_interpolated_between_the_levels():
    for feature in MODULE.ROUND:
        levels = np.array(MODULE.levels_of(feature))
        for position, text, _ in MODULE.axis_labels(feature):
            value, below = float(text.split()[0]), int(position - 0.5)
            assert levels[below] <= value <= levels[min(below + 1, len(levels) - 1)]
    assert [name for _, name, _ in MODULE.axis_labels("weekday")] == [
        "Mon",
        "Tue",
        "Wed",
        "Thu",
        "Fri",
        "Sat",
        "Sun",
    ]
    assert [position for position, *_ in MODULE.axis_labels("month")] == [i + 0.5 for i in range(12)]


def test_at_four_bits_night_hours_look_alike_and_differ_from_the_commute():
    hour = MODULE.apart(4)["hour"]
    assert hour[1:5, 1:5].max() < 0.1 and hour[2:5, [8, 17]].min() > 0.9


@pytest.mark.parametrize("bits", BUDGETS)
@pytest.mark.parametrize("feature", ["hour", "weekday", "apparent_temperature", "humidity"])
def test_the_block_that_looks_most_alike_is_the_longest_there_is(feature, bits):
    matrix, names = MODULE.apart(bits)[feature], MODULE.shown_levels(feature)
    said = FIGURE(feature=feature, bits=bits).description
    if found := re.search(r"those from (.+) to (.+) look most alike", said):
        first, last = (names.index(name) for name in found.groups())
        size = last - first + 1
        assert size > 2 and matrix[first : last + 1, first : last + 1].max() < ALIKE
        longer = [matrix[i : i + size + 1, i : i + size + 1].max() for i in range(len(names) - size)]
        assert min(longer) >= ALIKE
    else:
        assert re.search("look most alike|look the same|look much the same", said)


@pytest.mark.parametrize("width", [350, 640])
@pytest.mark.parametrize("feature", FEATURES)
def test_every_state_can_be_drawn(feature, width):
    for bits in BUDGETS:
        view = FIGURE(bits=bits, feature=feature)
        svg = view.svg(width, "dark")
        ET.fromstring(svg)
        assert not re.search(r"\bnan\b|\binf\b", svg + view.description) and len(view.description) < 190
        assert svg.count('class="pick"') == 12 and svg.count("aria-current") == 1
        assert svg.count("not used") == 12 - view.values["features"] + (view.values["bits"] < MODULE.SILENT)
        assert svg.count("<") < 600


def test_the_table_is_the_matrix():
    table = FIGURE(feature="season").table
    assert list(table) == ["season", "winter", "spring", "summer", "autumn"]
    assert table["winter"][0] == 0 and table["winter"][2] == pytest.approx(table["summer"][0])


@pytest.mark.parametrize(
    ("feature", "bits", "pattern"),
    [
        (
            "hour",
            1,
            r"Of hour, [34]:00 and 17:00 are told apart best; those from 0:00 to 6:00 look most alike",
        ),
        ("hour", 4, r"are told apart best; those from 0:00 to 5:00 look most alike"),
        ("workingday", 4, "no and yes are mostly told apart"),
        ("temperature", 4, r"are told apart best; those from \S+ °C to \S+ °C look most alike"),
        ("hour", 16, r"Of hour, nearly all values are told apart; \d+:00 and \d+:00 look most alike"),
        ("year", 16, "Of year, 2011 and 2012 are hardly ever confused"),
        ("year", 2.5, "Of year, 2011 and 2012 (look much the same|are often confused)"),
    ],
)
def test_the_description_names_the_best_and_worst_distinguished_pairs(feature, bits, pattern):
    assert re.search(pattern, FIGURE(feature=feature, bits=bits).description), FIGURE(
        feature=feature, bits=bits
    ).description
    assert not re.search(
        r"(\S+) and (\S+) are told apart best; \1 and \2 look", FIGURE(feature=feature, bits=bits).description
    )
