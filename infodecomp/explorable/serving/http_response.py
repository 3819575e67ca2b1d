"""Replies: what is sent for an answer, compressed as its reader can unpack it, or not sent again to one who has it; and the
headers that protect every page."""

from functools import lru_cache
from typing import NamedTuple

from infodecomp.explorable.serving.cache import ENCODINGS, CompressedResponse, RenderedResponse

OPEN = (
    "/figures",
    "/static/",
    "/fonts/",
    "/themes/",
    "/oembed",
    "/openapi.json",
)  # answers that pages elsewhere may read
LASTING = "public, max-age=31536000, immutable"
DENIED = (
    "accelerometer",
    "autoplay",
    "browsing-topics",
    "camera",
    "display-capture",
    "geolocation",
    "gyroscope",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "publickey-credentials-get",
    "screen-wake-lock",
    "usb",
    "xr-spatial-tracking",
)


class Reply(NamedTuple):
    status: int
    headers: list[tuple[str, str]]
    body: bytes


@lru_cache(maxsize=256)
def encoding_for(accepted: str) -> str | None:
    """The best of our encodings for an Accept-Encoding header, or none."""
    weights = {}
    for part in accepted.lower().split(","):
        name, _, weight = part.partition(";")
        try:
            weights[name.strip()] = float(weight.partition("=")[2] or 1)
        except ValueError:
            weights[name.strip()] = 0.0
    return next((name for name in ENCODINGS if weights.get(name, weights.get("*", 0.0)) > 0), None)


def reply(answer: RenderedResponse | CompressedResponse, accepted: str = "", known: str = "") -> Reply:
    """What is sent for an answer. accepted: the reader's Accept-Encoding; known: the reader's If-None-Match."""
    encoding = encoding_for(accepted) if answer.worth_packing else None
    tag = f'"{answer.etag}-{encoding}"' if encoding else f'"{answer.etag}"'
    headers = [
        ("ETag", tag),
        ("Vary", "Accept-Encoding"),
        ("Cache-Control", LASTING if answer.lasting else "no-cache"),
    ]
    if known and {tag, "*"} & {one.strip().removeprefix("W/") for one in known.split(",")}:
        return Reply(304, headers, b"")
    headers.append(("Content-Type", answer.mimetype))
    if encoding:
        headers.append(("Content-Encoding", encoding))
    if answer.filename:
        name = answer.filename.encode("ascii", "replace").decode().replace('"', "_")
        headers.append(
            ("Content-Disposition", f'{"attachment" if answer.attached else "inline"}; filename="{name}"')
        )
    return Reply(200, headers, answer.packed(encoding) if encoding else answer.body)


def protection(path: str, mimetype: str) -> list[tuple[str, str]]:
    """The headers of every answer: what it may fetch, who may frame it, who may read it."""
    alone = mimetype.startswith("image/svg") and not path.startswith("/static/")
    return [*_protection(alone, path.startswith("/embed/")), *(_READABLE if path.startswith(OPEN) else ())]


_READABLE = [
    ("Access-Control-Allow-Origin", "*")
]  # nothing there is anybody's own, and a sandboxed frame has no origin


@lru_cache
def _protection(alone: bool, framed: bool) -> tuple[tuple[str, str], ...]:
    """alone: a picture by itself, which holds its style and its typeface. framed: anybody may frame it."""
    policy = (
        "default-src 'none'; style-src 'unsafe-inline'; font-src data:; img-src data:; frame-ancestors 'self'"
        if alone
        else "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: https:; font-src 'self'; media-src 'self'; "
        f"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors {'*' if framed else chr(39) + 'self' + chr(39)}"
    )
    return (
        ("Content-Security-Policy", policy),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "strict-origin-when-cross-origin"),
        ("Permissions-Policy", ", ".join(f"{name}=()" for name in DENIED)),
    )
