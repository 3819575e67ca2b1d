"""The figures of the bets, and the one that recalls them all at the end."""

from infodecomp.explorable import Axis, Dot, Label, Line, Plot, figure

from .bets import EXACT_HOUR, HALF, TWIN_TOWNS, draw_bet, wrong_hours
from .bikes import ATTRIBUTION
from .storm_guess import COVER, GUESS, one_bit
from .storms import STORMS
from .tabular_decomp import HOUR_ALONE

FIRST_WEATHER = {parameter.name: parameter.default for parameter in STORMS}
CLOSE = 0.02  # of the range: nearer than this counts as right
ROW = 62  # pixels of a bet in the last figure


@figure(
    parameters=(HALF.guess, HALF.shown),
    title="How wrong may half a bit be?",
    controls=("bet_flips", "show_flips"),
    decimals=0,
    presets={"bet-half": "show_flips=1"},
)
def bet_half(bet_flips, show_flips):
    """A bet: how many digits a line may get wrong before half of the information is lost."""
    return HALF.data(bet_flips, show_flips)


@bet_half.draw
def half_picture(data):
    text = f"{data['guess']:.0f} of a hundred digits wrong"
    return draw_bet(HALF, data, text, f"half a bit: {data['answer']:.0f} in a hundred", (0, 1))


@bet_half.values
def half_values(data):
    return HALF.values(data)


@bet_half.table
def half_table(data):
    return HALF.table(data)


@bet_half.describe
def half_description(data):
    said = f"Your bet: a line may get {data['guess']:.0f} digits in a hundred wrong"
    if not data["shown"]:
        return f"{said} before half of the information is lost. The answer is covered."
    verdict = (
        "You were right."
        if data["off"] < 0.5
        else f"That leaves {data['outcome']:.2f} bits; you were off by {data['off']:.0f}."
    )
    return f"{said}. Half is lost at {data['answer']:.0f}. {verdict}"


@figure(
    parameters=(TWIN_TOWNS.guess, TWIN_TOWNS.shown),
    title="One bit from two towns that never differ",
    controls=("bet_twins", "show_twins"),
    presets={"bet-twins": "show_twins=1"},
)
def bet_twins(bet_twins, show_twins):
    """A bet: how to split one bit between two towns that always have the same weather as yours."""
    data = TWIN_TOWNS.data(bet_twins, show_twins)
    return data | {"wrong": wrong_hours(bet_twins)}


@bet_twins.draw
def twins_picture(data):
    text = f"{data['guess']:.2f} bits from town A, {1 - data['guess']:.2f} from town B"
    return draw_bet(TWIN_TOWNS, data, text, "all from one town: a whole bit", (0.6, 1.05))


@bet_twins.values
def twins_values(data):
    return TWIN_TOWNS.values(data)


@bet_twins.table
def twins_table(data):
    return TWIN_TOWNS.table(data)


@bet_twins.describe
def twins_description(data):
    said = f"Your bet: {data['guess']:.2f} bits from A and {1 - data['guess']:.2f} from B"
    if not data["shown"]:
        return f"{said}. What it teaches you is covered."
    if data["off"] < 0.005:
        return f"{said}. You learn all of the one bit, and never get the weather wrong."
    return (
        f"{said} teach you {data['outcome']:.2f} bits, and your forecast is wrong {data['wrong']:,.0f} hours "
        "a year. All from either town teaches 1.00, and it is never wrong."
    )


@figure(
    parameters=(EXACT_HOUR.guess, EXACT_HOUR.shown),
    title="What beats knowing the hour?",
    controls=("bet_hour", "show_hour"),
    decimals=1,
    attribution=ATTRIBUTION,
    presets={"bet-hour": "show_hour=1"},
)
def bet_hour(bet_hour, show_hour):
    """A bet: how few well-placed bits predict as well as the exact hour, which costs 4.58 bits."""
    return EXACT_HOUR.data(bet_hour, show_hour)


@bet_hour.draw
def hour_picture(data):
    text = f"{data['guess']:.1f} bits"
    return draw_bet(EXACT_HOUR, data, text, f"{data['answer']:.1f} bits do as well", (60, 185))


@bet_hour.values
def hour_values(data):
    return EXACT_HOUR.values(data)


@bet_hour.table
def hour_table(data):
    return EXACT_HOUR.table(data)


@bet_hour.describe
def hour_description(data):
    said = f"Your bet: {data['guess']:.1f} bits, placed anywhere, are as good as knowing the exact hour"
    if not data["shown"]:
        return f"{said}. The answer is covered."
    end = (
        "You were right."
        if data["off"] < 0.1
        else f"Your {data['guess']:.1f} bits leave you off by {data['outcome']:.0f}."
    )
    return (
        f"{said}, which leaves you off by {HOUR_ALONE:.0f} bikes an hour. "
        f"{data['answer']:.1f} bits are enough. {end}"
    )


@figure(
    parameters=(
        *(HALF.guess, HALF.shown, GUESS, COVER),
        *(TWIN_TOWNS.guess, TWIN_TOWNS.shown, EXACT_HOUR.guess, EXACT_HOUR.shown),
    ),
    title="Your bets",
    controls=(),
    decimals=2,
    attribution=ATTRIBUTION,
)
def bets_kept(bet_flips, show_flips, guess, cover, bet_twins, show_twins, bet_hour, show_hour):
    """Every bet of the essay beside its answer, where the reader has uncovered it."""
    split = one_bit(**FIRST_WEATHER)["best"]
    rows = [
        ("Half a bit: digits wrong in a hundred", HALF.data(bet_flips, show_flips), (0, 50), ".0f"),
        (
            "One bit, two towns: how much from A",
            {"guess": guess, "shown": not cover, "answer": split, "off": abs(guess - split)},
            (0, 1),
            ".2f",
        ),
        ("One bit, two twins: how much from A", TWIN_TOWNS.data(bet_twins, show_twins), (0, 1), ".2f"),
        ("Bits that beat the exact hour", EXACT_HOUR.data(bet_hour, show_hour), (0.2, 6), ".1f"),
    ]
    return {
        "bets": [
            {"question": question, "range": ends, "format": digits}
            | {name: data[name] for name in ("guess", "shown", "answer", "off")}
            for question, data, ends, digits in rows
        ]
    }


@bets_kept.draw
def kept_picture(data):
    marks = [mark for i, bet in enumerate(data["bets"]) for mark in _row(-i, bet)]
    count = len(data["bets"])
    return Plot(
        tuple(marks),
        Axis(domain=(0, 1), hidden=True),
        Axis(domain=(-count, 0), hidden=True),
        heights=(count * ROW + 14,) * 2,
        margins=(4, 22, 10, 22),
    )


def _row(top: int, bet: dict):
    """A number line with the reader's guess and, once uncovered, the answer."""
    low, high = bet["range"]
    track, guess, answer = top - 0.62, *((bet[name] - low) / (high - low) for name in ("guess", "answer"))
    yield Label(0, top - 0.3, bet["question"], "ink", size=13, bold=True)
    yield Line((0, 1), (track, track), "faint", 3)
    if bet["shown"]:
        yield Line((guess, answer), (track, track), "selection", 3, dash="2 4")
        yield Dot(answer, track, "best", 5.5)
        if not _right(bet):
            yield Label(
                answer,
                track,
                f"{bet['answer']:{bet['format']}}",
                "ink",
                "middle",
                dy=20,
                size=12.5,
                bold=True,
            )
    yield Dot(guess, track, "selection", 7, rim="rim")
    crowded = bet["shown"] and abs(guess - answer) < 0.12 and not _right(bet)
    side = 0 if not crowded else 26 if guess > answer else -26
    yield Label(
        guess,
        track,
        f"{bet['guess']:{bet['format']}}",
        "selection-text",
        "middle",
        dx=side,
        dy=20,
        size=12.5,
        bold=True,
    )
    verdict = "not uncovered yet" if not bet["shown"] else "right" if _right(bet) else ""
    if verdict:
        yield Label(1, top - 0.3, verdict, "muted", "end", size=12)


def _right(bet: dict) -> bool:
    low, high = bet["range"]
    return bet["off"] <= CLOSE * (high - low)


@bets_kept.values
def kept_values(data):
    uncovered = [bet for bet in data["bets"] if bet["shown"]]
    return {"uncovered": len(uncovered), "right": sum(_right(bet) for bet in uncovered)}


@bets_kept.describe
def kept_description(data):
    values, count = kept_values(data), len(data["bets"])
    if not values["uncovered"]:
        return f"You have {count} bets open: uncover the answers above, and they are kept here."
    waiting = count - values["uncovered"]
    rest = f" {waiting} still covered." if waiting else ""
    return f"Of {values['uncovered']} bets you got {values['right'] or 'none'} right.{rest}"


@bets_kept.table
def kept_table(data):
    bets = data["bets"]
    return {
        "bet": [bet["question"] for bet in bets],
        "you": [bet["guess"] for bet in bets],
        "answer": [bet["answer"] if bet["shown"] else None for bet in bets],
    }
