"""Soft encoders: never below the partitions, never above what there is, within their budgets, the same for the same seed."""

import math

import pytest
import torch

from infodecomp import (
    InformationError,
    mutual_information,
    random_board,
    stochastic_frontier,
)
from infodecomp.allocation.partitions import (
    best_pair,
    board_joint,
    discrete_encoder_information,
    partition_pairs,
)
from infodecomp.allocation.stochastic_encoders import (
    N_UPDATES,
    SEARCH_GAP,
    deterministic_frontier,
    search_stochastic_encoders,
)
from infodecomp.experiments.boards import BOARD_FRONTIERS, BOARDS, as_config, frontier_budgets, rows
from infodecomp.experiments.storage import Packed

FIRST = [[1, 1, 0, 0], [1, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]]
HALF = [[1] * 4, [1] * 4, [0] * 4, [0] * 4]
BUDGETS = torch.linspace(0, 4, 9, dtype=torch.float64)


@pytest.fixture(
    scope="module",
    params=[FIRST, [[0.2, 0.9, 0.1, 0.5], [0.7, 0.3, 1, 0], [0, 0.4, 0.6, 0.8], [1, 0, 0.5, 0.2]]],
)
def search(request):
    return request.param, list(search_stochastic_encoders(request.param, BUDGETS))


def test_fronts_grow_from_the_partitions_and_stay_below_what_there_is(search):
    board, fronts = search
    pairs = partition_pairs(board)
    exact = torch.stack([pairs.information[best_pair(pairs, float(budget))] for budget in BUDGETS])
    assert torch.allclose(fronts[0].information, exact, atol=1e-8)
    assert (
        len(fronts) == 1 + N_UPDATES and fronts[-1].progress == 1 and fronts[N_UPDATES // 2].progress == 0.5
    )
    for before, after in zip(fronts, fronts[1:]):
        assert bool((after.information >= before.information - 1e-12).all())
    assert fronts[-1].information.max() <= mutual_information(board_joint(board).flatten(0, 1)) + 1e-9
    assert bool((fronts[-1].information > exact + 0.01).any()), (
        "somewhere a vague message beats all exact ones"
    )


def test_the_encoders_are_what_the_front_says_and_keep_every_budget(search):
    board, fronts = search
    for front in fronts:
        assert torch.allclose(front.encoder_1.sum(-1), torch.ones(9, 4, dtype=torch.float64))
        bits_1, bits_2, information = discrete_encoder_information(
            front.encoder_1, front.encoder_2, board_joint(board)
        )
        assert torch.allclose(information, front.information, atol=1e-12) and torch.allclose(
            bits_1 + bits_2, front.total, atol=1e-12
        )
        assert bool((front.total <= BUDGETS + 1e-9).all())


def test_half_needs_a_bit_of_the_row_and_is_a_straight_line_till_there():
    front = stochastic_frontier(HALF, [0, 0.25, 0.5, 1, 3])
    assert front.information.tolist() == pytest.approx([0, 0.25, 0.5, 1, 1], abs=0.005)
    assert front.bits_2.max() < 0.01 and front.bits_1[-1] == pytest.approx(1)


def test_the_same_seed_finds_the_same_front():
    one, same = (stochastic_frontier(FIRST, [0.5, 1.5], seed=3) for _ in range(2))
    assert torch.equal(one.encoder_1, same.encoder_1) and torch.equal(one.information, same.information)


@pytest.mark.parametrize("budgets", [[], [-1], [math.nan], [math.inf]])
def test_what_is_no_budget_is_refused(budgets):
    with pytest.raises(InformationError, match="budget"):
        stochastic_frontier(FIRST, budgets)


def test_many_more_starts_find_no_more_than_the_stated_gap():
    board = [[0, 1, 1, 0], [1, 1, 1, 1], [1, 1, 1, 0], [0, 1, 0, 0]]
    few, many = stochastic_frontier(board, BUDGETS), stochastic_frontier(board, BUDGETS, seed=1, starts=24)
    assert 1e-5 < (many.information - few.information).max().item() < SEARCH_GAP


@pytest.mark.parametrize("name", BOARDS)
def test_stored_fronts_keep_their_budgets_and_are_above_the_partitions_and_no_worse_than_a_search(name):
    board = rows(BOARDS[name])
    assert BOARD_FRONTIERS.is_stored(board=as_config(board))
    kept, budgets = BOARD_FRONTIERS.at(0, board=as_config(board)), frontier_budgets()
    exact = deterministic_frontier(board, budgets)
    assert kept.progress == 1 and torch.allclose(kept.budget, budgets)
    assert bool((kept.total <= budgets + 1e-9).all()) and bool(
        (kept.information >= exact.information - 1e-9).all()
    )
    assert bool((kept.information.diff() >= -1e-9).all())
    if name == "Diagonal":  # where a search finds least
        assert bool((kept.information >= stochastic_frontier(board, budgets).information - SEARCH_GAP).all())


@pytest.mark.parametrize(
    "damage, words",
    [
        (lambda t: t.flip(1), "more bits than their budget"),
        (lambda t: torch.full_like(t, 0.25), "less information than deterministic"),
    ],
)
def test_a_stored_frontier_that_contradicts_its_budget_or_the_deterministic_one_is_not_used(damage, words):
    config = BOARD_FRONTIERS.runs[BOARDS["Quad"]]
    front = BOARD_FRONTIERS.at(0, board=config.board)
    encoders = damage(torch.stack([front.encoder_1, front.encoder_2]))
    with pytest.raises(InformationError, match=words):
        BOARD_FRONTIERS.unpack(config, Packed({"encoders": encoders}))


def test_other_boards_are_not_stored():
    assert not BOARD_FRONTIERS.is_stored(board=as_config(rows("0110" * 4)))


def test_too_few_starts_are_refused():
    with pytest.raises(InformationError, match="3 or more"):
        stochastic_frontier(FIRST, [1], starts=2)


def test_random_boards_are_those_of_their_seeds():
    assert random_board(3) == random_board(3) != random_board(4)
    assert all(len(random_board(seed)) == 16 and set(random_board(seed)) <= {"0", "1"} for seed in range(20))


@pytest.mark.parametrize("mode", [torch.no_grad, torch.inference_mode])
def test_the_search_needs_no_gradient_mode_of_its_caller(mode):
    expected = stochastic_frontier(FIRST, [0.5, 1.5])
    with mode():
        found = stochastic_frontier(torch.tensor(FIRST), torch.tensor([0.5, 1.5]))
    assert torch.equal(found.information, expected.information)


def test_a_search_may_begin_in_inference_mode_and_go_on_outside():
    search = search_stochastic_encoders(FIRST, [0.5])
    with torch.inference_mode():
        for _ in range(20):
            next(search)
    *_, last = search
    assert last.progress == 1 and not torch.is_inference_mode_enabled()
