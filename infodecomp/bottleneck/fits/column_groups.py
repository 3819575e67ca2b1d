"""Groups of columns that share one message, as the two coordinates of a place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from infodecomp.bottleneck.features import (
    KERNEL_LENGTHS,
    MAX_CATEGORIES,
    Column,
    Feature,
    LevelLimits,
    learn_feature,
)
from infodecomp.errors import InformationError

KIND = "group"
MAX_JOINT_LEVELS = 256  # of a group, shared out among its columns of numbers


@dataclass(frozen=True)
class GroupFeature(Feature):
    """Several columns as one feature; a level is a combination of levels that occurs.

    Attributes
    ----------
    members : tuple of Feature
        The columns, more coarsely than alone.
    positions : tuple of int
        The numbers of these columns in the table.
    codes : ndarray of int64, shape (n_levels, n_members)
        The level of each member in each combination.
    """

    members: tuple[Feature, ...] = ()
    positions: tuple[int, ...] = ()
    codes: np.ndarray = field(default_factory=lambda: np.zeros((0, 0), np.int64))

    def as_dict(self) -> dict:
        """The fields as JSON-compatible values."""
        return super().as_dict() | {
            "members": [member.as_dict() for member in self.members],
            "positions": list(self.positions),
            "codes": self.codes.tolist(),
        }

    def level_indices(self, values) -> np.ndarray:
        """The combination of each row, or the nearest one that is known.

        Parameters
        ----------
        values : array_like of shape (n_samples, n_members)

        Returns
        -------
        ndarray of int64, shape (n_samples,)
            -1 where a member has a category never seen, or is missing and was not missing before.
        """
        return self.combination_indices(member_codes(self.members, np.asarray(values, object)))

    def combination_indices(self, own: np.ndarray) -> np.ndarray:
        """`level_indices` of level indices of the members, int64 (n_samples, n_members) to (n_samples,)."""
        rows, inverse = np.unique(own, axis=0, return_inverse=True)
        known = {tuple(code): i for i, code in enumerate(self.codes.tolist())}
        found = np.array([known.get(tuple(row), -1) for row in rows.tolist()], np.int64)
        new = (found < 0) & (rows.min(1) >= 0)
        if new.any():
            found[new] = self._nearest_combinations(rows[new])
        return found[inverse.reshape(-1)]

    @property
    def n_basis(self) -> int:
        """Number of basis functions: an indicator of each level, and kernels of each length."""
        return self.n_levels * (1 + len(KERNEL_LENGTHS) * (self.n_levels > 2))

    def kernels(self) -> np.ndarray:
        """The kernels of the basis alone, of the distance in all members, the shortest first, (n_levels,
        n_basis − n_levels)."""
        if self.n_levels <= 2:
            return np.zeros((self.n_levels, 0))
        squares = sum(
            member_distance(member)[np.ix_(code, code)] ** 2
            for member, code in zip(self.members, self.codes.T)
        )
        parts = [np.exp(-0.5 * squares / length**2) for length in KERNEL_LENGTHS]
        return np.concatenate([part / np.linalg.norm(part, axis=1, keepdims=True) for part in parts], axis=1)

    def _nearest_combinations(self, rows: np.ndarray) -> np.ndarray:
        """The nearest known combination of each of other ones, int64 (n_rows, n_members) to (n_rows,)."""
        squares = [member_distance(member) ** 2 for member in self.members]
        nearest = [
            np.argmin(sum(square[code, known] for square, code, known in zip(squares, row, self.codes.T)))
            for row in rows
        ]
        return np.array(nearest, np.int64)


def feature_from_dict(stored: dict) -> Feature:
    """The inverse of as_dict, of a feature or of a group."""
    if stored["kind"] != KIND:
        return Feature.from_dict(stored)
    return GroupFeature(
        **stored
        | {
            "levels": np.array(stored["levels"], object),
            "p": np.array(stored["p"]),
            "members": tuple(Feature.from_dict(member) for member in stored["members"]),
            "positions": tuple(stored["positions"]),
            "codes": np.array(stored["codes"], np.int64),
        }
    )


def member_distance(member: Feature) -> np.ndarray:
    """Distances between the levels of a column, (n_levels, n_levels).

    Its range is 1, as is half a circle, and the distance between two categories or to a missing value.
    """
    distance = 1.0 - np.eye(member.n_levels)
    if member.kind != "categorical":
        levels = member.levels.astype(float)
        apart = np.abs(levels[:, None] - levels[None, :])
        extent = max(float(np.ptp(levels)), 1e-300)
        if member.kind == "circular" and member.period is not None:
            apart, extent = np.minimum(apart, member.period - apart), member.period / 2
        distance[: len(levels), : len(levels)] = apart / extent
    return distance


def member_codes(members: Sequence[Feature], values: np.ndarray) -> np.ndarray:
    """Level indices of the members, int64 (n_samples, n_members)."""
    return np.stack([member.level_indices(column) for member, column in zip(members, values.T)], axis=1)


def group_columns(columns: list[Column], groups: Mapping[str, Sequence[str]] | None) -> list[Column]:
    """Put the columns of each group in the place of the first of them, as one.

    Parameters
    ----------
    columns : list of Column
    groups : mapping of name to names of columns, optional

    Raises
    ------
    InformationError
        For a group of fewer than two columns, an unknown column, a column that is named twice, and a group
        with the name of another column.
    """
    if not groups:
        return columns
    names = [column.name for column in columns]
    group_of: dict[str, str] = {}
    for group, members in groups.items():
        if isinstance(members, str) or not 2 <= len(members) == len(set(members)):
            raise InformationError(f"The group {group!r} is {members!r}: give two or more different columns.")
        for name in members:
            if name not in names:
                raise InformationError(
                    f"There is no column {name!r} for the group {group!r}: choose from {', '.join(names)}."
                )
            if group_of.setdefault(name, group) != group:
                raise InformationError(
                    f"{name!r} is in the groups {group_of[name]!r} and {group!r}: leave it in one."
                )
        if group in names and group not in members:
            raise InformationError(f"The group {group!r} has the name of a column: give it another name.")
    joined: dict[str, Column] = {}
    for column in columns:
        key = group_of.get(column.name)
        if key is None:
            joined[column.name] = column
        elif key not in joined:
            own = [columns[names.index(name)] for name in groups[key]]
            values = np.stack([np.asarray(one.values, object) for one in own], axis=1)
            positions = tuple(names.index(one.name) for one in own)
            joined[key] = Column(key, values, KIND, members=tuple(own), positions=positions)
    return list(joined.values())


def learn_columns(columns: Sequence[Column], limits: LevelLimits) -> list[Feature]:
    """The levels of columns and of groups of columns; see `learn_feature`."""
    return [
        _learn_group(column, limits) if column.members else learn_feature(column, limits)
        for column in columns
    ]


def _learn_group(column: Column, limits: LevelLimits) -> GroupFeature:
    """The combinations of levels that occur.

    Columns of numbers share at most 256 levels, and at most twice as many as one column may have.
    """
    whole = [learn_feature(one, limits) for one in column.members]
    named = int(np.prod([one.n_levels for one in whole if one.kind == "categorical"]))
    n_numeric = sum(one.kind != "categorical" for one in whole)
    budget = min(MAX_JOINT_LEVELS, 2 * limits.most) / named
    most = max(2, int(budget ** (1 / max(1, n_numeric)) + 1e-9))
    members = tuple(
        one if one.kind == "categorical" else learn_feature(own, LevelLimits(most))
        for one, own in zip(whole, column.members)
    )
    codes, counts = np.unique(member_codes(members, column.values), axis=0, return_counts=True)
    if len(codes) > MAX_CATEGORIES:
        raise InformationError(
            f"The group {column.name!r} has {len(codes):,} different combinations, more than "
            f"{MAX_CATEGORIES:,}: take a column out, or group its values."
        )
    levels = np.array([", ".join(map(_name, members, code)) for code in codes.tolist()], object)
    p = counts / counts.sum()
    return GroupFeature(
        column.name, KIND, levels, False, p, members=members, positions=column.positions, codes=codes
    )


def _name(member: Feature, code: int) -> str:
    if code >= len(member.levels):
        return "missing"
    level = member.levels[code]
    return f"{level:.4g}" if isinstance(level, int | float | np.number) else str(level)


def table_columns(features: Sequence[Feature]) -> list[Feature]:
    """The columns of the table in their order, with the members of groups where they stood."""
    grouped = {
        position: member
        for feature in features
        if isinstance(feature, GroupFeature)
        for position, member in zip(feature.positions, feature.members)
    }
    others = iter([feature for feature in features if not isinstance(feature, GroupFeature)])
    n = len(grouped) + sum(not isinstance(feature, GroupFeature) for feature in features)
    return [grouped[i] if i in grouped else next(others) for i in range(n)]


def groups_of(features: Sequence[Feature]) -> dict[str, list[str]] | None:
    """The groups among features, as an estimator takes them; None for none."""
    return {
        feature.name: [member.name for member in feature.members]
        for feature in features
        if isinstance(feature, GroupFeature)
    } or None


def split_group(feature: Feature, column: Column) -> list[tuple[Feature, Column]]:
    """The members of a group with their columns, or a single column as it is."""
    if not isinstance(feature, GroupFeature):
        return [(feature, column)]
    return [
        (member, replaced_values(one, values))
        for member, one, values in zip(feature.members, column.members, column.values.T)
    ]


def replaced_values(column: Column, values: np.ndarray) -> Column:
    """A column with the values of other rows, as numbers where it holds numbers."""
    return column._replace(values=values if column.kind == "categorical" else values.astype(float))
