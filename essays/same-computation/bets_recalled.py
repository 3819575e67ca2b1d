"""All six predictions with their answers."""

from infodecomp.explorable import RecalledBet, figure, recalled_bets, recalled_sentence, recalled_table

from .bet_figures import beaten, gap_in_bits, gap_in_ratio, pooled_correlation, survivors
from .bets import (
    BET_BEATEN,
    BET_BITS,
    BET_CORRELATION,
    BET_NEURONS,
    BET_RATIO,
    BET_SURVIVORS,
    SHOW_BEATEN,
    SHOW_BITS,
    SHOW_CORRELATION,
    SHOW_NEURONS,
    SHOW_RATIO,
    SHOW_SURVIVORS,
)
from .fuzzy import default_share

NEAR = 0.1  # of the scale
BETS = (BET_BITS, BET_RATIO, BET_BEATEN, BET_SURVIVORS, BET_CORRELATION, BET_NEURONS)
SHOWN = (SHOW_BITS, SHOW_RATIO, SHOW_BEATEN, SHOW_SURVIVORS, SHOW_CORRELATION, SHOW_NEURONS)
QUESTIONS = (
    "Layer 3: bits more for a random table",
    "Layer 3: shared more by two that copy a bit",
    "Of 40, more like another than themselves",
    "Of 100 shaken copies, still right",
    "Correlation of breadth and bits",
    "% of neurons that match",
)
DECIMALS = (2, 2, 0, 0, 2, 0)


@figure(parameters=(*BETS, *SHOWN), title="What you bet, and what it was", decimals=2)
def bets_recalled(**state):
    """Each prediction beside its answer, where the reader has uncovered it."""
    answers = (
        gap_in_bits(),
        gap_in_ratio(),
        beaten(),
        survivors(),
        pooled_correlation(),
        100 * default_share(),
    )
    return {
        "bets": [
            RecalledBet(
                question, state[bet.name], answer, state[shown.name], bet.low, bet.high, decimals, bet.default
            )
            for question, bet, shown, answer, decimals in zip(
                QUESTIONS, BETS, SHOWN, answers, DECIMALS, strict=True
            )
        ]
    }


@bets_recalled.draw
def recalled_picture(data):
    return recalled_bets(data["bets"])


@bets_recalled.values
def recalled_values(data):
    """The uncovered bets, and those of them within a tenth of the scale of the answer."""
    uncovered = [bet for bet in data["bets"] if bet.is_shown]
    return {"uncovered": len(uncovered), "near": sum(bet.distance <= NEAR for bet in uncovered)}


@bets_recalled.describe
def recalled_description(data):
    return recalled_sentence(data["bets"])


@bets_recalled.table
def recalled_columns(data):
    return recalled_table(data["bets"])
