"""Figures of the bikes that compare fits, hours and messages, and the calibrated intervals of a week."""

import re

import numpy as np
import pytest

from infodecomp.data.bikes import load_bikes, split_bikes
from infodecomp.experiments import bike_intervals
from tests.essays.figures import essay_figure, essay_module

FITS = essay_figure("bikes.bike_fits", "bike-fits")
LADDER = essay_figure("bikes.bike_ladder", "bike-ladder")
MESSAGES = essay_figure("bikes.bike_messages", "bike-messages")
WEEK = essay_figure("bikes.bike_week", "bike-week")
BIKES = essay_module("bikes.bikes")


def test_four_fits_spend_alike_on_warmth_and_kind_of_day_but_on_other_columns():
    values, data = FITS(bits=4).values, FITS(bits=4).data
    assert values["highest_error"] - values["lowest_error"] < 5
    assert values["warmth_high"] - values["warmth_low"] <= 0.05
    assert values["day_high"] - values["day_low"] <= 0.07
    assert values["most_traded"] > 0.7
    bought = [
        {**fit["groups"]["How warm is it?"], **fit["groups"]["What kind of day?"]} for fit in data["fits"]
    ]
    for one in bought[:2]:
        assert max(one["apparent_temperature"], one["weekday"]) < 0.01 < 0.5 < one["temperature"]
        assert one["workingday"] > 0.5
    for one in bought[2:]:
        assert max(one["temperature"], one["workingday"]) < 0.01 < 0.5 < one["apparent_temperature"]
        assert one["weekday"] > 0.5


def test_the_first_fit_is_that_of_the_other_figures():
    assert FITS(bits=4).data["fits"][0]["rmse"] == pytest.approx(BIKES.model().plane.at(4).error, abs=1e-6)
    assert "the same list" in FITS(bits=0.2).description


def test_the_ladder_has_the_night_at_its_foot_and_the_commute_at_its_top():
    view = LADDER(ladder_bits=1)
    order = np.argsort(view.data["hours"]["place"])
    assert set(order[:8]) == {23, 0, 1, 2, 3, 4, 5, 6} and set(order[-3:]) == {8, 17, 18}
    assert view.data["share"] > 0.9, "one direction says nearly all"
    assert view.values["night_apart"] < 0.1 < 0.7 < view.values["night_from_rush"]
    assert view.values["rush_apart"] < 0.3


def test_the_drawing_of_the_messages_states_the_models_bits_and_error():
    view = MESSAGES(bits=4)
    assert view.values["rmse"] == pytest.approx(BIKES.model().plane.at(4).error)
    assert view.table["bits"] == pytest.approx([BIKES.spent(4)[name] for name in BIKES.ranked()], abs=6e-4)
    assert view.values["used"] == sum(bits >= 0.05 for bits in BIKES.spent(4).values())


@pytest.mark.parametrize("bits", [1, 4, 8, 12, 16])
def test_the_numbers_of_the_messages_add_up_to_the_budget(bits):
    view = MESSAGES(bits=bits)
    numbers = re.findall(r">(?:dotted: )?(\d\.\d\d)(?: bits)?<", view.svg(640))
    assert sum(map(float, numbers)) == pytest.approx(bits, abs=0.0151)
    assert ("dotted" in view.svg(640)) == ("the others share" in view.description)


@pytest.mark.parametrize("bits", [1, 4, 8, 15])
def test_intervals_hold_four_fifths_of_unused_hours(bits):
    module = bike_intervals
    intervals = module.BIKE_INTERVALS.at(0)
    assert 0.76 <= intervals.coverage_at(bits) <= 0.84
    test = split_bikes().test[1::2][::4]
    predicted = np.stack([BIKES.model().predict(BIKES.rows()[test], bits, draw) for draw in range(8)])
    low, high = intervals.around(bits, np.median(predicted, 0))
    rented = load_bikes().count[test]
    assert 0.74 <= ((low <= rented) & (rented <= high)).mean() <= 0.86


def test_calibration_gives_the_quantiles_of_each_group():
    calibrate = bike_intervals.calibrate
    predicted = np.repeat([0.0, 100.0], 1001)
    errors = np.tile(np.linspace(-50, 50, 1001), 2) * np.repeat([1, 2], 1001)
    level, low, high = calibrate(predicted, predicted + errors, 2)
    assert level == pytest.approx([0, 100])
    assert low == pytest.approx([-40, -80]) and high == pytest.approx([40, 80])


def test_the_band_of_a_week_is_wider_than_the_noise_of_its_messages():
    hours = WEEK(bits=4).data["hours"]
    assert (hours["high"] - hours["low"]).mean() > 1.3 * (hours["message_high"] - hours["message_low"]).mean()
    inside = np.mean([WEEK(bits=4, week=week).values["inside"] for week in range(3, 104, 10)])
    assert 76 <= inside <= 86


@pytest.mark.parametrize("bits", [4, 16])
def test_the_lines_of_the_messages_meet_neither_their_numbers_nor_each_other(bits):
    svg = MESSAGES(bits=bits).svg(350, theme="light")
    lines = re.findall(r'<path d="M([\d.]+) [\d.]+l([^"]*)"[^>]*stroke-width="([\d.]+)"', svg)
    numbers = re.findall(r'<text x="([\d.]+)"[^>]*text-anchor="end"[^>]*>\d\.\d\d<', svg)
    assert len(numbers) == MESSAGES(bits=bits).values["used"]
    right = max(map(float, numbers))
    assert all(float(x) - float(width) / 2 > right for x, _, width in lines)
    bends = re.findall(r'<path d="M[\d.]+ ([\d.]+)l([^"]*)"', svg)
    ends = [float(y) + sum(map(float, re.findall(r"\S+ (-?[\d.]+)", steps))) for y, steps in bends]
    widths = [float(width) for *_, width in lines]
    for above, below, wide, next_wide in zip(ends, ends[1:], widths, widths[1:]):
        assert below - above >= (wide + next_wide) / 2 - 0.5
