"""Several plots in one picture: side by side, or stacked where the width is small."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

from infodecomp.explorable.graphics.marks import MarkGroup
from infodecomp.explorable.graphics.plot import MAX_HEIGHT, PAGE, DrawOptions, Plot
from infodecomp.explorable.graphics.scales import format_number


class _Cell(NamedTuple):
    """Where one part of a concatenation is drawn."""

    x: float
    y: float
    width: float
    max_height: float


@dataclass(frozen=True)
class HConcat:
    """Pictures side by side, or stacked if the width is too small for that.

    Parameters
    ----------
    pictures : tuple of Plot or HConcat
    weights : tuple of float
        Their shares of the width.
    gap : float
        Space between two of them, in pixels.
    stack_below : float
        The pictures are stacked at a width under this, in pixels.
    """

    pictures: "tuple[Plot | HConcat, ...]"
    weights: tuple[float, ...]
    gap: float = 24
    stack_below: float = 560

    def _cells(self, width: float, max_height: float) -> list[_Cell]:
        cells, offset = [], 0.0
        stacked = width < self.stack_below
        share = max_height / len(self.pictures) if stacked else max_height
        available = width - self.gap * (len(self.pictures) - 1)
        for picture, weight in zip(self.pictures, self.weights, strict=True):
            if stacked:
                cells.append(_Cell(0, offset, width, share))
                offset += picture.height(width, share) + 8
            else:
                part = round(available * weight / sum(self.weights))
                cells.append(_Cell(offset, 0, part, share))
                offset += part + self.gap
        return cells

    def height(self, width: float, max_height: float = MAX_HEIGHT) -> float:
        """Return the height at a width, at most about `max_height`."""
        return max(
            cell.y + picture.height(cell.width, cell.max_height)
            for picture, cell in zip(self.pictures, self._cells(width, max_height))
        )

    def widths(self, width: float) -> list[float]:
        """Return the width of each plot when the picture has a width."""
        cells = self._cells(width, MAX_HEIGHT)
        return [w for picture, cell in zip(self.pictures, cells) for w in picture.widths(cell.width)]

    def groups(self) -> Iterator[MarkGroup]:
        """Yield the mark groups of the picture, at every depth."""
        return chain.from_iterable(picture.groups() for picture in self.pictures)

    def handle_position(self) -> tuple[float, float] | None:
        """Return where the handle of the first plane that has one lies; see `Plot.handle_position`."""
        positions = (picture.handle_position() for picture in self.pictures)
        return next((position for position in positions if position), None)

    def body(self, width: float, options: DrawOptions = PAGE, max_height: float = MAX_HEIGHT) -> str:
        """Return the SVG elements of the picture, without the document around them."""
        return "".join(
            f'<g transform="translate({format_number(cell.x)} {format_number(cell.y)})">'
            f"{picture.body(cell.width, options, cell.max_height)}</g>"
            for picture, cell in zip(self.pictures, self._cells(width, max_height))
        )


Picture = Plot | HConcat
