"""Shared by the figures on modular addition: parameters, and the run that they show.

The slow runs are stored; the reader's own is trained in the figure grok-live, and the others can follow it.
"""

from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

from infodecomp.errors import CheckpointError
from infodecomp.experiments.grokking.modular import (
    LIVE,
    LIVE_FRAMES,
    MOD67,
    MOD_LIVE,
    N_FRAMES,
    N_MOMENTS,
    PER_MOMENT,
    SLOW,
    SLOW_MOMENTS,
    SLOW_SEEDS,
)
from infodecomp.experiments.grokking.modular_measures import MEASURED_SEEDS
from infodecomp.explorable import Choice, IterationSlider, Range
from infodecomp.explorable.core.errors import Missing
from infodecomp.modular.network import Split, all_pairs, split_pairs
from infodecomp.modular.training import ModularSnapshot

KNOWN = 0.995  # test accuracy from which a network is said to know the sum
LEARNED = 0.999  # training accuracy from which it is said to know its pairs by heart
MEMORISED = 14  # a moment after the pairs are known by heart and before the sum is


def slow_step(moment: float) -> str:
    """The step of the optimiser at a moment of a slow run, in words."""
    return f"step {SLOW_MOMENTS[int(moment)]:,}"


def live_step(frame: float) -> str:
    """The step of the optimiser at a moment of the reader's run, in words."""
    return f"step {LIVE_FRAMES[int(frame)]:,}"


RUN = Choice(
    name="mod_run",
    label="Whose network",
    default="slow",
    options={"slow": "the slow run", "yours": "the one that you trained"},
)
SEED = Range(
    name="mod_seed",
    label="seed of the slow run",
    default=5,
    low=0,
    high=SLOW_SEEDS[-1],
    step=1,
    active_when=("mod_run", "slow"),
)
MEASURED_SEED = Choice(
    name="grok_seed",
    label="Seed of the slow run",
    default=str(MEASURED_SEEDS[0]),
    options={str(seed): str(seed) for seed in MEASURED_SEEDS},
)
STEP = IterationSlider(
    name="mod_step",
    label="moment of training",
    default=MEMORISED,
    high=N_MOMENTS,
    play_label="Play",
    max_rate=8,
    format=slow_step,
    role="selection",
    active_when=("mod_run", "slow"),
)
LATE_STEP = replace(STEP, name="bot_step", default=N_MOMENTS)
MODULUS = Range(name="live_modulus", label="numbers", default=LIVE.modulus, low=5, high=113, step=2)
LIVE_SEED = Range(name="live_seed", label="seed of the training", default=LIVE.seed, low=0, high=99, step=1)
METHOD = Choice(
    name="live_method",
    label="Each step",
    default="project",
    options={"project": "projects the gradient", "decay": "decays the weights", "neither": "does neither"},
)
PROJECT_DECAY = Range(
    name="live_project_decay",
    label="weight decay",
    default=LIVE.weight_decay,
    low=0,
    high=0.2,
    step=0.01,
    active_when=("live_method", "project"),
)
DECAY = Range(
    name="live_decay",
    label="weight decay",
    default=1.5,
    low=0,
    high=4,
    step=0.1,
    active_when=("live_method", "decay"),
)
SHARE = Range(
    name="live_share", label="share of pairs shown", default=LIVE.share, low=0.2, high=0.8, step=0.05
)
LIVE_END = Choice(
    name="live_end",
    label="Once everything is right",
    default="stop",
    options={"stop": "stop", "go-on": "go on"},
)
LAST_FRAME = len(LIVE_FRAMES) - 1
LIVE_STEP = IterationSlider(
    name="live_step",
    label="train until",
    default=0,
    high=LAST_FRAME,
    resets_on=(
        "live_modulus",
        "live_seed",
        "live_method",
        "live_project_decay",
        "live_decay",
        "live_share",
        "live_end",
    ),
    play_label="Train",
    seconds=4,
    max_rate=25,
    format=live_step,
    role="selection",
)
LIVE_SETTINGS = (MODULUS, LIVE_SEED, METHOD, PROJECT_DECAY, DECAY, SHARE, LIVE_END, LIVE_STEP)
TOP = (RUN, SEED, STEP, *LIVE_SETTINGS)
BOTTOM = (RUN, SEED, LATE_STEP, *LIVE_SETTINGS)


class Shown(NamedTuple):
    """The run that a figure shows, as far as its slider goes.

    Attributes
    ----------
    snapshots
        Up to the moment that is shown, the last one.
    final
        The last snapshot of the run, or of the reader's run as far as it has come.
    split
        Which pairs it was trained on.
    steps
        The steps of all moments of the slider.
    slow
        Whether it is a stored slow run.
    """

    snapshots: list[ModularSnapshot]
    final: ModularSnapshot
    split: Split
    steps: list[int]
    slow: bool = True

    @property
    def now(self) -> ModularSnapshot:
        return self.snapshots[-1]

    @property
    def whose(self) -> str:
        """How a sentence begins that speaks of its network."""
        return "The slow run: " if self.slow else "The network that you trained: "


def live_config(state: dict) -> dict:
    """The settings of the reader's run that differ from the default ones of the experiment."""
    method = state["live_method"]
    decay = {"project": state["live_project_decay"], "decay": state["live_decay"], "neither": 0.0}[method]
    return {
        "modulus": state["live_modulus"],
        "seed": state["live_seed"],
        "method": method,
        "weight_decay": decay,
        "share": state["live_share"],
        "extra_steps": LIVE.extra_steps if state["live_end"] == "stop" else LIVE.steps,
    }


def shown_run(state: dict, step: str = "mod_step") -> Shown:
    """The run of a state.

    Parameters
    ----------
    state
        The parameters of a figure by name.
    step
        Which of them counts the moments of the slow run.

    Raises
    ------
    Missing
        If the stored runs are damaged or missing.
    """
    try:
        if state["mod_run"] == "slow":
            return _slow(state["mod_seed"], state[step])
        return live_run(state)
    except CheckpointError as error:
        raise Missing(str(error)) from error


def _slow(seed: int, moment: int) -> Shown:
    whole = slow_run(seed)
    split = split_of(SLOW.modulus, SLOW.share, seed)
    return Shown(whole[: PER_MOMENT * moment + 1], whole[-1], split, SLOW_MOMENTS)


def slow_run(seed: int) -> list[ModularSnapshot]:
    """All snapshots of a slow run. Raises CheckpointError."""
    return MOD67.until(N_FRAMES, seed=seed)


def live_run(state: dict) -> Shown:
    """The reader's run up to its moment; computed if it was not before."""
    config, frame = live_config(state), state["live_step"]
    snapshots = MOD_LIVE.until(frame, **config)
    split = split_of(config["modulus"], config["share"], config["seed"])
    return Shown(snapshots, snapshots[-1], split, LIVE_FRAMES, False)


@lru_cache(maxsize=16)
def split_of(modulus: int, share: float, seed: int) -> Split:
    """Which pairs a run is trained on."""
    return split_pairs(modulus, share, seed)


def run_is_cached(state: dict) -> bool:
    """Whether a state needs no training."""
    if state.get("mod_run") == "slow":
        return True
    return MOD_LIVE.is_cached(state["live_step"], **live_config(state))


def advance_run(state: dict) -> None:
    """Train the reader's run up to the moment of a state."""
    if state.get("mod_run") != "slow":
        MOD_LIVE.advance(state["live_step"], **live_config(state))


def first_step(snapshots: list[ModularSnapshot], curve: str, level: float) -> int | None:
    """The first measured step at which a curve has reached a level; None if it has not."""
    return next((one.step for one in snapshots if getattr(one, curve) >= level), None)


def last_step(snapshots: list[ModularSnapshot], curve: str, level: float) -> int | None:
    """The last measured step at which a curve was at a level that it has lost; None if it has not lost it."""
    if getattr(snapshots[-1], curve) >= level:
        return None
    return next((one.step for one in reversed(snapshots) if getattr(one, curve) >= level), None)


def is_held_back(modulus: int, a: int, b: int, split: Split) -> bool:
    """Whether a run was never shown the sum of two numbers."""
    low, high = sorted((a, b))
    pairs = all_pairs(modulus)
    return bool(((pairs.a == low) & (pairs.b == high))[split.test].any())
