"""The bike-ask figure: its parameters, its predictions against the model, and its drag handles."""

import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from infodecomp.data.bikes import load_bikes
from infodecomp.explorable import Choice
from tests.essays.figures import essay_figure, essay_module

FIGURE = essay_figure("bikes.bike_ask", "bike-ask")
MODULE, PICTURES = essay_module("bikes.bike_ask"), essay_module("bikes.pictures.hour")
ASK = MODULE.ASK


def test_parameters_reach_every_value_of_the_data_within_one_step():
    columns = load_bikes().columns
    for feature in ASK:
        values, levels = MODULE.selectable_values(feature)
        in_data = {value for value in columns[feature].tolist()}
        shown = [MODULE.data_value(feature, value) for value in values]
        for value in in_data:
            assert value in shown or min(abs(value - other) for other in shown) <= 0.5, (feature, value)
        nearest = np.array(MODULE.levels_of(feature), object)[levels]
        for value, level in zip(shown, nearest):
            assert (
                value == level
                or abs(value - level) <= min(abs(value - other) for other in MODULE.levels_of(feature)) + 1e-9
            )


def test_the_default_state_is_the_busiest_hour():
    bikes = load_bikes()
    busiest = int(bikes.count.argmax())
    for feature, parameter in ASK.items():
        value = bikes.columns[feature][busiest]
        assert MODULE.data_value(feature, parameter.default) == (
            round(value) if feature == "temperature" else value
        )


@pytest.mark.parametrize("bits", [0.5, 4, 15])
def test_the_prediction_is_the_median_of_the_models_draws(bits):
    data = FIGURE(bits=bits, ask_hour=8).data
    levels = {
        f: MODULE.selectable_values(f)[1][MODULE.selectable_values(f)[0].index(v)]
        for f, v in data["asked"].items()
    }
    codes = np.array([[levels[feature.name] for feature in MODULE.model().features]])
    draws = [MODULE.model().predict(codes, bits, draw)[0] for draw in range(MODULE.DRAWS)]
    assert data["believed"] == pytest.approx(max(np.median(draws), 0), abs=0.01)
    assert data["beliefs"]["believed"].sum() == pytest.approx(1) and data["beliefs"][
        "rented"
    ].sum() == pytest.approx(1)


@pytest.mark.parametrize("bits", [0.5, 4, 15])
def test_similarity_is_the_overlap_of_encodings(bits):
    data = FIGURE(bits=bits).data
    for feature in ASK:
        values, levels = MODULE.selectable_values(feature)
        own = levels[values.index(data["asked"][feature])]
        overlap = 1 - MODULE.model().distinguishability(feature, bits)[own][levels]
        assert data["alike"][feature] == pytest.approx(overlap, abs=1e-9)
        assert data["alike"][feature][values.index(data["asked"][feature])] == pytest.approx(1)


def test_fewer_hours_look_the_same_with_more_bits():
    similar = [FIGURE(bits=bits).values["similar"] for bits in (0.5, 2, 4, 8, 15)]
    assert similar == sorted(similar, reverse=True) and similar[0] > 1000 > similar[-1]


def test_a_number_of_hours_is_shown_only_when_it_is_large():
    """A small weighted sum of hours is not a count of hours, so it is put into words."""
    text = lambda view: re.search(r"rented in [^<]+|no real hour[^<]+", view.svg(640))[0]
    many, few, none = (
        FIGURE(bits=4),
        FIGURE(bits=16),
        FIGURE(bits=16, ask_hour=8, ask_weather="light", ask_humidity=93),
    )
    assert text(many) == f"rented in the {many.formatted_values['similar']} real hours that look the same"
    assert (
        0.5 <= few.values["similar"] < PICTURES.FEW
        and text(few) == "rented in a few real hours that look much the same"
    )
    assert none.values["similar"] < 0.5 and text(none) == "no real hour looks like it"
    assert (
        PICTURES.similar_hours_text({"similar": 0.9, "hours": 1})
        == "rented in one real hour that looks much the same"
    )
    assert PICTURES.similar_hours_text({"similar": 0.9, "hours": 1}, True) == "rented in one hour like it"


def test_a_combination_that_is_not_in_the_data_is_allowed_and_described():
    assert "not in the data" in FIGURE(ask_weekday=7).description  # a Sunday that is a working day
    assert "not in the data" not in FIGURE(ask_weekday=7, ask_workingday="no").description
    assert "Such a season" in FIGURE(ask_month=1).description


@pytest.mark.parametrize("feature", ASK)
def test_a_press_on_a_row_sets_the_value_under_the_pointer_only(feature):
    row, before = MODULE.by_entry().index(feature), FIGURE().state
    values, _ = MODULE.selectable_values(feature)
    for i in {0, len(values) // 2, len(values) - 1}:
        now = FIGURE.at_point(before, f"{(i + 0.5) / len(values):.6g},{-row - 0.5}").state
        assert now == before | {ASK[feature].name: values[i]}
    for edge in ("0,", "1,"):
        assert FIGURE.at_point(before, f"{edge}{-row - 0.5}").state[ASK[feature].name] in (
            values[0],
            values[-1],
        )


@pytest.mark.parametrize("width", [350, 640])
@pytest.mark.parametrize("end", ["low", "high"])
def test_extreme_states_can_be_drawn(end, width):
    state = {
        p.name: list(p.options)[-1 if end == "high" else 0] if isinstance(p, Choice) else getattr(p, end)
        for p in ASK.values()
    }
    for bits in (0.2, 4, 16):
        view = FIGURE(bits=bits, **state)
        svg = view.svg(width, "light")
        ET.fromstring(svg)
        assert (
            not re.search(r"\bnan\b|\binf\b", svg + view.description + view.csv())
            and len(view.description) < 170
        )
        assert svg.count('class="handle"') == 7 and svg.count('class="pick"') == 14
        assert set(view.value_text) == {p.name for p in FIGURE.parameters}


def test_numbers_with_names_are_shown_by_name(client):
    page = client.get("/figures/bike-ask?ask_hour=3&ask_weekday=7&ask_month=1").text
    for name, text in (("ask_hour", "3:00"), ("ask_weekday", "Sunday"), ("ask_month", "January")):
        assert f'data-value="bike-ask.{name}">{text}</output>' in page
    assert (
        "from 1 (Monday) to 7 (Sunday)" in client.get("/figures/bike-ask.json?ask_weekday=0").json["detail"]
    )
