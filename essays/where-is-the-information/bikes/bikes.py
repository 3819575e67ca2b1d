"""Shared by the bike figures: the trained model, the budget, and the names and order of the features."""

from functools import cache, lru_cache

import numpy as np

from infodecomp.bottleneck.evaluation import pair_distinguishability
from infodecomp.bottleneck.model import Bottleneck
from infodecomp.data.bikes import ATTRIBUTION, FEATURES, LABELS, UNITS, load_bikes, split_bikes, value_name
from infodecomp.errors import CheckpointError
from infodecomp.experiments.bikes import BIKES, BikeModel, SeedPlane
from infodecomp.explorable import Choice, Range
from infodecomp.explorable.core.errors import Missing
from infodecomp.pictures.labels import listed_bits

WEATHER = ("weather", "temperature", "apparent_temperature", "humidity", "wind")
ORDER = {
    "season": ("winter", "spring", "summer", "autumn"),
    "weekday": (1, 2, 3, 4, 5, 6, 0),
    "weather": ("clear", "mist", "light rain or snow", "heavy rain or snow"),
}
SILENT = 0.05  # bits: a feature with fewer is shown as not asked

BITS = Range(
    name="bits", label="bits in all", default=4, low=0.2, high=16, step=0.1, unit="bits", role="selection"
)
FEATURE = Choice(
    name="feature",
    label="Look into",
    default="hour",
    options={name: LABELS.get(name, name) for name in FEATURES},
)


def model() -> Bottleneck:
    """The trained model. Raises Missing where its file is not there or is damaged."""
    return _stored().bottleneck


def further_planes() -> list[SeedPlane]:
    """The information planes of fits with other seeds. Raises Missing as model does."""
    return _stored().further


def _stored() -> BikeModel:
    try:
        return BIKES.at(0)
    except CheckpointError as error:
        raise Missing(f"The model of the bike rentals cannot be used: {error}") from error


@lru_cache(maxsize=512)
def spent(bits: float) -> dict[str, float]:
    """The bits of each feature at a budget."""
    return dict(zip((one.name for one in model().features), model().plane.at(bits).features.clip(0).tolist()))


@cache
def ranked() -> tuple[str, ...]:
    """The features by their bits over all budgets, most first; the order is the same at every budget."""
    plane, names = model().plane, [one.name for one in model().features]
    means = np.trapezoid(plane.features, plane.bits, axis=0)
    return tuple(names[i] for i in np.argsort(-means))


@cache
def by_entry() -> tuple[str, ...]:
    """The features by the smallest budget that gives them bits, then by their rank."""
    plane, names = model().plane, [one.name for one in model().features]
    asked = np.asarray(plane.features) >= SILENT
    smallest = [
        np.asarray(plane.bits)[asked[:, names.index(name)]].min(initial=np.inf).item() for name in ranked()
    ]
    return tuple(name for _, name in sorted(zip(smallest, ranked(), strict=True), key=lambda pair: pair[0]))


@cache
def order(feature: str) -> np.ndarray:
    """The order in which the levels of a feature are shown, as indices (n_levels,)."""
    levels = levels_of(feature)
    if feature not in ORDER:
        return np.arange(len(levels))
    return np.array([levels.index(value) for value in ORDER[feature]])


@cache
def levels_of(feature: str) -> list:
    """The values of a feature in the order of the model."""
    return next(one.levels.tolist() for one in model().features if one.name == feature)


@cache
def shown_levels(feature: str) -> list[str]:
    """The names of the levels in the order in which they are shown."""
    levels = levels_of(feature)
    return [named(feature, levels[i]) for i in order(feature)]


def named(feature: str, value) -> str:
    """The text of a value; the model stores all numbers as floats."""
    return str(int(value)) if feature == "year" else value_name(feature, value)


@cache
def error_of_means(feature: str | None = None) -> float:
    """The error on the test hours of the best guess from the exact value of one feature, or from none.

    The guess is the mean of the hours to fit that have the value; the root of the mean squared error is in
    bikes an hour, on the same hours as the plane of the model.
    """
    bikes, split = load_bikes(), split_bikes(BIKES.config.split_seed)
    known = np.concatenate([split.training, split.validation])
    column = bikes.columns[feature] if feature else np.zeros(len(bikes.count))
    _, value = np.unique(column, return_inverse=True)
    means = np.bincount(value[known], bikes.count[known]) / np.bincount(value[known])
    return float(np.sqrt(((bikes.count - means[value])[split.test] ** 2).mean()))


@cache
def entropies() -> dict[str, float]:
    """The entropy of each feature, in bits."""
    return {one.name: one.entropy for one in model().features}


@lru_cache(maxsize=64)
def apart(bits: float) -> dict[str, np.ndarray]:
    """The distinguishability of the levels of every feature, (n_levels, n_levels) each, as shown."""
    pairs, places = _pairs()
    values = pair_distinguishability(*model().encodings(bits), *pairs).numpy()
    return {feature: values[place] for feature, place in places.items()}


@cache
def _pairs() -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Every pair of levels once, (2, n_pairs) flat indices, and the pair of each cell of every matrix."""
    pairs, places, n = [], {}, 0
    for one, start in zip(model().features, model().network.layout.start.tolist()):
        above = np.triu_indices(one.n_levels)
        pairs.append(start + order(one.name)[np.array(above)])
        place = np.empty((one.n_levels,) * 2, int)
        place[above] = place.T[above] = n + np.arange(len(above[0]))
        places[one.name], n = place, n + len(above[0])
    return np.concatenate(pairs, axis=1), places


@cache
def rows() -> np.ndarray:
    """The levels of all hours of the data, int64 (17379, 12), contiguous by feature."""
    columns = load_bikes().columns
    return np.stack([one.level_indices(columns[one.name]) for one in model().features]).T


def hue(feature: str) -> str:
    """The colour of a feature in every picture: blue for the calendar, green for the weather."""
    return "target" if feature in WEATHER else "series-1"


def label(feature: str) -> str:
    return LABELS.get(feature, feature)


def listed(bits: dict, most: int = 4) -> str:
    """The features with most bits and the rest: '1.85 bits of hour, 0.86 of year and 0.04 of the rest'."""
    return listed_bits([(label(name), amount) for name, amount in bits.items()], SILENT, most)


__all__ = [
    "ATTRIBUTION",
    "BITS",
    "FEATURE",
    "FEATURES",
    "UNITS",
    "WEATHER",
    "apart",
    "entropies",
    "error_of_means",
    "further_planes",
    "hue",
    "label",
    "levels_of",
    "listed",
    "model",
    "named",
    "order",
    "ranked",
    "rows",
    "shown_levels",
    "spent",
]
