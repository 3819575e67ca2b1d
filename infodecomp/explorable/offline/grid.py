"""A grid of states of a figure."""

import itertools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Grid:
    """A grid of states.

    Attributes
    ----------
    base : mapping
        The full state that it starts from.
    axes : tuple of (str, tuple)
        Name and values of each parameter that varies.
    """

    base: Mapping[str, Any]
    axes: tuple[tuple[str, tuple], ...] = ()

    @property
    def shape(self) -> tuple[int, ...]:
        return tuple(len(values) for _, values in self.axes)

    def states(self) -> Iterator[dict[str, Any]]:
        """Yield the states; the last axis varies fastest."""
        names = [name for name, _ in self.axes]
        for point in itertools.product(*(values for _, values in self.axes)):
            yield dict(self.base) | dict(zip(names, point))

    def flat_index(self, index: Iterable[int]) -> int:
        """Return the position of a state in `states` from its index along each axis."""
        flat = 0
        for i, length in zip(index, self.shape):
            flat = flat * length + i
        return flat

    def contains(self, state: Mapping[str, Any]) -> bool:
        """Return whether a state is one of the grid's."""
        axes = dict(self.axes)
        return all(value in axes.get(name, (self.base[name],)) for name, value in state.items())
