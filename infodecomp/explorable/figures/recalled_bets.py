"""Bets of a reader beside their answers: a number line for each, for the figure that recalls them all."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from infodecomp.explorable.graphics.marks import Dot, Label, Line, Mark
from infodecomp.explorable.graphics.plot import Plot
from infodecomp.explorable.graphics.scales import Axis

CLOSE = 0.02  # of the range: nearer than this counts as right
CROWDED = 0.12  # of the range: nearer labels are moved apart
ROW = 62  # pixels of a bet


@dataclass(frozen=True)
class RecalledBet:
    """What a reader expected, and what it was.

    Attributes
    ----------
    question : str
    guess : float
    answer : float
    is_shown : bool
        Whether the reader has uncovered the answer.
    low, high : float
        The range of the guesses.
    decimals : int
        Of the numbers in the picture.
    start : float
        Where the slider stands before the reader moves it.
    """

    question: str
    guess: float
    answer: float
    is_shown: bool
    low: float
    high: float
    decimals: int
    start: float

    @property
    def is_placed(self) -> bool:
        """Whether the reader has moved the slider, or left it there and uncovered the answer."""
        return self.is_shown or self.guess != self.start

    @property
    def distance(self) -> float:
        """Between guess and answer, as a share of the range."""
        return abs(self.guess - self.answer) / (self.high - self.low)

    @property
    def is_right(self) -> bool:
        """Whether the answer is uncovered and the guess was as good as right."""
        return self.is_shown and self.distance <= CLOSE

    def format(self, value: float) -> str:
        """A number of this bet as text."""
        return f"{value:.{self.decimals}f}"


def recalled_bets(bets: Sequence[RecalledBet]) -> Plot:
    """Draw one number line for each bet; a covered answer is not drawn."""
    marks = [mark for i, bet in enumerate(bets) for mark in _row(-i, bet)]
    return Plot(
        tuple(marks),
        Axis(domain=(0, 1), hidden=True),
        Axis(domain=(-len(bets), 0), hidden=True),
        heights=(len(bets) * ROW + 14,) * 2,
        margins=(4, 14, 10, 14),
    )


def recalled_table(bets: Sequence[RecalledBet]) -> dict[str, list]:
    """The bets as columns; a bet that is not placed and a covered answer are None."""
    return {
        "bet": [bet.question for bet in bets],
        "you": [bet.guess if bet.is_placed else None for bet in bets],
        "answer": [bet.answer if bet.is_shown else None for bet in bets],
    }


def recalled_sentence(bets: Sequence[RecalledBet]) -> str:
    """How many bets are placed and uncovered, and how many of them were right."""
    uncovered = [bet for bet in bets if bet.is_shown]
    if not uncovered:
        placed = f"{sum(bet.is_placed for bet in bets) or 'none'} of {len(bets)}"
        return f"You have placed {placed} bets. Uncover the answers above, and they are kept here."
    right, waiting = sum(bet.is_right for bet in uncovered), len(bets) - len(uncovered)
    rest = "" if not waiting else f" {waiting} {'is' if waiting == 1 else 'are'} still covered."
    if len(uncovered) == 1:
        return f"You got your one uncovered bet {'right' if right else 'wrong'}.{rest}"
    return f"Of {len(uncovered)} uncovered bets you got {right or 'none'} right.{rest}"


def _row(top: int, bet: RecalledBet) -> Iterator[Mark]:
    track = top - 0.62
    guess, answer = ((value - bet.low) / (bet.high - bet.low) for value in (bet.guess, bet.answer))
    apart = bet.is_shown and not bet.is_right
    yield Label(0, top - 0.3, bet.question, "ink", size=13, bold=True)
    yield Line((0, 1), (track, track), "faint", 3)
    if bet.is_shown:
        yield Line((guess, answer), (track, track), "selection", 3, dash="2 4")
        yield Dot(answer, track, "best", 5.5)
    if apart:
        yield _number(answer, track, bet.format(bet.answer), "ink")
    if bet.is_placed:
        yield Dot(guess, track, "selection", 7, rim="rim")
        side = 0 if not apart or abs(guess - answer) >= CROWDED else 26 if guess > answer else -26
        yield _number(guess, track, bet.format(bet.guess), "selection-text", side)
    if bet.is_shown:
        verdict = short = "right" if bet.is_right else ""
    else:
        verdict, short = ("not uncovered yet", "covered") if bet.is_placed else ("not placed yet", "no bet")
    if verdict:
        yield Label(1, top - 0.3, verdict, "muted", "end", size=12, narrow=short)


def _number(x: float, y: float, text: str, role: str, dx: float = 0) -> Label:
    return Label(x, y, text, role, "middle", dx=dx, dy=20, size=12.5, bold=True)
