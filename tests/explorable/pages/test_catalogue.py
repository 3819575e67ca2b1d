"""The catalogue: all figures on one small page, and a page for each figure."""

import html
import io
import re

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from infodecomp.web.services import get_services
from tests.axe import assert_no_violation
from tests.first_essay import ESSAY

PLANE = "/figures/storm-telegraph"
SOME = "/figures?q=storm"  # every figure is listed by one template, and looked at on the page of its essay


def test_the_catalogue_lists_every_figure_and_all_its_links_work(client, app):
    page, converted = client.get("/figures").text, re.compile(r"\.(png|pdf|gif|mp4|webm|pptx)")
    figures = get_services(app).site.library.figures
    for number, (name, figure) in enumerate(figures.items()):
        section = re.search(rf'<section class="entry" id="{name}">.*?</section>', page, re.DOTALL)[0]
        pictures = re.findall("<img [^>]*>", section)
        assert all(re.search(r'alt="[^"]{20,}"', picture) for picture in pictures)
        assert html.escape(figure.title) in section and f"http://localhost/embed/{name}" in section
        for parameter in figure.parameters:
            assert f"<code>{parameter.name}</code>" in section and parameter.bounds() in section
        for link in set(re.findall(r'(?:href|src|srcset)="(/figures/[^"]+)"', section)):
            # One converter makes all of these; the forms of every figure are in tests/explorable/exports.
            if number < 3 or (number % 4 == 0 and not converted.search(link)):
                assert client.head(html.unescape(link)).status_code == 200, link
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids)) and len(page) < 7000 * len(figures)


def test_the_catalogue_has_the_order_of_the_essays_and_is_linked_from_them(client, app):
    page = client.get("/figures").text
    essay = client.get(ESSAY).text
    mounted = list(dict.fromkeys(re.findall(r'data-figure="([^"]+)"', essay)))
    listed = re.findall(r'<section class="entry" id="([^"]+)">', page)
    assert [name for name in listed if name in mounted] == mounted
    assert 'href="/figures"' in essay and 'href="/figures"' in client.get("/").text


def test_the_catalogue_can_be_searched_without_a_script(client, app):
    def found(query):
        page = client.get("/figures", query_string={"q": query}).text
        return re.findall(r'<section class="entry" id="([^"]+)">', page)

    figures = get_services(app).site.library.figures
    assert set(found("")) == set(figures)
    assert found("PARKING") == ["parking-lot"]
    assert found("p00 probability") == ["storm-probability-sliders"], "every word must be there"
    assert found("nothing like this") == []
    assert 'value="&lt;b&gt;"' in client.get("/figures?q=<b>").text


def test_a_figure_has_a_page_for_each_state(client):
    page = client.get(PLANE + "?bits_a=.4").text
    assert "0.40 bits from town A" in page
    for kind in ("svg", "png", "pdf", "csv", "json", "py"):
        assert f'href="{PLANE}.{kind}?bits_a=.4' in page
    assert "http://localhost/embed/storm-telegraph?bits_a=.4" in html.unescape(html.unescape(page))
    oembed = client.get("/oembed", query_string={"url": "http://localhost" + PLANE + "?bits_a=.4"}).json
    assert "/embed/storm-telegraph?bits_a=.4" in oembed["html"]
    assert client.get(PLANE + "?bits_a=4").status_code == 400
    assert client.get("/figures/storm-telegraf").status_code == 404


def test_a_panel_has_a_page(client):
    page = client.get("/figures/storm-probability-sliders").text
    assert 'data-parameter="p11"' in page and "og:image" not in page


@pytest.mark.browser
@pytest.mark.parametrize("path", [SOME, PLANE, "/figures/storm-probability-sliders"])
def test_axe_finds_no_accessibility_problems(open_page, path):
    assert_no_violation(open_page(path, bypass_csp=True))


@pytest.mark.browser
def test_pictures_fit_a_phone_and_are_small(open_page, address):
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
    page.goto(address + SOME, wait_until="load")
    pictures = [url for url in asked if "/figures/" in url]
    assert len(pictures) == page.locator("picture").count() and all(
        "_width=350" in url and "_theme=dark" in url for url in pictures
    )
    assert sum(size) < 20_000 * len(size)
    open_page.complaints.clear()  # /healthz has no icon


@pytest.mark.browser
def test_printing_includes_pictures_that_were_never_scrolled_to(open_page, client):
    page = open_page(SOME)  # and is printed as soon as it is loaded
    pdf = PdfReader(io.BytesIO(page.pdf()))
    printed = "".join("".join(sheet.extract_text().split()) for sheet in pdf.pages)
    sources = dict.fromkeys(re.findall(r'<img src="([^"]+)"', client.get(SOME).text))
    assert len(sources) > 6
    for source in sources:
        texts = re.findall(r"<text[^>]*>([A-Za-z ]+)</text>", client.get(html.unescape(source)).text)
        longest = max(texts, key=len, default="")
        assert longest.replace(" ", "") in printed, (source, longest)
    assert "PNGPDF" not in printed, "links that cannot be pressed are left out"


@pytest.mark.browser
def test_the_page_of_a_figure_is_interactive_with_an_open_menu(open_page):
    page = open_page(PLANE + "?bits_a=.4")
    expect(page.get_by_role("button", name="Copy link")).to_be_visible()
    page.locator('input[data-parameter="bits_a"]').press("ArrowRight")
    expect(page.locator(".says")).to_contain_text("0.41 bits from town A")
    page.wait_for_url(re.compile("bits_a=.41"))
    link = page.get_by_role("link", name="PDF")
    link.hover()
    expect(link).to_have_attribute("href", f"{PLANE}.pdf?bits_a=.41&_download=1")
