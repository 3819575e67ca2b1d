"""Malformed requests: `make fuzz` sends 10,000 of them to a real server on loopback.

It checks for status 500, stack traces, hangs and memory growth. The same SEED gives the same
requests; FUZZ=500 sends fewer.
"""

import asyncio
import os
import random
import re
import subprocess
import sys
import time
from collections import Counter
from urllib.parse import quote

from tests.first_essay import ESSAY
from tests.load import ROOT, usage

PATIENCE = 40  # seconds within which every answer, or the end of its connection, has to come
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
LOOKS = (
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
    """A path with a query, most of them wrong in some way."""
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
        key = draw.choice(parameters + LOOKS) if draw.random() < 0.9 else draw.choice(WORDS)
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
    return place + ("?" + draw.choice("&&&;").join(pairs) if pairs else "")


def request(draw: random.Random) -> tuple[bytes, str]:
    """The bytes of a request, and how to send them: at once, slowly, half, or half and then nothing."""
    method, path, body = draw.choice(METHODS), target(draw), b""
    headers = ["Host: " + draw.choice(("127.0.0.1", "127.0.0.1", "x" * 200, "a b", ""))]
    for odd in (
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
            headers.append(odd)
    if method in ("POST", "PUT", "PATCH") or draw.random() < 0.03:
        body = draw.randbytes(draw.choice((0, 10, 1000, 100_000)))
        headers.append(
            "Content-Length: "
            + draw.choice((str(len(body)),) * 4 + ("-1", "x", "99999999999", str(len(body) + 50)))
        )
    text = (
        f"{method} {path} HTTP/{draw.choice(('1.1',) * 8 + ('1.0', '2.0', '9', 'x'))}\r\n"
        + "\r\n".join(headers)
        + "\r\nConnection: close\r\n\r\n"
    )
    if draw.random() < 0.02:
        return draw.randbytes(draw.choice((1, 50, 5000))), "half"
    return text.encode("utf-8", "surrogatepass") + body, draw.choice(
        ("at once",) * 30 + ("in drops", "half", "leave")
    )


async def send(port: int, number: int, seed: int, seen: Counter, wrong: list) -> None:
    draw = random.Random(f"{seed} {number}")
    text, how = request(draw)
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        if how == "in drops":
            for at in range(0, min(len(text), 60), 3):
                writer.write(text[at : at + 3])
                await asyncio.sleep(0.01)
            text = text[60:]
        writer.write(text[: len(text) // 2 + 1] if how in ("half", "leave") else text)
        await writer.drain()
        if how == "leave":
            return
        answer = await asyncio.wait_for(reader.read(4_000_000), PATIENCE)
    except (ConnectionError, BrokenPipeError):
        answer = b""  # it was shown the door in the middle of a sentence
    except TimeoutError:
        return wrong.append(f"no answer within {PATIENCE} s: {text[:200]!r}")
    finally:
        writer.close()
    status = int(answer[9:12]) if re.match(rb"HTTP/1\.\d \d{3} ", answer) else 0
    seen[status] += 1
    if (
        status == 500
        or b"Traceback (most recent" in answer
        or b"/site-packages/" in answer
        or b"<script>alert" in answer
        and b"text/html" in answer
    ):
        wrong.append(f"{status}: {text[:300]!r} -> {answer[-300:]!r}")
    if b"\r\nSet-Cookie:" in answer.partition(b"\r\n\r\n")[0]:
        wrong.append(f"a cookie: {text[:300]!r}")


async def flood(
    port: int, numbers: range, seed: int, seen: Counter, wrong: list, run_inline: int = 50
) -> None:
    places = asyncio.Semaphore(run_inline)

    async def one(number: int) -> None:
        async with places:
            await send(port, number, seed, seen, wrong)

    await asyncio.gather(*(one(number) for number in numbers))


def main(number: int, seed: int) -> None:
    web = subprocess.Popen(
        [sys.executable, "app.py"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=os.environ
        | {
            "PORT": "0",
            "HOST": "127.0.0.1",
            "INFODECOMP_AHEAD": "0",
            "INFODECOMP_SLOW": "3",
            "INFODECOMP_IDLE": "10",
            "INFODECOMP_LOG": "0",
            "INFODECOMP_RATE": "100000",
        },
    )
    try:
        port = int(re.search(r":(\d+)/", web.stdout.readline())[1])
        seen, wrong, start = Counter(), [], time.monotonic()
        asyncio.run(flood(port, range(number // 2), seed, seen, wrong))
        half = usage([web.pid])[1]
        asyncio.run(flood(port, range(number // 2, number), seed, seen, wrong))
        print(
            f"{number:,} requests in {time.monotonic() - start:.0f} s, answered {dict(sorted(seen.items()))} "
            "(0: closed without a response); "
            f"{half:.0f} MB half way, {usage([web.pid])[1]:.0f} MB at the end; alive: {web.poll() is None}"
        )
        for one in wrong[:20]:
            print("WRONG", one)
        sys.exit(bool(wrong) or web.poll() is not None)
    finally:
        web.terminate()
        web.wait(30)


if __name__ == "__main__":
    main(int(os.environ.get("FUZZ") or 10_000), int(os.environ.get("SEED") or 0))
