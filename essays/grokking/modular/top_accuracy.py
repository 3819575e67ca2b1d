"""Accuracy and loss of the network on the pairs it was shown and on those held back."""

from infodecomp.experiments.grokking.modular import SLOW
from infodecomp.explorable import Label, Line, Range, Toggle, figure

from .curves import axis_position, curve_data, curves_picture, nearest_moment
from .runs import (
    KNOWN,
    LAST_FRAME,
    LEARNED,
    LIVE_STEP,
    STEP,
    TOP,
    advance_run,
    first_step,
    run_is_cached,
    shown_run,
)

LOG = Toggle(name="mod_log", label="logarithmic steps")
NOT_PLACED = 100  # the left end of the slider, before anything is known
BET = Range(
    name="grok_bet",
    label="your bet: it knows the other sums at",
    default=NOT_PLACED,
    low=NOT_PLACED,
    high=SLOW.steps,
    step=100,
    format=lambda step: "not placed yet" if step == NOT_PLACED else f"step {step:,.0f}",
    role="ink",
)


@figure(
    parameters=(*TOP, LOG, BET),
    title="A network learns to add",
    controls=("grok_bet", "mod_step"),
    decimals=1,
    presets={
        "top-start": "mod_step=0",
        "top-memorised": f"mod_step={STEP.default}",
        "top-switches": "mod_step=21",
        "top-known": "mod_step=36",
        "top-log": "mod_log=1",
        "top-linear": "mod_log=0",
        "top-slow": "mod_run=slow",
        "top-yours": f"mod_run=yours&live_step={LAST_FRAME}",
    },
)
def mod_top_accuracy(mod_log, grok_bet, **state):
    """The curves of a run up to a moment."""
    run = shown_run(state)
    return curve_data(run, mod_log) | {
        "mine": state["mod_run"] == "yours",
        "bet": None if grok_bet == NOT_PLACED else grok_bet,
        "memorised": first_step(run.snapshots, "accuracy", LEARNED),
        "known": first_step(run.snapshots, "test_accuracy", KNOWN),
        "over": run.now.step == run.steps[-1],
    }


mod_top_accuracy.is_cached(run_is_cached)
mod_top_accuracy.advance(advance_run)


@mod_top_accuracy.draw
def top_picture(data):
    handle = LIVE_STEP if data["mine"] else STEP
    bet = () if data["mine"] or data["bet"] is None else tuple(_bet(data))
    return curves_picture(data, handle, "Moment of training", extra=bet)


def _bet(data):
    """The reader's bet."""
    x = float(axis_position(data["bet"], data["log"]))
    right = x < 0.6 * float(axis_position(data["last"], data["log"]))
    anchor, dx = ("start", 5) if right else ("end", -5)
    yield Line((x, x), (0, 0.62), "ink", 2, dash="7 3")
    yield Label(x, 0.62, "your bet", "ink", anchor, dx, 10, 12.5, bold=True, halo=True)


@mod_top_accuracy.invert_point
def top_point(state, x, y):
    run = shown_run(state)
    name = "live_step" if state["mod_run"] == "yours" else "mod_step"
    last = state[name] if name == "live_step" else len(run.steps) - 1
    return {name: nearest_moment(run.steps, x, state["mod_log"], last)}


@mod_top_accuracy.values
def top_values(data):
    curves = data["curves"]
    return {
        "step": int(curves["step"][-1]),
        "accuracy": 100 * float(curves["accuracy"][-1]),
        "test_accuracy": 100 * float(curves["test_accuracy"][-1]),
        "loss": float(curves["loss"][-1]),
        "test_loss": float(curves["test_loss"][-1]),
        "memorised": data["memorised"],
        "known": data["known"],
        "bet": data["bet"],
        "off": None if None in (data["known"], data["bet"]) else abs(data["known"] - data["bet"]),
        "n_training": data["n_training"],
        "n_test": data["n_test"],
    }


@mod_top_accuracy.describe
def top_description(data):
    values = top_values(data)
    return (
        f"After {values['step']:,} steps the network answers {values['accuracy']:.0f}% of the pairs that it "
        f"was shown and {values['test_accuracy']:.0f}% of those held back{_verdict(data)}."
    )


def _verdict(data) -> str:
    """How far off the bet was, once that is known."""
    if data["mine"] or data["bet"] is None:
        return ""
    if not data["known"]:
        return "; it never came to know them, and you lost your bet" if data["over"] else ""
    off = data["known"] - data["bet"]
    return (
        f"; your bet was {abs(off):,} steps too {'early' if off > 0 else 'late'}"
        if off
        else "; you won your bet"
    )


@mod_top_accuracy.value_text
def top_value_text(data):
    values = top_values(data)
    words = f"step {values['step']:,}; {values['test_accuracy']:.0f}% of the held-back pairs are right"
    return {"mod_step": words, "live_step": words}


@mod_top_accuracy.table
def top_table(data):
    return {name: column for name, column in data["curves"].items() if name != "at"}
