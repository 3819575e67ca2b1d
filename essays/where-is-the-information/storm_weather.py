"""The weather of the three towns: the joint distribution as a heatmap that can be taken hold of, its sliders, its presets."""

import numpy as np

from infodecomp.explorable import (
    Axis,
    DragHandle,
    HConcat,
    Heatmap,
    Label,
    Plot,
    Range,
    Rect,
    StateLink,
    figure,
)

from .storms import CHANCES, STORMS, TOWNS, percent, random_chances, weather

WEATHER = ("calm", "storm")
SEED = Range(name="seed", label="random storms number", default=0, low=0, high=999, step=1)
PRESETS = {
    "The first storms": (0.1, 0.2, 0.3, 0.9, 0),
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
    }


@storm_heatmap.draw
def heatmap_picture(data):
    marks = []
    pairs = [(a, b) for a in (0, 1) for b in (0, 1)]
    p = np.reshape(data["cells"]["probability"], (2, 2, 2))
    for column, (a, b) in enumerate(pairs):
        parameter = CHANCES[column]
        given = data["storms"][parameter.name]
        for y in (1, 0):
            share = float(p[a, b, y])
            low = 1 if y else 0
            heat = 0.08 + 0.88 * share / max(float(p.max()), 0.25)
            cell = (
                Rect(column, low, column + 1, low + 1, "target", opacity=heat, inset=2, radius=4),
                Label(
                    column + 0.5,
                    low + 0.5,
                    f"{share:.3f}",
                    "on-target" if heat > 0.62 else "ink",
                    "middle",
                    dy=6,
                    size=18,
                    bold=True,
                ),
            )
            marks.append(
                DragHandle(
                    column + 0.5,
                    low + 0.5,
                    f"{WEATHER[y]} at yours, {parameter.label}",
                    state={parameter.name: (given, parameter)},
                    moves=parameter.name,
                    axis="y",
                    per_unit=0.6 if y else -0.6,
                    text=f"{given:.2f} chance of a storm at yours",
                    marks=cell,
                    size=(70, 62),
                    decorative=not y,
                )
            )
        marks.append(
            Label(column + 0.5, 2, f"A {WEATHER[a]}", "series-1-text", "middle", dy=-24, bold=bool(a))
        )
        marks.append(
            Label(column + 0.5, 2, f"B {WEATHER[b]}", "series-2-text", "middle", dy=-8, bold=bool(b))
        )
        marks.append(
            Label(
                column + 0.5,
                0,
                f"storm in {percent(given)}",
                "target-text",
                "middle",
                dy=20,
                narrow=percent(given),
            )
        )
        hours = percent(data["towns"][column])
        marks.append(
            Label(column + 0.5, 0, f"{hours} of all hours", "muted", "middle", dy=37, size=12, narrow=hours)
        )
    for low, word in ((1, "storm"), (0, "calm")):
        marks.append(Label(0, low + 0.5, word, "target-text", "end", dx=-10, dy=5, bold=True))
    marks.append(Label(0, 1, "yours", "target-text", "end", dx=-10, dy=5))
    marks.append(Label(0, 0, "", "target-text", "end", dx=-10, dy=20, size=12, narrow="storms"))
    marks.append(Label(0, 0, "", "muted", "end", dx=-10, dy=37, size=12, narrow="hours"))
    return Plot(
        tuple(marks),
        Axis(domain=(0, 4), hidden=True),
        Axis(domain=(0, 2), hidden=True),
        ratio=0.34,
        heights=(226, 256),
        margins=(42, 8, 46, 58),
    )


@storm_heatmap.values
def heatmap_values(data):
    return {"entropy": data["entropy"], "information": data["information"]}


@storm_heatmap.describe
def heatmap_description(data):
    p00, p01, p10, p11 = (percent(data["storms"][parameter.name]) for parameter in CHANCES)
    return f"A storm at yours: {p00} when both are calm, {p01} when only B storms, {p10} when only A does, {p11} when both do."


@storm_heatmap.value_text
def heatmap_voice(data):
    """What the sliders of the weather say, wherever they stand on the page."""
    storms = data["storms"]
    told = {p.name: f"{percent(storms[p.name])} chance of a storm at yours, {p.label}" for p in CHANCES}
    told |= {
        name: f"storms in {percent(storms[name])} of all hours at {town}"
        for name, town in (("storm_a", "A"), ("storm_b", "B"))
    }
    tie = storms["tie"]
    return told | {
        "tie": f"{tie:.2f}: "
        + (
            "A and B have nothing to do with each other"
            if tie == 0
            else "A and B tend to be alike"
            if tie > 0
            else "A and B tend to be opposite"
        )
    }


@storm_heatmap.table
def heatmap_table(data):
    return data["cells"]


@figure(parameters=STORMS, title="The chance of a storm at yours", controls=[p.name for p in STORMS])
def storm_probability_sliders(**storms):
    """The four chances of a storm at yours, and how the towns' own weather is spread and tied, each a slider."""
    return {"storms": storms}


@figure(parameters=(*STORMS, SEED), title="Other weather to try")
def storm_presets(seed, **storms):
    """Named worlds, each as its four chances, and one more that is drawn at random: the next number draws the next one."""
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
                        1.3,
                        "wash" if now else "paper",
                        inset=2,
                        radius=6,
                        stroke="ink" if now else "faint",
                    ),
                    cells,
                    Label(x + 0.5, 0.14, "First" if index == 0 else name, "ink", "middle", size=12, bold=now),
                ),
                now,
            )
        )
    rows = [
        Plot(
            tuple(four),
            Axis(domain=(0, 4), hidden=True),
            Axis(domain=(0, 1.3), hidden=True),
            ratio=0.3,
            heights=(88, 104),
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
        name = f"Random storms number {data['seed']}"
    return f"Now: {name}." if name else "Now: weather of your own."
