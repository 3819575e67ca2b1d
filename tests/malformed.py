"""Requests that are wrong in some way, for the fuzz test: paths, numbers, words, headers and bodies."""

import random
from urllib.parse import quote

from tests.first_essay import ESSAY

NUMBERS = (
    "nan",
    "inf",
    "-inf",
    "1e309",
    "-1e309",
    "1e-400",
    "9" * 400,
    "-1",
    "-0",
    "0x10",
    "1_000",
    "٣",
    "½",
    "1,5",
    "--1",
    "+.5",
    "1e",
    ".",
    "",
    " ",
    "0" * 300 + ".5",
    "true",
    "null",
    "[]",
    "{}",
    "0.1.2",
)
WORDS = (
    "'; DROP TABLE x--",
    '"><script>alert(1)</script>',
    "{{7*7}}",
    "${7*7}",
    "%s%n",
    "../../etc/passwd",
    "\0",
    "\r\nSet-Cookie: a=b",
    "\u202e",
    "🎈" * 50,
    "a" * 3000,
    "ÿ",
    "\ud7ff",
    "%",
    "%zz",
    "__class__",
    "_fields",
    "+",
    "=",
    "&&",
    ";",
)
PATHS = (
    "/",
    "//",
    "/.",
    "/..",
    "/../app.py",
    "/essays/../app.py",
    "/essays/..%2f..%2fapp.py",
    "/%2e%2e/%2e%2e/etc/passwd",
    "/static/../app.py",
    "/static/%2e%2e/app.py",
    "/figures/.json",
    "/figures/..json",
    "/figures//stream",
    "/figures/x.json/stream",
    "/embed/",
    "/embed/%00",
    "/essays/%ff.md",
    "/essays/.png",
    "/figures/storm-telegraph.JSON",
    "/figures/storm-telegraph.json/",
    "/oembed?url=",
    "/oembed?url=file:///etc/passwd",
    "/oembed?url=http://[",
    "/oembed?url=%00",
    "/themes/x.css",
    "/static/",
    "/feedback",
    "/healthz?x",
    "/version",
    "/openapi.json",
    "/" + "a" * 3000,
    "/favicon.ico",
    "http://elsewhere/",
    "*",
    "/figures/storm-telegraph.json#x",
    "/figures/%F0%9F%8E%88.svg",
    "/figures/storm-telegraph.json;a=b",
)
METHODS = ("GET",) * 12 + (
    "HEAD",
    "POST",
    "PUT",
    "DELETE",
    "OPTIONS",
    "TRACE",
    "PATCH",
    "CONNECT",
    "BREW",
    "get",
)
QUICK = (
    ("storm-telegraph", ("bits_a", "bits_b", "p00", "show")),
    ("telegraph-line", ("bits_line",)),
    ("storm-guess", ("guess", "p11")),
    ("board-distinctions", ("board", "budget_board")),
    ("bike-distinctions", ("bits",)),
    ("code-overlap", ("mean_1", "width_1")),
    ("storm-any-line", ("budget_any",)),
    ("storm-information-terms", ("p01",)),
)
OPTIONS = (
    "_width",
    "_height",
    "_theme",
    "_fields",
    "_grab",
    "_scale",
    "_frame",
    "_background",
    "_download",
    "_play",
    "_controls",
    "_nothing",
    "controls",
)


def target(draw: random.Random) -> str:
    """A path with a query, wrong in some way more often than not."""
    if draw.random() < 0.2:
        return draw.choice(PATHS)
    name, parameters = draw.choice(QUICK)
    place = draw.choice(
        (f"/figures/{name}.json",) * 4
        + (
            f"/figures/{name}.svg",
            f"/figures/{name}.csv",
            f"/figures/{name}.py",
            f"/embed/{name}",
            f"/figures/{name}",
            ESSAY,
            f"/figures/{name[:-1]}.json",
            f"/figures/{name}.exe",
            f"/figures/{name}/stream",
        )
    )
    pairs = []
    for _ in range(draw.choice((0, 1, 1, 2, 2, 3, 8))):
        key = draw.choice(parameters + OPTIONS) if draw.random() < 0.9 else draw.choice(WORDS)
        value = (
            draw.choice(NUMBERS)
            if draw.random() < 0.5
            else draw.choice(WORDS)
            if draw.random() < 0.5
            else f"{draw.uniform(-0.5, 1.5):.3g}"
        )
        pairs.append(f"{quote(key, safe='')}={quote(value, safe='')}")
        if draw.random() < 0.1:
            pairs.append(pairs[-1])  # twice
    if draw.random() < 0.3:  # a size of its own: what is kept of a state for each size may not grow
        pairs += [f"_width={draw.randint(200, 2000)}", f"_height={draw.randint(120, 2000)}"]
    return place + ("?" + draw.choice("&&&;").join(pairs) if pairs else "")


def headers_of(draw: random.Random) -> list[str]:
    """Some header lines, a few of them wrong."""
    headers = ["Host: " + draw.choice(("127.0.0.1", "127.0.0.1", "x" * 200, "a b", ""))]
    for line in (
        f"Accept: {draw.choice(('text/html', '*/*', 'a/b;q=x', ',,,'))}",
        "Accept-Encoding: " + draw.choice(("br", "gzip;q=0", "*", "br;q=nan", ";;=")),
        "If-None-Match: " + draw.choice(("*", '"x"', "W/", '"', "x" * 2000)),
        "Range: bytes=0-",
        "Cookie: a=b",
        "X-Forwarded-For: 1.2.3.4, ☃",
        "Content-Type: multipart/form-data; boundary=x",
        "Expect: 100-continue",
        "If-Modified-Since: yesterday",
    ):
        if draw.random() < 0.15:
            headers.append(line)
    return headers


def request(draw: random.Random, close: bool = True) -> bytes:
    """The bytes of a request; with `close` it asks for the connection to be closed after the response."""
    if draw.random() < 0.02:
        return draw.randbytes(draw.choice((1, 50, 5000)))
    method, path, headers, body = draw.choice(METHODS), target(draw), headers_of(draw), b""
    if method in ("POST", "PUT", "PATCH") or draw.random() < 0.03:
        body = draw.randbytes(draw.choice((0, 10, 1000, 100_000)))
        lengths = (str(len(body)),) * 4 + ("-1", "x", "99999999999", str(len(body) + 50))
        headers.append(f"Content-Length: {draw.choice(lengths)}")
    version = draw.choice(("1.1",) * 8 + ("1.0", "2.0", "9", "x"))
    lines = [f"{method} {path} HTTP/{version}", *headers, *["Connection: close"] * close]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("utf-8", "surrogatepass") + body
