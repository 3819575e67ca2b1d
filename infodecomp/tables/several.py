"""Several files as one table: whether they are of one kind and have the same columns."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from shlex import quote
from typing import Any

from infodecomp.bottleneck.streams.arrow import conversion, is_text, optional
from infodecomp.errors import InformationError
from infodecomp.tables.csv_text import is_parquet

SHOWN = 5  # columns of a message
TEXT, TRUTH = "text", "true and false"
NAMES = {TEXT, TRUTH}  # what can be read as names


def check_kinds(pattern: str, files: Sequence[Path]) -> None:
    """Raise InformationError for Parquet files among others, and for files beside their compressed copies."""
    parquet: list[Path] = []
    other: list[Path] = []
    for file in files:
        (parquet if is_parquet(file) else other).append(file)
        if file.suffix == ".gz" and file.with_suffix("") in files:
            raise InformationError(
                f"{pattern} names {file.with_suffix('').name} and {file.name}, probably the same rows twice: "
                "leave one of them out."
            )
    if parquet and other:
        raise InformationError(
            f"{pattern} names {parquet[0].name}, which is Parquet, and {other[0].name}, which is not: name "
            "files of one kind."
        )


def check_columns(files: Sequence[Path], columns: Sequence[Mapping[str, Any]], remedy: str = "") -> None:
    """Check that files have the same columns, in any order, and that these hold the same in each.

    Parameters
    ----------
    files : sequence of Path
    columns : sequence of mapping of column name to Arrow type
        One for each file.
    remedy : str
        What else helps where a column holds text, or true and false, in one file alone.

    Raises
    ------
    InformationError
        With the file and the columns, for a file that is unlike the ones before it.
    """
    known: dict[str, tuple[Path, str]] = {}
    for file, own in zip(files, columns):
        lacking = [name for name in columns[0] if name not in own]
        added = [name for name in own if name not in columns[0]]
        differences = [f"no {_named(lacking)}"] * bool(lacking) + [f"the {_named(added)}"] * bool(added)
        if differences:
            raise InformationError(
                f"{file} has {' and '.join(differences)}, unlike {files[0]}: name files with the same "
                "columns."
            )
        for name, kind in own.items():
            content = _content(kind)
            before, earlier = known.setdefault(name, (file, content)) if content else (file, "")
            if earlier and content != earlier:
                raise InformationError(
                    f"{name!r} holds {content} in {file}, and {earlier} in {before}: write both alike"
                    + (remedy.format(column=quote(name)) if NAMES & {content, earlier} else "")
                    + "."
                )


def _named(names: Sequence[str]) -> str:
    shown = ", ".join(map(repr, names[:SHOWN]))
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return f"column{'s' * (len(names) > 1)} {shown}{more}"


def _content(kind: Any) -> str:
    """What a column of an Arrow type holds, in a word or two; empty for nothing."""
    types = optional("pyarrow").types
    if types.is_dictionary(kind):
        return _content(kind.value_type)
    if types.is_null(kind):
        return ""
    if types.is_boolean(kind):
        return TRUTH
    if types.is_timestamp(kind) or types.is_date(kind):
        return "dates"
    if is_text(kind):
        return TEXT
    return "no single values" if conversion(kind) is None else "numbers"
