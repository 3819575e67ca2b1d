"""A fit that is watched: it learns, it repeats itself, and what is stored is what comes out."""

import itertools
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from infodecomp.errors import InformationError
from infodecomp.experiments.bikes_live import (
    BIKES_RUN,
    HELD_OUT,
    STEPS,
    bike_run,
    bike_tables,
    is_measured,
)


def first(seed: int, n: int) -> list:
    return list(itertools.islice(bike_run(seed), n + 1))


def test_the_stored_run_is_the_one_that_a_press_of_the_button_begins():
    begun, stored = first(0, 10), BIKES_RUN.until(STEPS)
    assert [snapshot.step for snapshot in stored] == [step for step in range(STEPS + 1) if is_measured(step)]
    for live, snapshot in ((begun[0], stored[0]), (begun[5], stored[1]), (begun[10], stored[2])):
        assert live.step == snapshot.step
        assert live.error == pytest.approx(snapshot.error, abs=0.5)
        assert live.bits == pytest.approx(snapshot.bits, abs=0.05)


def test_a_step_between_measurements_shows_the_last_one():
    assert BIKES_RUN.at(7).step == BIKES_RUN.at(5).step == 5 and BIKES_RUN.at(STEPS).step == STEPS


def test_it_takes_at_most_twenty_seconds_of_work_and_learns_what_it_should():
    stored = BIKES_RUN.until(STEPS)
    seconds = [snapshot.seconds for snapshot in stored]
    assert seconds == sorted(seconds) and 1 < seconds[-1] <= 20
    last = stored[-1]
    at = dict(zip((1, 4, 8, 15), np.interp((1, 4, 8, 15), np.maximum.accumulate(last.bits), last.error)))
    assert at[1] < 160 and at[4] < 125 and at[8] < 85 and at[15] < 62  # below the published curve
    spread = bike_tables().held_out.rentals.std()
    assert stored[0].error[0] == pytest.approx(spread, abs=0.5), "untrained: as far off as guessing the mean"
    assert stored[0].error == pytest.approx(spread, rel=0.05)


def test_the_hours_held_out_are_as_different_as_all_hours():
    tables = bike_tables()
    target, fitted, held_out = tables.target, tables.training.rentals, tables.held_out.rentals
    assert len(held_out) == HELD_OUT
    assert held_out.std() == pytest.approx(fitted.std(), rel=0.02) and held_out.mean() == pytest.approx(
        target.mean, rel=0.03
    )


def test_a_seed_repeats_itself_and_another_one_does_not():
    one, again, other = first(3, 5)[-1], first(3, 5)[-1], first(4, 5)[-1]
    assert (one.error == again.error).all() and (one.bits == again.bits).all()
    assert (one.error != other.error).any()
    assert one.features.sum(1) == pytest.approx(one.bits)


def test_packing_a_run_keeps_its_measurements():
    snapshots = first(5, 12)
    unpacked = BIKES_RUN.unpack(BIKES_RUN.config, BIKES_RUN.pack(snapshots))
    assert [step for step, _ in unpacked] == [0, 5, 10]
    for step, snapshot in unpacked:
        assert snapshot.error == pytest.approx(snapshots[step].error, abs=1e-4)
        assert snapshot.features == pytest.approx(snapshots[step].features, abs=1e-4)


@pytest.mark.parametrize("seed", [-1, 0.5, "one"])
def test_what_is_no_seed_is_refused(seed):
    with pytest.raises(InformationError, match="seed"):
        next(bike_run(seed))


def test_a_fit_begins_at_once():
    code = (
        "import sys; from infodecomp.experiments.bikes_live import bike_run; run = bike_run(0); "
        "next(run), next(run); assert 'torch._dynamo' not in sys.modules"
    )
    subprocess.run(
        [sys.executable, "-c", code], cwd=Path(__file__).parents[3], check=True
    )  # it takes a second to import
