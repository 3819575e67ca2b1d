"""The bike-week figure: weeks and gaps of the data, predictions against the model, and dates."""

import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from infodecomp.data.bikes import load_bikes
from tests.essays.figures import essay_figure, essay_module

FIGURE = essay_figure("bikes.bike_week", "bike-week")
MODULE = essay_module("bikes.bike_week")
SANDY = 96


def test_each_hour_of_the_data_is_in_exactly_one_week():
    found = np.concatenate([MODULE.rows_of_week(week)[0] for week in range(106)])
    assert sorted(found.tolist()) == list(range(len(load_bikes().count)))


def test_rows_are_placed_at_their_day_and_hour():
    bikes, (chosen, hours) = load_bikes(), MODULE.rows_of_week(SANDY)
    for row, hour in zip(chosen[::9], hours[::9]):
        assert (
            bikes.date[row] == np.datetime64("2012-10-29") + hour // 24
            and bikes.columns["hour"][row] == hour % 24
        )
        assert (bikes.columns["weekday"][row] - 1) % 7 == hour // 24
    assert FIGURE(week=SANDY).data["hours"]["day"][0] == "Mon 0:00"


def test_missing_hours_are_gaps():
    view = FIGURE(week=SANDY)
    assert view.values["missing"] == 36 and "36 of its hours are missing" in view.description
    rented = MODULE.with_gaps(view.data, "rented")
    assert np.isnan(rented[1:37]).all() and rented[0] == 22
    assert "no data" in view.svg() and "no data" not in FIGURE(week=89).svg()


@pytest.mark.parametrize("bits", [0.5, 4, 15])
def test_the_prediction_is_the_median_of_the_models_draws(bits):
    data = FIGURE(week=89, bits=bits).data
    rows = MODULE.rows()[MODULE.rows_of_week(89)[0]]
    draws = np.stack([MODULE.model().predict(rows, bits, draw) for draw in range(MODULE.DRAWS)])
    assert data["hours"]["believed"] == pytest.approx(np.median(draws, 0), abs=0.01)
    assert data["rmse"] == pytest.approx(np.sqrt(((draws - data["hours"]["rented"]) ** 2).mean()), abs=0.01)
    assert (data["hours"]["low"] <= data["hours"]["high"]).all()


def test_the_error_of_a_week_falls_with_more_bits():
    errors = [FIGURE(bits=bits).values["rmse"] for bits in (0.5, 4, 8, 15)]
    assert errors == sorted(errors, reverse=True)


@pytest.mark.parametrize("width", [350, 640])
@pytest.mark.parametrize("week", [0, 3, 34, 89, SANDY, 105])
def test_every_week_can_be_drawn(week, width):
    for bits in (0.2, 4, 16):
        view = FIGURE(week=week, bits=bits)
        svg = view.svg(width, "light")
        ET.fromstring(svg)
        assert not re.search(r"\bnan\b|\binf\b", svg + view.csv()) and len(view.description) < 160
        assert len(view.table["rented"]) == 168 - view.values["missing"]


def test_named_weeks_contain_the_days_they_are_named_after():
    assert (
        str(MODULE.FIRST + 7 * MODULE.NAMED["4 July"])
        <= "2012-07-04"
        <= str(MODULE.FIRST + 7 * MODULE.NAMED["4 July"] + 6)
    )
    assert (
        str(MODULE.FIRST + 7 * MODULE.NAMED["Thanksgiving"])
        <= "2012-11-22"
        <= str(MODULE.FIRST + 7 * MODULE.NAMED["Thanksgiving"] + 6)
    )
    weeks = (load_bikes().date - MODULE.FIRST).astype(int) // 7
    assert np.bincount(weeks, weights=load_bikes().count).argmax() == MODULE.NAMED["most rentals"]


def test_a_week_is_shown_by_its_date_instead_of_its_number(client):
    for path in (
        "/essays/where-is-the-information?week=96",
        "/embed/bike-week?week=96",
        "/figures/bike-week?week=96",
    ):
        page = client.get(path).text
        assert re.search(
            r'<output for="[\w-]+" data-value="bike-week.week">29 October 2012</output>', page
        ), path
        assert (
            'data-shows="week"' not in page
            and 'aria-valuetext="the week of Monday, 29 October 2012; off by' in page
        )
    response = client.get("/figures/bike-week.json?week=96").json
    assert response["texts"]["week"] == "29 October 2012" and response["parameters"]["week"] == 96
    assert "27 December 2010" in client.get("/figures/bike-week.json?week=200").json["detail"]


def test_exported_pictures_have_no_links_to_other_weeks(client):
    assert "cherry blossom" in client.get("/embed/bike-week").text
    assert "cherry blossom" not in client.get("/figures/bike-week.svg").text


@pytest.mark.browser
def test_the_date_beside_the_slider_follows_it(open_page):
    page = open_page("/embed/bike-week")
    slider = page.locator('input[data-parameter="week"]')
    slider.focus()
    slider.press("ArrowRight")
    page.locator(".reading output", has_text="26 March 2012").wait_for()
    assert "week of Monday, 26 March 2012" in slider.get_attribute("aria-valuetext")
