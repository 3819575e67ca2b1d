"""Small pictures of matrices."""

import numpy as np
import pytest

from infodecomp.pictures.matrices import CELLS, coarse


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
