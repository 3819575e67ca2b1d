"""The rows of a coded table as a training draws them, and the rows on which its error is measured."""

import mmap
from typing import Any

import numpy as np
import torch
from torch import Tensor

from infodecomp.bottleneck.network import Layout
from infodecomp.bottleneck.preprocessing import Target
from infodecomp.bottleneck.streams.row_sample import LARGEST, row_hash

MAX_HELD_OUT = 40_000  # rows, on average: enough for an error to within half a percent
BLOCK = 1_000_000  # rows
DRAWS = 256  # after so many, the pages of the file that were read are given back


def held_out_rows(n: int, fraction: float, seed: int) -> np.ndarray:
    """Numbers of the rows on which the error is measured, ascending; chosen by a hash of seed and number."""
    threshold = np.uint64(min(fraction, MAX_HELD_OUT / n) * LARGEST)
    blocks = (
        start + np.flatnonzero(row_hash(~seed, start, min(BLOCK, n - start)) < threshold)
        for start in range(0, n, BLOCK)
    )
    return np.concatenate(list(blocks))


class MappedRows:
    """Flat level indices of the rows to fit on, with as much of a tensor's interface as a training needs.

    Parameters
    ----------
    codes : ndarray of shape (n_samples, n_features)
        Level indices, mapped from a file.
    held_out : ndarray of shape (n_held_out,)
        Rows to leave out, ascending.
    start : Tensor of shape (n_features,)
        The flat index of each feature's first level.
    checksum : int
    """

    def __init__(self, codes: np.ndarray, held_out: np.ndarray, layout: Layout):
        self._codes, self._start = codes, layout.start
        self._held_out, self._before = held_out, held_out - np.arange(len(held_out))
        self._draws = 0
        self.shape = torch.Size((len(codes) - len(held_out), codes.shape[1]))

    def positions(self, chosen: Tensor) -> np.ndarray:
        """The rows of the table that are the chosen ones among those to fit on."""
        numbers = chosen.numpy()
        return numbers + np.searchsorted(self._before, numbers, side="right")

    def __getitem__(self, chosen: Tensor) -> Tensor:
        rows = self._codes[self.positions(chosen)]
        self._draws += 1
        if self._draws % DRAWS == 0:
            release(self._codes)
        return torch.from_numpy(rows.astype(np.int64)) + self._start

    def sum(self) -> int:
        """A checksum: the sum of all codes of the table."""
        total = 0
        for i in range(0, len(self._codes), BLOCK):
            total += int(self._codes[i : i + BLOCK].sum(dtype=np.int64))
            release(self._codes)
        return total


class MappedTarget:
    """The encoded target of the rows to fit on, with as much of a tensor's interface as a training needs."""

    def __init__(self, values: np.ndarray, target: Target, rows: MappedRows, names: list | None):
        self._values, self._target, self._rows = values, target, rows
        self._classes = None if target.classes is None or names is None else _class_numbers(target, names)

    def __len__(self) -> int:
        return self._rows.shape[0]

    def __getitem__(self, chosen: Tensor) -> Tensor:
        return self.encode(self._values[self._rows.positions(chosen)])

    def encode(self, values: np.ndarray) -> Tensor:
        """Standardised numbers, or class indices."""
        if self._classes is not None:
            return torch.from_numpy(self._classes[values.astype(np.int64)])
        return self._target.encode(values.reshape(-1)).view(values.shape)

    def double(self) -> Tensor:
        """A few sums of the target, by which a stored fit recognises its data."""
        parts = range(0, len(self._values), BLOCK)
        sums = torch.tensor([float(self._values[i : i + BLOCK].sum()) for i in parts], dtype=torch.float64)
        release(self._values)
        return sums


def release(array: np.ndarray) -> None:
    """Give back the memory of the pages of a mapped file; they are read again when they are needed."""
    mapped = getattr(array, "_mmap", None)
    if mapped is not None and hasattr(mmap, "MADV_DONTNEED"):
        mapped.madvise(mmap.MADV_DONTNEED)


def _class_numbers(target: Target, names: list[Any]) -> np.ndarray:
    index = {name: i for i, name in enumerate(target.classes or ())}
    return np.array([index[name] for name in names], np.int64)
