"""Points written as text: what is written is read again, and nothing else is taken."""

import numpy as np
import pytest

from infodecomp import InformationError
from infodecomp.data.point_sets import MAX_WRITTEN, point_set, read_points, write_points


@pytest.mark.parametrize("kind", ["blobs", "moons", "circles", "xor"])
def test_written_points_are_read_again_to_a_tenth(kind):
    x, y = point_set(kind, 40)
    x = np.clip(x, -2.9, 2.9)
    at, classes = read_points(write_points(x, y))
    assert np.abs(at - x).max() <= 0.05 + 1e-9 and (classes == y).all()
    assert read_points(write_points(at, classes))[0].tolist() == at.tolist()


@pytest.mark.parametrize("text", ["", "f", "f1", "x11", "f1e", "f1!", "f11" * (MAX_WRITTEN + 1)])
def test_other_texts_are_refused(text):
    with pytest.raises(InformationError, match="is no list of points: give r or f"):
        read_points(text)


@pytest.mark.parametrize("x", [[[3.2, 0.0]], np.zeros((0, 2)), np.zeros((MAX_WRITTEN + 1, 2))])
def test_points_that_cannot_be_written_are_refused(x):
    with pytest.raises(InformationError, match="give (numbers )?from"):
        write_points(np.asarray(x), np.zeros(len(x)))
