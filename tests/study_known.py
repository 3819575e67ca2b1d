"""Tables of which it is known which columns matter, over ten seeds: are these found, and what does noise get?

    make study-known [SEEDS=10] [ARGS='xor rare']

Prints, for each table, what the right columns and those of noise get at the budget that is enough
(`best_bits_`), which of them new rows confirm (`permutation_importances`), and what a second fit to these
alone does.
"""

import os
import sys
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from infodecomp import DistributedBottleneck
from infodecomp.bottleneck.information_plane import InformationPlane

HEADS = (
    "table",
    "fewest bits of a right column",
    "most bits of a column of noise",
    "right columns all confirmed",
    "columns of noise confirmed",
    "error of the first fit → of the second",
)


class Known(NamedTuple):
    """A table with a known answer.

    Attributes
    ----------
    X : ndarray of shape (n_samples, n_features)
    y : ndarray of shape (n_samples,)
    right : tuple of tuple of int
        Columns that matter; of several that say the same, one is enough.
    """

    X: np.ndarray
    y: np.ndarray
    right: tuple[tuple[int, ...], ...]

    @property
    def noise(self) -> np.ndarray:
        """The other columns."""
        return np.setdiff1d(np.arange(self.X.shape[1]), np.concatenate(self.right))


class Result(NamedTuple):
    """What a fit to such a table has found.

    Attributes
    ----------
    plane : InformationPlane
        Of a fit to all columns.
    bits : ndarray of shape (n_features,)
        Of each column at `best_bits_`.
    used : ndarray of bool, shape (n_features,)
        Which of them new rows confirm.
    rise, spread : ndarray of shape (n_features,)
        See `PermutationImportances`.
    second : InformationPlane
        Of a second fit, to these columns alone.
    """

    plane: InformationPlane
    bits: np.ndarray
    used: np.ndarray
    rise: np.ndarray
    spread: np.ndarray
    second: InformationPlane


def xor(generator: np.random.Generator) -> Known:
    """Whether two among 32 coins differ."""
    x = generator.integers(0, 2, (1500, 32)).astype(float)
    return Known(x, np.where(x[:, 4] != x[:, 20], "odd", "even"), ((4,), (20,)))


def copy(generator: np.random.Generator) -> Known:
    """One of ten columns, which is there twice."""
    x = generator.integers(0, 4, (1500, 10)).astype(float)
    return Known(np.column_stack([x, x[:, 0]]), x[:, 0], ((0, 10),))


def three(generator: np.random.Generator) -> Known:
    """A smooth function of three among ten columns, with noise (as in Friedman 1991)."""
    x = generator.random((2000, 10))
    y = 10 * np.sin(np.pi * x[:, 0] * x[:, 1]) + 20 * (x[:, 2] - 0.5) ** 2 + generator.normal(size=2000)
    return Known(x, y, ((0,), (1,), (2,)))


def rare(generator: np.random.Generator) -> Known:
    """One row in a hundred, among those in which two of ten columns have their highest value."""
    x = generator.integers(0, 4, (3000, 10)).astype(float)
    is_rare = (x[:, 0] == 3) & (x[:, 1] == 3) & (generator.random(3000) < 0.16)
    return Known(x, np.where(is_rare, "yes", "no"), ((0,), (1,)))


def parity(generator: np.random.Generator) -> Known:
    """Whether the sum of three among six coins is odd."""
    x = generator.integers(0, 2, (2000, 6)).astype(float)
    return Known(x, np.where(x[:, [0, 2, 5]].sum(1) % 2, "odd", "even"), ((0,), (2,), (5,)))


TABLES: dict[str, Callable[[np.random.Generator], Known]] = {
    "xor": xor,
    "copy": copy,
    "three": three,
    "rare": rare,
    "parity": parity,
}


def measured(known: Known, seed: int) -> Result:
    """Fit to all columns, and to those that new rows confirm."""
    fit = DistributedBottleneck(random_state=seed).fit(known.X, known.y)
    tested = fit.permutation_importances(known.X, known.y)
    plane, bits = fit.information_plane_, fit.feature_importances_
    chosen = known.X[:, tested.used] if tested.used.any() else known.X
    second = fit.fit(chosen, known.y).information_plane_
    return Result(plane, bits, tested.used, tested.rise, tested.spread, second)


def line(name: str, known: Known, results: list[Result]) -> str:
    """A row of the table."""
    right = [min(result.bits[list(group)].sum() for group in known.right) for result in results]
    noise = [result.bits[known.noise].max() for result in results]
    found = sum(all(result.used[list(group)].any() for group in known.right) for result in results)
    false = sum(int(result.used[known.noise].sum()) for result in results)
    planes = [plane for result in results for plane in (result.plane, result.second)]
    error = [plane.at(plane.best_bits).error for plane in planes]
    cells = (
        f"{name} ({len(known.y):,} × {known.X.shape[1]})",
        f"{np.median(right):.2f} ({min(right):.2f})",
        f"{np.median(noise):.3f} ({max(noise):.3f})",
        f"{found} of {len(results)}",
        f"{false} of {len(results) * len(known.noise)}",
        f"{np.median(error[::2]):.3g} → {np.median(error[1::2]):.3g}",
    )
    return f"| {' | '.join(cells)} |"


def main(seeds: int, only: list[str]) -> None:
    """Print a row for each table."""
    print(f"| {' | '.join(HEADS)} |\n|{'---|' * len(HEADS)}", flush=True)
    for name in only or TABLES:
        tables = [TABLES[name](np.random.default_rng(seed)) for seed in range(seeds)]
        results = [measured(known, seed) for seed, known in enumerate(tables)]
        print(line(name, tables[0], results), flush=True)


if __name__ == "__main__":
    main(int(os.environ.get("SEEDS", "10")), sys.argv[1:])
