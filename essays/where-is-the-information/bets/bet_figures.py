"""The figures of the bets, and the one that recalls them all at the end."""

from infodecomp.explorable import RecalledBet, figure, recalled_bets, recalled_sentence, recalled_table

from ..bikes.bikes import ATTRIBUTION, error_of_means
from ..storms.storm_guess import COVER, GUESS, one_bit
from ..storms.storms import STORMS
from .bets import EXACT_HOUR, HALF, TWIN_TOWNS, draw_bet, twin_hours

FIRST_WEATHER = {parameter.name: parameter.default for parameter in STORMS}


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
    if not data["placed"]:
        return "No bet yet: move the point. The answer is covered."
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
    return data | {"wrong": twin_hours(bet_twins)}


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
    if not data["placed"]:
        return "No bet yet: move the point. What it teaches you is covered."
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
    title="What is as good as knowing the exact hour?",
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
    return draw_bet(EXACT_HOUR, data, text, f"the exact hour: {data['answer']:.1f} bits", (60, 185))


@bet_hour.values
def hour_values(data):
    return EXACT_HOUR.values(data)


@bet_hour.table
def hour_table(data):
    return EXACT_HOUR.table(data)


@bet_hour.describe
def hour_description(data):
    if not data["placed"]:
        return "No bet yet: move the point. The answer is covered."
    said = f"Your bet: {data['guess']:.1f} bits, placed anywhere, are as good as knowing the exact hour"
    if not data["shown"]:
        return f"{said}. The answer is covered."
    end = (
        "You were right."
        if data["off"] < 0.1
        else f"Your {data['guess']:.1f} bits leave you off by {data['outcome']:.0f}."
    )
    return (
        f"{said}, which leaves you off by {error_of_means('hour'):.0f} bikes an hour. "
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
    half = HALF.data(bet_flips, show_flips)["answer"]
    twins = TWIN_TOWNS.data(bet_twins, show_twins)["answer"]
    hour = EXACT_HOUR.data(bet_hour, show_hour)["answer"]
    return {
        "bets": [
            RecalledBet(
                "Half a bit: flips in a hundred", bet_flips, half, show_flips, 0, 50, 0, HALF.guess.default
            ),
            RecalledBet("Two towns: bits from A", guess, split, not cover, 0, 1, 2, GUESS.default),
            RecalledBet(
                "Twins: bits from A", bet_twins, twins, show_twins, 0, 1, 2, TWIN_TOWNS.guess.default
            ),
            RecalledBet(
                "Bits as good as the exact hour",
                bet_hour,
                hour,
                show_hour,
                0.2,
                6,
                1,
                EXACT_HOUR.guess.default,
            ),
        ]
    }


@bets_kept.draw
def kept_picture(data):
    return recalled_bets(data["bets"])


@bets_kept.values
def kept_values(data):
    return {
        "uncovered": sum(bet.is_shown for bet in data["bets"]),
        "right": sum(bet.is_right for bet in data["bets"]),
    }


@bets_kept.describe
def kept_description(data):
    return recalled_sentence(data["bets"])


@bets_kept.table
def kept_table(data):
    return recalled_table(data["bets"])
