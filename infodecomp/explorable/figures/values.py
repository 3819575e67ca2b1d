"""Conversion of computed values to text and to JSON types."""

from collections.abc import Mapping

import numpy as np

from infodecomp.explorable.core.numbers import minus_signs


def format_value(value: object, decimals: int) -> str:
    """Format a value for the text of an essay.

    Parameters
    ----------
    value : object
        A number or a text; None, for a value that a state withholds, becomes an ellipsis.
    decimals : int
        Of a float.

    Returns
    -------
    str
    """
    if value is None:
        return "\u2026"
    if not isinstance(value, float):
        return minus_signs(str(value)) if isinstance(value, int) else str(value)
    return _format_float(value, decimals)


def _format_float(value: float, decimals: int) -> str:
    return minus_signs(f"{round(value, decimals) + 0.0:.{decimals}f}")  # + 0.0 turns -0.0 into 0.0


def format_values(values: Mapping[str, object], decimals: int) -> dict[str, str]:
    """Format each of some named values; see `format_value`."""
    return {
        name: _format_float(value, decimals) if type(value) is float else format_value(value, decimals)
        for name, value in values.items()
    }


def to_json_types(values: Mapping[str, object]) -> dict[str, object]:
    """Convert each of some named values; see `to_json_type`."""
    return {name: value if type(value) is float else to_json_type(value) for name, value in values.items()}


def to_json_type(value):
    """Convert tensors, arrays, NumPy scalars and named tuples to types that orjson writes.

    Returns
    -------
    float, int, str, bool, None, list, dict or array
    """
    if isinstance(value, float | int | str | bool) or value is None:
        return value
    if hasattr(value, "_asdict"):
        return {name: to_json_type(column) for name, column in value._asdict().items()}
    array = np.ascontiguousarray(value)
    if array.dtype.kind not in "fiub":
        return array.tolist()
    return array.item() if np.ndim(value) == 0 else array
