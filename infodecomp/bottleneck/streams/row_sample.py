"""A random sample of rows that depends on a seed and on the numbers of the rows alone.

Each row has a hash of its number, and the rows with the smallest hashes are the sample. Batches of any size,
in any order and on any number of machines therefore give the same sample.
"""

import numpy as np

from infodecomp.split_mix import INCREMENT, mix

LARGEST = 2**64 - 1
SPARE = 1.25  # so much of the sample is held before it is cut back


def row_hash(seed: int, start: int, n: int) -> np.ndarray:
    """A hash of (seed, row number) for n rows from `start` on, uint64, by SplitMix64."""
    with np.errstate(over="ignore"):
        key = mix(_seed_bits(seed) + INCREMENT)
        return mix(key + (np.arange(start, start + n, dtype=np.uint64) + np.uint64(1)) * INCREMENT)


def hash_numbers(bits: np.ndarray, seed: int) -> np.ndarray:
    """A hash of (seed, number) for each of some numbers, uint64 to uint64."""
    with np.errstate(over="ignore"):
        return mix(bits + mix(_seed_bits(seed) + INCREMENT) + INCREMENT)


def _seed_bits(seed: int) -> np.ndarray:
    return np.array([seed & LARGEST], np.uint64)


class RowSample:
    """The rows with the smallest hashes, of columns that come in batches.

    Parameters
    ----------
    size : int
        Rows to keep.
    seed : int

    Attributes
    ----------
    n : int
        Rows seen so far.
    """

    def __init__(self, size: int, seed: int):
        self.size, self.seed, self.n = size, seed, 0
        self._threshold = np.uint64(LARGEST)
        self._hashes: list[np.ndarray] = []
        self._rows: list[np.ndarray] = []
        self._columns: list[list[np.ndarray]] = []
        self._kept = 0

    def add(self, columns: list[np.ndarray]) -> None:
        """Add a batch: each column has shape (n_rows,)."""
        n = len(columns[0])
        hashes = row_hash(self.seed, self.n, n)
        chosen = np.flatnonzero(hashes <= self._threshold)
        self._hashes.append(hashes[chosen])
        self._rows.append(chosen + self.n)
        if not self._columns:
            self._columns = [[] for _ in columns]
        for parts, column in zip(self._columns, columns):
            parts.append(column[chosen])
        self.n += n
        self._kept += len(chosen)
        if self._kept > SPARE * self.size:
            self._shrink()

    def take(self) -> tuple[np.ndarray, list[np.ndarray]]:
        """Row numbers of the sample, ascending, and its columns in that order."""
        self._shrink()
        order = np.argsort(self._rows[0])
        return self._rows[0][order], [parts[0][order] for parts in self._columns]

    def _shrink(self) -> None:
        hashes, rows = np.concatenate(self._hashes), np.concatenate(self._rows)
        smallest = np.arange(len(hashes))
        if len(hashes) > self.size:
            smallest = np.argpartition(hashes, self.size - 1)[: self.size]
            self._threshold = hashes[smallest].max()
        self._hashes, self._rows, self._kept = [hashes[smallest]], [rows[smallest]], len(smallest)
        for parts in self._columns:  # one after the other, to save memory
            parts[:] = [np.concatenate(parts)[smallest]]
