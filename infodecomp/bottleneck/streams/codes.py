"""The second pass over a table in batches: the level of each cell, as codes in a mapped file."""

import hashlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

import numpy as np

from infodecomp.bottleneck.features import Feature
from infodecomp.bottleneck.fits.column_groups import GroupFeature
from infodecomp.bottleneck.streams.batches import Batch, Coded, uncoded
from infodecomp.bottleneck.streams.hold_out import HoldOut
from infodecomp.bottleneck.streams.scan import Read, Scan, encode_numbers
from infodecomp.errors import InformationError


class Encoder:
    """The level of each value of a feature, as `Feature.level_indices` finds it, for many values quickly."""

    def __init__(self, feature: Feature):
        self.feature = feature
        graded = feature.kind != "categorical" and (feature.kind != "circular" or feature.period is None)
        self._edges = largest_below(feature.levels.astype(float)) if graded else None

    def encode_batch(self, batch: Batch) -> np.ndarray:
        """`encode` of the column that has the feature's name."""
        return self.encode(batch[self.feature.name])

    def encode(self, values: "np.ndarray | Coded") -> np.ndarray:
        """Level indices; -1 for what was never seen."""
        feature = self.feature
        values = uncoded(values, feature.kind)
        if feature.kind == "categorical":
            coded = values if isinstance(values, Coded) else encode_numbers(values)
            absent = len(feature.levels) if feature.missing else -1
            known = feature.level_indices(np.array([*coded.values, None], object)[:-1])
            return np.append(known, absent)[coded.codes]
        numbers = np.full(len(values), np.nan) if isinstance(values, Coded) else values
        if self._edges is None:
            return feature.level_indices(numbers)
        if np.isinf(numbers).any():
            raise InformationError(
                f"{feature.name!r} holds infinity; give finite numbers, or leave it empty."
            )
        found = np.searchsorted(self._edges, numbers)
        absent = np.isnan(numbers)
        if absent.any():
            found[absent] = len(feature.levels) if feature.missing else -1
        return found


class GroupEncoder:
    """The level of each row of a group of columns, as `GroupFeature.level_indices` finds it."""

    def __init__(self, feature: GroupFeature):
        self.feature = feature
        self._members = [Encoder(member) for member in feature.members]

    def encode_batch(self, batch: Batch) -> np.ndarray:
        """Level indices; -1 where a member has a value that was never seen."""
        codes = [member.encode_batch(batch) for member in self._members]
        return self.feature.combination_indices(np.stack(codes, axis=1))


def feature_encoder(feature: Feature) -> Encoder | GroupEncoder:
    """The encoder of a column or of a group."""
    return GroupEncoder(feature) if isinstance(feature, GroupFeature) else Encoder(feature)


def largest_below(levels: np.ndarray) -> np.ndarray:
    """For each pair of neighbouring levels, the largest number that is as near to the lower one: (n − 1,)."""
    low, high = levels[:-1], levels[1:]
    edge = low + (high - low) / 2
    for _ in range(4):  # rounding moves the boundary by a few units in the last place
        edge = np.where(edge - low <= high - edge, edge, np.nextafter(edge, -np.inf))
    for _ in range(8):
        above = np.nextafter(edge, np.inf)
        edge = np.where(above - low <= high - above, above, edge)
    return edge


class Rows(NamedTuple):
    """Some rows of a coded table.

    Attributes
    ----------
    codes : ndarray of uint8 or uint16, shape (n_samples, n_features)
        Level indices.
    target : ndarray of float64, shape (n_samples,)
        Numbers, or positions among the categories.
    weights : ndarray of float64, shape (n_samples,), or None
    """

    codes: np.ndarray
    target: np.ndarray
    weights: np.ndarray | None

    def select(self, chosen: np.ndarray) -> "Rows":
        """The chosen ones, bool (n_samples,)."""
        weights = None if self.weights is None else self.weights[chosen]
        return Rows(self.codes[chosen], self.target[chosen], weights)


@dataclass(frozen=True)
class CodedTable:
    """A table as codes.

    Attributes
    ----------
    fitted : Rows
        Mapped from files; weights as their running sum.
    measured : Rows
        Held-out rows on which the error is measured.
    features : list of Feature
        With the frequencies of all rows.
    sha256 : tuple of str
        Of the three files of the rows to fit on, in the order of the fields of Rows.
    """

    fitted: Rows
    measured: Rows
    features: list[Feature]
    sha256: tuple[str, ...]


def write_codes(
    read: Read, scanned: Scan, features: list[Feature], hold_out: HoldOut, folder: Path
) -> CodedTable:
    """The second pass over a table: write the rows to fit on into files, and map them.

    Parameters
    ----------
    read : callable
        Returns an iterator over batches.
    scanned : Scan
    features : list of Feature
    hold_out : HoldOut
    folder : Path
        For the files.

    Raises
    ------
    InformationError
        If the table has other rows than in the first pass, or the files cannot be written.
    """
    roles, coder = scanned.roles, _Coder(features)
    n_bytes = scanned.n * (len(features) * coder.dtype().itemsize + 8 * (1 + bool(roles.sample_weight)))
    measured: list[Rows] = []
    n, weight = 0, 0.0
    with ExitStack() as stack:
        files = [stack.enter_context(_File(folder / name, n_bytes)) for name in Rows._fields]
        for batch, weights, _ in map(roles.weighted, read()):
            target = scanned.target.add(batch[roles.target])
            rows = Rows(coder.encode(batch, len(target), weights), target, weights)
            held_out = hold_out.split(n, len(target), batch[roles.hold_out] if roles.hold_out else None)
            measured.append(rows.select(held_out.measured))
            fitted = rows.select(~held_out.rows)
            files[0].append(fitted.codes)
            files[1].append(fitted.target)
            if fitted.weights is not None:
                sums = weight + np.cumsum(fitted.weights)
                files[2].append(sums)
                weight = float(sums[-1]) if len(sums) else weight
            n += len(target)
    if n != scanned.n:
        raise InformationError(
            f"The table had {scanned.n:,} rows when it was read first, and then {n:,}: give a table that "
            "can be read twice."
        )
    return CodedTable(
        _mapped_rows(folder, coder.dtype, len(features), roles.sample_weight is not None),
        _joined(measured),
        coder.counted_features(),
        tuple(file.sha256.hexdigest() for file in files),
    )


class _File:
    """A file that arrays are appended to, and its SHA-256; an error says where it is and how much room all of
    them need."""

    def __init__(self, path: Path, needed: int):
        self._path, self._needed, self.sha256 = path, needed, hashlib.sha256()

    def __enter__(self) -> "_File":
        with self._named_errors():
            self._file = self._path.open("wb", buffering=0)
        return self

    def __exit__(self, *error: object) -> None:
        self._file.close()

    def append(self, values: np.ndarray) -> None:
        rest = values.tobytes()
        self.sha256.update(rest)
        with self._named_errors():
            while rest:
                rest = rest[self._file.write(rest) :]  # a nearly full disk takes a part

    @contextmanager
    def _named_errors(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise InformationError(
                f"The codes of the table cannot be written to {self._path.parent} "
                f"({error.strerror or error}): they take {self._needed / 1e6:,.1f} MB. Give folder= a place "
                "with that much room, or set TMPDIR to one."
            ) from error


def _joined(parts: list[Rows]) -> Rows:
    weights = [part.weights for part in parts if part.weights is not None]
    return Rows(
        np.concatenate([part.codes for part in parts]),
        np.concatenate([part.target for part in parts]),
        np.concatenate(weights) if weights else None,
    )


class _Coder:
    """The codes of batches, and how often each level occurs."""

    def __init__(self, features: list[Feature]):
        sizes = [feature.n_levels for feature in features]
        self.dtype = np.uint8 if max(sizes) <= 256 else np.uint16
        self._features = features
        self._encoders = [feature_encoder(feature) for feature in features]
        self._counts = [np.zeros(size) for size in sizes]

    def encode(self, batch: Batch, n_rows: int, weights: np.ndarray | None) -> np.ndarray:
        codes = np.empty((n_rows, len(self._features)), self.dtype)
        for i, (encoder, count) in enumerate(zip(self._encoders, self._counts)):
            found = encoder.encode_batch(batch)
            if len(found) and found.min() < 0:
                raise InformationError(
                    f"{encoder.feature.name!r} holds a value that it did not hold before: the table has "
                    "changed while it was read."
                )
            codes[:, i] = found
            count += np.bincount(found, weights, len(count))
        return codes

    def counted_features(self) -> list[Feature]:
        """The features with the frequencies of all rows."""
        return [
            replace(feature, p=count / count.sum()) for feature, count in zip(self._features, self._counts)
        ]


def _mapped_rows(folder: Path, dtype: type, n_features: int, weighted: bool) -> Rows:
    n = (folder / "target").stat().st_size // 8
    if not n:
        raise InformationError("All rows are held out: give a smaller validation_fraction.")
    return Rows(
        np.memmap(folder / "codes", dtype, "r", shape=(n, n_features)),
        np.memmap(folder / "target", float, "r", shape=(n,)),
        np.memmap(folder / "weights", float, "c", shape=(n,)) if weighted else None,  # torch wants to write
    )
