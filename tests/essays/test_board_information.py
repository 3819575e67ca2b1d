"""The board: what its figure says is what the science says, in every state, and the numbers of the prose."""

import re

import numpy as np
import pytest

import infodecomp
from infodecomp.experiments.boards import BOARD, BOARD_RUN, TRAINING
from tests.essays.figures import ESSAYS, essay_figure

FIGURE, PRESETS = (
    essay_figure("board_information", "board-information"),
    essay_figure("board_presets", "board-presets"),
)


def test_the_stored_run_is_what_training_gives():
    assert BOARD_RUN.is_stored()
    for step, trained in zip(range(60), infodecomp.train_board(BOARD)):
        stored = BOARD_RUN.at(step)
        assert np.allclose(stored.mean, trained.mean, atol=1e-4), step
        assert np.allclose(stored.guess, trained.guess, atol=1e-3), step
    assert TRAINING["steps"] == FIGURE.played[0].high


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
    assert (
        len(infodecomp.partitions(4)) == 15
        and "15, so there are 225 pairs" in prose
        and len(pairs.total) == 225
    )
    assert pairs.information[infodecomp.best_pair(pairs, 2)].item() == pytest.approx(0.70, abs=0.005)
    way = FIGURE().data["way"]
    near = np.abs(way["total"] - 2) < 0.15
    assert near.any() and way["information"][near].max() < 0.6, "well below the stair"


def test_where_the_trained_code_falls_short_as_the_prose_says():
    prose = " ".join((ESSAYS / "where-is-the-information.md").read_text().split())
    view = FIGURE()
    steps, total, information = (
        np.asarray(view.data["way"][name]) for name in ("step", "total", "information")
    )
    eroding = steps >= 850
    at_two = np.interp(2, total[eroding][::-1], information[eroding][::-1])
    assert (
        f"At two bits an exact pair of messages tells 0.70; the way of the trained code passes at {at_two:.2f}"
        in prose
    )
    told = view.values
    assert (
        f"ends at {told['total']:.2f} bits and {told['information']:.2f}, where exact messages for no more tell "
        f"{told['possible']:.2f}. Yet the best found tell {told['best']:.2f}"
    ) in prose
    learnt = list(steps).index(300)
    assert total[learnt] == pytest.approx(3, abs=0.01), "three bits then tell all there is"
    assert information[learnt] == pytest.approx(view.data["front"]["information"][-1], abs=0.001)
    apart = FIGURE(step=900).data["apart"][0]
    assert apart[0][1] < 0.02 and max(apart[3][:2]) < 0.95 < apart[2][0], (
        "the fourth row slides before the third"
    )


def test_all_lines_are_too_many():
    prose = " ".join((ESSAYS / "where-is-the-information.md").read_text().split())
    free = 2 * 4 * (4 - 1)
    assert f"two lines have {free}" in prose and f"a one with {free} zeros" in prose
    assert (
        10**free / 1e9 / (365.25 * 24 * 3600) == pytest.approx(30e6, rel=0.1)
        and "thirty million years" in prose
    )


def test_the_first_step_of_a_board_of_ones_asks_and_does_not_break():
    view = FIGURE(board="1" * 16, step=0)
    assert "where will the training end?" in view.description and view.values["information"] == 0


def test_every_square_is_a_link_and_so_is_every_preset():
    svg = FIGURE(step=0).svg()
    assert svg.count('class="pick"') == 16 and 'href="?board=v100110000100001"' in svg
    assert PRESETS().svg().count('class="pick"') == 8 and PRESETS().description == "Now: First."


def test_each_press_on_random_gives_the_board_of_the_next_seed():
    board, seen = "1" * 16, []
    for seed in range(4):
        tile = re.search(
            r'href="\?board=([01]{16})"[^>]*aria-label="Random (\d+)"', PRESETS(board=board).svg()
        )
        board = tile[1]
        assert int(tile[2]) == seed and board == infodecomp.random_board(seed)
        assert PRESETS(board=board).description == f"Now: the random board of seed {seed}."
        seen.append(board)
    assert len(set(seen)) == 4
    assert "Random 0" in PRESETS(board=infodecomp.random_board(99)).svg(), "and begins again"


def test_the_best_found_is_above_exact_messages_and_the_code_at_every_step():
    for step in (0, 150, 300, 700, 1000):
        told = FIGURE(step=step).values
        assert told["best"] >= told["possible"] - 1e-9 and told["best"] >= told["information"] - 1e-3
    assert FIGURE().values["short"] > 0.1 and "0.15 short" in FIGURE().svg()
    assert np.isclose(FIGURE().values["short"], 0.15, atol=0.005)


def test_the_search_goes_along_with_the_training_where_none_is_stored():
    board, known = "0110111001100001", FIGURE.function("is_cached")
    state = {"board": board, "board_seed": 5, "step": 250}
    assert not known(state) and known(
        state | {"board": PRESETS().data["board"], "board_seed": 0, "step": 1000}
    )
    begin, quarter = FIGURE(**state | {"step": 0}), FIGURE(**state)
    assert (
        begin.data["soft"]["done"] == 0
        and quarter.data["soft"]["done"] == 0.25
        and "25% searched" in quarter.svg()
    )
    assert known(state) and not known(state | {"step": 500})
    end = FIGURE(**state | {"step": 1000})
    assert end.data["soft"]["done"] == 1 and "searched" not in end.svg()
    assert (end.data["soft"]["information"] >= quarter.data["soft"]["information"] - 1e-12).all()
    assert end.data["soft"]["information"].max() > begin.data["soft"]["information"].max() - 1e-12
    again = FIGURE(**state)
    assert again.svg() == quarter.svg(), "one address, one picture, also once the end is known"
