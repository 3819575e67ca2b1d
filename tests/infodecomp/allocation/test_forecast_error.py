"""Error rates of forecasts against closed forms and an enumeration."""

import itertools

import numpy as np
import pytest
import torch

import infodecomp
from infodecomp.allocation.forecast_error import forecast_error_rate

STORMS = infodecomp.two_source_joint([[0.1, 0.2], [0.3, 0.9]])
TWINS = infodecomp.two_source_joint([[0, 0], [1, 1]], 0.5, 0.5, 1)


def enumerated(joint, bits_a, bits_b) -> float:
    """The same number by going through all eight outcomes."""
    flips = [infodecomp.bsc_crossover_probability(bits).item() for bits in (bits_a, bits_b)]
    right = 0.0
    for u, v in itertools.product((0, 1), repeat=2):
        chance = [
            sum(
                joint[a, b, y].item()
                * (flips[0] if u != a else 1 - flips[0])
                * (flips[1] if v != b else 1 - flips[1])
                for a, b in itertools.product((0, 1), repeat=2)
            )
            for y in (0, 1)
        ]
        right += max(chance)
    return 1 - right


@pytest.mark.parametrize("bits", [(0, 0), (0.3, 0.7), (0.5, 0.5), (1, 0), (1, 1)])
def test_the_error_rate_is_that_of_an_enumeration(bits):
    assert forecast_error_rate(STORMS, *bits).item() == pytest.approx(enumerated(STORMS, *bits), abs=1e-12)


def test_one_perfect_twin_never_errs_and_two_half_ones_err_as_often_as_each_flips():
    assert forecast_error_rate(TWINS, 1, 0).item() == pytest.approx(0, abs=1e-12)
    flips = infodecomp.bsc_crossover_probability(0.5).item()
    assert forecast_error_rate(TWINS, 0.5, 0.5).item() == pytest.approx(flips, abs=1e-9)


def test_nothing_received_leaves_the_rarer_outcome():
    rarer = min(STORMS.sum((0, 1)).tolist())
    assert forecast_error_rate(STORMS, 0, 0).item() == pytest.approx(rarer, abs=1e-12)


def test_more_bits_never_make_a_forecast_worse_and_rates_broadcast():
    bits = torch.linspace(0, 1, 11, dtype=torch.float64)
    errors = forecast_error_rate(STORMS, bits[:, None], bits[None])
    assert errors.shape == (11, 11)
    assert (np.diff(errors, axis=0) <= 1e-12).all() and (np.diff(errors, axis=1) <= 1e-12).all()


def test_more_bits_than_a_town_has_are_refused():
    with pytest.raises(infodecomp.InformationError, match="it has 1"):
        forecast_error_rate(STORMS, 1.2, 0)
