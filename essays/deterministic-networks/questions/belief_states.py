"""A small recurrent network on Mess3: its states as points in the triangle of beliefs."""

import math
from functools import lru_cache

import numpy as np

from infodecomp.experiments.deterministic import BELIEF_NETWORK
from infodecomp.explorable import Axis, Dots, HConcat, IterationSlider, Label, Line, Plot, figure
from infodecomp.processes.belief_network import STEPS, ProbedBeliefs, probe_beliefs

LAST = len(STEPS) - 1
SHOWN = 700
ROLES = ("series-1", "series-2", "target")
LEARNT = IterationSlider(
    name="learnt",
    label="training",
    default=LAST,
    high=LAST,
    play_label="Train",
    max_rate=6,
    role="selection",
    format=lambda index: f"{STEPS[round(index)]:,} steps",
)


@figure(
    parameters=(LEARNT,),
    title="What a network believes",
    controls=("learnt",),
    decimals=1,
    presets={"beliefs-untrained": "learnt=0", "beliefs-trained": f"learnt={LAST}"},
)
def belief_states(learnt):
    """True beliefs about a hidden state, and those read linearly from a network, trained and untrained."""
    now, untrained = _probed(learnt), _probed(0)
    return {
        "step": STEPS[learnt],
        "r_squared": now.r_squared,
        "untrained": untrained.r_squared,
        "unexplained": 1 - now.r_squared,
        "times_closer": (1 - untrained.r_squared) / max(1 - now.r_squared, 1e-9),
        "loss": now.loss,
        "true": now.true[:SHOWN],
        "now": now.probed[:SHOWN],
        "before": untrained.probed[:SHOWN],
        "path": {
            "step": np.array(STEPS[: learnt + 1]),
            "unexplained": np.array([1 - _probed(k).r_squared for k in range(learnt + 1)]),
        },
    }


@lru_cache(maxsize=LAST + 1)
def _probed(index: int) -> ProbedBeliefs:
    return probe_beliefs(BELIEF_NETWORK.at(index).weights)


@belief_states.is_cached
def is_cached(state):
    return BELIEF_NETWORK.is_cached(state["learnt"])


@belief_states.advance
def advance(state):
    BELIEF_NETWORK.advance(state["learnt"])


@belief_states.draw
def picture(data):
    likeliest = data["true"].argmax(1)
    triangles = (
        _triangle(data["true"], likeliest, "the ideal observer", "ideal"),
        _triangle(data["before"], likeliest, f"untrained: {data['untrained']:.1%}", "untrained"),
        _triangle(data["now"], likeliest, f"{data['step']:,} steps: {data['r_squared']:.1%}", "now"),
    )
    return HConcat((HConcat(triangles, (1, 1, 1), gap=10, stack_below=260), _path(data)), (1, 1),
                   stack_below=math.inf)  # fmt: skip


def _triangle(beliefs: np.ndarray, classes: np.ndarray, title: str, short: str) -> Plot:
    """Beliefs as points of a triangle whose corners are certainty about one state."""
    x = beliefs[:, 1] + 0.5 * beliefs[:, 2]
    y = beliefs[:, 2] * math.sqrt(3) / 2
    inside = (x > -0.1) & (x < 1.1) & (y > -0.1) & (y < 0.97)
    height = math.sqrt(3) / 2
    return Plot(
        (
            Line((0, 1, 0.5, 0), (0, 0, height, 0), "noise", 1.2),
            Dots(x[inside], y[inside], ROLES, classes[inside], radius=1.5),
            Label(0.5, 0, title, "ink", "middle", dy=22, size=12, bold=True, narrow=short),
        ),
        Axis(domain=(-0.1, 1.1), hidden=True),
        Axis(domain=(-0.08, 0.97), hidden=True),
        ratio=0.98,
        heights=(110, 220),
        margins=(4, 2, 16, 2),
    )


def _path(data) -> Plot:
    """What the probe leaves unexplained, on a logarithmic scale."""
    at = np.log2(1 + data["path"]["step"] / 10)
    left = np.log10(data["path"]["unexplained"])
    names = {-1.0: "10%", -2.0: "1%", -3.0: "0.1%"}
    steps = {0: "0", 20: "20", 100: "100", 300: "300", 1200: "1,200"}
    ticks = {math.log2(1 + step / 10): name for step, name in steps.items()}
    return Plot(
        (
            Line(at, left, "selection", 2.6),
            Dots(at, left, ("selection",), radius=3.5),
            Label(at[-1], left[-1], f"{data['unexplained']:.2%} unexplained", "selection-text",
                  "end" if at[-1] > 4 else "start", dx=-2 if at[-1] > 4 else 8,
                  dy=20, bold=True, halo=True),
        ),
        Axis("steps of training", (0, 7.1), ticks=tuple(ticks), names=ticks),
        Axis("what the states don't explain", (-3.6, -1.0), tuple(names), names, grid=True),
        ratio=0.28,
        heights=(170, 190),
        margins=(34, 14, 44, 44),
    )  # fmt: skip


@belief_states.values
def values(data):
    names = ("r_squared", "untrained", "unexplained", "times_closer", "loss", "step")
    return {name: data[name] for name in names}


@belief_states.describe
def describe(data):
    return (
        f"After {data['step']:,} steps the network's states explain {data['r_squared']:.1%} of the ideal "
        f"observer's beliefs; before training they explained {data['untrained']:.1%}."
    )


@belief_states.table
def table(data):
    return data["path"]
