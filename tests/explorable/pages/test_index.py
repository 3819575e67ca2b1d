"""The start page: a live figure, the essays in the order of reading, and the way to the next essay."""

import re
from datetime import date

import pytest
from playwright.sync_api import expect

from infodecomp.explorable.site.starter import write_starter
from infodecomp.web.factory import create_app

SLUGS = ["dice", "cards", "coins"]


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    """A client of a site with three essays, each with the starter's figure."""
    folder = tmp_path_factory.mktemp("essays")
    for slug in sorted(SLUGS):
        write_starter(slug, folder, date(2026, 11, 1))
    (folder / "site.toml").write_text(f"order = {SLUGS}\nfigures = ['coins-coin', 'cards-coin']")
    return create_app({"ESSAYS": folder}).test_client()


def test_the_essays_stand_in_the_order_of_reading(client):
    page = client.get("/").text
    assert re.findall(r'<h2><a href="/essays/(\w+)"', page) == SLUGS
    assert re.findall(r"\b1 minute · (\d) of 3", page) == ["1", "2", "3"]
    assert "Start here" in page


def test_the_first_figure_of_the_first_essay_is_live_in_the_state_of_the_address(client):
    page = client.get("/").text
    assert re.findall(r'data-figure="([^"]+)"', page) == ["dice-coin"]
    parameter = re.search(r'<input type="range"[^>]* data-parameter="([^"]+)" min="([^"]+)"', page)
    moved = client.get(f"/?{parameter[1]}={parameter[2]}").text
    assert re.search(r'class="says">([^<]+)', moved)[1] != re.search(r'class="says">([^<]+)', page)[1]
    assert client.get(f"/?{parameter[1]}=a").status_code == 400
    assert client.get("/?utm_source=a").status_code == 200


def test_every_picture_of_a_list_exists_in_its_size(client):
    for path in ("/", "/essays/dice"):
        pictures = re.findall(
            r'<img src="(/figures/[^"]+)" width="(\d+)" height="(\d+)"', client.get(path).text
        )
        assert pictures
        for address, width, height in pictures:
            svg = client.get(address.replace("&amp;", "&")).text
            assert re.search(rf'<svg [^>]*width="{width}" height="{height}(\.\d+)?"', svg), address


def test_the_strip_has_the_figures_that_the_site_names(client):
    strip = client.get("/").text.partition("Figures to play with")[2]
    assert re.findall(r'<li><a href="/figures/([^"]+)"', strip) == ["coins-coin", "cards-coin"]


@pytest.mark.parametrize(("slug", "following"), [("dice", "cards"), ("cards", "coins"), ("coins", "dice")])
def test_an_essay_ends_with_the_next_one(client, slug, following):
    end = client.get(f"/essays/{slug}").text.split('aria-label="Next essay"')[1]
    assert re.search(r'<h2><a href="/essays/(\w+)"', end)[1] == following


@pytest.mark.browser
@pytest.mark.parametrize(("width", "height"), [(1280, 800), (390, 844)])
def test_the_start_page_can_be_played_on_its_first_screen(open_page, width, height):
    page = open_page("/", viewport={"width": width, "height": height})
    label = page.locator(".lead-figure .options label").nth(1)
    box = label.bounding_box()
    assert box["y"] + box["height"] <= height
    says = page.locator(".says").inner_text()
    label.click()
    expect(page.locator(".says")).not_to_have_text(says)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
