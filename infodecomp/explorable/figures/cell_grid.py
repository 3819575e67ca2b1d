"""Boards: a small square of chances as one parameter, a character for each square in its address."""

from dataclasses import dataclass, field

from infodecomp.explorable.figures.parameters import Parameter

# No e: between digits it would read as a number.
LETTERS = {"0": 0.0, **{letter: (index + 1) / 10 for index, letter in enumerate("rstuvwxyz")}, "1": 1.0}
TURN = {"0": "1", "1": "v"}  # a press turns off to on, on to a chance of one half, and any chance to off


@dataclass(frozen=True, kw_only=True)
class CellGrid(Parameter):
    """A square of chances, row by row: 0 off, 1 on, r to z for .1 to .9. side: of the square."""

    default: str
    side: int = 4
    kind: str = field(default="board", init=False)

    def bounds(self) -> str:
        return f"{self.side**2} characters, row by row: 0, 1, or r to z for .1 to .9"

    def check(self, value):
        if not isinstance(value, str) or len(value) != self.side**2 or not set(value) <= LETTERS.keys():
            raise self.refuse(value, f"is no board of {self.side} by {self.side}")
        return value

    def chances(self, value: str) -> list[list[float]]:
        """The chance of every square, a list for each row."""
        flat = [LETTERS[letter] for letter in self.check(value)]
        return [flat[row * self.side : (row + 1) * self.side] for row in range(self.side)]

    def turned(self, value: str, square: int) -> str:
        """The board after a press on one of its squares."""
        return value[:square] + TURN.get(value[square], "0") + value[square + 1 :]

    def moved(self, value: str, square: int, tenths: int) -> str:
        """The board with the chance of a square some tenths higher or lower, as far as chances go."""
        letters = "".join(sorted(LETTERS, key=LETTERS.get))
        at = min(max(letters.index(value[square]) + tenths, 0), len(letters) - 1)
        return value[:square] + letters[at] + value[square + 1 :]
