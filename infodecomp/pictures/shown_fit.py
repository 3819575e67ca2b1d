"""A fit with the names and units of its table, as the figures about it need them."""

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from infodecomp.explorable import Choice, Range
from infodecomp.explorable.core.numbers import with_unit

if TYPE_CHECKING:
    from infodecomp.bottleneck.features import Feature
    from infodecomp.bottleneck.fits.stored import StoredFit
    from infodecomp.bottleneck.information_plane import InformationPlane

SILENT = 0.05  # bits: a column with fewer is shown as not used
MOST_COLUMNS = 12  # that are shown at once
STEPS = (0.001, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)  # bits, of the slider
MOST_STEPS = 160
WORDS = {3: "thousand", 6: "million", 9: "billion", -3: "thousandths", -6: "millionths", -9: "billionths"}
MISSING = "missing"
FINE = 10_000  # steps of the range that are more than anyone reads
LONGEST = 48  # characters of a name in a sentence


class ColumnText(NamedTuple):
    """A column as readers see it: its name, and the text of each of its levels with its unit."""

    name: str
    levels: tuple[str, ...]
    is_ordered: bool

    @property
    def brief(self) -> str:
        """Its name in a sentence."""
        return brief(self.name)


class NumberedChoice(Choice):
    """One of a few values that an address calls by numbers, as their names may be any text."""

    def bounds(self) -> str:
        return "one of " + ", ".join(f"{value} ({brief(label)})" for value, label in self.options.items())


class ShownPlane:
    """A plane and what a record of its run says about the table.

    Parameters
    ----------
    features : list of Feature
    classes : list or None
        Names of the classes; None where a number is predicted.
    plane : InformationPlane
    about : mapping
        The record: file, rows, target, target_column, columns, dates, and yardsticks or None.

    Attributes
    ----------
    target, unit : str
    columns : list of ColumnText
        In the order of the fit.
    ranked : list of int
        The columns by their bits over all budgets, most first; those that are shown.
    bits : Range
        The budget, a parameter that all figures share.
    column : Choice
        One of the ranked columns by its number in the fit, from 1; another shared parameter.
    """

    def __init__(
        self,
        features: list["Feature"],
        classes: list | None,
        plane: "InformationPlane",
        about: Mapping[str, Any],
    ):
        self.plane, self._classes = plane, classes
        self.target, self.unit = brief(one_line(about["target"])), one_line(about["target_column"]["unit"])
        self.yardsticks: Mapping[str, float] | None = about["yardsticks"]
        self.source = f"{one_line(about['file'])}, {about['rows']:,} rows"
        units = {column["name"]: one_line(column["unit"]) for column in about["columns"]}
        self.columns = [
            ColumnText(
                one_line(feature.name),
                level_texts(feature, units.get(feature.name, ""), feature.name in about["dates"]),
                feature.kind != "categorical" or feature.ordered,
            )
            for feature in features
        ]
        means = np.trapezoid(plane.features.clip(0), plane.ascending_bits, axis=0)
        self.ranked = np.argsort(-means, kind="stable")[:MOST_COLUMNS].tolist()
        self.bits = budget_slider(plane)
        self.column = NumberedChoice(
            name="column",
            label="Look into",
            default=str(self.ranked[0] + 1),
            options={str(i + 1): self.columns[i].name for i in self.ranked},
        )

    @property
    def is_regression(self) -> bool:
        """Whether a number is predicted."""
        return self._classes is None

    @property
    def classes(self) -> list[str]:
        """The names of the classes."""
        return category_texts(self._classes or [])

    def bits_text(self, bits: float) -> str:
        """A position of the slider in words."""
        return f"{self.bits.show(bits)} bits"

    def amount(self, value: float) -> str:
        """A value of the target, or of its error, with its unit."""
        return with_unit(rounded(value), self.unit)

    def error_text(self, error: float) -> str:
        """An error in words."""
        if self.is_regression:
            return f"off by {self.amount(error)}"
        return f"{error:.2f} bits uncertain"

    def scaled_axis(self, largest: float) -> tuple[float, str]:
        """By what the numbers of an axis are divided so that they are short, and its unit with that."""
        if 1e-3 <= largest < 1e5 or largest == 0:
            return 1.0, self.unit
        size = math.floor(math.log10(largest) / 3) * 3
        return 10.0**size, f"{WORDS.get(size, f'1e{size}')} {self.unit}".strip()


class ShownFit(ShownPlane):
    """A stored fit and what a record of its run says about the table.

    Parameters
    ----------
    fit : StoredFit
    about : mapping
        See `ShownPlane`.
    """

    def __init__(self, fit: "StoredFit", about: Mapping[str, Any]):
        super().__init__(fit.features, fit.classes, fit.plane, about)
        self.fit = fit

    def within(self, bits: float) -> float:
        """A position of the slider as a budget that the fit has: a step may reach beyond a narrow range, and
        the position at which it begins stands for the bits that are enough, without rounding."""
        low, high = self.plane.ascending_bits[[0, -1]].tolist()
        return min(max(self.plane.best_bits if bits == self.bits.default else bits, low), high)

    def spent(self, bits: float) -> np.ndarray:
        """The bits of each column at a position of the slider, shape (n_columns,)."""
        return self.fit.spent(self.within(bits))


def one_line(text: object) -> str:
    """Text of a table as one line without control characters, which marks no words of a sentence."""
    letters = (letter if letter.isprintable() else " " for letter in str(text))
    return " ".join("".join(letters).split()).replace("]{", "] {") or "(no name)" * bool(text)


def brief(text: str) -> str:
    """A name in a sentence, at most LONGEST characters."""
    return text if len(text) <= LONGEST else text[:LONGEST].rstrip() + "…"


def keyed(text: str) -> str:
    """Text of a table as a key number may have it: with round brackets."""
    return text.translate({ord("["): "(", ord("]"): ")"})


def rounded(value: float) -> str:
    """A number with three digits that count, or all before its point, with commas between thousands."""
    if value == 0 or not math.isfinite(value):
        return "0"
    value = float(f"{value:.3g}")
    size = math.floor(math.log10(abs(value)))
    if -4 <= size <= 12:
        return f"{value:,.{max(0, 2 - size)}f}"
    return f"{value / 10.0**size:.2f}e{size}"


def number_texts(values: ArrayLike) -> list[str]:
    """Numbers with as few decimals as tell them apart; two of them, and no more than make sense beside the
    whole range, are shown where they are there."""
    numbers = np.asarray(values, float)
    largest = float(np.abs(numbers).max(initial=0))
    if largest >= 1e12 or 0 < largest < 1e-4:
        return [f"{value:.4g}" for value in numbers]
    different, span = len(np.unique(numbers)), float(np.ptp(numbers)) if len(numbers) else 0.0
    for decimals in range(8):
        shown = np.round(numbers, decimals)
        is_exact = np.allclose(shown, numbers, rtol=1e-12, atol=1e-9)
        is_fine = decimals >= 2 or span * 10**decimals >= FINE
        if is_exact or is_fine and len(np.unique(shown)) == different:
            break
    mark = "," if largest >= 10_000 else ""
    return [f"{value + 0.0:{mark}.{decimals}f}" for value in shown]


def category_texts(values: list) -> list[str]:
    """The texts of categories; whole numbers have no point, however they are stored."""
    is_whole = all(isinstance(value, float) and value.is_integer() for value in values)
    return [one_line(int(value) if is_whole else value) for value in values]


def level_texts(feature: "Feature", unit: str, is_date: bool) -> tuple[str, ...]:
    """The text of each level of a column, the one for missing values last."""
    if is_date:
        texts = [str(np.datetime64(round(level), "D")) for level in feature.levels.tolist()]
    elif feature.levels.dtype.kind in "iuf":
        texts = [with_unit(text, unit) for text in number_texts(feature.levels)]
    else:
        texts = category_texts(feature.levels.tolist())
    return (*texts, *[MISSING] * feature.missing)


def budget_slider(plane: "InformationPlane") -> Range:
    """The slider of the budget, between round numbers; it begins where bits are enough."""
    low, high = plane.ascending_bits[[0, -1]].tolist()
    step = next((step for step in STEPS if (high - low) / step <= MOST_STEPS), 10.0)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    bits = Range(
        name="bits",
        label="bits in all",
        default=None,
        low=round(first * step, 6),
        high=round(max(first + 1, last) * step, 6),
        step=step,
        unit="bits",
        role="selection",
    )
    enough = plane.best_bits if plane.best_bits < 1 else round(plane.best_bits, 1)  # as all texts round it
    return replace(bits, default=bits.snap(enough))
