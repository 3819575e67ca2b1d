"""The rows of a coded table as a training draws them."""

import math
import mmap
import os
import weakref
from typing import Any

import numpy as np
import torch
from torch import Tensor

from infodecomp.bottleneck.network import Layout
from infodecomp.bottleneck.preprocessing import Target

DRAWS = 64  # of rows by weights; after so many, the pages of the file that were read are given back


class _Mapped:
    """An array in a mapped file, of which single rows are read without mapping the pages around them."""

    def __init__(self, array: np.memmap):
        self._array, self._file = array, os.open(str(array.filename), os.O_RDONLY)
        weakref.finalize(self, os.close, self._file)

    def _take(self, chosen: Tensor) -> np.ndarray:
        """The rows at some positions, of the shape of these and the array's further axes."""
        if not hasattr(os, "pread"):  # Windows
            return self._array[chosen.numpy()]
        own = self._array.shape[1:]
        size = self._array.itemsize * math.prod(own)
        rows = [os.pread(self._file, size, size * position) for position in chosen.flatten().tolist()]
        return np.frombuffer(b"".join(rows), self._array.dtype).reshape(*chosen.shape, *own)


class MappedRows(_Mapped):
    """Flat level indices of the rows to fit on, with as much of a tensor's interface as a training needs.

    Parameters
    ----------
    codes : ndarray of shape (n_samples, n_features)
        Level indices, mapped from a file.
    layout : Layout
    sha256 : str
        Of the codes, by which a stored fit recognises its data.
    """

    def __init__(self, codes: np.memmap, layout: Layout, sha256: str):
        super().__init__(codes)
        self._start, self.sha256 = layout.start, sha256
        self.shape = torch.Size(codes.shape)

    def __getitem__(self, chosen: Tensor) -> Tensor:
        return torch.from_numpy(self._take(chosen).astype(np.int64)) + self._start


class MappedTarget(_Mapped):
    """The encoded target of the rows to fit on, with as much of a tensor's interface as a training needs.

    Parameters
    ----------
    values : ndarray of float64, shape (n_samples,)
        Numbers, or positions among the names; mapped from a file.
    target : Target
    names : list or None
    sha256 : str
        Of the values.
    """

    def __init__(self, values: np.memmap, target: Target, names: list | None, sha256: str):
        super().__init__(values)
        self._target = target
        self._classes = None if target.classes is None or names is None else _class_numbers(target, names)
        self.sha256 = sha256 if self._classes is None else f"{sha256} {self._classes.tolist()}"

    def __len__(self) -> int:
        return len(self._array)

    def __getitem__(self, chosen: Tensor) -> Tensor:
        values = self._take(chosen)
        if self._classes is not None:
            return torch.from_numpy(self._classes[values.astype(np.int64)])
        return self._target.encode(values.reshape(-1)).view(values.shape)


class MappedWeights:
    """The weights of the rows to fit on, with as much of a tensor's interface as a training needs.

    Parameters
    ----------
    running_sum : ndarray of float64, shape (n_samples,)
        Mapped from a file.
    sha256 : str
        Of the running sum.
    """

    def __init__(self, running_sum: np.ndarray, sha256: str):
        self._array, self._draws, self.sha256 = running_sum, 0, sha256

    def cumsum(self, axis: int) -> Tensor:
        """The running sum."""
        self._draws += 1
        if self._draws % DRAWS == 0:
            release(self._array)
        return torch.from_numpy(self._array)


def release(array: np.ndarray) -> None:
    """Give back the memory of the pages of a mapped file; they are read again when they are needed."""
    mapped = getattr(array, "_mmap", None)
    if mapped is not None and hasattr(mmap, "MADV_DONTNEED"):
        mapped.madvise(mmap.MADV_DONTNEED)


def _class_numbers(target: Target, names: list[Any]) -> np.ndarray:
    index = {name: i for i, name in enumerate(target.classes or ())}
    return np.array([index[name] for name in names], np.int64)
