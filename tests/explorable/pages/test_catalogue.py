"""The appendix: all figures on one light page, each on a page of its own."""

import html
import io
import json
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from pypdf import PdfReader

from tests.first_essay import ESSAY

PLANE = "/figures/storm-telegraph"


def test_the_list_has_every_figure_and_what_it_says_is_there(client, app):
    page = client.get("/figures").text
    for name, figure in app.site.library.figures.items():
        section = re.search(rf'<section id="{name}">.*?</section>', page, re.DOTALL)[0]
        assert html.escape(figure.title) in section and f"http://localhost/embed/{name}" in section
        for parameter in figure.parameters:
            assert f"<code>{parameter.name}</code>" in section and parameter.bounds() in section
        for link in set(re.findall(r'(?:href|src|srcset)="(/figures/[^"]+)"', section)):
            assert client.head(html.unescape(link)).status_code == 200, link
    assert len(page) < 150_000


def test_the_list_follows_the_essays_and_essays_lead_to_it(client, app):
    page = client.get("/figures").text
    essay = client.get(ESSAY).text
    mounted = list(dict.fromkeys(re.findall(r'data-figure="([^"]+)"', essay)))
    listed = re.findall(r'<section id="([^"]+)">', page)
    assert [name for name in listed if name in mounted] == mounted
    assert 'href="/figures"' in essay and 'href="/figures"' in client.get("/").text


def test_a_figure_has_a_page_of_its_own_in_every_state(client):
    page = client.get(PLANE + "?bits_a=.4").text
    assert "0.40 bits from town A" in page
    for kind in ("svg", "png", "pdf", "csv", "json", "py"):
        assert f'href="{PLANE}.{kind}?bits_a=.4' in page
    assert "http://localhost/embed/storm-telegraph?bits_a=.4" in html.unescape(html.unescape(page))
    told = client.get("/oembed", query_string={"url": "http://localhost" + PLANE + "?bits_a=.4"}).json
    assert "/embed/storm-telegraph?bits_a=.4" in told["html"]
    assert client.get(PLANE + "?bits_a=4").status_code == 400
    assert client.get("/figures/storm-telegraf").status_code == 404


def test_a_figure_that_draws_nothing_has_a_page_too(client):
    page = client.get("/figures/storm-probability-sliders").text
    assert 'data-parameter="p11"' in page and "og:image" not in page


@pytest.mark.browser
@pytest.mark.parametrize("path", ["/figures", PLANE, "/figures/storm-probability-sliders"])
@pytest.mark.parametrize("look", ["light", "dark", "narrow"])
def test_axe_finds_nothing_in_the_appendix(open_page, path, look):
    settings = {"viewport": {"width": 320, "height": 700}} if look == "narrow" else {"color_scheme": look}
    page = open_page(path, bypass_csp=True, **settings)
    for details in page.locator("details").all():
        details.evaluate("node => node.open = true")
    page.wait_for_timeout(300)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    found = Axe().run(page).response["violations"]
    assert not found, json.dumps([(v["id"], [n["html"][:200] for n in v["nodes"]]) for v in found], indent=1)


@pytest.mark.browser
def test_pictures_are_drawn_for_a_phone_and_are_light(open_page, address):
    page = open_page("/healthz", viewport={"width": 390, "height": 700}, color_scheme="dark")
    asked, size = [], []
    page.on(
        "response",
        lambda reply: (
            (asked.append(reply.url), size.append(int(reply.headers["content-length"])))
            if ".svg" in reply.url
            else None
        ),
    )
    page.goto(address + "/figures", wait_until="load")
    pictures = [url for url in asked if "/figures/" in url]
    assert len(pictures) == page.locator("picture").count() and all(
        "_width=350" in url and "_theme=dark" in url for url in pictures
    )
    assert sum(size) < 400_000
    open_page.complaints.clear()  # /healthz has no icon


@pytest.mark.browser
def test_paper_shows_the_pictures_that_were_never_near(open_page):
    page = open_page("/figures")  # and is printed as soon as it is there
    told = " ".join(
        " ".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(page.pdf())).pages).split()
    )
    for words in (
        "you look at",
        "told apart: 0 never",
        "grey: would look the same",
        "what it buys with",
    ):  # the first, two within, the last
        assert words in told
    assert "PNG PDF" not in told, "what cannot be pressed is left out"


@pytest.mark.browser
def test_the_page_of_a_figure_is_live_and_its_menu_is_open(open_page):
    page = open_page(PLANE + "?bits_a=.4")
    expect(page.get_by_role("button", name="Copy link")).to_be_visible()
    page.locator('input[data-parameter="bits_a"]').press("ArrowRight")
    expect(page.locator(".says")).to_contain_text("0.41 bits from town A")
    page.wait_for_url(re.compile("bits_a=.41"))
    link = page.get_by_role("link", name="PDF")
    link.hover()
    expect(link).to_have_attribute("href", f"{PLANE}.pdf?bits_a=.41&_download=1")
