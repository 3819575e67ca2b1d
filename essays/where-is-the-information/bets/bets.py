"""Bets on what comes next: the reader commits to a number and then uncovers the answer."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial

import numpy as np

import infodecomp
from infodecomp.explorable import Axis, Dot, DragHandle, Highlight, Label, Line, Plot, Range, Toggle

from ..bikes.bikes import error_of_means, model
from ..storms.storms import taught, weather, wrong_hours

TWINS = {"p00": 0, "p01": 0, "p10": 1, "p11": 1, "storm_a": 0.5, "storm_b": 0.5, "tie": 1}


@dataclass(frozen=True)
class Bet:
    """A question whose answer is one number.

    Attributes
    ----------
    guess : Range
        The reader's answer.
    shown : Toggle
        Whether the true answer is uncovered.
    horizontal, vertical : str
        Names of the axes.
    curve : callable
        Returns what every guess leads to, as (guesses, outcomes).
    best : callable
        Returns the right guesses: one, or several that are equally good.
    level : callable or None
        Returns the outcome that was asked for, drawn as a dashed line.
    level_name : str
    level_on_left : bool
        Whether the name stands at the left end, away from the first guess.
    """

    guess: Range
    shown: Toggle
    horizontal: str
    vertical: str
    curve: Callable[[], tuple[np.ndarray, np.ndarray]]
    best: Callable[[], tuple[float, ...]]
    level: Callable[[], float] | None = None
    level_name: str = ""
    level_on_left: bool = False

    def data(self, guess: float, shown: bool) -> dict:
        """What the figures of this bet draw and say."""
        guesses, outcomes = self.curve()
        answer = min(self.best(), key=lambda right: abs(right - guess))
        return {
            "guess": guess,
            "shown": shown,
            "placed": shown or guess != self.guess.default,
            "answer": answer,
            "off": abs(guess - answer),
            "outcome": float(np.interp(guess, guesses, outcomes)),
            "curve": {"guess": guesses, "outcome": outcomes},
        }

    def values(self, data: dict) -> dict:
        """The numbers that the text may show; what gives the answer away is None while it is covered."""
        known = {"answer": data["answer"], "off": data["off"], "outcome": data["outcome"]}
        return {"guess": data["guess"]} | (known if data["shown"] else dict.fromkeys(known))

    def table(self, data: dict) -> dict:
        """The curve as columns; only the guesses while it is covered."""
        curve = data["curve"]
        return curve if data["shown"] else {"guess": curve["guess"]}


@cache
def flipped_bits() -> tuple[np.ndarray, np.ndarray]:
    """The information of each digit, by the digits in a hundred that come out wrong."""
    wrong = np.arange(0, 51)
    return wrong.astype(float), infodecomp.bsc_information(wrong / 100).numpy()


@cache
def half_is_lost() -> tuple[float, ...]:
    """The digits in a hundred that a line of half a bit gets wrong."""
    return (100 * infodecomp.bsc_crossover_probability(0.5).item(),)


@cache
def twin_bits() -> tuple[np.ndarray, np.ndarray]:
    """What every split of one bit between two towns with one weather teaches."""
    share = np.linspace(0, 1, 101)
    return share, taught(weather(**TWINS), share, 1 - share)


def twin_hours(share: float) -> float:
    """The hours of a year in which the best forecast from a split of one bit between twins is wrong."""
    return wrong_hours(weather(**TWINS), share)


@cache
def bike_errors() -> tuple[np.ndarray, np.ndarray]:
    """The error of the bike model at every budget of its slider, in bikes an hour."""
    bits = np.linspace(BEATS_HOUR.low, BEATS_HOUR.high, 101)
    return bits, np.array([model().plane.at(one).error for one in bits])


@cache
def as_good_as_the_hour() -> tuple[float, ...]:
    """The smallest budget that leaves the error of knowing the exact hour."""
    bits, errors = bike_errors()
    return (float(np.interp(-error_of_means("hour"), -errors, bits)),)


FLIPS = Range(
    name="bet_flips",
    label="digits in a hundred that come out wrong",
    default=25,
    low=0,
    high=50,
    step=1,
    role="selection",
)
SHARE = Range(
    name="bet_twins",
    label="of the one bit, from town A",
    default=0.5,
    low=0,
    high=1,
    unit="bits",
    role="selection",
)
BEATS_HOUR = Range(
    name="bet_hour",
    label="bits that do as well",
    default=4.6,
    low=0.2,
    high=6,
    step=0.1,
    unit="bits",
    role="selection",
)

HALF = Bet(
    FLIPS,
    Toggle(name="show_flips", label="Show the answer"),
    "digits in a hundred that come out wrong",
    "bits that arrive with each digit",
    flipped_bits,
    half_is_lost,
    lambda: 0.5,
    "half a bit",
)
TWIN_TOWNS = Bet(
    SHARE,
    Toggle(name="show_twins", label="Show the answer"),
    "bits from town A, out of the one",
    "bits learnt about your town",
    twin_bits,
    lambda: (0.0, 1.0),
)
EXACT_HOUR = Bet(
    BEATS_HOUR,
    Toggle(name="show_hour", label="Show the answer"),
    "bits, from any of the twelve features",
    "off by, bikes an hour",
    bike_errors,
    as_good_as_the_hour,
    partial(error_of_means, "hour"),
    "knowing the exact hour",
    level_on_left=True,
)


def draw_bet(bet: Bet, data: dict, handle_text: str, answer_text: str, domain: tuple[float, float]) -> Plot:
    """The guess as a handle; once uncovered, the curve of all outcomes with the right answer."""
    guess, shown = data["guess"], data["shown"]
    low, high = domain
    span = bet.guess.high - bet.guess.low
    level = None if bet.level is None else bet.level()
    covered = (low + high) / 2 if level is None else level
    y = data["outcome"] if shown else covered
    handle = DragHandle(
        guess,
        y,
        bet.horizontal.capitalize(),
        state={bet.guess.name: (guess, bet.guess)},
        moves=bet.guess.name,
        axis="x",
        per_unit=1,
        text=handle_text,
        marks=(Dot(guess, y, "selection", radius=9, rim="rim"),),
    )
    marks = []
    if level is not None:
        marks.append(Line((bet.guess.low, bet.guess.high), (level,) * 2, "faint", 1.2, dash="5 4"))
        if not shown:  # the label of the answer says it then
            marks.append(_level_name(bet, level))
    if shown:
        marks += [
            Line(data["curve"]["guess"], data["curve"]["outcome"], "best", 2.4),
            Highlight("answer", tuple(_answers(bet, data, answer_text, span))),
        ]
    else:
        marks += [
            *(
                [Line((bet.guess.low, bet.guess.high), (y, y), "noise", 2, dash="2 6")]
                if level is None
                else []
            ),
            Label(
                (bet.guess.low + bet.guess.high) / 2,
                high,
                "Make your bet, then show the answer.",
                "muted",
                "middle",
                dy=18,
                size=14,
            ),
        ]
    end = guess > bet.guess.low + 0.88 * span
    marks += [
        handle,
        Label(
            guess,
            y,
            "you" if data["placed"] else "no bet yet",
            "selection-text",
            "end" if end else "start",
            dx=-14 if end else 14,
            dy=-10 if (data["off"] > 0.1 * span if shown else level is None) else 26,
            bold=True,
            halo=True,
        ),
    ]
    return Plot(
        tuple(marks),
        Axis(bet.horizontal, (bet.guess.low, bet.guess.high), count=5),
        Axis(bet.vertical, domain, count=4, grid=True),
        ratio=0.42,
        heights=(230, 270),
        margins=(30, 18, 46, 46),
    )


def _level_name(bet: Bet, level: float) -> Label:
    """The name of the outcome that was asked for, above one end of its line."""
    left = bet.level_on_left
    return Label(
        bet.guess.low if left else bet.guess.high,
        level,
        bet.level_name,
        "muted",
        "start" if left else "end",
        dx=6 if left else 0,
        dy=-14,
        size=12,
        halo=True,
    )


def _answers(bet: Bet, data: dict, text: str, span: float):
    """A dot at every right answer; the nearest one is named."""
    guesses, outcomes = data["curve"]["guess"], data["curve"]["outcome"]
    for right in bet.best():
        yield Dot(right, float(np.interp(right, guesses, outcomes)), "best", 4.5)
    right = data["answer"]
    place = (right - bet.guess.low) / span
    anchor = "start" if place < 0.5 else "end"
    yield Label(
        right,
        float(np.interp(right, guesses, outcomes)),
        text,
        "ink",
        anchor,
        dx=10 if anchor == "start" else -10,
        dy=-8,
        bold=True,
        halo=True,
    )
