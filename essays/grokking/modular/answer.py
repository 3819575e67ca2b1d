"""How the network answers one sum: what each frequency adds to every possible answer."""

import numpy as np

from infodecomp.experiments.grokking.modular import N_MOMENTS
from infodecomp.explorable import Axis, Dot, Dots, HConcat, Label, Line, Plot, Range, figure

from .neurons import final_groups
from .runs import BOTTOM, MEMORISED, MODULUS, advance_run, is_held_back, run_is_cached, shown_run

A = Range(name="bot_a", label="a", default=44, low=0, high=MODULUS.default - 1, step=1, role="selection")
B = Range(name="bot_b", label="b", default=53, low=0, high=MODULUS.default - 1, step=1, role="selection")


@figure(parameters=(A, B), title="Your sum", controls=("bot_a", "bot_b"))
def mod_bot_sliders(bot_a, bot_b):
    """Which two numbers the network adds."""
    return {"a": bot_a, "b": bot_b}


@mod_bot_sliders.values
def slider_values(data):
    return {"a": data["a"], "b": data["b"], "sum": (data["a"] + data["b"]) % MODULUS.default}


@figure(
    parameters=(*BOTTOM, A, B),
    title="What each frequency says about your sum",
    controls=("bot_step",),
    presets={
        "sum-zero": "bot_a=0&bot_b=0",
        "sum-first": f"bot_a={A.default}&bot_b={B.default}",
        "sum-wrong": f"bot_a={A.default}&bot_b={B.default}&bot_step={MEMORISED}",
        "sum-right": f"bot_a={A.default}&bot_b={B.default}&bot_step={N_MOMENTS}",
        "sum-silent": f"bot_a=30&bot_b=50&bot_step={N_MOMENTS}",
    },
    decimals=1,
)
def mod_bot_logits(bot_a, bot_b, **state):
    """The logits of all answers for one pair, and the part of each frequency."""
    run = shown_run(state, "bot_step")
    network = run.now.network
    modulus = network.modulus
    a, b = bot_a % modulus, bot_b % modulus
    active = (network.inputs[a] + network.inputs[b]).relu()
    added = active[:, None] * network.outputs  # (n_neurons, modulus)
    groups = final_groups(run.final.network)
    logits = added.sum(0)
    chance = logits.softmax(0)
    return {
        "a": a,
        "b": b,
        "modulus": modulus,
        "step": run.now.step,
        "whose": run.whose,
        "groups": groups,
        "parts": [added[group.neurons].sum(0).numpy() for group in groups],
        "logits": logits.numpy(),
        "answer": int(logits.argmax()),
        "sum": (a + b) % modulus,
        "probability": float(chance.max()),
        "held_back": is_held_back(modulus, a, b, run.split),
    }


mod_bot_logits.is_cached(run_is_cached)
mod_bot_logits.advance(advance_run)


SILENT = 0.12  # of the loudest frequency: weaker ones are not enlarged to the height of their strip


@mod_bot_logits.draw
def logit_picture(data):
    parts = [part - part.mean() for part in data["parts"]]
    loudest = max(float(np.ptp(part)) for part in parts)
    rows = [_row(data, part, SILENT * loudest, group.name) for part, group in zip(parts, data["groups"])]
    rows.append(_row(data, data["logits"] - data["logits"].mean(), 0, "all together", last=True))
    return HConcat(tuple(rows), (1,) * len(rows), stack_below=float("inf"))


def _row(data, values, least: float, words: str, last=False) -> Plot:
    """What a frequency adds to every answer, as high as its strip unless it says next to nothing."""
    x, right = np.arange(data["modulus"]), data["sum"]
    swing, peak = float(np.ptp(values)), int(values.argmax())
    shown = values * 2 / max(swing, least, 1e-6)
    shown = shown - (shown.max() + shown.min()) / 2
    tops = [] if last else _peaks(values)
    marks = [
        Line((right, right), (-1.1, 1.1), "target", 1.6, dash="2 3"),
        Line(x, shown, "ink" if last else "series-1", 2.4 if last else 1.8),
        Dots(x[tops], shown[tops], ("series-1",), radius=2.6),
        Label(0, 1, words, "ink", dy=-7, size=12, bold=True, halo=True),
        Label(x[-1], 1, f"swing {swing:.1f}", "muted", "end", dy=-7, size=12, halo=True),
    ]
    if last:
        dx = 10 if peak < 0.6 * x[-1] else -10
        anchor, words = "start" if dx > 0 else "end", f"answer {data['answer']}"
        marks += [
            Dot(peak, float(shown[peak]), "selection", 6, rim="rim"),
            Label(peak, float(shown[peak]), words, "selection-text", anchor, dx, 16, bold=True, halo=True),
        ]
    axis = (
        Axis("possible answers", (0, x[-1]), ticks=_ticks(data))
        if last
        else Axis(domain=(0, x[-1]), hidden=True)
    )
    height = 106 if last else 50
    return Plot(
        tuple(marks),
        axis,
        Axis(domain=(-1.1, 1.1), hidden=True),
        heights=(height, height),
        margins=(20, 8, 44 if last else 2, 8),
        least_plane=28,
    )


def _peaks(values: np.ndarray) -> list[int]:
    """The answers that get more than both of their neighbours, the last being a neighbour of the first."""
    higher = (values > np.roll(values, 1)) & (values >= np.roll(values, -1))
    return np.flatnonzero(higher & (values > values.mean())).tolist()


def _ticks(data) -> tuple[int, ...]:
    """The right answer, and both ends where they are not too near to it."""
    last = data["modulus"] - 1
    return tuple(sorted({data["sum"], *(end for end in (0, last) if abs(end - data["sum"]) > last / 12)}))


@mod_bot_logits.values
def logit_values(data):
    spread = [float(part.max() - part.min()) for part in data["parts"]]
    return {
        "a": data["a"],
        "b": data["b"],
        "sum": data["sum"],
        "answer": data["answer"],
        "percent": 100 * data["probability"],
        "largest_part": data["groups"][int(np.argmax(spread))].name,
        "ahead": _lead(data)[0],
        "second": _lead(data)[1],
        "seen": "held back" if data["held_back"] else "shown",
    }


@mod_bot_logits.describe
def logit_description(data):
    verdict = "right" if data["answer"] == data["sum"] else f"wrong, the sum is {data['sum']}"
    seen = "a pair it was never shown" if data["held_back"] else "a pair it was shown"
    ahead, second = _lead(data)
    question = f"{data['a']} + {data['b']} mod {data['modulus']}, {seen}"
    return (
        f"{data['whose']}{question}. After {data['step']:,} steps it answers {data['answer']}, "
        f"{ahead:.0f} units ahead of {second}, which is {verdict}."
    )


def _lead(data) -> tuple[float, int]:
    """By how much the answer is ahead, in nats, and of which other answer."""
    second, first = np.argsort(data["logits"])[-2:]
    return float(data["logits"][first] - data["logits"][second]), int(second)


@mod_bot_logits.value_text
def logit_value_text(data):
    words = f"{data['a']} plus {data['b']}; the network answers {data['answer']}"
    return {"bot_a": words, "bot_b": words}


@mod_bot_logits.table
def logit_table(data):
    parts = {group.name: part for group, part in zip(data["groups"], data["parts"])}
    return {"answer": np.arange(data["modulus"])} | parts | {"all": data["logits"]}
