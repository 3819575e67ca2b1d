"""Requests whose bytes are wrong, for the fuzz test: hosts, targets, line endings, versions and bodies."""

import random
import string
from urllib.parse import quote

FORGED = "forged-"  # begins each host that a request makes up, and no page of the site

VERSIONS = (
    ("HTTP/1.1",) * 24 + ("HTTP/1.0",) * 6 + ("HTTP/0.9", "HTTP/1.2", "HTTP/2", "HTTP/11.1", "http/1.1", "")
)
ENDINGS = ("\r\n",) * 30 + ("\n", "\r", "\r\r\n", "\n\r", "\x0b\r\n", "\x85\r\n", "\0\r\n")
SEPARATORS = (" ",) * 40 + ("  ", "\t", "\x0b", "\xa0", "")
METHODS = ("GET",) * 30 + ("HEAD", "OPTIONS", "POST", "TRACE", "CONNECT", "G\0ET", "GE T", "PRI", "a" * 300)


def forged_host(draw: random.Random) -> str:
    """A host that no other request names, often not a valid one."""
    name = FORGED + "".join(draw.choices(string.ascii_lowercase, k=8)) + ".example"
    return draw.choice(
        (
            name,
            name,
            f"{name}:99999",
            f"{name}:0",
            f"{name}:",
            f"user@{name}",
            f"{name}/path",
            f"{name}?x#y",
            f"{name}, 127.0.0.1",
            f"{name}\t",
            f'{name}"><script>alert(1)</script>',
            f"{name}\r\n\tfolded: 1",
            f"{name}..",
            name.upper(),
            f"xn--{name}",
            f"[::1%25{name}]",
            f"{name}\x7f",
            f"{name}\xff",
            "a." * 120 + name,
        )
    )


def host_lines(draw: random.Random) -> list[str]:
    """The Host headers of a request: none, one, several, and what a proxy would add."""
    lines = [f"Host: {draw.choice(('127.0.0.1', '127.0.0.1', forged_host(draw)))}"]
    if draw.random() < 0.1:
        lines = draw.choice(([], lines * 2, [*lines, f"Host: {forged_host(draw)}"], ["Host:"], ["host : x"]))
    for name, values in (
        ("X-Forwarded-Host", (forged_host(draw), "", "a, b", "\0")),
        ("X_Forwarded_Host", (forged_host(draw),)),
        ("X-Forwarded-Proto", ("https", "javascript", "http, https", "HTTPS", "data:", " ")),
        ("X-Forwarded-For", ("::1", "unknown", "1.2.3.4, 5.6.7.8", "a" * 500, "\xff")),
        ("X-Forwarded-Port", ("0", "x", "99999")),
        ("X-Forwarded-Prefix", (f"//{forged_host(draw)}", "/../", "\r")),
        ("Forwarded", (f"for=1.2.3.4;host={forged_host(draw)};proto=https", ";;=")),
        ("X-Original-URL", ("/version",)),
        ("X-HTTP-Method-Override", ("DELETE",)),
    ):
        if draw.random() < 0.15:
            lines.append(f"{name}: {draw.choice(values)}")
    return lines


def raw_target(draw: random.Random, paths: list[str]) -> str:
    """A target as it stands in the request line: a path of the site or near it, written in some other way."""
    path = draw.choice(paths)
    middle = draw.randrange(len(path) + 1)
    return draw.choice(
        (
            path,
            path,
            path,
            path + "?_width=350&_theme=dark",
            path + f"?utm_source={quote(draw.choice(string.printable))}",
            path[:middle]
            + draw.choice(("/", "//", "/./", "/../", "%2f", "%00", ";", "\\", "%", "%c0%af", "\xe9")),
            path[:middle] + draw.choice(string.printable) + path[middle:],
            "".join(f"%{ord(letter):02x}" if draw.random() < 0.3 else letter for letter in path),
            path.upper(),
            path + "/",
            path + "?" + "&" * draw.randrange(50),
            path + "?" + "".join(chr(draw.randrange(33, 255)) for _ in range(draw.randrange(40))),
            path + "#fragment",
            f"http://{forged_host(draw)}{path}",
            f"//{forged_host(draw)}{path}",
            f"{FORGED}authority.example:80",
            path[1:],
            "?",
            "",
        )
    )


def chunked(draw: random.Random) -> bytes:
    """A body in chunks, some of them with wrong sizes or endings."""
    body = b""
    for _ in range(draw.randrange(4)):
        content = draw.randbytes(draw.choice((1, 15, 300)))
        size = draw.choice(("%x", "%x", "%X;name=value", "0x%x", "-%x", "%x ", "+%x", "fffffffff%x")) % len(
            content
        )
        body += size.encode() + draw.choice((b"\r\n", b"\n", b"\r")) + content + draw.choice((b"\r\n", b""))
    return body + draw.choice((b"0\r\n\r\n", b"0\r\nTrailer: x\r\n\r\n", b"0\n\n", b""))


def body_of(draw: random.Random) -> tuple[list[str], bytes]:
    """Headers that announce a body, and what is sent of it."""
    if draw.random() < 0.8:
        return [], b""
    form = b"message=" + draw.randbytes(20)
    return draw.choice(
        (
            (["Transfer-Encoding: chunked"], chunked(draw)),
            (["Transfer-Encoding: chunked", f"Content-Length: {len(form)}"], form),
            (["Transfer-Encoding: gzip, chunked"], chunked(draw)),
            (["Transfer-Encoding: xchunked"], form),
            (["Transfer-Encoding : chunked"], chunked(draw)),
            (["Content-Length: 5", "Content-Length: 6"], b"12345"),
            (["Content-Length: +5"], b"12345"),
            (["Content-Length: 5, 5"], b"12345"),
            (["Content-Length: 0x5"], b"12345"),
            (["Expect: 100-continue", f"Content-Length: {len(form)}"], form),
            (["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(form)}"], form),
        )
    )


def raw_request(draw: random.Random, paths: list[str], close: bool = True) -> bytes:
    """The bytes of a request; with `close` it asks for the connection to be closed after the response."""
    ending, space = draw.choice(ENDINGS), draw.choice(SEPARATORS)
    announced, body = body_of(draw)
    method = "POST" if announced and draw.random() < 0.7 else draw.choice(METHODS)
    target = "/feedback" if method == "POST" and draw.random() < 0.5 else raw_target(draw, paths)
    lines = [f"{method}{space}{target}{space}{draw.choice(VERSIONS)}".rstrip(" ")]
    lines += host_lines(draw) + announced
    if draw.random() < 0.1:
        lines.insert(
            draw.randrange(1, len(lines) + 1), draw.choice((" folded", ":", "no colon", "a\0b: c", "é: ü"))
        )
    lines += ["Connection: close"] * close
    if draw.random() < 0.05:
        lines.append("X-Many: " + "y" * draw.choice((100, 9000, 20_000)))
    return (ending.join(lines) + 2 * ending).encode("latin-1") + body
