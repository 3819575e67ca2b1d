"""A small square grid of probabilities as one parameter, written with one character for each cell."""

from dataclasses import dataclass
from typing import ClassVar

from infodecomp.explorable.figures.parameters import Parameter

# The letter e is left out: between digits it would read as a number.
PROBABILITIES = {"0": 0.0, **{letter: (index + 1) / 10 for index, letter in enumerate("rstuvwxyz")}, "1": 1.0}
CELLS = "".join(PROBABILITIES)  # in ascending order of probability
NEXT_CELL = {"0": "1", "1": "v"}  # a press turns off to on, on to one half, and any other probability to off


@dataclass(frozen=True, kw_only=True)
class CellGrid(Parameter[str]):
    """A square grid of probabilities, row by row: 0 is off, 1 is on, r to z are .1 to .9.

    Parameters
    ----------
    side : int
        Cells along a side of the square.
    """

    default: str | None
    side: int = 4
    kind: ClassVar[str] = "board"

    def bounds(self) -> str:
        return f"{self.side**2} characters, row by row: 0, 1, or r to z for .1 to .9"

    def check(self, value: object) -> str:
        if not isinstance(value, str) or len(value) != self.side**2 or not set(value) <= PROBABILITIES.keys():
            raise self.refuse(value, f"is no board of {self.side} by {self.side}")
        return value

    def probabilities(self, value: str) -> list[list[float]]:
        """Return the probability of every cell, one list per row."""
        flat = [PROBABILITIES[cell] for cell in self.check(value)]
        return [flat[row * self.side : (row + 1) * self.side] for row in range(self.side)]

    def toggled(self, value: str, index: int) -> str:
        """Return the grid after a press on the cell at an index."""
        return value[:index] + NEXT_CELL.get(value[index], "0") + value[index + 1 :]

    def shifted(self, value: str, index: int, tenths: int) -> str:
        """Return the grid with one probability moved by some tenths, clipped to 0 and 1."""
        position = min(max(CELLS.index(value[index]) + tenths, 0), len(CELLS) - 1)
        return value[:index] + CELLS[position] + value[index + 1 :]
