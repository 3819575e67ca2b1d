"""A trained critic: what it certifies on its own samples and on new ones while it trains."""

import dataclasses

import numpy as np

from infodecomp.deterministic.critics import EVERY, N_STEPS, gaussian_information
from infodecomp.experiments.deterministic import CRITIC_CASES, CRITICS
from infodecomp.explorable import Area, Axis, Dot, Label, Line, Plot

LAST = N_STEPS // EVERY  # the last snapshot; the first is number 0


def settings(case: str) -> dict:
    """The settings of the run of a case."""
    return dataclasses.asdict(CRITIC_CASES[case])


def bounds_in_training(case: str, step: int) -> dict:
    """The bounds of a critic at every snapshot up to one, and the largest on its own samples in the end."""
    run, config = CRITICS.until(step, **settings(case)), CRITIC_CASES[case]
    whole = CRITICS.until(LAST, **settings(case)) if CRITICS.is_stored(**settings(case)) else run
    return {
        "step": np.array([s.step for s in run]),
        "seen": np.array([s.seen.bits for s in run]),
        "fresh": np.array([s.fresh.bits for s in run]),
        "error": np.array([s.fresh.standard_error for s in run]),
        "most_seen": max(s.seen.bits for s in whole),
        "information": gaussian_information(config.rho, config.dimensions),
    }


def training_picture(run: dict) -> Plot:
    """Both bounds over the steps of the training, and what there is."""
    information, step = run["information"], run["step"]
    low = -max(information, 1.0) * 0.5
    high = min(max(information, run["most_seen"], 0.3) * 1.15, 3 * information + 1)
    seen, fresh = np.clip(run["seen"], low, high), np.clip(run["fresh"], low, high)
    fell, soared = bool(run["fresh"][-1] < low), bool(run["fresh"].max() > high)
    off = f"off the chart, at last {run['fresh'][-1]:,.0f} bits"
    band = 2 * np.nan_to_num(run["error"], posinf=0)
    right = N_STEPS - 10
    return Plot(
        (
            Line((0, N_STEPS), (information, information), "ink", 2, dash="6 4"),
            Label(
                right, information, f"what there is: {information:.2f} bits", "ink", "end", dy=-7, halo=True
            ),
            Area(step, np.clip(fresh - band, low, high), np.clip(fresh + band, low, high), "series-1", 0.2),
            Line(step, seen, "series-2", 2, dash="4 3"),
            Line(step, fresh, "series-1", 2.6),
            Dot(step[-1], seen[-1], "series-2", 4),
            Dot(step[-1], fresh[-1], "series-1", 5),
            Label(right, low, "solid: on new samples", "series-1-text", "end", dy=-26, bold=True, halo=True),
            Label(right, low, "dashed: on its own", "series-2-text", "end", dy=-8, bold=True, halo=True),
            Label(700, low, "far below zero", "series-1-text", "middle", dy=-8, halo=True) if fell else None,
            Label(20, high, off, "series-1-text", dy=14, bold=True, halo=True) if soared else None,
        ),
        Axis("steps of training", (0, N_STEPS), ticks=(0, 500, 1000, 1500)),
        Axis("bits that the critic certifies", (low, high), grid=True),
        ratio=0.5,
        heights=(260, 320),
        margins=(34, 24, 44, 40),
    )
