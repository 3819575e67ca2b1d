import threading
import time

import pytest

from infodecomp.explorable.serving.sse import latest_only


def steps(n, pause=0.001, made=None):
    for step in range(n):
        if made is not None:
            made.append(step)
        time.sleep(pause)
        yield step


def test_the_first_and_the_last_are_always_there():
    for n, pause in ((1, 0), (2, 0), (500, 0), (80, 0.002)):
        got = list(latest_only(steps(n, pause), pause=0.02))
        assert got[0] == 0 and got[-1] == n - 1 and got == sorted(set(got))
    assert list(latest_only(iter(()))) == []


def test_no_more_pictures_than_the_pause_allows():
    start = time.monotonic()
    got = list(latest_only(steps(300), pause=0.05))
    assert 3 <= len(got) <= (time.monotonic() - start) / 0.05 + 2


def test_a_slow_reader_gets_fewer_pictures_and_the_computation_goes_on():
    made, got = [], []
    for step in latest_only(steps(200, 0.001, made), pause=0):
        got.append(step)
        time.sleep(0.15)
    assert made == list(range(200))
    assert got[-1] == 199 and 2 <= len(got) <= 5


@pytest.mark.parametrize("leave", ["close", "gone"])
def test_a_reader_who_leaves_ends_it_within_a_step(leave):
    made, left, before = [], threading.Event(), threading.active_count()
    views = latest_only(steps(10_000, 0.002, made), gone=left.is_set, pause=0.01)
    next(views)
    at = len(made)
    if leave == "close":
        views.close()
    else:
        left.set()
        assert len(list(views)) <= 2
    assert len(made) - at <= 3
    time.sleep(0.02)
    assert len(made) - at <= 3 and threading.active_count() <= before


def test_what_breaks_is_told_after_what_came_before():
    def breaking():
        yield 1
        raise ValueError("broke")

    got = []
    with pytest.raises(ValueError, match="broke"):
        for view in latest_only(breaking(), pause=0):
            got.append(view)
    assert got == [1]


def test_no_more_steps_are_taken_than_max_rate_allows():
    start = time.monotonic()
    assert list(latest_only(iter(range(11)), pause=0, max_rate=100))[-1] == 10
    assert time.monotonic() - start >= 0.1


def test_closing_does_not_wait_for_the_next_step_of_a_slow_rate():
    start = time.monotonic()
    views = latest_only(iter(range(11)), max_rate=0.01)
    next(views)
    views.close()
    assert time.monotonic() - start < 50
