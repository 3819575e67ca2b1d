"""A fit that is watched: it learns, it repeats itself, and what is stored is what comes out."""

import itertools
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from infodecomp.errors import InformationError
from infodecomp.experiments.bikes_live import (
    HELD_OUT,
    STEPS,
    _material,
    bike_run,
    measured,
    store_run,
    stored_run,
)


def first(seed: int, n: int) -> list:
    return list(itertools.islice(bike_run(seed), n + 1))


def test_the_stored_run_is_the_one_that_a_press_of_the_button_begins():
    seed, kept = stored_run()
    begun = first(seed, 10)
    assert [one.step for one in kept] == [step for step in range(STEPS + 1) if measured(step)]
    for live, stored in ((begun[0], kept[0]), (begun[5], kept[1]), (begun[10], kept[2])):
        assert live.step == stored.step
        assert live.error == pytest.approx(stored.error, abs=0.5) and live.bits == pytest.approx(
            stored.bits, abs=0.05
        )


def test_it_takes_at_most_twenty_seconds_of_work_and_learns_what_it_should():
    _, kept = stored_run()
    seconds = [one.seconds for one in kept]
    assert seconds == sorted(seconds) and 1 < seconds[-1] <= 20
    last = kept[-1]
    at = dict(zip((1, 4, 8, 15), np.interp((1, 4, 8, 15), np.maximum.accumulate(last.bits), last.error)))
    assert at[1] < 160 and at[4] < 125 and at[8] < 85 and at[15] < 62  # below the published curve
    assert kept[0].error == pytest.approx(
        182, abs=6
    )  # it began from nothing: as far off as somebody who knows the mean


def test_the_hours_held_out_are_as_different_as_all_hours():
    _, target, (_, fitted), (_, held_out) = _material()
    assert len(held_out) == HELD_OUT
    assert held_out.std() == pytest.approx(fitted.std(), rel=0.02) and held_out.mean() == pytest.approx(
        target.mean, rel=0.03
    )


def test_a_seed_repeats_itself_and_another_one_does_not():
    one, again, other = first(3, 5)[-1], first(3, 5)[-1], first(4, 5)[-1]
    assert (one.error == again.error).all() and (one.bits == again.bits).all()
    assert (one.error != other.error).any()
    assert one.features.sum(1) == pytest.approx(one.bits)


def test_a_file_that_is_missing_or_torn_says_how_to_make_it(tmp_path):
    for content in (None, "{", "{}"):
        if content is not None:
            (tmp_path / "run.json").write_text(content)
        with pytest.raises(InformationError, match="python -m infodecomp.experiments.bikes_live"):
            stored_run(tmp_path / "run.json")
    store_run(tmp_path / "run.json", 5, 3)
    seed, kept = stored_run(tmp_path / "run.json")
    assert seed == 5 and [one.step for one in kept] == [0, 3]


@pytest.mark.parametrize("seed", [-1, 0.5, "one"])
def test_what_is_no_seed_is_refused(seed):
    with pytest.raises(InformationError, match="seed"):
        next(bike_run(seed))


def test_a_fit_begins_at_once():
    code = "import sys; from infodecomp.experiments.bikes_live import bike_run; run = bike_run(0); next(run), next(run); assert 'torch._dynamo' not in sys.modules"
    subprocess.run(
        [sys.executable, "-c", code], cwd=Path(__file__).parents[3], check=True
    )  # it takes a second to import
