"""The board-distinctions figure: its partitions, their information and cost, against closed forms."""

import re

import numpy as np
import pytest

from infodecomp import binary_entropy
from tests.essays.figures import essay_figure
from tests.legible import assert_legible

FIGURE = essay_figure("learned.board_distinctions", "board-distinctions")
HALF, CHECKER, CONSTANT = "1111111100000000", "0101101001011010", "v" * 16


def test_the_first_board_at_one_two_and_three_bits():
    information = [FIGURE(budget_board=budget).values["information"] for budget in (0, 1, 2, 3, 4)]
    assert information == pytest.approx([0, 0.04879, 0.70443, 0.95443, 0.95443], abs=1e-5)
    enough = FIGURE(budget_board=3)
    assert enough.data["best"]["rows"] == enough.data["best"]["columns"] == [0, 0, 1, 2]
    assert (
        "To learn all 0.95 bits, tell rows 1+2 from 3 from 4 and columns 1+2 from 3 from 4, for 3.00 bits"
        in enough.description
    )


def test_posteriors_average_to_the_share_of_dark_squares_and_account_for_the_information():
    for budget in (0.5, 1, 1.85, 2, 2.5, 4):
        data = FIGURE(budget_board=budget).data
        posterior = np.asarray(data["posterior"])
        assert posterior.mean() == pytest.approx(6 / 16)
        expected = binary_entropy(6 / 16).item() - binary_entropy(posterior).mean().item()
        assert (
            data["best"]["information"] == pytest.approx(expected, abs=1e-9)
            and data["best"]["total"] <= budget + 1e-9
        )


@pytest.mark.parametrize(("board", "enough"), [(HALF, 1), (CHECKER, 2), (CONSTANT, 0)])
def test_the_budget_that_is_enough_for_a_board(board, enough):
    view = FIGURE(board=board, budget_board=4)
    assert view.values["enough"] == pytest.approx(enough, abs=1e-9) and view.values["total"] == pytest.approx(
        enough, abs=1e-9
    )


def test_a_checkerboard_gives_nothing_below_two_bits_and_a_constant_board_nothing():
    assert FIGURE(board=CHECKER, budget_board=1.5).values["information"] == pytest.approx(0, abs=1e-9)
    assert "1.50 bits buy no exact distinction" in FIGURE(board=CHECKER, budget_board=1.5).description
    assert "no distinction is worth a bit" in FIGURE(board=CONSTANT).description


@pytest.mark.parametrize("board", ["1100110000100001", CONSTANT, "rstuvwxyz01rstuv"])
@pytest.mark.parametrize("width", [350, 640])
def test_every_state_is_legible(board, width):
    for budget in (0, 2.3, 4):
        svg = FIGURE(board=board, budget_board=budget).svg(width)
        assert not re.search(r"\bnan\b|\binf\b", svg)
        assert_legible(svg)
