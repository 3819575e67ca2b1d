"""Parameters that figures of this essay share: the map, its scale, the noise, and the reader's own curve."""

from functools import lru_cache

from infodecomp.deterministic.scalar_maps import ScalarMap, piecewise_linear_map, scalar_map
from infodecomp.explorable import Choice, Range
from infodecomp.explorable.core.numbers import minus_signs

KNOTS = (-2.0, -1.0, 0.0, 1.0, 2.0)
SHAPES = {
    "linear": "line",
    "relu": "ReLU",
    "tanh": "tanh",
    "step": "step",
    "constant": "constant",
}
MAP = Choice(
    name="map", label="The function", default="linear", options=SHAPES | {"own": "your own"}, role="series-1"
)
OWN = tuple(
    Range(
        name=f"own_{index + 1}",
        label=minus_signs(f"your curve at x = {x:.0f}"),
        default=z,
        low=-2,
        high=2,
        step=0.1,
        role="selection",
        active_when=("map", "own"),
    )
    for index, (x, z) in enumerate(zip(KNOTS, (-1.0, -1.0, 1.0, 0.0, 1.5)))
)


@lru_cache(maxsize=64)
def chosen_map(kind: str, own: tuple[float, ...]) -> ScalarMap:
    """The map that the parameters name."""
    return piecewise_linear_map(KNOTS, own) if kind == "own" else scalar_map(kind)
