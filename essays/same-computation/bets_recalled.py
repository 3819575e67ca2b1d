"""All four predictions with their answers."""

from infodecomp.explorable import Axis, Dot, Label, Line, Plot, figure

from .bet_figures import gap_in_bits, pooled_correlation, survivors
from .bets import BET_BITS, BET_CORRELATION, BET_NEURONS, BET_SURVIVORS
from .fuzzy import default_share

PARAMETERS = (BET_BITS, BET_SURVIVORS, BET_CORRELATION, BET_NEURONS)
SPANS = (6, 100, 2, 100)  # of their scales
QUESTIONS = (
    "bits more in layer 3 for a random table",
    "of 100 shaken copies, still right",
    "correlation of breadth and bits",
    "% of neurons that are a fuzzy function",
)


@figure(parameters=PARAMETERS, title="What you bet, and what it was", decimals=2)
def bets_recalled(bet_bits, bet_survivors, bet_correlation, bet_neurons):
    """The predictions beside the answers."""
    return {
        "bets": [float(bet_bits), float(bet_survivors), float(bet_correlation), float(bet_neurons)],
        "answers": [gap_in_bits(), survivors(), pooled_correlation(), 100 * default_share()],
    }


@bets_recalled.draw
def recalled_picture(data):
    marks = []
    for row, (parameter, words, bet, answer) in enumerate(
        zip(PARAMETERS, QUESTIONS, data["bets"], data["answers"], strict=True)
    ):
        y, span = 3.4 - row, parameter.high - parameter.low
        decimals = parameter.decimals
        places = [(value - parameter.low) / span for value in (bet, answer)]
        marks += [
            Line((0, 1), (y, y), "faint", 1.5),
            Line(places, (y, y), "selection", 2, dash="2 3"),
            Dot(places[1], y, "best", 5.5),
            Dot(places[0], y, "selection", 7, rim="rim"),
            Label(0, y, words, "ink", dy=-13, size=12),
            Label(
                1,
                y,
                f"you {bet:.{decimals}f}, answer {answer:.{decimals}f}".replace("-", "−"),
                "ink",
                "end",
                dy=22,
                size=12,
                bold=True,
            ),
        ]
    return Plot(
        tuple(marks),
        Axis(domain=(0, 1), hidden=True),
        Axis(domain=(0, 4), hidden=True),
        heights=(260, 260),
        margins=(6, 14, 10, 14),
    )


@bets_recalled.values
def recalled_values(data):
    near = sum(
        abs(bet - answer) <= 0.1 * span
        for span, bet, answer in zip(SPANS, data["bets"], data["answers"], strict=True)
    )
    return {"near": near}


@bets_recalled.describe
def recalled_description(data):
    near = recalled_values(data)["near"]
    return f"Of your four bets, {near} came within a tenth of the scale of the answer."


@bets_recalled.table
def recalled_table(data):
    return {"question": list(QUESTIONS), "bet": data["bets"], "answer": data["answers"]}
