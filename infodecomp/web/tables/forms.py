"""Forms about a reader's table: the file that comes with one, and the options of another."""

from contextlib import suppress
from typing import Any

from flask import request

from infodecomp.explorable.core.errors import ParameterError

KINDS = {
    "continuous": "numbers",
    "ordinal": "numbers in an order",
    "circular": "numbers that wrap around",
    "categorical": "names",
    "ignore": "leave it out",
}


def chosen_options(columns: list[dict[str, Any]]) -> dict[str, Any]:
    """What the form says, as the form shows it again where it cannot be taken."""
    form = request.form
    options: dict[str, Any] = {"classes": bool(form.get("classes")), "ignore": [], "kinds": {}, "periods": {}}
    for i, column in enumerate(columns):
        kind = form.get(f"kind-{i}", "")
        if kind == "ignore":
            options["ignore"].append(column["name"])
        else:
            options["kinds"][column["name"]] = kind
        with suppress(ParameterError):
            options["periods"][column["name"]] = _period(form.get(f"period-{i}", ""), column["name"])
        if form.get("target") == str(i):
            options["target"] = column["name"]
    return options


def job_options(columns: list[dict[str, Any]]) -> dict[str, Any]:
    """The options of the form, checked: columns go by their positions, never by their names.

    Raises ParameterError for a kind, a target or a period that cannot be.
    """
    form = request.form
    target = _column(form.get("target", ""), columns)
    options: dict[str, Any] = {"target": target, "classes": bool(form.get("classes")), "ignore": []}
    kinds, periods = {}, {}
    for i, column in enumerate(columns):
        kind, name = form.get(f"kind-{i}", ""), column["name"]
        if kind and kind not in KINDS:
            raise ParameterError(f"{kind[:40]!r} is no kind of column.", parameter=f"kind-{i}")
        if name == target or not kind:
            continue
        if kind == "ignore":
            options["ignore"].append(name)
            continue
        kinds[name] = kind
        if kind == "circular":
            periods[name] = _period(form.get(f"period-{i}", ""), name)
    return options | {"kinds": kinds, "periods": periods}


def _column(position: str, columns: list[dict[str, Any]]) -> str:
    for i, column in enumerate(columns):
        if position == str(i):
            return column["name"]
    raise ParameterError("Choose the column to predict.", parameter="target")


def _period(text: str, name: str) -> float:
    try:
        period = float(text)
    except ValueError:
        period = 0.0
    if not 0 < period < 1e12:
        raise ParameterError(
            f"{name} wraps around: say after how many it starts again, such as 24 for hours.",
            parameter="period",
        )
    return period
