"""Every state of every figure as a picture, a table and a script: what the formats hold, and what is refused."""

import io
import os
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PIL import Image
from pypdf import PdfReader

from infodecomp.explorable.exports.formats import FORMATS, has_format
from infodecomp.explorable.exports.raster import Converter
from infodecomp.explorable.exports.standalone import MARGIN
from infodecomp.explorable.graphics.text_metrics import advances, text_width, wrap_text
from infodecomp.explorable.site.reading import read_library
from tests.first_essay import ESSAY, TITLE

ROOT = Path(__file__).parent.parent
FIGURES = read_library(ROOT / "essays").figures
DRAWN = [name for name, figure in FIGURES.items() if figure.has("draw")]
SVG = "{http://www.w3.org/2000/svg}"
PLANE = "/figures/storm-telegraph"
STATE = "bits_a=.5&bits_b=.5"


def words(svg: str) -> str:
    return " ".join("".join(node.itertext()) for node in ElementTree.fromstring(svg).iter(f"{SVG}text"))


@pytest.mark.parametrize("name", DRAWN)
def test_a_picture_stands_alone_and_says_what_it_is(client, name):
    svg = client.get(f"/figures/{name}.svg?_theme=dark").text
    told, figure = words(svg), FIGURES[name]
    assert figure.title in told
    assert figure().description.split(" ")[-1] in told
    assert TITLE in told and f"{ESSAY}#{name}" in told
    assert "@font-face" in svg and "data:font/woff2" in svg
    assert not re.search(r"var\(|url\((?!data:)|href=|role=\"slider\"|tabindex|<script", svg)
    root = ElementTree.fromstring(svg)
    assert (
        root.find(f"{SVG}title").text == figure.title and root.find(f"{SVG}desc").text == figure().description
    )


@pytest.mark.parametrize("name", DRAWN)
@pytest.mark.parametrize("width", [350, 640])
def test_its_words_are_in_its_typeface_and_within_its_edges(client, name, width):
    """A letter that the typeface lacks takes the whole line into another one."""
    root = ElementTree.fromstring(
        client.get(f"/figures/{name}.svg?_width={width}", base_url="https://essays.a-long-name.example").text
    )
    assert not [
        c
        for text in root.iter(f"{SVG}text")
        for c in "".join(text.itertext())
        if not all(c in advances(w) for w in (400, 600))
    ]
    scale = width / float(root.get("viewBox").split()[2])
    for text in root.findall(f"{SVG}text"):  # those of the frame
        size, weight = float(text.get("font-size")), int(text.get("font-weight"))
        assert (
            scale * (float(text.get("x")) + text_width(text.text, size, weight)) <= width - scale * MARGIN + 1
        )


def test_a_long_word_goes_on_in_the_next_line():
    words = "See https://essays.example/essays/a-very-long-name#figure now"
    for width in (200, 120, 60, 3):
        lines = wrap_text(words, width, 12)
        assert "".join(lines).replace(" ", "") == words.replace(" ", "")
        assert all(text_width(line, 12) <= width or len(line) == 1 for line in lines)
    assert wrap_text(words, 200, 12) == [
        "See",
        "https://essays.example/essays/a-very-",
        "long-name#figure now",
    ]


@pytest.mark.parametrize("name", DRAWN)
def test_a_slide_is_exactly_as_large_as_it_was_asked_for(client, name):
    reply = client.get(f"/figures/{name}.png?_width=1920&_height=1080")
    assert Image.open(io.BytesIO(reply.data)).size == (1920, 1080)
    assert reply.mimetype == "image/png"


SMALL = {"bike-ask": 21, "bike-distinctions": 21, "bike-train": 21.5, "storm-information-terms": 15}


@pytest.mark.parametrize("name", DRAWN)
def test_the_words_of_a_slide_can_be_read_from_the_back(client, name):
    """On 1,080 lines no word is smaller than 24 pixels, but for figures that hold too much: these are named with what they reach."""
    least = []

    def walk(node, scale, size):
        scale *= float((re.search(r"scale\(([\d.]+)", node.get("transform", "")) or ("", 1))[1])
        size = float(node.get("font-size", size))
        if node.tag == f"{SVG}text":
            least.append(scale * size)
        for child in node:
            walk(child, scale, size)

    root = ElementTree.fromstring(client.get(f"/figures/{name}.svg?_width=1920&_height=1080").text)
    walk(root, 1920 / float(root.get("viewBox").split()[2]), 13)
    assert round(min(least), 1) >= SMALL.get(name, 24), min(least)
    assert name not in SMALL or min(least) < 24, "it is no exception any more"


def test_sizes_themes_and_grounds_are_what_was_asked_for(client):
    def corner(query):
        return (
            Image.open(io.BytesIO(client.get(f"{PLANE}.png?{query}").data)).convert("RGBA").getpixel((2, 2))
        )

    assert corner("") == (0xFF, 0xFD, 0xF8, 255)
    assert corner("_theme=dark") == (0x17, 0x18, 0x1B, 255)
    assert corner("_background=white") == (255, 255, 255, 255)
    assert corner("_background=transparent")[3] == 0
    once, twice = (
        Image.open(io.BytesIO(client.get(f"{PLANE}.png?_scale={scale}").data)).size for scale in (1, 2)
    )
    assert once[0] == 640 and twice == (2 * once[0], 2 * once[1])


def test_data_goes_nowhere_without_its_attribution(client):
    for name in DRAWN:
        told = " ".join(words(client.get(f"/figures/{name}.svg").text).split())
        assert FIGURES[name].source in told and FIGURES[name].attribution in told
        assert "Fanaee" in told or "bike" not in told.lower()


def test_a_bare_picture_has_no_words_around_it(client):
    assert FIGURES["storm-telegraph"].title not in words(client.get(f"{PLANE}.svg?_frame=0").text)
    assert 'height="300"' in client.get(f"{PLANE}.svg?_frame=0&_height=300").text


@pytest.mark.parametrize("name", ["storm-telegraph", "telegraph-line"])
def test_the_text_of_a_pdf_is_text(client, name):
    reply = client.get(f"/figures/{name}.pdf")
    page = PdfReader(io.BytesIO(reply.data)).pages[0]
    told = " ".join(page.extract_text().split())
    assert FIGURES[name].title in told and " ".join(FIGURES[name]().description.split()) in told
    assert float(page.mediabox.width) == pytest.approx(640)


@pytest.mark.parametrize("name", FIGURES)
def test_every_script_runs_alone_and_prints_the_same_numbers(client, name, tmp_path):
    """In a folder without the essays, with the package alone on the path."""
    moved = "&".join(
        f"{p.name}={p.write(p.snap(p.low + 0.6 * (p.high - p.low)))}"
        for p in FIGURES[name].parameters
        if p.kind == "range" and p.name in ("bits_a", "p11", "bits_line", "guess", "message")
    )
    file = tmp_path / "state.py"
    file.write_text(client.get(f"/figures/{name}.py?{moved}").text)
    (tmp_path / "infodecomp").symlink_to(ROOT / "infodecomp")
    done = subprocess.run(
        [sys.executable, file],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(tmp_path), "OMP_NUM_THREADS": "1"},
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    answer = client.get(f"/figures/{name}.json?{moved}").json
    for key, value in (answer["values"] or answer["table"] or answer["data"]).items():
        told = re.search(rf"^{re.escape(key)} = (.*)$", done.stdout, re.M)[1]
        if isinstance(value, (int, float)):
            assert float(told) == pytest.approx(value, abs=1e-9), key
        elif value is None:
            assert told == "None"
        else:
            assert told


def test_formats_are_known_to_a_cache_and_to_a_folder(client):
    for kind, form in FORMATS.items():
        if form.is_animation:
            continue  # see test_animation
        reply = client.get(f"{PLANE}.{kind}?{STATE}")
        assert reply.status_code == 200 and reply.mimetype == form.mimetype.partition(";")[0]
        assert reply.headers["ETag"] and reply.headers["Cache-Control"] == "no-cache"
        assert (
            reply.headers["Content-Disposition"]
            == f'inline; filename="storm-telegraph,bits_a=.5,bits_b=.5.{kind}"'
        )
        again = client.get(f"{PLANE}.{kind}?{STATE}", headers={"If-None-Match": reply.headers["ETag"]})
        assert again.status_code == 304
        head = client.head(f"{PLANE}.{kind}?{STATE}")
        assert head.status_code == 200 and not head.data and head.headers["ETag"] == reply.headers["ETag"]
        saved = client.get(f"{PLANE}.{kind}?{STATE}&_download=1")
        assert saved.headers["Content-Disposition"].startswith("attachment")


BAD = [
    ("svg", "_width=0", "200"),
    ("png", "_width=100000", "2000"),
    ("pdf", "_height=0", "120"),
    ("svg", "_height=100000", "2000"),
    ("png", "_scale=0", "1"),
    ("png", "_scale=9", "4"),
    ("svg", "_theme=sepia", "light, dark"),
    ("png", "_background=pink", "transparent"),
    ("svg", "_background=white&_theme=dark", "_theme=light"),
    ("png", "_width=2000&_height=2000&_scale=4", "million"),
    ("pdf", "bits_a=2", "from 0 to 1"),
    ("py", "bits_a=nan", "from 0 to 1"),
    ("csv", "_width=300", "no parameter"),
    ("json", "_width=0", "200"),
    ("json", "_height=100000", "2000"),
    ("pdf", "_width=1e3", "whole number"),
    ("png", "_height=-1", "whole"),
    ("svg", "_width=640&_width=700", "second time"),
    ("pdf", "_theme=", "light, dark"),
    ("svg", "_frame=2", "0 or 1"),
    ("svg", "_scale=2", "no parameter"),
]


@pytest.mark.parametrize(("kind", "query", "told"), BAD, ids=[f"{kind}-{query}" for kind, query, _ in BAD])
def test_what_cannot_be_had_is_said(client, kind, query, told):
    reply = client.get(f"{PLANE}.{kind}?{query}")
    assert reply.status_code == 400 and reply.mimetype == "application/problem+json"
    assert told in reply.json["detail"]


def test_a_panel_is_no_picture_and_an_unknown_format_names_the_others(client):
    assert not has_format(FIGURES["storm-probability-sliders"], "png")
    assert client.get("/figures/storm-probability-sliders.png").status_code == 404
    refused = client.get(f"{PLANE}.tiff")
    assert refused.status_code == 404 and all(f".{kind}" in refused.json["detail"] for kind in FORMATS)


def test_exports_have_few_places_and_hold_nobody_up(app, client, monkeypatch):
    monkeypatch.setattr(app.exporting, "queue", 0)
    over = threading.Event()
    for _ in range(app.exporting.workers):
        app.exporting.do(over.wait)
    try:
        full = client.get(f"{PLANE}.png?bits_a=.123")
        assert full.status_code == 503 and full.headers["Retry-After"]
        assert client.get(f"{PLANE}.svg?bits_a=.123").status_code == 200
    finally:
        over.set()
    while app.exporting.full:
        time.sleep(0.01)
    assert client.get(f"{PLANE}.png?bits_a=.123").status_code == 200


def test_a_converter_that_died_is_started_again(app, client):
    with app.exports.converter() as converter:
        converter.convert("<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>", "png", scale=1)
        os.kill(converter.pid, signal.SIGKILL)
        os.waitid(os.P_PID, converter.pid, os.WEXITED | os.WNOWAIT)
        assert (
            converter.convert("<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>", "pdf")[:4]
            == b"%PDF"
        )


def test_a_picture_is_converted_while_others_compute(app, client, monkeypatch):
    held, convert = [], Converter.convert
    monkeypatch.setattr(
        Converter,
        "convert",
        lambda *given, **more: held.append(app.turn.free == 0) or convert(*given, **more),
    )
    assert client.get(f"{PLANE}.png?bits_a=.32&_width=333").status_code == 200
    assert held == [False]


def test_an_essay_in_a_state_is_shared_with_a_picture_of_that_state(client):
    def image(query):
        page = client.get(f"{ESSAY}{query}").text
        return re.search(r'<meta property="og:image" content="http://localhost([^"]*)"', page)[1].replace(
            "&amp;", "&"
        )

    assert image("") == "/figures/parking-lot.png?_width=1200&_height=628"
    assert image("?bits_a=.7&bits_b=.3").startswith("/figures/storm-t") and "bits_a=.7&bits_b=.3" in image(
        "?bits_a=.7&bits_b=.3"
    )
    assert Image.open(io.BytesIO(client.get(image("?bits_a=.7")).data)).size == (1200, 628)
