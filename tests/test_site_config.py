"""The title, language and order of a site come from its site.toml only."""

import re
import xml.etree.ElementTree as ET
from datetime import date
from pathlib import Path

import pytest

from infodecomp.explorable.site.starter import write_starter
from infodecomp.web.factory import create_app
from tests.first_essay import SITE, SLUG, TITLE

ROOT = Path(__file__).parent.parent
SOURCES = (".py", ".html", ".xml", ".js", ".css", ".txt", ".md")
ATOM = "{http://www.w3.org/2005/Atom}"


def client_of(folder):
    return create_app({"ESSAYS": folder}).test_client()


@pytest.fixture
def games(tmp_path):
    for day, slug in enumerate(("coins", "dice"), 1):
        write_starter(slug, tmp_path, date(2026, 11, day))
    return tmp_path


def test_the_title_stands_wherever_the_site_is_named(games):
    (games / "site.toml").write_text('title = "Games & odds"\nlanguage = "de"\norder = ["coins"]\n')
    client = client_of(games)
    page = client.get("/").text
    assert "<h1>Games &amp; odds</h1>" in page and '<html lang="de">' in page
    assert re.findall(r'<h2><a href="/essays/(\w+)"', page) == ["coins", "dice"]
    assert ET.fromstring(client.get("/feed.xml").data).findtext(ATOM + "title") == "Games & odds"
    assert client.get("/openapi.json").json["info"]["title"] == "Games & odds"
    oembed = client.get("/oembed?url=http://localhost/embed/coins-coin").json
    assert oembed["provider_name"] == "Games & odds"


def test_a_page_is_linked_at_every_foot_and_listed_nowhere(games):
    (games / "site.toml").write_text('order = ["coins"]\npages = ["dice"]\n')
    client = client_of(games)
    start, essay, page = (client.get(url).text for url in ("/", "/essays/coins", "/essays/dice"))
    link = '<a href="/essays/dice">'
    assert re.findall(r'<h2><a href="/essays/(\w+)"', start) == ["coins"]
    assert link in start.partition("<footer")[2] and link in essay.partition("<footer")[2]
    assert "To close" in essay and link not in page.partition("<footer")[2]
    assert "/essays/dice" in client.get("/sitemap.xml").text
    assert "/essays/dice" not in client.get("/feed.xml").text


def test_a_site_without_the_file_works(games):
    client = client_of(games)
    assert "<h1>Essays</h1>" in client.get("/").text and client.get("/feed.xml").status_code == 200


def test_no_title_of_an_essay_or_the_site_stands_outside_the_essays():
    files = [
        path
        for folder in ("infodecomp", "templates", "static", "tests")
        for path in (ROOT / folder).rglob("*")
    ]
    texts = {path: path.read_text(encoding="utf-8") for path in files if path.suffix in SOURCES}
    assert not [
        str(path.relative_to(ROOT))
        for path, text in texts.items()
        if ROOT / "tests" / "essays" not in path.parents
        and any(name in text for name in (SLUG, TITLE, SITE["title"]))
    ]
