"""A figure that plays a random walk, a second figure that follows it, and one that is computed at once."""

import random
import time

from infodecomp.experiments.runs import Runs
from infodecomp.explorable import Axis, Dot, Dots, IterationSlider, Line, Plot, Range, figure

LAST = 200
SEED = Range(name="seed", label="seed", default=1, low=0, high=99, step=1)
SLOW = Range(name="slow", label="seconds a step", default=0.002, low=0, high=1, step=0.001)
MARKS = Range(name="marks", label="marks", default=0, low=0, high=50_000, step=1)  # to make a picture large
HOUR = Range(name="hour", label="hour", default=3, low=0, high=12, step=0.1)
STEP = IterationSlider(
    name="step",
    label="step",
    default=LAST,
    high=LAST,
    resets_on=("seed", "slow"),
    play_label="Wind",
    stop_label="Hold",
    seconds=4,
    max_rate=400,
)


def walk(seed, slow):
    draw, at = random.Random(seed), 0.0
    if seed == 13:
        raise ValueError("thirteen cannot be wound")
    while True:
        yield at
        time.sleep(slow)
        at += draw.uniform(-1, 1)


RUNS = Runs(walk, max_runs=40)


@figure(parameters=(SEED, SLOW, STEP, MARKS), title="A hand", controls=("step", "seed"))
def clock_hand(seed, slow, step, marks):
    path = RUNS.run(seed, slow).until(step)
    return {"path": {"step": list(range(step + 1)), "at": path}, "step": step, "marks": marks}


@clock_hand.is_cached
def wound(state):
    return RUNS.last_step(state["seed"], state["slow"]) >= state["step"]


@clock_hand.advance
def wind(state):
    RUNS.run(state["seed"], state["slow"]).at(state["step"])


@clock_hand.draw
def hand(data):
    marks = [LAST * mark / 50_000 for mark in range(data["marks"])]
    return Plot(
        (Dots(marks, marks, ("noise",)), Line(data["path"]["step"], data["path"]["at"])),
        Axis("step", (0, LAST)),
        Axis("at", (-20, 20)),
    )


@clock_hand.describe
def where(data):
    return f"After {data['step']} steps it is at {data['path']['at'][-1]:.6f}."


@figure(parameters=(SEED, SLOW, STEP), title="A face")
def clock_face(seed, slow, step):
    return {"at": RUNS.run(seed, slow).at(step), "step": step}


clock_face.is_cached(wound)


@clock_face.draw
def face(data):
    return Plot((Dot(data["at"], 0.5),), Axis("at", (-20, 20)), Axis("", (0, 1)))


@clock_face.describe
def describe_face(data):
    return f"Step {data['step']}."


@figure(parameters=(HOUR,), title="A dial", controls=("hour",))
def clock_dial(hour):
    return {"angle": 30 * hour}


@clock_dial.draw
def dial(data):
    return Plot((Dot(data["angle"], 0.5),), Axis("degrees", (0, 360)), Axis("", (0, 1)))
