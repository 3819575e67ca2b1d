"""The fields of /figures/NAME.json, and their values for one state."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from infodecomp.explorable.core.errors import ParameterError

if TYPE_CHECKING:
    from infodecomp.explorable.figures.state import FigureState

FIELDS = {  # -> attribute of FigureState
    "figure": "name",
    "parameters": "state",
    "query": "query",
    "data": "data",
    "values": "values",
    "texts": "formatted_values",
    "voice": "value_text",
    "description": "description",
    "description_html": "description_html",
    "table": "table",
    "svg": "svg",
}


def state_content(
    state: "FigureState", fields: Iterable[str] | None, width: float, max_height: float
) -> dict[str, object]:
    """Return the fields of a state.

    Parameters
    ----------
    state : FigureState
    fields : iterable of str, optional
        The fields to include; all of them for None.
    width, max_height : float
        Of the picture, in pixels.

    Returns
    -------
    dict

    Raises
    ------
    ParameterError
        For an unknown field or a size that is out of bounds.
    """
    content: dict[str, object] = {}
    for field in FIELDS if fields is None else fields:
        if field not in FIELDS:
            raise ParameterError(
                f"_fields names {field[:40]!r}: choose from {', '.join(FIELDS)}.",
                parameter="_fields",
                value=field[:40],
                bounds=", ".join(FIELDS),
            )
        if field == "svg":
            content[field] = state.svg(width, None, max_height) if state.figure.has("draw") else None
        else:
            content[field] = getattr(state, FIELDS[field])
    return content
