"""How the network answers one sum: what each frequency adds to every possible answer."""

import numpy as np

from infodecomp.explorable import Axis, Dot, HConcat, Label, Line, Plot, Range, figure

from .neurons import final_groups
from .runs import BOTTOM, MODULUS, advance_run, run_is_cached, shown_run

A = Range(name="bot_a", label="a", default=29, low=0, high=MODULUS.default - 1, step=1, role="selection")
B = Range(name="bot_b", label="b", default=60, low=0, high=MODULUS.default - 1, step=1, role="selection")


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
    presets={
        "sum-zero": "bot_a=0&bot_b=0",
        "sum-first": "bot_a=29&bot_b=60",
        "sum-silent": "bot_a=24&bot_b=58",
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
        "groups": groups,
        "parts": [added[group.neurons].sum(0).numpy() for group in groups],
        "logits": logits.numpy(),
        "answer": int(logits.argmax()),
        "sum": (a + b) % modulus,
        "probability": float(chance.max()),
    }


mod_bot_logits.is_cached(run_is_cached)
mod_bot_logits.advance(advance_run)


@mod_bot_logits.draw
def logit_picture(data):
    parts = [part - part.mean() for part in data["parts"]]
    total = data["logits"] - data["logits"].mean()
    top = max(float(np.abs(total).max()), 1e-6)
    rows = [_row(data, part, top, group.name) for part, group in zip(parts, data["groups"])]
    rows.append(_row(data, total, top, "all together", last=True))
    return HConcat(tuple(rows), (1,) * len(rows), stack_below=float("inf"))


def _row(data, values, top, words, last=False) -> Plot:
    x, right = np.arange(data["modulus"]), data["sum"]
    peak = int(values.argmax())
    marks = [
        Line((0, x[-1]), (0, 0), "faint", 1),
        Line((right, right), (-1, 1), "target", 1.6, dash="2 3"),
        Line(x, values / top, "ink" if last else "series-1", 2.4 if last else 1.8),
        Label(0, 1, words, "ink", dy=-4, size=12, bold=True, halo=True),
    ]
    if last:
        marks += [
            Dot(peak, values[peak] / top, "selection", 6, rim="rim"),
            Label(
                peak,
                values[peak] / top,
                f"answer {data['answer']}",
                "selection-text",
                "start" if peak < 0.6 * x[-1] else "end",
                dx=10 if peak < 0.6 * x[-1] else -10,
                dy=5,
                bold=True,
                halo=True,
            ),
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
        Axis(domain=(-1.05, 1.05), hidden=True),
        heights=(height, height),
        margins=(18, 8, 44 if last else 2, 8),
        least_plane=28,
    )


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
    }


@mod_bot_logits.describe
def logit_description(data):
    verdict = "right" if data["answer"] == data["sum"] else f"wrong, the sum is {data['sum']}"
    return (
        f"{data['a']} + {data['b']} mod {data['modulus']}: the network answers {data['answer']} with "
        f"{100 * data['probability']:.0f}% confidence, which is {verdict}."
    )


@mod_bot_logits.value_text
def logit_value_text(data):
    words = f"{data['a']} plus {data['b']}; the network answers {data['answer']}"
    return {"bot_a": words, "bot_b": words}


@mod_bot_logits.table
def logit_table(data):
    parts = {group.name: part for group, part in zip(data["groups"], data["parts"])}
    return {"answer": np.arange(data["modulus"])} | parts | {"all": data["logits"]}
