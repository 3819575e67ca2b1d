"""The network taken apart, at the end of its training: accuracy, waves, spectrum, and phases on circles."""

import numpy as np

from infodecomp.explorable import Axis, Dot, HConcat, Label, Line, Plot, Raster, figure
from infodecomp.modular.spectrum import strongest_waves

from .curves import curve_data, curves_picture, nearest_moment
from .neurons import MAX_PANELS, final_groups, purity_words, wave_picture, weight_data, weight_table
from .runs import BOTTOM, LATE_STEP, LIVE_STEP, advance_run, run_is_cached, shown_run


@figure(
    parameters=BOTTOM,
    title="Where in its training the network below stands",
    controls=("bot_step", "mod_run", "mod_seed"),
    presets={
        "bot-end": "bot_step=36",
        "bot-memorised": "bot_step=14",
        "bot-switches": "bot_step=21",
        "bot-start": "bot_step=0",
    },
    decimals=1,
)
def mod_bot_accuracy(**state):
    """Accuracy up to a moment."""
    return curve_data(shown_run(state, "bot_step"), False) | {"mine": state["mod_run"] == "yours"}


@mod_bot_accuracy.draw
def accuracy_picture(data):
    handle = LIVE_STEP if data["mine"] else LATE_STEP
    return curves_picture(data, handle, "Moment of training", with_loss=False)


@mod_bot_accuracy.invert_point
def accuracy_point(state, x, y):
    run = shown_run(state, "bot_step")
    name = "live_step" if state["mod_run"] == "yours" else "bot_step"
    last = state[name] if name == "live_step" else len(run.steps) - 1
    return {name: nearest_moment(run.steps, x, False, last)}


@mod_bot_accuracy.values
def accuracy_values(data):
    curves = data["curves"]
    return {"step": int(curves["step"][-1]), "test_accuracy": 100 * float(curves["test_accuracy"][-1])}


@mod_bot_accuracy.describe
def accuracy_description(data):
    values = accuracy_values(data)
    return f"Step {values['step']:,}: {values['test_accuracy']:.0f}% of the held-back pairs are right."


@mod_bot_accuracy.table
def accuracy_table(data):
    return {name: column for name, column in data["curves"].items() if name != "at"}


@figure(parameters=BOTTOM, title="The waves, in and out")
def mod_bot_waves(**state):
    """The weights of each neuron, in and out, by final frequency."""
    return weight_data(shown_run(state, "bot_step"))


@mod_bot_waves.draw
def waves(data):
    return wave_picture(data, ("inputs", "outputs"))


@mod_bot_waves.describe
def wave_description(data):
    return (
        f"{data['whose']}weights in and out after {data['step']:,} steps, numbers in their order on the "
        f"circle of that frequency; {purity_words(data)}."
    )


@figure(
    parameters=BOTTOM,
    title="The spectrum of every neuron",
    source="Each row is a neuron; the stronger a cell's colour, the more of it is a wave of that frequency.",
    presets={"dft-start": "bot_step=0", "dft-end": "bot_step=36"},
)
def mod_bot_dft(**state):
    """The share of each neuron's power at each frequency."""
    data = weight_data(shown_run(state, "bot_step"))
    shares = {
        side: power / power.sum(0, keepdims=True).clip(1e-30) for side, power in data["spectra"].items()
    }
    return data | {"shares": shares}


@mod_bot_dft.draw
def spectrum_picture(data):
    return HConcat(
        (
            _spectrum(data, "inputs", "series-1", "weights in"),
            _spectrum(data, "outputs", "series-2", "weights out"),
        ),
        (1, 1),
        gap=18,
    )


def _spectrum(data, side, role, words) -> Plot:
    share = np.sqrt(data["shares"][side][:, data["order"]].T)  # as amplitudes, so that weak ones are seen
    rows, columns = share.shape
    named = [group.frequency for group in data["groups"] if group.frequency]
    marks = [
        Raster(0.5, 0, columns + 0.5, rows, share, role),
        Label(0.5, rows, words, "muted", dy=-7, size=12),
    ]
    top = rows
    for group in data["groups"][:-1]:
        top -= len(group.neurons)
        marks.append(Line((0.5, columns + 0.5), (top, top), "noise", 0.8))
    return Plot(
        tuple(marks),
        Axis("frequency", (0.5, columns + 0.5), ticks=_apart(named, columns / 14)),
        Axis(domain=(0, rows), hidden=True),
        ratio=0.8,
        heights=(210, 290),
        margins=(26, 8, 44, 8),
    )


def _apart(values: list[int], gap: float) -> tuple[int, ...]:
    """The values without those that follow another too closely, so that their labels do not meet."""
    chosen: list[int] = []
    for value in values:
        if not chosen or value - chosen[-1] >= gap:
            chosen.append(value)
    return tuple(chosen)


@mod_bot_dft.describe
def spectrum_description(data):
    return f"{data['whose']}spectra of the weights after {data['step']:,} steps; {purity_words(data)}."


@mod_bot_dft.table
def spectrum_table(data):
    share_in, share_out = data["shares"]["inputs"], data["shares"]["outputs"]
    rows = [(neuron, f) for neuron in data["order"] for f in range(len(share_in))]
    return {
        "neuron": [neuron for neuron, _ in rows],
        "frequency": [f + 1 for _, f in rows],
        "share_in": [float(share_in[f, neuron]) for neuron, f in rows],
        "share_out": [float(share_out[f, neuron]) for neuron, f in rows],
    }


def _phases(state) -> dict:
    """Amplitude and angle of each neuron's wave, in and out, at its final frequency."""
    run = shown_run(state, "bot_step")
    waves_now = strongest_waves(run.now.network)
    groups = [group for group in final_groups(run.final.network) if group.frequency]
    angle_in, angle_out = -waves_now.phase.numpy(), -waves_now.out_phase.numpy()
    members = np.array([neuron for group in groups for neuron in group.neurons], int)
    off = np.degrees(np.abs(np.angle(np.exp(1j * (angle_out - 2 * angle_in)))))[members]
    return {
        "step": run.now.step,
        "whose": run.whose,
        "groups": groups[:MAX_PANELS],
        "in": (waves_now.amplitude.numpy(), angle_in),
        "out": (waves_now.out_amplitude.numpy(), angle_out),
        "doubling_error": float(np.median(off)) if len(off) else float("nan"),
        "off": off,
        "members": members,
    }


@figure(parameters=BOTTOM, title="Where each neuron points, going in")
def mod_bot_freqs_hidden(**state):
    """The angle at which each neuron's input wave peaks, on the circle of its frequency."""
    return _phases(state)


@figure(
    parameters=BOTTOM,
    title="Where each neuron points, going in and going out",
    source=(
        "Blue: where the wave going in peaks. Orange: where the wave going out peaks. Dotted: twice the "
        "angle of the same neuron going in."
    ),
    controls=("bot_step",),
    decimals=1,
)
def mod_bot_freqs_out(**state):
    """The angle at which each neuron's output wave peaks, beside twice that of its input wave."""
    return _phases(state)


@mod_bot_freqs_hidden.draw
def hidden_picture(data):
    return _stars(data, "in", "series-1")


@mod_bot_freqs_out.draw
def out_picture(data):
    both = _stars(data, "in", "series-1"), _stars(data, "out", "series-2")
    return HConcat(both, (1, 1), stack_below=float("inf"))


def _stars(data, side, role) -> HConcat:
    """A star for each frequency: two or three in a row where it is narrow, twice as many where it is wide."""
    panels = [_star(data, group, side, role) for group in data["groups"]]
    half = 2 if len(panels) != 3 else 3
    blank = Plot((), ratio=1, heights=(60, 240), margins=(24, 14, 4, 14))
    panels += [blank] * (-len(panels) % half)
    rows = [
        HConcat(tuple(panels[i : i + half]), (1,) * half, gap=10, stack_below=0)
        for i in range(0, len(panels), half)
    ]
    if len(rows) == 1:
        return rows[0]
    nothing = Plot((), ratio=0, heights=(1, 1), margins=(0, 0, 0, 0), least_plane=0)
    beside = [*rows, nothing] if len(rows) % 2 else rows
    pairs = [HConcat(tuple(beside[i : i + 2]), (1, 1), 10, 480) for i in range(0, len(beside), 2)]
    return pairs[0] if len(pairs) == 1 else HConcat(tuple(pairs), (1,) * len(pairs), stack_below=float("inf"))


def _star(data, group, side, role) -> Plot:
    amplitude, angle = data[side]
    length = amplitude[group.neurons] / max(amplitude[group.neurons].max(), 1e-9)
    turn = np.linspace(0, 2 * np.pi, 61)
    marks = [Line(np.cos(turn), np.sin(turn), "faint", 1.2)]
    words = f"frequency {group.frequency}, {side}"
    marks.append(Label(0, 1.12, words, "ink", "middle", dy=-6, size=12, bold=True))
    for at, neuron in zip(length, group.neurons):
        if side == "out":
            twice = 2 * data["in"][1][neuron]
            marks.append(Line((0, np.cos(twice)), (0, np.sin(twice)), "muted", 1.4, dash="1 4"))
        x, y = at * np.cos(angle[neuron]), at * np.sin(angle[neuron])
        marks += [Line((0, x), (0, y), role, 2), Dot(x, y, role, 3.6)]
    return Plot(
        tuple(marks),
        Axis(domain=(-1.12, 1.12), hidden=True),
        Axis(domain=(-1.12, 1.12), hidden=True),
        ratio=1,
        heights=(60, 240),
        margins=(24, 14, 4, 14),
        equal=True,
    )


@mod_bot_freqs_hidden.describe
def hidden_description(data):
    sizes = ", ".join(f"{len(group.neurons)} at frequency {group.frequency}" for group in data["groups"])
    return (
        f"{data['whose']}after {data['step']:,} steps each neuron points its own way around the circle, "
        f"{sizes}."
    )


@mod_bot_freqs_out.describe
def out_description(data):
    return (
        f"{data['whose']}after {data['step']:,} steps half the neurons point, going out, within "
        f"{data['doubling_error']:.1f} degrees of twice their angle going in."
    )


@mod_bot_freqs_out.values
def out_values(data):
    return {"doubling_error": data["doubling_error"], "largest_error": float(data["off"].max(initial=0))}


@mod_bot_freqs_hidden.values
def hidden_values(data):
    return {"n_frequencies": len(data["groups"])}


def _star_table(data):
    frequency = {neuron: group.frequency for group in data["groups"] for neuron in group.neurons}
    neurons = list(frequency)
    return {
        "neuron": neurons,
        "frequency": [frequency[neuron] for neuron in neurons],
        "angle_in": [float(np.degrees(data["in"][1][neuron]) % 360) for neuron in neurons],
        "angle_out": [float(np.degrees(data["out"][1][neuron]) % 360) for neuron in neurons],
        "amplitude_in": [float(data["in"][0][neuron]) for neuron in neurons],
        "amplitude_out": [float(data["out"][0][neuron]) for neuron in neurons],
    }


for shown in (mod_bot_accuracy, mod_bot_waves, mod_bot_dft, mod_bot_freqs_hidden, mod_bot_freqs_out):
    shown.is_cached(run_is_cached)
    shown.advance(advance_run)
for shown in (mod_bot_freqs_hidden, mod_bot_freqs_out):
    shown.table(_star_table)
mod_bot_waves.table(weight_table)
