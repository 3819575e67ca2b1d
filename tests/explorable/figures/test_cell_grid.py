import pytest

from infodecomp.explorable.core.errors import ParameterError
from infodecomp.explorable.figures.cell_grid import CellGrid
from infodecomp.explorable.figures.parameters import parse_query, write_query

BOARD = CellGrid(name="board", label="board", default="1100110000100001")


def test_a_board_is_one_string_and_is_read_back():
    state = parse_query([BOARD], [("board", "01rvz00000000000")])
    assert (
        BOARD.probabilities(state["board"])[0] == [0, 1, 0.1, 0.5]
        and BOARD.probabilities(state["board"])[1][0] == 0.9
    )
    assert write_query([BOARD], state) == "board=01rvz00000000000"
    assert write_query([BOARD], parse_query([BOARD], [])) == ""


@pytest.mark.parametrize(
    "bad", ["", "110", "1100110000100002", "11001100001000010", "1100110000100001 ", "e" * 16, "٠" * 16]
)
def test_another_string_is_refused_with_what_is_wanted(bad):
    with pytest.raises(ParameterError, match="16 characters, row by row") as caught:
        parse_query([BOARD], [("board", bad)])
    assert caught.value.details["parameter"] == "board"


def test_presses_turn_a_square_on_then_to_a_chance_then_off():
    seen = ["0" * 16]
    for _ in range(3):
        seen.append(BOARD.toggled(seen[-1], 5))
    assert [board[5] for board in seen] == ["0", "1", "v", "0"]
    assert all(board[:5] + board[6:] == "0" * 15 for board in seen)


def test_chances_move_by_tenths_and_stop_at_the_ends():
    board = "0" * 15 + "1"
    seen = [board := BOARD.shifted(board, 3, 1) for _ in range(11)]
    assert [BOARD.probabilities(board)[0][3] for board in seen] == [
        pytest.approx(min(n / 10, 1)) for n in range(1, 12)
    ]
    assert all(board[:3] + board[4:] == "0" * 14 + "1" for board in seen)
    assert BOARD.shifted(BOARD.shifted(board, 3, -1), 15, 1) == "000z" + "0" * 11 + "1"
    assert BOARD.shifted("0" * 16, 0, -1) == "0" * 16
