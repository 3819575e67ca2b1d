"""Shared runs: every step is computed once, however many threads ask, and a failed run is restarted."""

import threading

import pytest

from infodecomp.errors import InformationError
from infodecomp.experiments.runs import Runs


def counting(computed):
    def start(name):
        for step in range(10_000):
            computed.append((name, step))
            yield step

    return start


def test_a_run_advances_only_as_far_as_requested():
    computed = []
    run = Runs(counting(computed)).run("a")
    assert run.at(5) == 5 and run.until(3) == [0, 1, 2, 3] and run.at(5) == 5
    assert computed == [("a", step) for step in range(6)] and len(run) == 6


def test_concurrent_readers_share_one_run():
    computed, received = [], []
    all_started = threading.Barrier(9)

    def start(name):
        for step in range(200):
            computed.append(step)
            yield step

    runs = Runs(start)

    def read(step):
        all_started.wait()
        received.append(runs.run("a").at(step))

    threads = [threading.Thread(target=read, args=(step,)) for step in range(20, 200, 20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(received) == list(range(20, 200, 20))
    assert computed == list(range(181)), "in order, none twice"


def test_the_least_recently_used_run_is_dropped():
    computed = []
    runs = Runs(counting(computed), max_runs=2)
    held = runs.run("a")
    held.at(1)
    for name in "bca":
        runs.run(name).at(0)
        assert len(runs) <= 2
    assert computed.count(("a", 0)) == 2, "a was started a second time"
    assert held.at(2) == 2, "a thread that holds a dropped run can still use it"


def test_a_failed_run_raises_its_error_and_is_restarted():
    attempts = []

    def failing(name):
        attempts.append(name)
        yield 0
        if len(attempts) == 1:
            raise ValueError("failed at the first attempt")
        yield 1

    runs = Runs(failing)
    run = runs.run("a")
    for _ in range(2):
        with pytest.raises(ValueError, match="first attempt"):
            run.at(1)
    assert run.at(0) == 0 and run.failed and runs.last_step("a") == -1
    assert runs.run("a").at(1) == 1 and not runs.run("a").failed
    with pytest.raises(InformationError, match="ends at step 1 and step 2"):
        runs.run("a").at(2)


def test_iterating_ends_with_the_run():
    runs = Runs(lambda n: iter(range(n)))
    assert not runs.is_finished(3) and runs.last_step(3) == -1
    assert list(runs.run(3)) == [0, 1, 2] and runs.is_finished(3) and runs.last_step(3) == 2
    assert list(runs.run(3)) == [0, 1, 2], "a second reader gets all of it"
