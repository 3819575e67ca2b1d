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
        """Whether the reader has moved the slider. Who only opens the answer has not bet."""
        return self.guess != self.start

    @property
    def is_settled(self) -> bool:
        """Whether there is a bet and its answer is uncovered."""
        return self.is_placed and self.is_shown

    @property
    def distance(self) -> float:
        """Between guess and answer, as a share of the range."""
        return abs(self.guess - self.answer) / (self.high - self.low)

    @property
    def is_right(self) -> bool:
        """Whether the bet is settled and was as good as right."""
        return self.is_settled and self.distance <= CLOSE

    def format(self, value: float) -> str:
        """A number of this bet as text."""
        return f"{value:.{self.decimals}f}"


def recalled_bets(bets: Sequence[RecalledBet]) -> Plot:
    """Draw one number line for each bet that is placed, and say how many are not."""
    begun = [bet for bet in bets if bet.is_placed]
    marks = [mark for i, bet in enumerate(begun) for mark in _row(-i, bet)]
    if waiting := len(bets) - len(begun):
        words = f"{waiting} bet{'s' * (waiting > 1)} not placed yet"
        marks.append(Label(0, -len(begun), words, "muted", dy=14, size=12))
    return Plot(
        tuple(marks),
        Axis(domain=(0, 1), hidden=True),
        Axis(domain=(-max(len(begun), 0.1), 0), hidden=True),
        heights=(len(begun) * ROW + 30,) * 2,
        margins=(4, 14, 26, 14),
    )


def recalled_table(bets: Sequence[RecalledBet]) -> dict[str, list]:
    """The bets as columns; a bet that is not placed and a covered answer are None."""
    return {
        "bet": [bet.question for bet in bets],
        "you": [bet.guess if bet.is_placed else None for bet in bets],
        "answer": [bet.answer if bet.is_shown else None for bet in bets],
    }


def recalled_sentence(bets: Sequence[RecalledBet]) -> str:
    """How far the bets were from their answers: the one, or the nearest and the furthest."""
    settled = sorted((bet for bet in bets if bet.is_settled), key=lambda bet: bet.distance)
    covered = sum(not bet.is_shown for bet in bets)
    placed = sum(bet.is_placed for bet in bets)
    if not settled and not covered:
        return "You placed no bet."
    if not settled:
        begin = "Open the answers above" if placed else "Place one above and open its answer"
        return f"You have placed {placed or 'none'} of {len(bets)} bets. {begin}, and both are kept here."
    rest = "" if not covered else f" {covered} answer{' is' if covered == 1 else 's are'} still covered."
    if len(settled) == 1:
        return f"You said {_outcome(settled[0])}.{rest}"
    nearest, furthest = settled[0], settled[-1]
    return f"Nearest: you said {_outcome(nearest)}. Furthest: you said {_outcome(furthest)}.{rest}"


def _outcome(bet: RecalledBet) -> str:
    guess, answer = bet.format(bet.guess), bet.format(bet.answer)
    return f"{guess}, and that's right" if bet.is_right else f"{guess}, it is {answer}"


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
    side = 0 if not apart or abs(guess - answer) >= CROWDED else 26 if guess > answer else -26
    yield Dot(guess, track, "selection", 7, rim="rim")
    yield _number(guess, track, bet.format(bet.guess), "selection-text", side)
    verdict, short = "answer still covered", "covered"
    if bet.is_shown:
        verdict = short = "right" if bet.is_right else f"{bet.format(abs(bet.guess - bet.answer))} off"
    yield Label(1, top - 0.3, verdict, "muted", "end", size=12, narrow=short)


def _number(x: float, y: float, text: str, role: str, dx: float = 0) -> Label:
    return Label(x, y, text, role, "middle", dx=dx, dy=20, size=12.5, bold=True)
