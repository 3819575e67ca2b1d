"""Streams: which items of a computation a consumer gets."""

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


def test_the_first_and_the_last_item_are_never_skipped():
    for n, pause in ((1, 0), (2, 0), (500, 0), (80, 0.002)):
        got = list(latest_only(steps(n, pause), min_interval=0.02))
        assert got[0] == 0 and got[-1] == n - 1 and got == sorted(set(got))
    assert list(latest_only(iter(()))) == []


def test_the_interval_between_items_is_at_least_the_minimum():
    start = time.monotonic()
    got = list(latest_only(steps(300), min_interval=0.05))
    assert 3 <= len(got) <= (time.monotonic() - start) / 0.05 + 2


def test_a_slow_consumer_gets_fewer_items_and_does_not_delay_the_computation():
    made, got = [], []
    for step in latest_only(steps(200, 0.001, made), min_interval=0):
        got.append(step)
        time.sleep(0.15)
    assert made == list(range(200))
    assert got[-1] == 199 and 2 <= len(got) <= 5


def test_closing_the_stream_ends_the_computation_within_a_step():
    made, before = [], threading.active_count()
    states = latest_only(steps(10_000, 0.002, made), min_interval=0.01)
    next(states)
    count = len(made)
    states.close()
    assert len(made) - count <= 3 and threading.active_count() <= before, "its thread has ended"


def test_an_error_is_raised_after_the_items_before_it():
    def breaking():
        yield 1
        raise ValueError("broke")

    got = []
    with pytest.raises(ValueError, match="broke"):
        for view in latest_only(breaking(), min_interval=0):
            got.append(view)
    assert got == [1]


def test_no_more_steps_are_taken_than_max_rate_allows():
    start = time.monotonic()
    assert list(latest_only(iter(range(11)), min_interval=0, max_rate=100))[-1] == 10
    assert time.monotonic() - start >= 0.1


def test_closing_does_not_wait_for_the_next_step_of_a_slow_rate():
    start = time.monotonic()
    views = latest_only(iter(range(11)), max_rate=0.01)
    next(views)
    views.close()
    assert time.monotonic() - start < 50
