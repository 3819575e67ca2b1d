"""Which rows of a table in batches are held out, and on which of them the error is measured.

It depends on the seed, on the row's number, and on its value in the column that says which rows are held out,
so that batches of any size give the same rows. How many groups of rows, or how late a time, make up the
fraction is estimated from the sample of rows.
"""

import hashlib
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from infodecomp.bottleneck.fits.hold_out import (
    FEWEST,
    check_fraction,
    first_of_the_last,
    too_few_groups,
)
from infodecomp.bottleneck.streams.batches import Coded, encode
from infodecomp.bottleneck.streams.roles import Roles
from infodecomp.bottleneck.streams.row_sample import LARGEST, hash_numbers, row_hash
from infodecomp.bottleneck.streams.scan import Scan

MAX_HELD_OUT = 40_000  # rows to measure on, on average: enough for an error to within half a percent
Rule = Callable[["np.ndarray | Coded"], np.ndarray]


class HeldOut(NamedTuple):
    """Which rows of a batch are held out, and the part of them on which the error is measured.

    Attributes
    ----------
    rows, measured : ndarray of bool, shape (n_rows,)
    """

    rows: np.ndarray
    measured: np.ndarray


class HoldOut:
    """How rows of a table in batches are held out.

    Without a column, random rows are, 40,000 on average at most, and the error is measured on all of them.
    By a column, the whole fraction is held out, and the error is measured on 40,000 on average of these.

    Parameters
    ----------
    scanned : Scan
    fraction : float
        Of the rows to hold out.
    seed : int
    """

    def __init__(self, scanned: Scan, fraction: float, seed: int):
        check_fraction(fraction)
        self._seed, self._rule = seed, None
        share = 1.0
        if scanned.hold_out is not None:
            rule = self._rule = _rule(scanned.roles, scanned.hold_out, fraction, seed)
            fraction, share = 1.0, float(rule(scanned.hold_out).mean())
        self._measured = min(fraction, MAX_HELD_OUT / (scanned.n * share))

    def split(self, start: int, n_rows: int, values: "np.ndarray | Coded | None" = None) -> HeldOut:
        """Split a batch.

        Parameters
        ----------
        start : int
            Number of its first row.
        n_rows : int
        values : ndarray or Coded, optional
            The column that says which rows are held out.
        """
        measured = np.ones(n_rows, bool)
        if self._measured < 1:
            measured = row_hash(~self._seed, start, n_rows) < np.uint64(self._measured * LARGEST)
        if self._rule is None or values is None:
            return HeldOut(measured, measured)
        rows = self._rule(values)
        return HeldOut(rows, rows & measured)


def _rule(roles: Roles, sample: np.ndarray, fraction: float, seed: int) -> Rule:
    """Which values of a column are held out: those of some groups, or the largest."""
    size = min(max(FEWEST, int(fraction * len(sample))), len(sample) - FEWEST)
    name = repr(roles.hold_out)
    if roles.hold_out_by is None:
        first = first_of_the_last(name, sample, size, sample)
        return lambda values: np.asarray(values, float) >= first
    chosen = _group_range(name, group_hashes(sample, seed), size)

    def is_chosen(values: "np.ndarray | Coded") -> np.ndarray:
        hashes = group_hashes(values, seed)
        return (hashes <= chosen.last) & ~np.isin(hashes, np.array(chosen.too_large, np.uint64))

    return is_chosen


class _GroupRange(NamedTuple):
    """The groups that are held out: with hashes up to the last one, but not those with nearly all rows."""

    last: np.uint64
    too_large: list[np.uint64]


def _group_range(name: str, hashes: np.ndarray, size: int) -> _GroupRange:
    """Take whole groups in the order of their hashes until they have `size` of the sampled rows."""
    groups, counts = np.unique(hashes, return_counts=True)
    rows, last, too_large = 0, np.uint64(0), []
    for group, count in zip(groups, counts):
        if rows >= size:
            break
        if rows + count > len(hashes) - FEWEST:
            too_large.append(group)
        else:
            rows, last = rows + count, group
    if rows < FEWEST:
        raise too_few_groups(name, len(groups), counts.max(), len(hashes))
    return _GroupRange(last, too_large)


def group_hashes(values: "np.ndarray | Coded", seed: int) -> np.ndarray:
    """A hash of each value, equal for equal values, uint64 of shape (n_rows,)."""
    if isinstance(values, np.ndarray) and values.dtype != object:
        return hash_numbers((values + 0.0).view(np.uint64), seed)  # -0 is 0
    coded = values if isinstance(values, Coded) else encode(values)
    digests = (
        hashlib.blake2b(str(one).encode(errors="surrogatepass"), digest_size=8) for one in coded.values
    )
    known = np.array([int.from_bytes(digest.digest(), "little") for digest in digests], np.uint64)
    return hash_numbers(known, seed)[coded.codes]
