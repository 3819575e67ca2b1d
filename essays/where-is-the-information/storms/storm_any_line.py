"""What channels other than binary symmetric ones gain, and what the best ones found look like."""

import numpy as np

import infodecomp
from infodecomp.experiments.frontiers import ANY_LINE, BUDGETS, as_config
from infodecomp.explorable import Choice, figure, key_number

from .pictures.any_line import BUDGET_ANY, NOTHING, any_line_picture, row_of, spoken
from .storms import STORMS, nothing_to_learn, table_columns, weather

COMPARE = Choice(
    name="compare",
    label="Show",
    default="fronts",
    options={"fronts": "what each kind of line teaches", "gain": "the difference"},
)


def _joint(storms: dict) -> tuple[float, ...]:
    """The setting of the search that is the joint of both towns and the target."""
    return as_config(weather(**storms).joint)


@figure(
    parameters=(*STORMS, BUDGET_ANY, COMPARE),
    title="Any line at all",
    controls=("compare", "budget_any"),
    decimals=4,
    presets={
        "and-any": "p00=0&p01=0&p10=0&p11=1&storm_a=.5&storm_b=.5&tie=0&budget_any=1",
        "or-any": "p00=0&p01=1&p10=1&p11=1&storm_a=.5&storm_b=.5&tie=0&budget_any=1",
        "xor-any": "p00=0&p01=1&p10=1&p11=0&storm_a=.5&storm_b=.5&tie=0&budget_any=1",
        "half-a-bit-any": "budget_any=.5",
        "one-bit-any": "budget_any=1",
    },
)
def storm_any_line(budget_any, compare, **storms):
    """The best frontier found over all binary channels minus that of symmetric ones, and its channels."""
    return _data(ANY_LINE.last(joint=_joint(storms)), budget_any, storms) | {"compare": compare}


@storm_any_line.derive
def settle_budget(state):
    return {"budget_any": BUDGET_ANY.snap(state["budget_any"])}


@storm_any_line.is_cached
def found(state):
    return ANY_LINE.is_cached(joint=_joint({parameter.name: state[parameter.name] for parameter in STORMS}))


@storm_any_line.partial_results
def search(state):
    storms = {parameter.name: state[parameter.name] for parameter in STORMS}
    for front in ANY_LINE.partial_results(joint=_joint(storms)):
        yield _data(front, state["budget_any"], storms) | {"compare": state["compare"]}


def _data(front: infodecomp.GeneralFrontier, budget: float, storms: dict) -> dict:
    flips = infodecomp.information_frontier(weather(**storms).joint, BUDGETS).information
    information = np.maximum(
        front.information.numpy(), flips.numpy()
    )  # they differ by rounding where no line is better
    at = int(np.abs(np.array(BUDGETS) - budget).argmin())
    lines = {
        town: {"bits": bits[at].item(), "p": line[at].numpy()}
        for town, bits, line in (("a", front.bits_a, front.channel_a), ("b", front.bits_b, front.channel_b))
    }
    return {
        "front": {
            "budget": np.array(BUDGETS),
            "gain": information - flips.numpy(),
            "information": information,
            "flip_information": flips.numpy(),
            "bits_a": front.bits_a.numpy(),
            "bits_b": front.bits_b.numpy(),
            "gap": front.gap.clamp_min(0).numpy(),
            "reached": front.reached.numpy(),
        },
        "errors": {
            f"{town}_{word}": line[:, x, 1 - x].numpy()
            for town, line in (("a", front.channel_a), ("b", front.channel_b))
            for x, word in enumerate(("calm_garbled", "storm_garbled"))
        },
        "at": at,
        "lines": lines,
        "done": front.progress,
        "nothing": nothing_to_learn(weather(**storms)),
    }


storm_any_line.draw(any_line_picture)


@storm_any_line.values
def any_line_values(data):
    row = row_of(data)
    return {
        name: row[name]
        for name in ("gain", "information", "flip_information", "bits_a", "bits_b", "gap", "reached")
    } | {"most_gain": float(data["front"]["gain"].max())}


@storm_any_line.describe
def any_line_description(data):
    row = row_of(data)
    if data["nothing"]:
        return data["nothing"]
    if data["front"]["gain"].max() < NOTHING:
        return "The search found no line that beats one that flips. There may be better ones all the same."
    if f"{row['gain']:.4f}" == "0.0000":
        return (
            f"With {row['budget']:.2f} bits, the search found no line that beats one that flips. "
            "There may be better ones all the same."
        )
    gain = key_number(f"{row['gain']:.4f} bits", "selection")
    return (
        f"With {row['budget']:.2f} bits, the best lines we found teach you {gain} more than lines that flip. "
        "There may be better ones."
    )


@storm_any_line.value_text
def any_line_value_text(data):
    return {"budget_any": spoken(data)}


@storm_any_line.table
def any_line_table(data):
    return table_columns(data["front"] | data["errors"])
