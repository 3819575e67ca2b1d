"""Small pictures of matrices."""

import numpy as np
import pytest

from infodecomp.pictures.matrices import CELLS, coarse, extremes_text


@pytest.mark.parametrize("size", [CELLS + 1, 65, 86])
def test_a_small_matrix_has_the_means_of_neighbouring_cells(size):
    matrix = np.random.default_rng(size).random((size, size))
    small = coarse(matrix + matrix.T)
    assert small.shape == (CELLS, CELLS) and np.allclose(small, small.T)
    steps = np.add.outer(np.arange(size), np.zeros(size))
    assert np.allclose(coarse(steps), np.add.outer(coarse(steps)[:, 0], np.zeros(CELLS)))
    assert coarse(steps)[0, 0] == np.arange(size // CELLS).mean() and (np.diff(coarse(steps)[:, 0]) > 0).all()


def test_a_matrix_of_few_cells_is_shown_as_it_is():
    matrix = np.eye(CELLS)
    assert coarse(matrix) is matrix


def test_values_that_each_have_a_twin_are_counted():
    hours = np.arange(24)
    apart = (np.add.outer(hours, hours) % 12 > 0) & (hours[:, None] != hours)
    names = [f"{hour}:00" for hour in hours]
    sentence = extremes_text(apart.astype(float), names, "hour")
    assert sentence == "Of hour, 24 of 24 values look like another one, such as 0:00 and 12:00."
    few = np.ones((24, 24)) - np.eye(24)
    few[3, 4] = few[4, 3] = 0
    assert extremes_text(few, names, "hour").endswith(
        "all values are told apart; 3:00 and 4:00 look most alike."
    )
