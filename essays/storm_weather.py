"""The weather of the three towns: the joint distribution as a heatmap that can be taken hold of, and its sliders."""

import numpy as np

from infodecomp.explorable import Axis, Box, Handle, Label, Plot, figure

from .storms import STORMS, percent, weather

WEATHER = ("calm", "storm")


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
        "entropy": world.entropy,
        "information": world.information,
    }


@storm_heatmap.draw
def heatmap_picture(data):
    marks = []
    pairs = [(a, b) for a in (0, 1) for b in (0, 1)]
    p = np.reshape(data["cells"]["probability"], (2, 2, 2))
    for column, (a, b) in enumerate(pairs):
        parameter = STORMS[column]
        given = data["storms"][parameter.name]
        for y in (1, 0):
            share = float(p[a, b, y])
            low = 1 if y else 0
            heat = 0.08 + 0.88 * share / max(float(p.max()), 0.25)
            cell = (
                Box(column, low, column + 1, low + 1, "yours", opacity=heat, inset=2, radius=4),
                Label(column + 0.5, low + 0.5, f"{share:.3f}", "on-yours" if heat > 0.62 else "ink", "middle", dy=6, size=18,
                      bold=True),
            )
            marks.append(Handle(
                column + 0.5, low + 0.5, f"{WEATHER[y]} at yours, {parameter.label}",
                state={parameter.name: (given, parameter)}, moves=parameter.name, axis="y", per_unit=0.6 if y else -0.6,
                text=f"{given:.2f} chance of a storm at yours", marks=cell, size=(70, 62)))
        marks.append(Label(column + 0.5, 2, f"A {WEATHER[a]}", "town-a-text", "middle", dy=-24, bold=bool(a)))
        marks.append(Label(column + 0.5, 2, f"B {WEATHER[b]}", "town-b-text", "middle", dy=-8, bold=bool(b)))
        marks.append(Label(column + 0.5, 0, f"storm in {percent(given)}", "yours-text", "middle", dy=20))
    for low, word in ((1, "storm"), (0, "calm")):
        marks.append(Label(0, low + 0.5, word, "yours-text", "end", dx=-10, dy=5, bold=True))
    marks.append(Label(0, 1, "yours", "yours-text", "end", dx=-10, dy=5))
    return Plot(tuple(marks), Axis(domain=(0, 4), hidden=True), Axis(domain=(0, 2), hidden=True), ratio=0.34,
                heights=(210, 240), margins=(42, 8, 30, 56))


@storm_heatmap.values
def heatmap_values(data):
    return {"entropy": data["entropy"], "information": data["information"]}


@storm_heatmap.describe
def heatmap_description(data):
    p00, p01, p10, p11 = (percent(data["storms"][parameter.name]) for parameter in STORMS)
    return f"A storm at yours: {p00} when both are calm, {p01} when only B storms, {p10} when only A does, {p11} when both do."


@storm_heatmap.table
def heatmap_table(data):
    return data["cells"]


@figure(parameters=STORMS, title="The chance of a storm at yours", controls=[p.name for p in STORMS])
def storm_probability_sliders(**storms):
    """The four chances of a storm at yours, each a slider."""
    return {"storms": storms}
