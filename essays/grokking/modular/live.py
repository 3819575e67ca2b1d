"""Training on modular addition in front of the reader, with settings to choose."""

import numpy as np

from infodecomp.errors import CheckpointError
from infodecomp.experiments.grokking.modular_survey import MOD_SURVEY, MODULI, N_SEEDS, SHARES
from infodecomp.explorable import Axis, HConcat, Label, Plot, Rect, figure
from infodecomp.modular.spectrum import power_spectrum

from .curves import curve_data, curves_picture, nearest_moment
from .runs import (
    KNOWN,
    LAST_FRAME,
    LEARNED,
    LIVE_SEED,
    LIVE_SETTINGS,
    LIVE_STEP,
    MODULUS,
    PROJECT_DECAY,
    SHARE,
    advance_run,
    first_step,
    last_step,
    live_run,
    run_is_cached,
)

TRAINED = f"live_step={LAST_FRAME}"
SHOWN, FIRST = f"live_share={SHARE.default}", f"live_seed={LIVE_SEED.default}"
USUAL = f"live_modulus={MODULUS.default}&{SHOWN}&{FIRST}&live_end=stop"


@figure(
    parameters=LIVE_SETTINGS,
    title="Train one yourself",
    controls=(
        "live_step",
        "live_method",
        "live_project_decay",
        "live_decay",
        "live_seed",
        "live_share",
        "live_modulus",
        "live_end",
    ),
    presets={
        "live-first": f"live_method=project&{USUAL}&{TRAINED}",
        "live-soon": f"live_method=project&{USUAL}&{TRAINED}",
        "live-late": f"live_method=decay&{USUAL}&{TRAINED}",
        "live-never": f"live_method=neither&{USUAL}&{TRAINED}",
        "live-fewer": f"live_method=project&{USUAL.replace(SHOWN, 'live_share=.2')}&{TRAINED}",
        "live-many": f"live_method=project&{USUAL.replace(SHOWN, 'live_share=.8')}&{TRAINED}",
        "live-stuck": f"live_method=project&{USUAL.replace(FIRST, 'live_seed=11')}&{TRAINED}",
        "live-on": f"live_method=project&{USUAL.replace('stop', 'go-on')}&{TRAINED}",
        "live-small": f"live_method=project&live_modulus=31&live_share=.6&live_end=stop&{TRAINED}",
    },
    decimals=0,
)
def grok_live(**state):
    """A run with the reader's settings up to a moment, and the spectrum of its weights."""
    run = live_run(state)
    power = power_spectrum(run.now.network.inputs).sum(1).numpy()
    return curve_data(run, False) | {
        "memorised": first_step(run.snapshots, "accuracy", LEARNED),
        "known": first_step(run.snapshots, "test_accuracy", KNOWN),
        "pairs_lost": last_step(run.snapshots, "accuracy", LEARNED),
        "sum_lost": last_step(run.snapshots, "test_accuracy", KNOWN),
        "power": power / max(power.sum(), 1e-30),
        "modulus": run.now.network.modulus,
        "method": state["live_method"],
        "ended": run.now.step < run.steps[state["live_step"]],  # with every held-back pair right
        "tried": tried(state),
    }


def tried(state) -> dict | None:
    """How many of twelve runs came to know the sum, with the tried settings that are nearest to the reader's.

    None for another update or weight decay, of which no runs were counted, and for the modulus of the text,
    where it would give the reader's bet away.
    """
    settings = state["live_method"], state["live_project_decay"]
    if settings != ("project", PROJECT_DECAY.default) or state["live_modulus"] == MODULUS.default:
        return None
    modulus, share = (
        min(options, key=lambda one: abs(one - state[name]))
        for options, name in ((MODULI, "live_modulus"), (SHARES, "live_share"))
    )
    try:
        return {"modulus": modulus, "share": share, "known": MOD_SURVEY.at(0).n_known(modulus, share)}
    except CheckpointError:
        return None


grok_live.is_cached(run_is_cached)
grok_live.advance(advance_run)


@grok_live.draw
def live_picture(data):
    begun = len(data["curves"]["step"]) > 1
    hint = Label(data["last"] / 2, 0.5, "not trained yet: press Train", "muted", "middle", halo=True)
    curves = curves_picture(
        data, LIVE_STEP, "Moment of your training", with_loss=False, extra=() if begun else (hint,)
    )
    return HConcat((curves, _spectrum(data)), (1.5, 1), gap=22)


def _spectrum(data) -> Plot:
    power, n = data["power"], len(data["power"])
    top = max(float(power.max()), 0.25) * 1.15
    marks = [
        Rect(f - 0.4, 0, f + 0.4, float(p), "series-1") for f, p in enumerate(power.tolist(), 1) if p > 0.003
    ]
    strong = sorted(np.argsort(-power)[:6].tolist())
    marks += [
        Label(f + 1, float(power[f]), str(f + 1), "ink", "middle", dy=-4, size=12, bold=True, halo=True)
        for f in strong
        if power[f] > 0.08
    ]
    return Plot(
        tuple(marks),
        Axis("frequency", (0, n + 1), ticks=(1, n)),
        Axis("share of the weights", (0, top), count=3, grid=True),
        heights=(230, 300),
        ratio=0.9,
        margins=(34, 8, 46, 38),
    )


@grok_live.invert_point
def live_point(state, x, y):
    run = live_run(state)
    return {"live_step": nearest_moment(run.steps, x, False, state["live_step"])}


@grok_live.values
def live_values(data):
    curves = data["curves"]
    plateau = data["known"] / data["memorised"] if data["known"] and data["memorised"] else None
    return {
        "step": int(curves["step"][-1]),
        "test_accuracy": 100 * float(curves["test_accuracy"][-1]),
        "memorised": data["memorised"],
        "known": data["known"],
        "known_until": data["sum_lost"],
        "plateau": plateau,
        "n_training": data["n_training"],
        "runs_that_know": data["tried"] and data["tried"]["known"],
    }


@grok_live.describe
def live_description(data):
    values = live_values(data)
    words = [
        f"Training ended at step {values['step']:,}, with all held-back pairs right."
        if data["ended"]
        else f"Step {values['step']:,}: {values['test_accuracy']:.0f}% of the held-back pairs are right."
    ]
    if data["tried"] and not values["step"]:
        modulus, share, known = (data["tried"][name] for name in ("modulus", "share", "known"))
        count = {0: "none", N_SEEDS: "all"}.get(known, str(known))
        words.append(
            f"Of twelve runs with {modulus} numbers and {100 * share:.0f}% of the pairs, "
            f"{count} learnt to add."
        )
    if values["memorised"] is not None:
        pairs = f"its {values['n_training']:,} pairs by heart"
        words.append(f"It {_history(pairs, values['memorised'], data['pairs_lost'], 'forgot some')}")
        known = ", but has never known the sum."
        if values["known"]:
            known = f", and {_history('the sum', values['known'], data['sum_lost'], 'lost it')}."
        words[-1] += known
    return " ".join(words)


def _history(what: str, since: int, until: int | None, loss: str) -> str:
    """Since when something has been known or, if that is over, from when until when it was."""
    if until is None:
        return f"has known {what} since step {since:,}"
    return f"knew {what} from step {since:,} to {until:,}, then {loss}"


@grok_live.value_text
def live_value_text(data):
    values = live_values(data)
    ended = "ended at " if data["ended"] else ""
    share = f"{values['test_accuracy']:.0f}% of held-back pairs right"
    return {"live_step": f"{ended}step {values['step']:,}; {share}"}


@grok_live.table
def live_table(data):
    steps = np.asarray(data["curves"]["step"])
    is_new = np.diff(steps, prepend=-1) > 0  # a run that ended early stays at its last step
    return {name: np.asarray(column)[is_new] for name, column in data["curves"].items() if name != "at"}
