"""The numbers in the prose about the bikes, computed from the stored model."""

import numpy as np
import pytest

from infodecomp.data.bikes import FEATURES
from tests.essays.figures import essay_module

BIKES = essay_module("bikes.bikes")
apart, further_planes, model, shown_levels, spent = (
    BIKES.apart,
    BIKES.further_planes,
    BIKES.model,
    BIKES.shown_levels,
    BIKES.spent,
)


def rmse(bits):
    return model().plane.at(bits).error


def test_the_first_bit_is_spent_on_the_hour_and_a_little_on_the_weather():
    bits = spent(1.0)
    assert bits["hour"] > 0.88
    assert bits["hour"] + bits["apparent_temperature"] + bits["temperature"] > 0.98


def test_the_first_bit_orders_the_hours_from_night_to_commute():
    hours = apart(1.0)["hour"]
    night, commute, midday = [23, 0, 1, 2, 3, 4, 5, 6], [8, 17, 18], [11, 13, 14]
    assert hours[np.ix_(night, night)].max() < 0.1
    assert hours[np.ix_(commute, commute)].max() < 0.3
    assert hours[np.ix_(night, commute)].min() > 0.7
    assert hours[np.ix_(night, midday)].max() < hours[np.ix_(night, commute)].min()


def test_four_bits_distinguish_two_kinds_of_days():
    assert apart(4.0)["workingday"][0, 1] > 0.6
    assert spent(4.0)["weekday"] < 0.01 < 0.6 < spent(4.0)["workingday"] < 0.7


def test_eight_bits_distinguish_winter_and_rain():
    seasons, weather = apart(8.0)["season"], apart(8.0)["weather"]
    assert shown_levels("season")[0] == "winter" and seasons[0, 1:].min() > 0.7 > 0.1 > seasons[1:, 1:].max()
    assert weather[:2, :2].max() < 0.02 < 0.8 < weather[:2, 2:].min()


@pytest.mark.parametrize("pair", [("temperature", "apparent_temperature"), ("weekday", "workingday")])
def test_equally_good_fits_choose_different_redundant_columns(pair):
    names = FEATURES
    fits = [spent(8.0)] + [
        dict(zip(names, (np.interp(8, plane.bits, column) for column in np.transpose(plane.features))))
        for _, plane in further_planes()
    ]
    preferences = {fit[pair[0]] > fit[pair[1]] for fit in fits}
    assert preferences == {True, False}
    assert all(min(fit[name] for name in pair) < 0.05 < 0.8 < max(fit[name] for name in pair) for fit in fits)


def test_four_fits_have_the_same_error_within_a_few_bikes():
    for bits in np.arange(1, 16.5, 0.5):
        errors = [rmse(bits)] + [np.interp(bits, plane.bits, plane.error) for _, plane in further_planes()]
        assert max(errors) - min(errors) < 4.5


def test_fits_that_use_the_weekday_also_use_the_holiday():
    names = FEATURES
    for _, plane in further_planes():
        bits = dict(zip(names, (np.interp(8, plane.bits, column) for column in np.transpose(plane.features))))
        assert (bits["weekday"] > 0.8) == (0.17 < bits["holiday"] < 0.2)
    assert spent(8.0)["weekday"] < 0.05 > spent(8.0)["holiday"]
