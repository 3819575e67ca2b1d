"""Problem details for HTTP APIs (RFC 9457): the one JSON shape of all errors."""

from collections.abc import Mapping

import orjson

PROBLEM_MIMETYPE = "application/problem+json"


def problem_details(status: int, title: str, detail: str, extra: Mapping[str, object] | None = None) -> bytes:
    """Encode an error as problem details.

    Parameters
    ----------
    status : int
        HTTP status code.
    title, detail : str
        What kind of error it is; what went wrong this time and what to do.
    extra : mapping, optional
        Further members, such as the name and the bounds of a parameter.

    Returns
    -------
    bytes
        JSON.
    """
    members = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    return orjson.dumps({**members, **(extra or {})})
