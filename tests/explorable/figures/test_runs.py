import threading
import time

import pytest

from infodecomp.explorable.core.errors import DeclarationError
from infodecomp.explorable.figures.runs import Runs


def counting(made):
    def begin(name):
        for step in range(10_000):
            made.append((name, step))
            yield step

    return begin


def test_a_run_goes_as_far_as_it_is_asked_for_and_every_step_is_made_once():
    made = []
    run = Runs(counting(made)).of("a")
    assert run.at(5) == 5 and run.until(3) == [0, 1, 2, 3] and run.at(5) == 5
    assert made == [("a", step) for step in range(6)] and len(run) == 6


def test_many_askers_share_one_run():
    made, got = [], []

    def slowly(name):
        for step in range(200):
            made.append(step)
            time.sleep(0.0005)
            yield step

    runs = Runs(slowly)
    max_waiters = [
        threading.Thread(target=lambda k=k: got.append(runs.of("a").at(k))) for k in range(20, 200, 10)
    ]
    for asker in max_waiters:
        asker.start()
    for asker in max_waiters:
        asker.join()
    assert sorted(got) == list(range(20, 200, 10))
    assert made == list(range(191)), "one after the other, none twice"


def test_the_runs_asked_for_longest_ago_are_let_go():
    made = []
    runs = Runs(counting(made), most=2)
    held = runs.of("a")
    held.at(1)
    for name in "bca":
        runs.of(name).at(0)
        assert len(runs) <= 2
    assert [pair for pair in made if pair == ("a", 0)] == [("a", 0)] * 2, "a was begun a second time"
    assert held.at(2) == 2, "who holds a run may still go on with it"


def test_a_run_that_breaks_tells_everybody_and_is_begun_anew():
    tries = []

    def breaking(name):
        tries.append(name)
        yield 0
        if len(tries) == 1:
            raise ValueError("broke at the first try")
        yield 1

    runs = Runs(breaking)
    run = runs.of("a")
    for _ in range(2):
        with pytest.raises(ValueError, match="first try"):
            run.at(1)
    assert run.at(0) == 0 and runs.of("a").at(1) == 1
    with pytest.raises(DeclarationError, match="ends at step 1, and step 2"):
        runs.of("a").at(2)
