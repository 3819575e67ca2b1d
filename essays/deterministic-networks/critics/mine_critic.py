"""Be the critic: two numbers shape a function, and the Donsker-Varadhan bound follows; then trained ones."""

import math
from functools import lru_cache

import numpy as np

from infodecomp.deterministic.critics import best_critic, critic_bound, gaussian_information
from infodecomp.experiments.deterministic import CRITICS
from infodecomp.explorable import (
    Axis,
    Choice,
    Dot,
    Dots,
    DragHandle,
    HConcat,
    IterationSlider,
    Label,
    Line,
    Plot,
    Range,
    Raster,
    figure,
)

from ..meters import Meter, meters
from .critic_training import EVERY, LAST, bounds_in_training, settings, training_picture

CRITIC = Choice(
    name="critic", label="The critic", default="you", options={"you": "is you", "trained": "is a network"}
)
RHO = Range(name="rho", label="correlation", default=0.8, low=-0.99, high=0.99, active_when=("critic", "you"))
A = Range(
    name="a",
    label="a",
    default=0.5,
    low=-6,
    high=6,
    step=0.02,
    role="selection",
    active_when=("critic", "you"),
)
B = Range(
    name="b", label="b", default=0, low=0, high=3, step=0.02, role="selection", active_when=("critic", "you")
)
CASE = Choice(
    name="case",
    label="Trained on",
    default="one",
    options={
        "one": "one pair",
        "ten": "ten pairs",
        "ten-strong": "ten strong pairs",
        "few": "200 unrelated points",
    },
    active_when=("critic", "trained"),
)
CRITIC_STEP = IterationSlider(
    name="critic_step",
    label="training",
    default=LAST,
    high=LAST,
    play_label="Train",
    max_rate=12,
    seconds=6,
    role="selection",
    format=lambda index: f"{EVERY * round(index):,} steps",
    active_when=("critic", "trained"),
)


@figure(
    parameters=(CRITIC, RHO, A, B, CASE, CRITIC_STEP),
    title="Be the critic",
    controls=("critic", "rho", "a", "b", "case", "critic_step"),
    collapsed=("a", "b"),
    decimals=2,
    presets={
        "critic-start": "critic=you&rho=.8&a=.5&b=0",
        "critic-best": "critic=you&rho=.8&a=2.22&b=.88",
        "critic-greedy": "critic=you&rho=.8&a=1&b=0",
        "critic-trained": f"critic=trained&case=one&critic_step={LAST}",
        "critic-ten-strong": f"critic=trained&case=ten-strong&critic_step={LAST}",
        "critic-few": f"critic=trained&case=few&critic_step={LAST}",
    },
)
def mine_critic(critic, rho, a, b, case, critic_step):
    """The bound of the critic a x y - b (x^2 + y^2), or those of a trained one on old and new samples."""
    information = gaussian_information(rho)
    bound = critic_bound(rho, a, b)
    return {
        "critic": critic,
        "rho": rho,
        "a": a,
        "b": b,
        "information": information,
        "bound": bound if math.isfinite(bound) else None,
        "best": best_critic(rho),
        "plane": _plane_of_bounds(rho),
        "samples": _samples(rho),
        "case": case,
        "trained": bounds_in_training(case, critic_step) if critic == "trained" else None,
    }


A_CELLS, B_CELLS = 60, 30


@lru_cache(maxsize=32)
def _plane_of_bounds(rho: float) -> np.ndarray:
    """The bound over b (rows, the largest first) and a (columns), in bits; NaN where there is none."""
    a = np.linspace(A.low, A.high, A_CELLS + 1)
    a = (a[:-1] + a[1:]) / 2
    b = (np.arange(B_CELLS)[::-1, None] + 0.5) * B.high / B_CELLS
    spread = (1 + 2 * b) ** 2 - a**2
    return (a * rho - 2 * b + 0.5 * np.log(np.where(spread > 0, spread, np.nan))) / math.log(2)


@lru_cache(maxsize=32)
def _samples(rho: float) -> np.ndarray:
    x, noise = np.random.default_rng(1).standard_normal((2, 300))
    return np.stack([x, rho * x + math.sqrt(1 - rho**2) * noise])


@mine_critic.is_cached
def is_cached(state):
    return state["critic"] == "you" or CRITICS.is_cached(state["critic_step"], **settings(state["case"]))


@mine_critic.advance
def advance(state):
    if state["critic"] == "trained":
        CRITICS.advance(state["critic_step"], **settings(state["case"]))


@mine_critic.draw
def picture(data):
    if data["trained"] is not None:
        return training_picture(data["trained"])
    top = max(data["information"] * 1.15, 0.3)
    bars = meters(
        (
            Meter("what there is", data["information"], "ink"),
            Meter("what your critic certifies", data["bound"] or 0.0, "series-1")
            if data["bound"] is not None
            else Meter("your critic certifies nothing at all", 0.0, "series-1"),
        ),
        top,
    )
    right = HConcat((bars, _scores(data)), (1, 1), stack_below=math.inf)
    return HConcat((_choices(data), right), (1.1, 1), gap=30)


def _choices(data) -> Plot:
    """The plane of critics, shaded by their bounds, with the reader's as the handle."""
    shade = np.clip(data["plane"] / max(data["information"], 0.05), 0, 1) ** 1.5 * 0.9
    a, b = data["a"], data["b"]
    best_a, best_b = data["best"]
    bound = data["bound"]
    handle = DragHandle(
        a,
        b,
        "Your critic",
        state={"a": (a, A), "b": (b, B)},
        keys=("a", "b"),
        text=f"a {a:.2f}, b {b:.2f}, " + ("no bound" if bound is None else f"{bound:.2f} bits"),
        marks=(Dot(a, b, "selection", 8, rim="rim"),),
    )
    edge = np.array([0.0, 2.5, 3.0])
    shown = abs(best_a) < A.high and best_b < B.high
    return Plot(
        (
            Raster(A.low, 0, A.high, B.high, shade, "series-1"),
            Line(1 + 2 * edge[:2], edge[:2], "series-2", 1.6),
            Line(-1 - 2 * edge[:2], edge[:2], "series-2", 1.6),
            Label(5.9, 0.16, "no bound here", "series-2-text", "end", size=12),
            Dot(best_a, best_b, "paper", 5, rim="ink") if shown else None,
            Label(best_a, best_b, "best", "ink", "middle", dy=-10, size=12, bold=True, halo=True)
            if shown
            else None,
            handle,
        ),
        Axis("a: how much you like x and y to agree", (A.low, A.high), ticks=(-4, 0, 4)),
        Axis("b: how much you dislike large numbers", (0, B.high), ticks=(0, 1, 2, 3)),
        ratio=0.85,
        heights=(240, 300),
        margins=(34, 12, 44, 26),
        grab=True,
    )


def _scores(data) -> Plot:
    """The critic over the plane of pairs, blue where it says "together", with pairs that are."""
    at = np.linspace(-3, 3, 31)
    at = (at[:-1] + at[1:]) / 2
    x, y = at[None, :], at[::-1, None]
    score = data["a"] * x * y - data["b"] * (x**2 + y**2)
    samples = data["samples"]
    inside = (abs(samples) < 3).all(0)
    return Plot(
        (
            Raster(-3, -3, 3, 3, np.clip(score / 6, -1, 1) * 0.75, "series-1", "series-2"),
            Dots(samples[0][inside], samples[1][inside], ("ink",), radius=1.6),
            Label(-3, 3, "blue: \u201ctogether\u201d, orange: \u201cnot\u201d", "muted", dy=-8, size=12),
        ),
        Axis(domain=(-3, 3), hidden=True),
        Axis(domain=(-3, 3), hidden=True),
        ratio=0.66,
        heights=(180, 200),
        margins=(24, 4, 6, 4),
    )


@mine_critic.invert_point
def grab_critic(state, x, y):
    return {"a": A.snap(x), "b": B.snap(y)}


@mine_critic.values
def values(data):
    run = data["trained"]
    if run is not None:
        return {
            "bound": float(run["fresh"][-1]),
            "information": run["information"],
            "seen": float(run["seen"][-1]),
        }
    return {"bound": data["bound"], "information": data["information"], "seen": data["bound"]}


@mine_critic.describe
def describe(data):
    run = data["trained"]
    if run is not None:
        return (
            f"A trained critic certifies {run['fresh'][-1]:,.2f} bits on new samples and "
            f"{run['seen'][-1]:,.2f} on its own; there are {run['information']:.2f}."
        )
    if data["bound"] is None:
        return "This critic likes some unrelated pairs without limit, so it certifies nothing."
    return f"Your critic certifies {data['bound']:.2f} of {data['information']:.2f} bits."


@mine_critic.value_text
def value_text(data):
    return {} if data["bound"] is None else {"rho": f"{data['rho']:.2f}, {data['information']:.2f} bits"}


@mine_critic.table
def table(data):
    run = data["trained"]
    if run is not None:
        return {name: run[name] for name in ("step", "seen", "fresh", "error")}
    return {
        "a": [data["a"]],
        "b": [data["b"]],
        "bound": [data["bound"]],
        "information": [data["information"]],
    }
