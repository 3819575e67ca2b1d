"""The code-overlap figure: four Gaussian encoders on a line, their information and its upper bound."""

import math
import re
from urllib.parse import parse_qsl

import numpy as np
import pytest

from tests.essays.figures import essay_figure
from tests.legible import assert_legible

FIGURE = essay_figure("learned.code_overlap", "code-overlap")


def code(means, widths) -> dict:
    return {f"mean_{i + 1}": m for i, m in enumerate(means)} | {
        f"width_{i + 1}": w for i, w in enumerate(widths)
    }


def step(name: str):
    return FIGURE.read(parse_qsl(FIGURE.presets[name]))


def test_identical_encoders_carry_no_information():
    view = step("codes-same")
    assert view.values["information"] == pytest.approx(0, abs=1e-9) and view.values["bound"] == pytest.approx(
        0, abs=1e-9
    )
    assert np.allclose(view.data["apart"], 0) and "nothing gets through" in view.description


def test_two_pairs_carry_one_bit_and_four_separate_encoders_two():
    pairs, apart, near = step("codes-pairs"), step("codes-apart"), step("codes-near")
    assert pairs.values["information"] == pytest.approx(1, abs=0.01) and pairs.values[
        "least"
    ] == pytest.approx(0, abs=1e-9)
    assert apart.values["information"] == pytest.approx(2, abs=0.01) and apart.values["least"] > 0.99
    assert apart.values["bound"] > 5, "far more than the two bits of four values"
    assert near.values["information"] > 1.95, "narrow encoders hardly overlap although they are close"
    assert near.values["bound"] < apart.values["bound"]


def test_the_bound_is_never_below_the_information():
    rng = np.random.default_rng(0)
    for _ in range(40):
        values = FIGURE(**code(rng.uniform(-3, 3, 4).tolist(), rng.uniform(0.05, 1.5, 4).tolist())).values
        assert values["bound"] >= values["information"] - 1e-6 and 0 <= values["information"] <= 2 + 1e-6
        assert values["gap"] == pytest.approx(values["bound"] - values["information"], abs=1e-6)


def test_the_bound_is_a_mean_in_bits_not_a_sum_in_nats():
    """For encoders with a bound of 1.12 bits per value, the sum over the four in nats is 3.11."""
    means, width = (-0.957, -0.957, 0.957, 0.957), 0.5
    u = np.linspace(-9, 9, 20001)
    nats = []
    for m in means:
        p = np.exp(-(((u - m) / width) ** 2) / 2) / (width * math.sqrt(2 * math.pi))
        log_q = -(u**2) / 2 - 0.5 * math.log(2 * math.pi)
        nats.append(float((p * (np.log(p + 1e-300) - log_q)).sum() * (u[1] - u[0])))
    view = FIGURE(**code(means, [width] * 4))
    assert sum(nats) == pytest.approx(3.11, abs=0.01)
    assert (
        view.values["bound"]
        == pytest.approx(np.mean(nats) / math.log(2), abs=1e-4)
        == pytest.approx(1.12, abs=0.005)
    )
    assert "charge 1.12" in view.description


@pytest.mark.parametrize("width", [350, 640, 1000])
@pytest.mark.parametrize(
    "means, widths", [([-3] * 4, [0.05] * 4), ([3] * 4, [1.5] * 4), ([-3, -1, 1, 3], [0.05, 1.5, 0.05, 1.5])]
)
def test_extreme_encoders_can_be_drawn(width, means, widths):
    view = FIGURE(**code(means, widths))
    svg = view.svg(width)
    assert not re.search(r"\bnan\b|\binf\b", svg + view.description)
    assert_legible(svg)
    assert svg.count('role="slider"') == 8, "each mean and each width has a drag handle"
