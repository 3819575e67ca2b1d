"""The export formats of every figure: contents, sizes, themes, caching headers and errors."""

import io
import os
import re
import signal
import threading
import time
from functools import partial
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PIL import Image, ImageChops
from pypdf import PdfReader

from infodecomp.explorable.exports.formats import FORMATS, has_format
from infodecomp.explorable.exports.raster import Converter
from infodecomp.explorable.exports.standalone import MARGIN
from infodecomp.explorable.graphics.marks import Label, PlotContext
from infodecomp.explorable.graphics.scales import Scale
from infodecomp.explorable.graphics.text_metrics import advances, text_width, wrap_text
from infodecomp.explorable.graphics.text_paths import outline_text
from infodecomp.explorable.graphics.theme import palette
from infodecomp.web.services import get_services
from tests.first_essay import ESSAY, TITLE, published_library

ROOT = Path(__file__).parents[3]
FIGURES = published_library().figures
DRAWN = [name for name, figure in FIGURES.items() if figure.has("draw")]
SVG = "{http://www.w3.org/2000/svg}"
PLANE = "/figures/storm-telegraph"
CARD = f"/cards/{ESSAY.removeprefix('/essays/')}.png"
STATE = "bits_a=.5&bits_b=.5"
PUBLIC = "https://essays.example"


def svg_text(svg: str) -> str:
    return " ".join("".join(node.itertext()) for node in ElementTree.fromstring(svg).iter(f"{SVG}text"))


@pytest.mark.parametrize("name", DRAWN)
def test_a_standalone_svg_is_self_contained_and_describes_itself(app, client, name):
    svg = client.get(f"/figures/{name}.svg?_theme=dark", base_url=PUBLIC).text
    text, figure = svg_text(svg), FIGURES[name]
    assert not re.search(r'rgba|hsla|paint-order|="[-\d.]+r?em"', svg), "not every program reads these"
    assert figure.title in text
    assert figure().description.split(" ")[-1] in text
    library = get_services(app).site.library
    slug = library.essay_of(name)
    assert library.documents[slug].title in text and "MIT licence" in text
    assert f"{PUBLIC}/essays/{slug}#{name}" in text.replace(" ", "")
    assert "@font-face" in svg and "data:font/woff2" in svg
    assert not re.search(r"var\(|url\((?!data:)|href=(?!.data:)|role=\"slider\"|tabindex|<script", svg)
    root = ElementTree.fromstring(svg)
    assert (
        root.find(f"{SVG}title").text == figure.title and root.find(f"{SVG}desc").text == figure().description
    )


@pytest.mark.parametrize("name", DRAWN)
@pytest.mark.parametrize("width", [350, 640])
def test_text_uses_the_embedded_typeface_and_stays_within_the_margins(client, name, width):
    """A single glyph that the typeface lacks would set the whole line in another one."""
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
    for text in root.findall(f"{SVG}text"):  # title, caption and source
        size, weight = float(text.get("font-size")), int(text.get("font-weight"))
        assert (
            scale * (float(text.get("x")) + text_width(text.text, size, weight)) <= width - scale * MARGIN + 1
        )


def test_a_long_word_is_broken_across_lines():
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


@pytest.mark.parametrize("name", DRAWN[::6])  # one converter makes them all
def test_a_png_has_exactly_the_requested_size(client, name):
    reply = client.get(f"/figures/{name}.png?_width=1920&_height=1080")
    assert Image.open(io.BytesIO(reply.data)).size == (1920, 1080)
    assert reply.mimetype == "image/png"


SMALL = {
    "bike-ask": 21,
    "bike-distinctions": 21,
    "bike-train": 21.5,
    "storm-information-terms": 21.7,
    "tabular-decomp": 19.2,
}


@pytest.mark.parametrize("name", DRAWN)
def test_text_on_a_slide_is_large_enough(client, name):
    """No text of a 1080-line slide is smaller than 24 pixels, except in the figures named in SMALL."""
    sizes = []

    def walk(node, scale, size):
        scale *= float((re.search(r"scale\(([\d.]+)", node.get("transform", "")) or ("", 1))[1])
        size = float(node.get("font-size", size))
        if node.tag == f"{SVG}text":
            sizes.append(scale * size)
        for child in node:
            walk(child, scale, size)

    slide = client.get(f"/figures/{name}.svg?_width=1920&_height=1080", base_url=PUBLIC).text
    root = ElementTree.fromstring(slide)
    walk(root, 1920 / float(root.get("viewBox").split()[2]), 13)
    assert round(min(sizes), 1) >= SMALL.get(name, 24), min(sizes)
    assert name not in SMALL or min(sizes) < 24, "it is no exception any more"


def test_scale_theme_and_background_options(client):
    def corner(query):
        return (
            Image.open(io.BytesIO(client.get(f"{PLANE}.png?{query}").data)).convert("RGBA").getpixel((2, 2))
        )

    assert corner("") == (0xFF, 0xFD, 0xF8, 255)
    assert corner("_theme=dark") == (0x17, 0x18, 0x1B, 255)
    assert corner("_background=white") == (255, 255, 255, 255)
    assert corner("_background=transparent") == (0xFF, 0xFD, 0xF8, 0), "edges are mixed with it"
    assert corner("_background=transparent&_theme=dark") == (0x17, 0x18, 0x1B, 0)
    clear, opaque = (
        Image.open(io.BytesIO(client.get(f"{PLANE}.png?_background={background}").data)).convert("RGBA")
        for background in ("transparent", "paper")
    )
    on_paper = Image.alpha_composite(Image.new("RGBA", clear.size, palette("light")["paper"]), clear)
    assert max(high for _, high in ImageChops.difference(on_paper, opaque).getextrema()) <= 3
    once, twice = (
        Image.open(io.BytesIO(client.get(f"{PLANE}.png?_scale={scale}").data)).size for scale in (1, 2)
    )
    assert once[0] == 640 and twice == (2 * once[0], 2 * once[1])


def test_every_picture_carries_the_attribution_of_its_data(client):
    for name in DRAWN:
        text = " ".join(svg_text(client.get(f"/figures/{name}.svg").text).split())
        assert FIGURES[name]().source in text and FIGURES[name].attribution in text


def test_a_state_names_the_source_of_its_own_data(client):
    address = "/figures/cumulative-ablation"
    for query, shown, other in (("", "MNIST:", "Digits:"), ("?data=digits", "Digits:", "MNIST:")):
        text = client.get(f"{address}.txt{query}").text
        assert shown in text and other not in text
        assert client.get(f"{address}.json{query}").json["texts"]["source"].startswith(shown)
        assert "Fanaee" in text or "bike" not in text.lower()


def test_a_picture_names_the_address_of_its_state_and_a_loopback_address_never(client):
    def words(origin, kind="svg"):
        return " ".join(client.get(f"{PLANE}.{kind}?{STATE}", base_url=origin).text.split())

    address = f"{PUBLIC}{ESSAY}?bits_a=.5&amp;bits_b=.5#storm-telegraph"
    assert address in words(PUBLIC) and address.replace("&amp;", "&") in words(PUBLIC, "py")
    for origin in ("http://127.0.0.1:5000", "http://localhost", "http://[::1]:5000"):
        assert TITLE in words(origin) and "/essays/" not in words(origin)
    assert "http://192.168.1.20:5000/essays/" in words("http://192.168.1.20:5000")


def test_outlines_take_the_place_of_text(client):
    svg = client.get(f"{PLANE}.svg?_text=paths&_frame=0").text
    assert "<text" not in svg and "@font-face" not in svg and "Every way" in svg
    struck = Label(0, 0, "not", strike=True, anchor="end", size=20).svg(
        PlotContext(Scale(0, 1, 50, 99), Scale(0, 1, 50, 9), palette("light").__getitem__, interactive=False)
    )
    outlined = outline_text(
        f'<svg font-size="13"><g text-anchor="middle">{struck}<text x="1" y="2">\u4e00</text></g></svg>'
    )
    assert "\u4e00</text>" in outlined, "the typeface lacks it"
    xs = [float(x) for x in re.findall(r"[ML]([\d.]+)[ ,]", outlined)]
    assert min(xs) == pytest.approx(50 - text_width("not", 20), abs=2) and max(xs) <= 50


def test_a_bare_picture_has_no_title(client):
    assert FIGURES["storm-telegraph"].title not in svg_text(client.get(f"{PLANE}.svg?_frame=0").text)
    assert 'height="300"' in client.get(f"{PLANE}.svg?_frame=0&_height=300").text


@pytest.mark.parametrize("name", ["storm-telegraph", "telegraph-line"])
def test_the_text_of_a_pdf_can_be_extracted(client, name):
    reply = client.get(f"/figures/{name}.pdf")
    page = PdfReader(io.BytesIO(reply.data)).pages[0]
    text = " ".join(page.extract_text().split())
    assert FIGURES[name].title in text and " ".join(FIGURES[name]().description.split()) in text
    assert float(page.mediabox.width) == pytest.approx(640)


def test_responses_have_etags_and_file_names(app):
    for kind, form in FORMATS.items():
        if form.is_animation:
            continue  # see test_animation
        client = app.test_client()
        client.get = partial(client.get, base_url=PUBLIC)  # a QR code needs a public address
        client.head = partial(client.head, base_url=PUBLIC)
        reply = client.get(f"{PLANE}.{kind}?{STATE}")
        assert reply.status_code == 200 and reply.mimetype == form.mimetype.partition(";")[0]
        assert reply.headers["ETag"] and reply.headers["Cache-Control"] == "no-cache"
        assert (
            reply.headers["Content-Disposition"]
            == f'inline; filename="storm-telegraph,bits_a=.5,bits_b=.5{"-qr" * (kind == "qr")}.{form.suffix}"'
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
    ("svg", "_text=outlines", "text, paths"),
]


@pytest.mark.parametrize(("kind", "query", "message"), BAD, ids=[f"{kind}-{query}" for kind, query, _ in BAD])
def test_bad_options_name_the_problem(client, kind, query, message):
    reply = client.get(f"{PLANE}.{kind}?{query}")
    assert reply.status_code == 400 and reply.mimetype == "application/problem+json"
    assert message in reply.json["detail"]


def test_a_panel_has_no_picture_and_an_unknown_format_names_the_known_ones(client):
    assert not has_format(FIGURES["storm-probability-sliders"], "png")
    assert client.get("/figures/storm-probability-sliders.png").status_code == 404
    refused = client.get(f"{PLANE}.tiff")
    assert refused.status_code == 404 and all(f".{kind}" in refused.json["detail"] for kind in FORMATS)


def test_a_full_export_pool_refuses_exports_and_nothing_else(app, client, monkeypatch):
    monkeypatch.setattr(get_services(app).export_pool, "queue", 0)
    over = threading.Event()
    for _ in range(get_services(app).export_pool.workers):
        get_services(app).export_pool.submit(over.wait)
    try:
        full = client.get(f"{PLANE}.png?bits_a=.123")
        assert full.status_code == 503 and full.headers["Retry-After"]
        assert client.get(f"{PLANE}.svg?bits_a=.123").status_code == 200
    finally:
        over.set()
    while get_services(app).export_pool.full:
        time.sleep(0.01)
    assert client.get(f"{PLANE}.png?bits_a=.123").status_code == 200


def test_a_killed_converter_is_restarted(app, client):
    with get_services(app).converters.converter() as converter:
        converter.convert("<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>", "png", scale=1)
        os.kill(converter.pid, signal.SIGKILL)
        os.waitid(os.P_PID, converter.pid, os.WEXITED | os.WNOWAIT)
        assert (
            converter.convert("<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>", "pdf")[:4]
            == b"%PDF"
        )


def test_the_compute_lock_is_free_during_conversion(app, client, monkeypatch):
    held, convert = [], Converter.convert
    monkeypatch.setattr(
        Converter,
        "convert",
        lambda *given, **more: (
            held.append(get_services(app).compute_lock.free == 0) or convert(*given, **more)
        ),
    )
    assert client.get(f"{PLANE}.png?bits_a=.32&_width=333").status_code == 200
    assert held == [False]


def test_the_link_preview_of_an_essay_shows_its_state(client):
    def image(query):
        page = client.get(f"{ESSAY}{query}").text
        return re.search(r'<meta property="og:image" content="http://localhost([^"]*)"', page)[1].replace(
            "&amp;", "&"
        )

    assert image("") == f"{CARD}"
    assert image("?bits_a=.7&bits_b=.3") == f"{CARD}?bits_a=.7&bits_b=.3"
    default, changed = client.get(image("")), client.get(image("?bits_a=.7"))
    assert default.data != changed.data, "it shows the figure that was changed"
    assert all(Image.open(io.BytesIO(card.data)).size == (1200, 630) for card in (default, changed))
    assert client.get(f"{CARD}?bits_a=7").status_code == 400
