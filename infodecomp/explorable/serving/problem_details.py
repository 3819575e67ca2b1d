"""Refusals: the one shape of every error, problem+json (RFC 9457)."""

import orjson

PROBLEM = "application/problem+json"
REFUSALS = {  # what is refused before it is a request, by status
    400: "This is no request that can be understood: its first line, a header or its body is malformed. Send HTTP/1.1.",
    413: "The body of this request is longer than is read here. Send a shorter one.",
    431: "The head of this request is longer than is read here. Leave out headers, or shorten its address.",
    501: "A body can come whole or chunked, and in no other transfer coding.",
}


def problem(status: int, title: str, detail: str, more: dict | None = None) -> bytes:
    """What went wrong and what to do, for programs. more: further members, such as the parameter's name and bounds."""
    return orjson.dumps(
        {"type": "about:blank", "title": title, "status": status, "detail": detail} | (more or {})
    )
