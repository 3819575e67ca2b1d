"""The board: what its figure says is what the science says, in every state, and the numbers of the prose."""

import re

import numpy as np
import pytest

import infodecomp
from infodecomp.stored_boards import BOARD, RECIPE, board_run
from tests.essays.figures import ESSAYS, essay_figure

FIGURE, PRESETS = essay_figure("board_information", "board-information"), essay_figure("board_information", "board-presets")


def test_the_stored_run_is_what_training_gives():
    stored, trained = board_run(BOARD), infodecomp.train_board(BOARD)
    for at in range(60):
        kept, fresh = next(stored), next(trained)
        assert np.allclose(kept.mean, fresh.mean, atol=1e-4) and np.allclose(kept.guess, fresh.guess, atol=1e-3), at
    assert RECIPE["steps"] == FIGURE.played[0].high


@pytest.mark.parametrize("step", [0, 1, 300, 1000])
@pytest.mark.parametrize("width", [350, 640])
def test_every_step_makes_a_picture_of_numbers(step, width):
    view = FIGURE(step=step)
    assert not re.search(r"\bnan\b|\binf\b", view.svg(width) + view.description)
    assert all(float(size) >= 11 for size in re.findall(r'font-size="([\d.]+)"', view.svg(width)))
    assert view.values["information"] <= view.values["total"] + 1e-6
    assert view.values["bound"] >= view.values["total"] - 1e-6, "the divergence is a bound"
    assert view.table["step"][-1] == step


def test_the_numbers_of_the_prose():
    prose = (ESSAYS / "where-is-the-information.md").read_text()
    pairs = infodecomp.partition_pairs(BOARD)
    assert len(infodecomp.partitions(4)) == 15 and "15, so there are 225 pairs" in prose and len(pairs.total) == 225
    assert pairs.information[infodecomp.best_pair(pairs, 2)].item() == pytest.approx(0.70, abs=0.005)
    way = FIGURE().data["way"]
    near = np.abs(way["total"] - 2) < 0.15
    assert near.any() and way["information"][near].max() < 0.6, "well below the stair"


def test_where_the_trained_code_falls_short_as_the_prose_says():
    prose = " ".join((ESSAYS / "where-is-the-information.md").read_text().split())
    view = FIGURE()
    steps, total, information = (np.asarray(view.data["way"][name]) for name in ("step", "total", "information"))
    eroding = steps >= 850
    at_two = np.interp(2, total[eroding][::-1], information[eroding][::-1])
    assert f"At two bits an exact pair of messages tells 0.70; the way of the trained code passes at {at_two:.2f}" in prose
    told = view.values
    assert (f"ends at {told['total']:.2f} bits and {told['information']:.2f}, where exact messages for no more tell "
            f"{told['possible']:.2f}") in prose
    learnt = list(steps).index(300)
    assert total[learnt] == pytest.approx(3, abs=0.01), "three bits then tell all there is"
    assert information[learnt] == pytest.approx(view.data["front"]["information"][-1], abs=0.001)
    apart = FIGURE(step=900).data["apart"][0]
    assert apart[0][1] < 0.02 and max(apart[3][:2]) < 0.95 < apart[2][0], "the fourth row slides before the third"


def test_all_lines_are_too_many():
    prose = " ".join((ESSAYS / "where-is-the-information.md").read_text().split())
    free = 2 * 4 * (4 - 1)
    assert f"two lines have {free}" in prose and f"a one with {free} zeros" in prose
    assert 10**free / 1e9 / (365.25 * 24 * 3600) == pytest.approx(30e6, rel=0.1) and "thirty million years" in prose


def test_the_first_step_of_a_board_of_ones_asks_and_does_not_break():
    view = FIGURE(board="1" * 16, step=0)
    assert "where will the training end?" in view.description and view.values["information"] == 0


def test_every_square_is_a_link_and_so_is_every_preset():
    svg = FIGURE(step=0).svg()
    assert svg.count('class="pick"') == 16 and 'href="?board=v100110000100001"' in svg
    assert PRESETS().svg().count('class="pick"') == 6 and PRESETS().description == "Now: First."
