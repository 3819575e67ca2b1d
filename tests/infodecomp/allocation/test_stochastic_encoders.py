"""Stochastic encoders: bounds, budgets, reproducibility, and stored frontiers."""

import math

import pytest
import torch

from infodecomp import (
    InformationError,
    mutual_information,
    random_board,
    stochastic_frontier,
)
from infodecomp.allocation.encoder_frontier import deterministic_frontier
from infodecomp.allocation.partitions import (
    best_pair,
    board_joint,
    discrete_encoder_information,
    partition_pairs,
)
from infodecomp.allocation.stochastic_encoders import N_UPDATES, SEARCH_GAP, search_stochastic_encoders
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


def test_frontiers_improve_on_the_partitions_and_stay_below_the_total(search):
    board, frontiers = search
    pairs = partition_pairs(board)
    exact = torch.stack([pairs.information[best_pair(pairs, float(budget))] for budget in BUDGETS])
    assert torch.allclose(frontiers[0].information, exact, atol=1e-8)
    assert (
        len(frontiers) == 1 + N_UPDATES
        and frontiers[-1].progress == 1
        and frontiers[N_UPDATES // 2].progress == 0.5
    )
    for before, after in zip(frontiers, frontiers[1:]):
        assert bool((after.information >= before.information - 1e-12).all())
    assert frontiers[-1].information.max() <= mutual_information(board_joint(board).flatten(0, 1)) + 1e-9
    assert bool((frontiers[-1].information > exact + 0.01).any())  # stochastic encoders do better somewhere


def test_the_encoders_have_the_stated_bits_and_keep_their_budgets(search):
    board, frontiers = search
    for frontier in frontiers:
        assert torch.allclose(frontier.encoder_1.sum(-1), torch.ones(9, 4, dtype=torch.float64))
        bits_1, bits_2, information = discrete_encoder_information(
            frontier.encoder_1, frontier.encoder_2, board_joint(board)
        )
        assert torch.allclose(information, frontier.information, atol=1e-12) and torch.allclose(
            bits_1 + bits_2, frontier.total, atol=1e-12
        )
        assert bool((frontier.total <= BUDGETS + 1e-9).all())


def test_the_frontier_of_half_is_linear_up_to_one_bit_of_the_row():
    frontier = stochastic_frontier(HALF, [0, 0.25, 0.5, 1, 3])
    assert frontier.information.tolist() == pytest.approx([0, 0.25, 0.5, 1, 1], abs=0.005)
    assert frontier.bits_2.max() < 0.01 and frontier.bits_1[-1] == pytest.approx(1)


def test_the_same_seed_finds_the_same_frontier():
    first, same = (stochastic_frontier(FIRST, [0.5, 1.5], seed=3) for _ in range(2))
    assert torch.equal(first.encoder_1, same.encoder_1) and torch.equal(first.information, same.information)


@pytest.mark.parametrize("budgets", [[], [-1], [math.nan], [math.inf]])
def test_invalid_budgets_are_refused(budgets):
    with pytest.raises(InformationError, match="budget"):
        stochastic_frontier(FIRST, budgets)


def test_many_more_starts_find_no_more_than_the_stated_gap():
    board = [[0, 1, 1, 0], [1, 1, 1, 1], [1, 1, 1, 0], [0, 1, 0, 0]]
    few, many = stochastic_frontier(board, BUDGETS), stochastic_frontier(board, BUDGETS, seed=1, starts=24)
    assert 1e-5 < (many.information - few.information).max().item() < SEARCH_GAP


@pytest.mark.parametrize("name", BOARDS)
def test_stored_frontiers_keep_their_budgets_and_are_no_worse_than_a_search(name):
    board = rows(BOARDS[name])
    assert BOARD_FRONTIERS.is_stored(board=as_config(board))
    stored, budgets = BOARD_FRONTIERS.at(0, board=as_config(board)), frontier_budgets()
    exact = deterministic_frontier(board, budgets)
    assert stored.progress == 1 and torch.allclose(stored.budget, budgets)
    assert bool((stored.total <= budgets + 1e-9).all()) and bool(
        (stored.information >= exact.information - 1e-9).all()
    )
    assert bool((stored.information.diff() >= -1e-9).all())
    if name == "Diagonal":  # where a search finds least
        assert bool(
            (stored.information >= stochastic_frontier(board, budgets).information - SEARCH_GAP).all()
        )


@pytest.mark.parametrize(
    "damage, message",
    [
        (lambda t: t.flip(1), "more bits than their budget"),
        (lambda t: torch.full_like(t, 0.25), "less information than deterministic"),
    ],
)
def test_a_stored_frontier_that_contradicts_its_budget_or_the_deterministic_one_is_not_used(damage, message):
    config = BOARD_FRONTIERS.runs[BOARDS["Quad"]]
    frontier = BOARD_FRONTIERS.at(0, board=config.board)
    encoders = damage(torch.stack([frontier.encoder_1, frontier.encoder_2]))
    with pytest.raises(InformationError, match=message):
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
