"""The record of a decomposition: everything that is needed to run it again, and to see what has changed."""

import hashlib
import json
import platform
import shlex
from dataclasses import asdict, dataclass, fields, replace
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from infodecomp.errors import InformationError

if TYPE_CHECKING:
    from infodecomp.tables.read import ReadOptions

PACKAGES = ("infodecomp", "torch", "numpy", "pandas", "scikit-learn", "scipy")
DEFAULT_FITS, MANY_ROWS = 3, 50_000  # so many fits by default, up to so many rows
SAME = 1e-6  # relative difference of numbers that are called the same on another machine


@dataclass(frozen=True)
class DecomposeOptions:
    """What `infodecomp decompose` was asked for, apart from where the results go.

    Attributes
    ----------
    file : str
    target : str
    ignore, circular, categorical, ordinal, continuous : tuple of str
        Columns, as on the command line.
    classes : bool
    levels, steps : int or None
    sep, decimal, sql, db : str or None
    seed : int
    fits : int
        0 follows the number of rows; see `with_fits`.
    controls : bool
    hold_out_by, hold_out_last : str or None
        A column.
    group : tuple of str
        Groups of columns, as in place=x,y.
    weight : str or None
        A column of weights of the rows.
    """

    file: str
    target: str
    ignore: tuple[str, ...] = ()
    circular: tuple[str, ...] = ()
    categorical: tuple[str, ...] = ()
    ordinal: tuple[str, ...] = ()
    continuous: tuple[str, ...] = ()
    classes: bool = False
    levels: int | None = None
    sep: str | None = None
    decimal: str | None = None
    sql: str | None = None
    db: str | None = None
    steps: int | None = None
    seed: int = 0
    fits: int = 1
    controls: bool = False
    hold_out_by: str | None = None
    hold_out_last: str | None = None
    group: tuple[str, ...] = ()
    weight: str | None = None

    def with_fits(self, n_rows: float) -> "DecomposeOptions":
        """The options with a number of fits: if none was given, three, or with more than 50,000 rows
        one."""
        if self.fits:
            return self
        return replace(self, fits=DEFAULT_FITS if n_rows <= MANY_ROWS else 1)

    @property
    def command(self) -> str:
        """The command line, for a shell; the folder of the results is left out."""
        words = ["infodecomp", "decompose", *([self.file] if self.file else [])]
        for name, value in asdict(self).items():
            if name == "file" or value is None or value is False or value == ():
                continue
            for item in value if isinstance(value, list | tuple) else (value,):
                option = f"--{name.replace('_', '-')}"
                words += [option] if item is True else [option, str(item)]
        return shlex.join(words)

    def check(self) -> None:
        """Raise InformationError, before anything is read, for options that contradict each other."""
        if bool(self.file) == (self.sql is not None):
            raise InformationError("Give a FILE, or a query by --sql, and not both.")
        if self.db and not self.sql:
            raise InformationError("--db is the database of a query: say --sql 'select …' too.")
        if self.sep is not None:
            if self.sql is not None:
                raise InformationError("--sep is for CSV files, and --sql was given: leave one of them out.")
            if len(self.sep) != 1 or not self.sep.isascii() or self.sep in '\r\n"':
                raise InformationError(f"--sep {self.sep!r}: give one mark, such as ';' or '\\t'.")
        self._check_roles()
        for group, columns in self.groups().items():
            if group == self.target:
                raise InformationError(f"--group {group} has the name of the target: give it another name.")
            unfitted = {self.target: "target", **dict.fromkeys(self.ignore, "ignore")} | self._other_roles()
            for name in columns:
                if name in unfitted:
                    raise _both_given("group", unfitted[name], name)

    def _check_roles(self) -> None:
        """Raise InformationError for a column that was given to two options that exclude each other."""
        if self.hold_out_by and self.hold_out_last:
            raise InformationError("--hold-out-by and --hold-out-last were both given: choose one of them.")
        if self.classes and self.target in self.continuous:
            raise _both_given("classes", "continuous", self.target)
        said: dict[str, str] = {}
        for option, names in (
            ("ignore", self.ignore),
            ("categorical", self.categorical),
            ("ordinal", self.ordinal),
            ("continuous", self.continuous),
            ("circular", tuple(self._periods())),
        ):
            for name in dict.fromkeys(names):
                if name in said:
                    raise _both_given(said[name], option, name)
                said[name] = option
        if said.get(self.target) in ("ignore", "ordinal", "circular"):
            raise _both_given("target", said[self.target], self.target)
        for name, option in self._other_roles().items():
            # What is said beside these roles of columns that are not fitted either way.
            free = {"ignore", "categorical"} if option == "hold-out-by" else {"ignore"}
            if said.get(name, "ignore") not in free:
                raise _both_given(option, said[name], name)

    def _other_roles(self) -> dict[str, str]:
        """The columns that are neither fitted nor predicted, and the options that name them."""
        roles = {self.hold_out_by: "hold-out-by", self.hold_out_last: "hold-out-last", self.weight: "weight"}
        return {name: option for name, option in roles.items() if name is not None}

    def reading(self) -> "ReadOptions":
        """How the table is to be read. Raises InformationError for a period that is none."""
        from infodecomp.tables.read import ReadOptions  # imports pandas

        periods = self._periods()
        kinds = (
            dict.fromkeys(periods, "circular")
            | dict.fromkeys(self.categorical, "categorical")
            | dict.fromkeys(self.ordinal, "ordinal")
            | dict.fromkeys(self.continuous, "continuous")
            | ({self.target: "categorical"} if self.classes else {})
        )
        known = {name: period for name, period in periods.items() if period is not None}
        held_out_by = self.hold_out_by or self.hold_out_last
        return ReadOptions(
            self.ignore, kinds, known, self.sep, self.decimal, self.levels, held_out_by, self.weight
        )

    def groups(self) -> dict[str, list[str]]:
        """Names and columns of options such as place=x,y. Raises InformationError for anything else."""
        groups = {}
        for option in self.group:
            name, equals, columns = option.partition("=")
            found = [column.strip() for column in columns.split(",")]
            if not name.strip() or not equals or not 2 <= len(found) == len(set(found)) or "" in found:
                raise InformationError(
                    f"--group {option}: give a name and two or more different columns, as in place=x,y."
                )
            if name.strip() in groups:
                raise InformationError(f"--group {option}: {name.strip()!r} was given before; join the two.")
            groups[name.strip()] = found
        return groups

    def _periods(self) -> dict[str, float | None]:
        """Names and periods of options such as hour:24; None where no period is given."""
        periods: dict[str, float | None] = {}
        for option in self.circular:
            name, colon, period = option.rpartition(":")
            name = name if colon else option
            if name in periods:
                raise InformationError(f"--circular {option}: {name!r} was given before; give it once.")
            try:
                periods[name] = float(period) if colon else None
            except ValueError:
                raise InformationError(
                    f"--circular {option}: {period!r} is not a number; write the period as in hour:24."
                ) from None
            if colon and not 0 < float(period) < float("inf"):
                raise InformationError(f"--circular {option}: the period must be above 0, as in hour:24.")
        return periods

    @classmethod
    def from_dict(cls, stored: dict[str, Any]) -> "DecomposeOptions":
        """The inverse of dataclasses.asdict, also after JSON."""
        known = {field.name for field in fields(cls)}
        if unknown := set(stored) - known:
            raise InformationError(f"the record has the unknown options {', '.join(sorted(unknown))}")
        options: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in stored.items()
        }
        return cls(**options)


def _both_given(one: str, other: str, column: str) -> InformationError:
    return InformationError(f"--{one} and --{other} were both given for {column!r}: choose one of them.")


class SideBySide(NamedTuple):
    """Where the fits after the first are computed; no number depends on it, so that no record holds it.

    Attributes
    ----------
    workers : int
        Processes of this machine.
    scheduler : str or None
        Address of a dask scheduler, whose workers are used instead.
    """

    workers: int = 1
    scheduler: str | None = None

    @property
    def is_used(self) -> bool:
        """Whether more than one process, or a scheduler, was asked for."""
        return self.workers > 1 or self.scheduler is not None


def versions() -> dict[str, str]:
    """Versions of what computes the numbers."""
    found = {"python": platform.python_version()}
    for package in PACKAGES:
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:  # a checkout that is not installed
            found[package] = "not installed"
    return found


def sha256_of(files: list[Path]) -> str:
    """The sha256 of a file; of several, that of their sha256 in order. Empty for no file."""
    digests = []
    for file in files:
        with file.open("rb") as stream:
            digests.append(hashlib.file_digest(stream, "sha256").hexdigest())
    return (
        digests[0]
        if len(digests) == 1
        else hashlib.sha256("".join(digests).encode()).hexdigest() * bool(files)
    )


def read_plane(file: Path) -> tuple[DecomposeOptions, dict[str, Any]]:
    """The options and the whole content of a plane.json.

    Raises
    ------
    InformationError
        If it is missing or not written by `decompose`.
    """
    try:
        stored = json.loads(file.read_text(encoding="utf-8"))
        return DecomposeOptions.from_dict(stored["options"]), stored
    except OSError as error:
        raise InformationError(f"{file} cannot be read: {error.strerror or error}.") from error
    except (KeyError, TypeError, ValueError, InformationError) as error:
        raise InformationError(
            f"{file} holds no record that can be run again ({error}): give the plane.json of a decompose of "
            "this version."
        ) from error


def compare_planes(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    """Differences between two records, one sentence each; empty if every number is the same."""
    sentences = [
        f"{name} is {new['versions'].get(name)} and was {version}."
        for name, version in old["versions"].items()
        if new["versions"].get(name) != version
    ]
    if old["sha256"] != new["sha256"]:
        sentences.append("The file is another one than before: its sha256 differs.")
    was = {column["name"]: column for column in old["columns"]}
    sentences += [
        f"{column['name']} is read as {column['kind']} and was {was[column['name']]['kind']}."
        for column in new["columns"]
        if column["name"] in was and was[column["name"]]["kind"] != column["kind"]
    ]
    if old["features"] != new["features"]:
        return [
            *sentences,
            f"The columns are {', '.join(new['features'])}; before, {', '.join(old['features'])}.",
        ]
    for name in ("bits", "error"):
        before, after = np.array(old["plane"][name]), np.array(new["plane"][name])
        difference = float(np.abs(after - before).max()) if before.shape == after.shape else np.inf
        if difference > SAME * float(np.abs(before).max()):
            sentences.append(f"The {name} differ by up to {difference:.2g}.")
    return sentences
