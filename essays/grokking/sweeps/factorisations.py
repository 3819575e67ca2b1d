"""Which parameterisation of one and the same network finds the rule of modular addition."""

from functools import lru_cache

import numpy as np

from infodecomp.errors import CheckpointError
from infodecomp.experiments.grokking import FACTORISATIONS
from infodecomp.experiments.grokking.factorisations import DECAYS, KNOWS, NAMES, SEEDS, STEPS
from infodecomp.explorable import Axis, Choice, HConcat, Label, Line, Plot, Rect, StateLink, figure
from infodecomp.explorable.core.errors import Missing

LABELS = {
    "tied": "both, one embedding",
    "untied": "both, two embeddings",
    "input": "weights in only",
    "output": "weights out only",
    "direct": "neither",
}
SHORT = {
    "tied": "both, one",
    "untied": "both, two",
    "input": "weights in",
    "output": "weights out",
    "direct": "neither",
}
FACTOR = Choice(name="factor_what", label="Factored", default="tied", options=LABELS)
DECAY = Choice(
    name="factor_decay",
    label="weight decay",
    default="3",
    options={f"{decay:g}": f"{decay:g}" for decay in DECAYS},
)


@lru_cache(maxsize=1)
def _read() -> dict[str, dict[str, np.ndarray]]:
    """Accuracies of all runs, (n_decays, n_seeds, n_steps), by parameterisation."""
    shape = (len(SEEDS), len(DECAYS), len(STEPS))
    result = {}
    for name in NAMES:
        curves = FACTORISATIONS.last(parameterisation=name)
        parts = {"train": curves.train_accuracy, "test": curves.test_accuracy}
        result[name] = {key: part.numpy().reshape(shape).swapaxes(0, 1) for key, part in parts.items()}
    return result


def runs() -> dict[str, dict[str, np.ndarray]]:
    """All runs. Raises Missing if they cannot be read."""
    try:
        return _read()
    except CheckpointError as error:
        raise Missing(str(error)) from error


@figure(
    parameters=(FACTOR, DECAY),
    title="One network, written in five ways",
    controls=("factor_what", "factor_decay"),
    decimals=0,
)
def sweep_mod(factor_what, factor_decay):
    """Final test accuracy of every parameterisation and decay, and the training of one of them."""
    everything = runs()
    decay = [f"{value:g}" for value in DECAYS].index(factor_decay)
    chosen = everything[factor_what]
    return {
        "what": factor_what,
        "decay": decay,
        "final": {name: parts["test"][:, :, -1] for name, parts in everything.items()},
        "training": {"step": np.array(STEPS)}
        | {f"{side}_{seed}": chosen[side][decay][seed] for side in ("train", "test") for seed in SEEDS},
    }


@sweep_mod.draw
def sweep_mod_picture(data):
    return HConcat((_table(data), _training(data)), (1.25, 1), gap=26)


def _table(data) -> Plot:
    """A cell for each parameterisation and decay: three bars, one for each seed."""
    marks: list = []
    for row, name in enumerate(NAMES):
        y = len(NAMES) - 1 - row
        marks.append(
            Label(0, y + 0.5, SHORT[name], "ink", "end", dx=-8, dy=4, size=12.5, bold=name == data["what"])
        )
        for column, decay in enumerate(DECAYS):
            marks.append(_cell(data, name, column, y, f"{decay:g}"))
    for column, decay in enumerate(DECAYS):
        marks.append(
            Label(
                column + 0.5,
                len(NAMES),
                f"decay {decay:g}",
                "muted",
                "middle",
                dy=-6,
                size=12,
            )
        )
    return Plot(
        tuple(marks),
        Axis(domain=(0, len(DECAYS)), hidden=True),
        Axis(domain=(0, len(NAMES)), hidden=True),
        ratio=0.66,
        heights=(220, 270),
        margins=(30, 4, 8, 100),
    )


def _cell(data, name: str, column: int, y: float, decay: str) -> StateLink:
    final = data["final"][name][column]
    chosen = name == data["what"] and column == data["decay"]
    marks: list = [
        Rect(
            column,
            y,
            column + 1,
            y + 1,
            "wash",
            inset=2,
            radius=3,
            stroke="selection" if chosen else "",
            stroke_width=2.5,
        )
    ]
    for seed, accuracy in enumerate(final.tolist()):
        left = column + 0.16 + 0.25 * seed
        known = accuracy >= KNOWS
        marks.append(
            Rect(
                left,
                y + 0.12,
                left + 0.18,
                y + 0.12 + 0.76 * max(accuracy, 0.02),
                "series-1" if known else "series-2",
            )
        )
    words = f"{LABELS[name]}, decay {decay}: " + ", ".join(f"{100 * value:.0f}%" for value in final.tolist())
    return StateLink(f"factor_what={name}&factor_decay={decay}", words, tuple(marks), chosen)


def _training(data) -> Plot:
    training = data["training"]
    marks: list = []
    for seed in SEEDS:
        marks += [
            Line(training["step"], training[f"train_{seed}"], "series-1", 1.6, opacity=0.8),
            Line(training["step"], training[f"test_{seed}"], "series-2", 2, "7 4", 0.9),
        ]
    last = STEPS[-1]
    marks += [
        Label(last, 1.03, "held back", "series-2-text", "end", dy=-14, size=12.5, bold=True),
        Label(last, 1.03, "shown", "series-1-text", "end", dx=-76, dy=-14, size=12.5, bold=True),
    ]
    return Plot(
        tuple(marks),
        Axis("steps of training", (0, last), ticks=(0, 500, 1000, 1500)),
        Axis("share right", (0, 1.03), ticks=(0, 0.5, 1), grid=True),
        ratio=0.8,
        heights=(220, 270),
        margins=(34, 18, 46, 36),
    )


def sweep_mod_values(data):
    knows = {name: int((final >= KNOWS).sum()) for name, final in data["final"].items()}
    here = data["final"][data["what"]][data["decay"]]
    return knows | {
        "runs": len(DECAYS) * len(SEEDS),
        "all_runs": len(NAMES) * len(DECAYS) * len(SEEDS),
        "here": int((here >= KNOWS).sum()),
        "mean_here": 100 * float(here.mean()),
    }


sweep_mod.values(sweep_mod_values)


@sweep_mod.describe
def sweep_mod_description(data):
    numbers = sweep_mod_values(data)
    parts = "; ".join(f"{LABELS[name]}: {numbers[name]}" for name in NAMES)
    return (
        f"How many of {numbers['runs']} runs know the sum in the end, by what is factored. "
        f"{parts[0].upper() + parts[1:]}. Shown is "
        f"{LABELS[data['what']]} with decay {DECAYS[data['decay']]:g}."
    )


@sweep_mod.table
def sweep_mod_table(data):
    rows = [(name, decay, seed) for name in NAMES for decay in range(len(DECAYS)) for seed in SEEDS]
    return {
        "factored": [LABELS[name] for name, _, _ in rows],
        "decay": [DECAYS[decay] for _, decay, _ in rows],
        "seed": [seed for _, _, seed in rows],
        "final_test_accuracy": [float(data["final"][name][decay][seed]) for name, decay, seed in rows],
    }
