"""Partitions of a board's rows and columns: Bell numbers, known pairs, bounds, and limits."""

import math
import subprocess
import sys

import pytest
import torch

from infodecomp import (
    InformationError,
    best_pair,
    mutual_information,
    partition_pairs,
    partitions,
    sufficient_pair,
)
from infodecomp.allocation.partitions import board_joint, discrete_encoder_information

BOARD = [[1, 1, 0, 0], [1, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]]
HALF = [[1] * 4, [1] * 4, [0] * 4, [0] * 4]
CHECKER = [[(i + j) % 2 for j in range(4)] for i in range(4)]
CONSTANT = [[0.3] * 4] * 4


def test_partitions_are_counted_by_the_bell_numbers():
    assert [len(partitions(n)) for n in range(1, 7)] == [1, 2, 5, 15, 52, 203]
    assert len({tuple(row) for row in partitions(4).tolist()}) == 15
    assert partitions(4)[0].tolist() == [0, 0, 0, 0] and partitions(4)[-1].tolist() == [0, 1, 2, 3]


def test_changing_the_returned_partitions_changes_no_later_result():
    partitions(4).fill_(7)
    assert partitions(4).max().item() == 3 and len(partition_pairs(BOARD).total) == 225


@pytest.mark.parametrize(
    ("budget", "information"), [(0, 0), (1, 0.04879), (2, 0.70443), (3, 0.95443), (4, 0.95443)]
)
def test_known_best_pairs(budget, information):
    pairs = partition_pairs(BOARD)
    assert pairs.information[best_pair(pairs, budget)].item() == pytest.approx(information, abs=1e-5)


@pytest.mark.parametrize(("board", "bits"), [(HALF, (1, 0)), (CHECKER, (1, 1)), (CONSTANT, (0, 0))])
def test_the_best_pair_at_a_large_budget_is_the_coarsest_sufficient_one(board, bits):
    pairs = partition_pairs(board)
    best = best_pair(pairs, 4)
    assert (pairs.bits_1[best].item(), pairs.bits_2[best].item()) == pytest.approx(bits, abs=1e-12)
    assert pairs.information[best].item() == pytest.approx(0 if board is CONSTANT else 1, abs=1e-9)
    assert pairs.first[best].tolist() == sufficient_pair(board)[0].tolist()
    assert pairs.second[best].tolist() == sufficient_pair(board)[1].tolist()


@pytest.mark.parametrize("n", [4, 5])
def test_pairs_agree_with_their_encoder_tables_and_the_bound(n):
    board = torch.rand(n, n, generator=torch.Generator().manual_seed(3), dtype=torch.float64)
    pairs, joint = partition_pairs(board), board_joint(board)
    assert len(pairs.total) == len(partitions(n)) ** 2
    some = slice(None, None, 1 if n == 4 else 17)
    encoders = [torch.nn.functional.one_hot(b[some], n).double() for b in (pairs.first, pairs.second)]
    expected = discrete_encoder_information(*encoders, joint)
    for found, wanted in zip((pairs.bits_1, pairs.bits_2, pairs.information), expected):
        assert torch.allclose(found[some], wanted, atol=1e-12)
    assert bool((pairs.information <= mutual_information(joint.flatten(0, 1)) + 1e-12).all())


def test_a_constant_board_has_no_information():
    assert partition_pairs(CONSTANT).information.abs().max().item() < 1e-12


@pytest.mark.parametrize("bad", [[[0, 1]], [[0, 2], [1, 0]], [[0, math.nan], [1, 0]], "board", 3, [], [[]]])
@pytest.mark.parametrize("function", [partition_pairs, sufficient_pair])
def test_invalid_boards_are_refused(function, bad):
    with pytest.raises(InformationError):
        function(bad)


def test_the_number_of_values_has_stated_limits():
    with pytest.raises(InformationError, match="from 1 to 8"):
        partitions(9)
    with pytest.raises(InformationError, match="8 by 8.*at most 7 by 7"):
        partition_pairs(torch.full((8, 8), 0.5))


def test_pairs_of_six_values_need_little_memory():
    code = """
import resource, torch, infodecomp
peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
infodecomp.partition_pairs(torch.rand(4, 4))
before = peak()
infodecomp.partition_pairs(torch.rand(6, 6))
print(peak() - before)
"""
    megabytes = float(subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout)
    assert megabytes < 100


def test_a_budget_may_be_infinite_but_not_negative():
    pairs = partition_pairs(BOARD)
    assert best_pair(pairs, math.inf) == best_pair(pairs, 4)
    with pytest.raises(InformationError, match="budget"):
        best_pair(pairs, -1)
