"""The rows of a coded table as a training draws them."""

import mmap
from typing import Any

import numpy as np
import torch
from torch import Tensor

from infodecomp.bottleneck.network import Layout
from infodecomp.bottleneck.preprocessing import Target

BLOCK = 1_000_000  # rows
DRAWS = 256  # after so many, the pages of a file that were read are given back


class _Mapped:
    """An array in a mapped file, whose memory is given back from time to time."""

    def __init__(self, array: np.ndarray):
        self._array, self._draws = array, 0

    def _drawn(self) -> np.ndarray:
        self._draws += 1
        if self._draws % DRAWS == 0:
            release(self._array)
        return self._array


class MappedRows(_Mapped):
    """Flat level indices of the rows to fit on, with as much of a tensor's interface as a training needs.

    Parameters
    ----------
    codes : ndarray of shape (n_samples, n_features)
        Level indices, mapped from a file.
    layout : Layout
    checksum : int
        By which a stored fit recognises its data.
    """

    def __init__(self, codes: np.ndarray, layout: Layout, checksum: int):
        super().__init__(codes)
        self._start, self._checksum = layout.start, checksum
        self.shape = torch.Size(codes.shape)

    def __getitem__(self, chosen: Tensor) -> Tensor:
        return torch.from_numpy(self._drawn()[chosen.numpy()].astype(np.int64)) + self._start

    def sum(self) -> int:
        """The checksum."""
        return self._checksum


class MappedTarget(_Mapped):
    """The encoded target of the rows to fit on, with as much of a tensor's interface as a training needs."""

    def __init__(self, values: np.ndarray, target: Target, names: list | None):
        super().__init__(values)
        self._target = target
        self._classes = None if target.classes is None or names is None else _class_numbers(target, names)

    def __len__(self) -> int:
        return len(self._array)

    def __getitem__(self, chosen: Tensor) -> Tensor:
        values = self._drawn()[chosen.numpy()]
        if self._classes is not None:
            return torch.from_numpy(self._classes[values.astype(np.int64)])
        return self._target.encode(values.reshape(-1)).view(values.shape)

    def double(self) -> Tensor:
        """A few sums of the target, by which a stored fit recognises its data."""
        parts = range(0, len(self._array), BLOCK)
        sums = torch.tensor([float(self._array[i : i + BLOCK].sum()) for i in parts], dtype=torch.float64)
        release(self._array)
        return sums


class MappedWeights(_Mapped):
    """The weights of the rows to fit on, with as much of a tensor's interface as a training needs.

    Parameters
    ----------
    running_sum : ndarray of float64, shape (n_samples,)
        Mapped from a file.
    """

    def cumsum(self, axis: int) -> Tensor:
        """The running sum."""
        return torch.from_numpy(self._drawn())

    def sum(self) -> float:
        """Of all weights."""
        return float(self._array[-1])


def release(array: np.ndarray) -> None:
    """Give back the memory of the pages of a mapped file; they are read again when they are needed."""
    mapped = getattr(array, "_mmap", None)
    if mapped is not None and hasattr(mmap, "MADV_DONTNEED"):
        mapped.madvise(mmap.MADV_DONTNEED)


def _class_numbers(target: Target, names: list[Any]) -> np.ndarray:
    index = {name: i for i, name in enumerate(target.classes or ())}
    return np.array([index[name] for name in names], np.int64)
