"""What a site says to machines, and what readers send back."""

import io
import json
import re
import xml.etree.ElementTree as ET
from html import unescape

import pytest
from fontTools import ttLib

from infodecomp.web.factory import create_app
from infodecomp.web.feedback import read_body
from infodecomp.web.services import get_services
from tests.first_essay import DATE, ESSAY, SITE, SLUG, TITLE
from tests.live_server import CLOCK

CARD = f"/cards/{ESSAY.removeprefix('/essays/')}.png"
ATOM, SITEMAP = "{http://www.w3.org/2005/Atom}", "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def test_the_head_tells_what_the_page_is(client):
    page = client.get(ESSAY + "?bits_a=.5").text
    meta = dict(re.findall(r'<meta (?:name|property)="([^"]+)" content="([^"]*)">', page))
    assert meta["og:title"] == meta["twitter:title"] == meta["citation_title"] == TITLE
    assert meta["og:image"] == f"http://localhost{CARD}?bits_a=.5"
    assert meta["og:description"] and meta["citation_publication_date"] == DATE.strftime("%Y/%m/%d")
    assert f'rel="canonical" href="http://localhost{ESSAY}"' in page, "whatever the state"
    data = json.loads(re.search(r'ld\+json">(.*?)</script>', page)[1])
    assert data["@type"] == "Article" and data["headline"] == meta["og:title"] and len(data["citation"]) >= 5
    assert client.get("/figures/parking-lot.png").data[:4] == b"\x89PNG"


def test_an_origin_can_be_named_where_a_proxy_hides_it():
    client = create_app({"ESSAYS": CLOCK, "ORIGIN": "https://essays.example"}).test_client()
    assert 'href="https://essays.example/essays/clock"' in client.get("/essays/clock").text
    assert "https://essays.example/essays/" in client.get("/feed.xml").text


def test_the_source_and_the_references_can_be_had(client):
    source = client.get(ESSAY + ".md")
    assert source.mimetype == "text/markdown" and source.text.startswith("---\ntitle:")
    entries = re.findall(r"^@\w+\{(\w+),", client.get(ESSAY + ".bib").text, re.MULTILINE)
    assert {"shannon", "tishby", "murphy2023"} <= set(entries)
    assert client.get("/essays/none.md").status_code == 404


def test_feed_and_sitemap_list_every_essay(client):
    essays = get_services(client.application).site.library.essays()
    feed = ET.fromstring(client.get("/feed.xml").data)
    assert [e.findtext(ATOM + "title") for e in feed.iter(ATOM + "entry")] == [
        essay.title for essay in essays
    ]
    assert feed.findtext(ATOM + "title") == SITE["title"]
    newest = max(essay.date for essay in essays)
    assert feed.findtext(ATOM + "updated") == f"{newest.isoformat()}T00:00:00Z"
    places = [e.text for e in ET.fromstring(client.get("/sitemap.xml").data).iter(SITEMAP + "loc")]
    assert {f"http://localhost/essays/{essay.slug}" for essay in essays} <= set(places)


def test_the_page_says_how_to_cite_it(client):
    page = client.get(ESSAY).text
    entry = unescape(page.partition('<details class="how-to-cite"')[2].partition("</details>")[0])
    assert f"@misc{{{SLUG}," in entry and f"title = {{{{{TITLE}}}}}" in entry
    assert "author = {{The infodecomp project}}" in entry and f"year = {{{DATE.year}}}" in entry
    assert f"url = {{http://localhost{ESSAY}}}" in entry


def test_contents_and_reading_time(client):
    page = client.get(ESSAY).text
    assert re.search(r"· \d+ minutes", page)
    for anchor in re.findall(r'<li><a href="#([^"]+)">', page):
        assert f'id="{anchor}"' in page


def test_the_math_font_holds_what_the_formulas_use(client):
    reply = client.get("/fonts/math.woff2")
    assert reply.mimetype == "font/woff2" and reply.data[:4] == b"wOF2" and len(reply.data) < 40_000


@pytest.mark.parametrize("name", ["serif", "serif-italic", "sans"])
def test_the_text_fonts_hold_the_characters_of_the_pages(client, name):
    response = client.get(f"/fonts/{name}.woff2")
    assert response.mimetype == "font/woff2" and len(response.data) < 40_000
    characters = ttLib.TTFont(io.BytesIO(response.data)).getBestCmap()
    assert {ord(c) for c in "Aa0.,·×−–—‘’“”…"} <= set(characters)


def test_a_font_that_is_not_there_is_not_found(client):
    assert client.get("/fonts/comic.woff2").status_code == 404


def test_each_preloaded_font_is_used_by_the_stylesheet(client):
    preloaded = re.findall(
        r'<link rel="preload" href="([^"]+)" as="font"[^>]* crossorigin>', client.get(ESSAY).text
    )
    stylesheet = client.get("/static/explorable.css").text
    assert preloaded and all(f"url({address})" in stylesheet for address in preloaded)


@pytest.fixture
def listening(tmp_path):
    path = tmp_path / "feedback.jsonl"
    return create_app({"ESSAYS": CLOCK, "FEEDBACK": path}).test_client(), path


def test_without_a_file_there_is_no_form(client):
    assert "<textarea" not in client.get(ESSAY).text
    assert client.post("/feedback", data={"message": "hello"}).status_code == 404


def test_a_message_is_kept_and_thanked_for(listening):
    client, path = listening
    assert "<textarea" in client.get("/essays/clock").text
    reply = client.post("/feedback", data={"message": "The second figure <b>sings</b>.", "page": "x"})
    assert reply.status_code == 303 and client.get(reply.location).status_code == 200
    assert json.loads(path.read_text())["message"] == "The second figure <b>sings</b>."
    assert "Set-Cookie" not in reply.headers


def test_robots_are_thanked_and_not_kept(listening):
    client, path = listening
    assert client.post("/feedback", data={"message": "buy", "website": "http://x"}).status_code == 303
    assert not path.exists()


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "https://elsewhere.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}, 303),
    ],
)
def test_a_message_from_a_page_of_another_site_is_refused(listening, headers, status):
    client, path = listening
    assert client.post("/feedback", data={"message": "hello"}, headers=headers).status_code == status
    assert path.exists() == (status == 303)


def test_too_long_and_too_many_are_refused_readably(listening):
    client, path = listening
    reply = client.post("/feedback", data={"message": "x" * 4001}, headers={"Accept": "text/html"})
    assert reply.status_code == 400 and "at most 4,000" in reply.text
    codes = [client.post("/feedback", data={"message": "hello"}).status_code for _ in range(6)]
    assert codes == [303] * 5 + [429]
    assert client.post("/feedback", data={"message": "y" * 100_000}).status_code == 413
    assert len(path.read_text().splitlines()) == 5


def test_a_table_is_csv_with_a_header(client):
    lines = client.get("/figures/storm-telegraph.csv").text.splitlines()
    assert lines[0] == "budget,bits_from_A,bits_from_B,total,information,error" and len(lines) > 100
    assert client.get("/figures/storm-telegraph.csv?bits_a=9").status_code == 400


def test_a_stream_sends_pictures_and_ends(client):
    with client.get("/figures/storm-any-line/stream?p00=.17") as reply:  # its place is free when it is closed
        assert reply.mimetype == "text/event-stream"
        events = reply.text.strip().split("\n\n")
    assert len(events) >= 3 and events[-1].startswith("event: done")
    pictures = [json.loads(event.removeprefix("data: ")) for event in events[:-1]]
    assert all(picture["svg"].startswith("<svg") for picture in pictures)
    final = client.get("/figures/storm-any-line.json?p00=.17&_fields=texts").json
    assert pictures[-1]["texts"] == final["texts"], "the last picture is the state's own"


def test_streams_have_few_places_and_a_reader_who_leaves_frees_one(app, client):
    held = [
        client.get("/figures/storm-any-line/stream?p00=.19", buffered=False)
        for _ in range(get_services(app).settings["STREAMS"])
    ]
    assert [reply.status_code for reply in held] == [200] * len(held)
    full = client.get("/figures/storm-any-line/stream?p00=.19")
    assert full.status_code == 503 and full.headers["Retry-After"] and full.json["status"] == 503
    for reply in held:
        reply.close()
    for _ in range(3):
        left = client.head("/figures/storm-any-line/stream")
        assert left.status_code == 200
        left.close()
    free = client.get("/figures/storm-any-line/stream?p00=.19", buffered=False)
    assert free.status_code == 200
    free.close()


def test_what_is_computed_at_once_has_no_stream(client):
    assert client.get("/figures/storm-heatmap/stream").status_code == 404
    assert client.get("/figures/storm-any-line/stream?p00=9").status_code == 400


def test_a_body_is_read_to_its_length_and_no_further():
    """A connection that stays open has no end: to wait for one would hold the thread."""
    rest = io.BytesIO(b"message=hello" + b"the next request")
    environ, body = {"CONTENT_LENGTH": "13", "wsgi.input": rest}, io.BytesIO()
    read_body(environ, 100, 5, body)
    assert environ["wsgi.input"].read() == b"message=hello" and environ["CONTENT_LENGTH"] == "13"
    assert rest.read() == b"the next request"
