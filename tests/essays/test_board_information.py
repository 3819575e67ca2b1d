"""The board-information figure against the science."""

import re

import numpy as np
import pytest

import infodecomp
from infodecomp.experiments.boards import BOARD, BOARD_RUN, TRAINING
from tests.essays.figures import essay_figure
from tests.legible import assert_legible

FIGURE, PRESETS = (
    essay_figure("learned.board_information", "board-information"),
    essay_figure("learned.board_presets", "board-presets"),
)


def test_the_stored_run_equals_a_new_training():
    assert BOARD_RUN.is_stored()
    for step, trained in zip(range(60), infodecomp.train_board(BOARD)):
        stored = BOARD_RUN.at(step)
        assert np.allclose(stored.mean, trained.mean, atol=1e-4), step
        assert np.allclose(stored.guess, trained.guess, atol=1e-3), step
    assert TRAINING["steps"] == FIGURE.played[0].high


@pytest.mark.parametrize("step", [0, 1, 300, 1000])
@pytest.mark.parametrize("width", [350, 640])
def test_every_step_can_be_drawn(step, width):
    view = FIGURE(step=step)
    assert not re.search(r"\bnan\b|\binf\b", view.svg(width) + view.description)
    assert_legible(view.svg(width))
    assert view.values["information"] <= view.values["total"] + 1e-6
    assert view.values["bound"] >= view.values["total"] - 1e-6, "the divergence is a bound"
    assert view.table["step"][-1] == step


def test_the_best_exact_messages_for_two_bits_teach_more_than_the_run():
    pairs = infodecomp.partition_pairs(BOARD)
    assert len(infodecomp.partitions(4)) == 15 and len(pairs.total) == 225
    assert pairs.information[infodecomp.best_pair(pairs, 2)].item() == pytest.approx(0.70, abs=0.005)
    way = FIGURE().data["way"]
    near = np.abs(way["total"] - 2) < 0.15
    assert near.any() and way["information"][near].max() < 0.6, "well below the deterministic frontier"


def test_the_run_knows_everything_at_three_bits_and_gives_up_the_fourth_row_first():
    view = FIGURE()
    steps, total, information = (
        np.asarray(view.data["way"][name]) for name in ("step", "total", "information")
    )
    learned = list(steps).index(300)
    assert total[learned] == pytest.approx(3, abs=0.01), "three bits are enough by then"
    assert information[learned] == pytest.approx(view.data["front"]["information"][-1], abs=0.001)
    apart = FIGURE(step=900).data["apart"][0]
    assert apart[0][1] < 0.02 and max(apart[3][:2]) < 0.95 < apart[2][0], (
        "the fourth row moves before the third"
    )


def test_the_first_step_of_a_constant_board_can_be_drawn():
    view = FIGURE(board="1" * 16, step=0)
    assert "where will the training end?" in FIGURE(step=0).description
    assert "nothing to learn" in view.description and view.values["information"] == 0


def test_every_square_and_every_preset_is_a_link():
    svg = FIGURE(step=0).svg()
    assert svg.count('class="pick"') == 16 and 'href="?board=v100110000100001"' in svg
    assert PRESETS().svg().count('class="pick"') == 8 and PRESETS().description == "Now: the first board."


def test_the_random_link_leads_to_the_board_of_the_next_seed():
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
    assert "Random 0" in PRESETS(board=infodecomp.random_board(99)).svg(), "the seeds start again at 0"


def test_the_best_found_is_above_partitions_and_the_trained_encoders_at_every_step():
    for step in (0, 150, 300, 700, 1000):
        values = FIGURE(step=step).values
        assert values["best"] >= values["possible"] - 1e-9
        assert values["best"] >= values["information"] - 1e-3
    assert FIGURE().values["short"] > 0.1 and "0.15 short" in FIGURE().svg()
    assert np.isclose(FIGURE().values["short"], 0.15, atol=0.005)


def test_the_search_advances_with_the_training_of_a_board_that_is_not_stored():
    board, is_cached = "0110111001100001", FIGURE.function("is_cached")
    state = {"board": board, "board_seed": 5, "step": 250}
    assert not is_cached(state) and is_cached(
        state | {"board": PRESETS().data["board"], "board_seed": 0, "step": 1000}
    )
    begin, quarter = FIGURE(**state | {"step": 0}), FIGURE(**state)
    assert (
        begin.data["soft"]["done"] == 0
        and quarter.data["soft"]["done"] == 0.25
        and "25% searched" in quarter.svg()
    )
    assert is_cached(state) and not is_cached(state | {"step": 500})
    end = FIGURE(**state | {"step": 1000})
    assert end.data["soft"]["done"] == 1 and "searched" not in end.svg()
    assert (end.data["soft"]["information"] >= quarter.data["soft"]["information"] - 1e-12).all()
    assert end.data["soft"]["information"].max() > begin.data["soft"]["information"].max() - 1e-12
    again = FIGURE(**state)
    assert again.svg() == quarter.svg(), "the picture of a state does not depend on what was computed before"
