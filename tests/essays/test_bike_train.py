"""The bike-train figure: the stored run at rest, and a live run that advances only while it is read."""

import re
import threading
import xml.etree.ElementTree as ET
from itertools import islice

import numpy as np
import pytest

from infodecomp.experiments.bikes_live import bike_run
from tests.essays.figures import essay_figure, essay_module

FIGURE = essay_figure("bikes.bike_train", "bike-train")
MODULE, PICTURES = essay_module("bikes.bike_train"), essay_module("bikes.pictures.training")


def test_the_default_state_shows_the_stored_run_without_computing():
    view = FIGURE()
    assert view.data["step"] == MODULE.STEPS and view.values["rmse"] < 125
    assert MODULE.BIKES_RUN.live_steps(seed=0) == 0
    assert f"After {MODULE.STEPS} steps" in view.description and view.table["step"][-1] == MODULE.STEPS


def test_playing_streams_a_live_run_step_by_step():
    frames = FIGURE(train_seed=7, train_step=MODULE.STEPS).figure(train_seed=7).frames("train_step")
    seen = [next(frames).data["step"] for _ in range(4)]
    assert seen == [0, 1, 2, 3] and MODULE.BIKES_RUN.live_steps(seed=7) == 4
    frames.close()
    assert MODULE.BIKES_RUN.live_steps(seed=7) == 4, "a closed stream stops the run"


def test_two_concurrent_readers_get_their_own_runs():
    received = {}

    def read(seed):
        for view, _ in zip(FIGURE(train_seed=seed).frames("train_step"), range(4)):
            received[seed] = view.data

    readers = [threading.Thread(target=read, args=(seed,)) for seed in (11, 12)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    for seed in (11, 12):
        assert received[seed]["step"] == 3 and received[seed]["seed"] == seed
        assert (received[seed]["front"]["rmse"] == next(bike_run(seed)).error).all()  # measured at step 0
    assert (received[11]["front"]["rmse"] != received[12]["front"]["rmse"]).any()


def test_a_step_is_the_same_requested_or_played():
    *_, played = islice(FIGURE(train_seed=13, train_step=0).frames("train_step"), 27)
    requested = FIGURE(train_seed=13, train_step=26)
    assert requested.data["front"]["rmse"].tolist() == played.data["front"]["rmse"].tolist()
    assert requested.data["history"]["step"].tolist() == [0, 5, 10, 15, 20, 25]


@pytest.mark.parametrize("width", [350, 640])
@pytest.mark.parametrize("step", [0, 25, 400, MODULE.STEPS])
def test_every_step_can_be_drawn(step, width):
    for bits in (0.2, 4, 16):
        view = FIGURE(train_step=step, bits=bits)
        svg = view.svg(width, "dark")
        ET.fromstring(svg)
        assert not re.search(r"\bnan\b|\binf\b", svg + view.csv() + view.description + view.json().decode())
        assert len(view.description) < 150


def test_before_the_first_step_the_error_is_that_of_knowing_nothing():
    view = FIGURE(train_step=0)
    assert view.values["rmse"] == pytest.approx(182.3, abs=4) and "everything is random" in view.description
    assert "everything is random" not in FIGURE(train_step=5).description


def test_earlier_snapshots_are_few_and_exclude_the_last():
    for n in (1, 2, 3, 10, 37):
        earlier = MODULE.earlier_snapshots(n)
        assert len(earlier) <= PICTURES.GHOSTS and all(0 <= i < n - 1 for i in earlier)
    assert np.diff(MODULE.earlier_snapshots(37)).min() >= 1
