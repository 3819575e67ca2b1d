"""Estimators that train a critic: what they certify, and what they refuse."""

import numpy as np
import pytest

from infodecomp.errors import InformationError
from infodecomp.estimators.benchmark import ESTIMATORS, TRAINED, benchmark_tasks
from infodecomp.estimators.trained_critics import info_nce_information, mine_information

NORMAL = benchmark_tasks()["normal"]


@pytest.mark.parametrize("name", TRAINED)
def test_a_critic_certifies_most_of_what_there_is(name):
    found = ESTIMATORS[name](*NORMAL.sample(1000))
    assert 0.7 * NORMAL.bits < found.bits < NORMAL.bits + 3 * found.standard_error
    assert found.kind == "lower" and found.n == 1000


@pytest.mark.parametrize("estimate", [mine_information, info_nce_information])
def test_a_critic_of_unrelated_samples_certifies_about_nothing(estimate):
    x, y = np.random.default_rng(0).standard_normal((2, 200, 3))
    found = estimate(x, y, steps=120)
    assert abs(found.bits) < 0.15
    again = estimate(x, y, steps=120)
    assert again == found, "the same seed gives the same critic"


def test_info_nce_is_bounded_by_the_number_of_strangers():
    x = np.random.default_rng(1).standard_normal(40)
    assert info_nce_information(x, x, steps=60).bits <= np.log2(20) + 1e-9


@pytest.mark.parametrize(
    "call",
    [
        lambda: mine_information(np.zeros(5), np.zeros(5)),
        lambda: mine_information(np.zeros(30), np.zeros(31)),
        lambda: info_nce_information(np.zeros(30), np.zeros(30), steps=0),
    ],
)
def test_invalid_arguments_are_refused(call):
    with pytest.raises(InformationError):
        call()
