"""The weather of the three towns: a heatmap with draggable cells, sliders, and presets."""

import numpy as np

from infodecomp.explorable import (
    Axis,
    DragHandle,
    HConcat,
    Heatmap,
    Label,
    Line,
    Plot,
    Range,
    Rect,
    StateLink,
    figure,
    key_number,
)

from .storms import CHANCES, STORMS, TOWNS, nothing_to_learn, percent, random_chances, weather

WEATHER = ("calm", "storm")
SEED = Range(name="seed", label="random weather, number", default=0, low=0, high=999, step=1)
PRESETS = {
    "The first weather": (0.1, 0.2, 0.3, 0.9, 0),
    "Mirror A": (0, 0, 1, 1, 0),
    "Mirror B": (0, 1, 0, 1, 0),
    "AND": (0, 0, 0, 1, 0),
    "OR": (0, 1, 1, 1, 0),
    "XOR": (0, 1, 1, 0, 0),
    "Twins": (0, 0.5, 0.5, 1, 1),
}


@figure(parameters=STORMS, title="How your weather follows theirs")
def storm_heatmap(**storms):
    """The joint p(a,b,y) of the three towns, as eight cells."""
    world = weather(**storms)
    cells = [(a, b, y) for a in (0, 1) for b in (0, 1) for y in (0, 1)]
    return {
        "cells": {
            "a": [a for a, _, _ in cells],
            "b": [b for _, b, _ in cells],
            "y": [y for _, _, y in cells],
            "probability": world.joint.reshape(-1).numpy(),
        },
        "storms": storms,
        "towns": world.joint.sum(2).reshape(-1).numpy(),
        "entropy": world.entropy,
        "information": world.information,
        "nothing": nothing_to_learn(world),
    }


@storm_heatmap.draw
def heatmap_picture(data):
    marks = []
    for column, parameter in enumerate(CHANCES):
        marks += _column(data, column, parameter)
    for low, word in ((1, "storm"), (0, "calm")):
        marks.append(Label(0, low + 0.5, word, "target-text", "end", dx=-10, dy=-2, bold=True))
        marks.append(
            Label(0, low + 0.5, "in your town", "target-text", "end", dx=-10, dy=14, size=12.5, narrow="here")
        )
    marks.append(Label(0, 0, "", "muted", "end", dx=-10, dy=19, size=12.5, narrow="of hours"))
    return Plot(
        tuple(marks),
        Axis(domain=(0, 4), hidden=True),
        Axis(domain=(0, 2), hidden=True),
        ratio=0.34,
        heights=(226, 250),
        margins=(42, 8, 28, 80),
    )


def _column(data, column: int, parameter: Range) -> list:
    """The weather of A and B, and the chances of storm and calm in your town in that weather."""
    a, b = divmod(column, 2)
    storm = data["storms"][parameter.name]
    hours = percent(data["towns"][column])
    marks = [
        Label(column + 0.5, 2, f"A {WEATHER[a]}", "series-1-text", "middle", dy=-24, bold=bool(a)),
        Label(column + 0.5, 2, f"B {WEATHER[b]}", "series-2-text", "middle", dy=-8, bold=bool(b)),
        Label(
            column + 0.5,
            0,
            f"{hours} of all hours",
            "muted",
            "middle",
            dy=19,
            size=12.5,
            narrow=hours,
        ),
    ]
    for y, chance in ((1, storm), (0, 1 - storm)):
        heat = 0.06 + 0.9 * chance
        cell = (
            Rect(column, y, column + 1, y + 1, "target", opacity=heat, inset=2, radius=4),
            Label(
                column + 0.5,
                y + 0.5,
                percent(chance),
                "on-target" if heat > 0.62 else "ink",
                "middle",
                dy=6,
                size=17,
                bold=True,
            ),
            *(Line((column + 0.42, column + 0.58), (height,) * 2, "muted", 1.6) for height in _grip(y)),
        )
        marks.append(
            DragHandle(
                column + 0.5,
                y + 0.5,
                f"{WEATHER[y].capitalize()} in your town, {parameter.label}",
                state={parameter.name: (storm, parameter)},
                moves=parameter.name,
                axis="y",
                per_unit=0.6 if y else -0.6,
                text=f"{percent(storm)} chance of a storm in your town",
                marks=cell,
                size=(70, 62),
                decorative=not y,
            )
        )
    return marks


def _grip(y: int) -> tuple:
    """The heights of the two short lines that show that a storm cell can be dragged up and down."""
    return (1.09, 1.14) if y else ()


@storm_heatmap.values
def heatmap_values(data):
    return {"entropy": data["entropy"], "information": data["information"]}


@storm_heatmap.describe
def heatmap_description(data):
    chances = [percent(data["storms"][parameter.name]) for parameter in CHANCES]
    if len(set(chances)) == 1:
        return f"A storm hits your town in {key_number(chances[0], 'target')} of all hours. {data['nothing']}"
    p00, p01, p10, p11 = (key_number(chance, "target") for chance in chances)
    return (
        f"A storm hits your town in {p00} of the hours when both are calm, {p01} when only B has a storm, "
        f"{p10} when only A has one, {p11} when both do."
    )


@storm_heatmap.value_text
def heatmap_value_text(data):
    """The values of the weather sliders in words."""
    storms = data["storms"]
    texts = {p.name: f"{percent(storms[p.name])} chance of a storm in your town, {p.label}" for p in CHANCES}
    texts |= {
        name: f"storms in {percent(storms[name])} of all hours at {town}"
        for name, town in (("storm_a", "A"), ("storm_b", "B"))
    }
    tie = storms["tie"]
    return texts | {
        "tie": f"{tie:.2f}: "
        + (
            "the weather in A and B is unrelated"
            if tie == 0
            else "A and B tend to be alike"
            if tie > 0
            else "A and B tend to be opposite"
        )
    }


@storm_heatmap.table
def heatmap_table(data):
    return data["cells"]


@figure(
    parameters=STORMS,
    title="Make weather of your own",
    controls=[p.name for p in STORMS],
    headings={
        "p00": "The chance of a storm in your town, when it is",
        "storm_a": "The weather in the towns themselves",
    },
)
def storm_probability_sliders(**storms):
    """The four chances of a storm in your town, and how often A and B storm and how alike they are."""
    return {"storms": storms}


@figure(parameters=(*STORMS, SEED), title="Other weather to try")
def storm_presets(seed, **storms):
    """Named weather, each as its four chances, and one more that is drawn at random."""
    worlds = {
        name: dict(zip([p.name for p in (*CHANCES, TOWNS[2])], chances, strict=True))
        | {"storm_a": 0.5, "storm_b": 0.5}
        for name, chances in PRESETS.items()
    }
    drawn = seed % SEED.high + 1
    worlds["Random"] = random_chances(drawn) | {"tie": 0, "storm_a": 0.5, "storm_b": 0.5, "seed": drawn}
    return {"worlds": worlds, "storms": storms, "seed": seed}


@storm_presets.draw
def presets_picture(data):
    parameters = {parameter.name: parameter for parameter in (*STORMS, SEED)}
    picks = []
    for index, (name, world) in enumerate(data["worlds"].items()):
        now = name != "Random" and all(
            abs(data["storms"][key] - value) < 1e-9 for key, value in world.items()
        )
        query = "&".join(f"{key}={parameters[key].write(value)}" for key, value in world.items())
        x = index % 4
        sides = (
            Label(x + 0.24, 0.56, "A", "series-1-text", "end", dy=4, size=12, bold=True),
            Label(x + 0.62, 1.1, "B", "series-2-text", "middle", dy=-4, size=12, bold=True),
        )
        cells = Heatmap(
            x + 0.26,
            0.38,
            x + 0.74,
            1.1,
            0.08 + 0.92 * np.array([world[p.name] for p in CHANCES]).reshape(2, 2),
            "target",
            gap=2,
        )
        picks.append(
            StateLink(
                query,
                f"{name}: {', '.join(percent(world[p.name]) for p in CHANCES)}",
                (
                    Rect(
                        x,
                        0,
                        x + 1,
                        1.42,
                        "wash" if now else "paper",
                        inset=2,
                        radius=6,
                        stroke="ink" if now else "faint",
                    ),
                    cells,
                    *sides,
                    Label(x + 0.5, 0.14, "First" if index == 0 else name, "ink", "middle", size=12, bold=now),
                ),
                now,
            )
        )
    rows = [
        Plot(
            tuple(four),
            Axis(domain=(0, 4), hidden=True),
            Axis(domain=(0, 1.42), hidden=True),
            ratio=0.33,
            heights=(98, 114),
            margins=(2, 0, 2, 0),
        )
        for four in (picks[:4], picks[4:])
    ]
    return HConcat(tuple(rows), (1, 1), gap=0)


@storm_presets.describe
def presets_description(data):
    name = next(
        (
            name
            for name, world in data["worlds"].items()
            if name != "Random"
            and all(abs(data["storms"][key] - value) < 1e-9 for key, value in world.items())
        ),
        None,
    )
    if data["seed"] and all(
        abs(data["storms"][key] - value) < 1e-9 for key, value in random_chances(data["seed"]).items()
    ):
        name = f"random weather, number {data['seed']}"
    now = name.replace("The first", "the first") if name else "weather of your own"
    return (
        f"Now: {now}. In each square, the lower row is a storm in A, the right column a storm in B; "
        "the deeper the green, the likelier a storm in your town."
    )
