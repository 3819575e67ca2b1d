"""One bit to split between two towns: the reader guesses before seeing the answer."""

from functools import lru_cache

import numpy as np

from infodecomp.explorable import (
    Axis,
    Dot,
    DragHandle,
    Highlight,
    Label,
    Line,
    Plot,
    Range,
    Toggle,
    figure,
    key_number,
)

from .storms import (
    NEGLIGIBLE,
    STORMS,
    TOWNS,
    nothing_to_learn,
    received,
    table_columns,
    taught,
    weather,
    wrong_hours,
)

GUESS = Range(
    name="guess",
    label="of the one bit, from town A",
    default=0.5,
    low=0,
    high=1,
    unit="bits",
    role="selection",
)
COVER = Toggle(name="cover", label="Cover the answer", off_label="Show the answer", default=True)


@figure(
    parameters=(*STORMS, GUESS, COVER),
    title="One bit to share",
    controls=("guess", "cover"),
    presets={"cover": "cover=1", "guess-best": "guess=.7&cover=0"},
)
def storm_guess(guess, cover, **storms):
    """What every split of one bit teaches, and the reader's guess."""
    return one_bit(**storms) | {
        "guess": guess,
        "guessed": taught(weather(**storms), guess, 1 - guess).item(),
        "wrong": wrong_hours(weather(**storms), guess),
        "cover": cover,
    }


@lru_cache(maxsize=64)
def one_bit(**storms) -> dict:
    """What every split of one bit teaches, with the best and the worst."""
    world = weather(**storms)
    share = np.linspace(0, 1, 101)
    splits = _splits(*(storms[parameter.name] for parameter in TOWNS))
    information = world.towns.information_received(splits).numpy()
    best = int(information.argmax())
    finer = np.linspace(max(share[best] - 0.01, 0), min(share[best] + 0.01, 1), 201)
    around = taught(world, finer, 1 - finer)
    return {
        "curve": {"bits_a": share, "bits_b": 1 - share, "information": information},
        "best": finer[around.argmax()].item(),
        "best_information": around.max().item(),
        "worst": information.min().item(),
        "nothing": nothing_to_learn(world),
    }


@lru_cache(maxsize=64)
def _splits(storm_a: float, storm_b: float, tie: float):
    """What the wires deliver at 101 splits of one bit: the towns alone decide."""
    share = np.linspace(0, 1, 101)
    return received(share, 1 - share, storm_a, storm_b, tie)


@storm_guess.draw
def guess_picture(data):
    low, high = data["worst"], data["best_information"]
    room = max(high - low, 0.02)
    y = low + room / 2 if data["cover"] else data["guessed"]
    point = DragHandle(
        data["guess"],
        y,
        "Bits of the one bit that come from town A",
        state={"guess": (data["guess"], GUESS)},
        moves="guess",
        axis="x",
        per_unit=1,
        text=f"{data['guess']:.2f} bits from town A, the rest from town B",
        marks=(Dot(data["guess"], y, "selection", radius=9, rim="rim"),),
    )
    floor = max(low - room * 0.12, 0) if low < room else low - room * 0.12
    marks = [
        Label(0, floor, "all from B", "series-2-text", dy=20, bold=True),
        Label(0.5, floor, "half and half", "muted", "middle", dy=20),
        Label(1, floor, "all from A", "series-1-text", "end", dy=20, bold=True),
    ]
    if data["cover"]:
        marks += [
            Line((0, 1), (y, y), "noise", 2, dash="2 6"),
            point,
            Label(
                0.5, low + room, "Make your bet, then show the answer.", "muted", "middle", size=14, halo=True
            ),
        ]
    else:
        away = abs(data["best"] - data["guess"])
        right = (data["guess"] > data["best"] or data["guess"] < 0.12) and data["guess"] < 0.9
        marks += [
            Line(data["curve"]["bits_a"], data["curve"]["information"], "best", 2.4),
            Highlight(
                "lost", (Line((data["guess"],) * 2, (data["guessed"], high), "selection", 2, dash="2 3"),)
            ),
            Line((data["best"], data["guess"]), (high, high), "faint", 1),
            Highlight(
                "best best_information",
                (
                    Dot(data["best"], high, "best", 4.5),
                    Label(
                        data["best"],
                        high,
                        f"best: {data['best']:.2f} from A",
                        "ink",
                        "middle"
                        if 0.15 < data["best"] < 0.85
                        else ("end" if data["best"] > 0.5 else "start"),
                        dy=-10,
                        bold=True,
                        halo=True,
                    ),
                ),
            ),
            point,
            Label(
                data["guess"],
                y,
                "you",
                "selection-text",
                "start" if right else "end",
                dx=14 if right else -14,
                dy=14,
                bold=True,
                halo=True,
            )
            if away > 0.02
            else None,
        ]
    return Plot(
        tuple(marks),
        Axis("", (0, 1), ticks=()),
        Axis("bits learnt about your town", (floor, low + room * 1.1), count=3, grid=True),
        ratio=0.42,
        heights=(230, 290),
        margins=(46, 18, 30, 46),
    )


@storm_guess.values
def guess_values(data):
    answer = {
        "guessed": data["guessed"],
        "best": data["best"],
        "best_information": data["best_information"],
        "lost": max(data["best_information"] - data["guessed"], 0.0),
        "wrong_hours": data["wrong"],
    }
    return {"guess": data["guess"]} | (dict.fromkeys(answer) if data["cover"] else answer)


@storm_guess.describe
def guess_description(data):
    if data["cover"] and data["guess"] == GUESS.default:
        return "No bet yet: move the point. What it teaches you is covered."
    bits_a = key_number(f"{data['guess']:.2f}", "series-1")
    bits_b = key_number(f"{1 - data['guess']:.2f}", "series-2")
    given = f"You take {bits_a} of your one bit from A and {bits_b} from B"
    if data["cover"]:
        return f"{given}. What that teaches you is still covered."
    taught_bits = key_number(format(data["guessed"], ".3f"), "selection")
    sentence = (
        f"{given}. That teaches you {taught_bits} bits, and your forecast is wrong "
        f"{data['wrong']:,.0f} hours a year."
    )
    if data["nothing"]:
        return f"{sentence} {data['nothing']}"
    if data["best_information"] - data["worst"] < NEGLIGIBLE:
        return f"{sentence} Here every split teaches you the same."
    if data["best_information"] - data["guessed"] < NEGLIGIBLE:
        return f"{sentence} You can't do better with one bit."
    best = key_number(format(data["best_information"], ".3f"))
    return f"{sentence} The best split, {data['best']:.2f} from A, teaches you {best}."


@storm_guess.value_text
def guess_value_text(data):
    learnt = "" if data["cover"] else f"; {data['guessed']:.3f} bits learnt"
    return {"guess": f"{data['guess']:.2f} bits from town A, {1 - data['guess']:.2f} from town B{learnt}"}


@storm_guess.table
def guess_table(data):
    shown = {
        name: column for name, column in data["curve"].items() if name != "information" or not data["cover"]
    }
    return table_columns(shown)
