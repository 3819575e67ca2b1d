"""Pictures far below the top of an essay: the page keeps their room and fetches them as they come near."""

import gzip
import re

import pytest
from playwright.sync_api import expect

from infodecomp.explorable.pages.pictures import PICTURE_ELEMENTS, EagerPictures, count_elements
from tests.first_essay import ESSAY
from tests.pages import wait_for_fit, wait_for_page

MAX_ELEMENTS = 3000
MAX_GZIP = 100_000  # bytes of HTML, beside which 90 kB are left for fonts, styles and scripts
PICTURES = ".picture:not(.pending) .drawn > svg"
WAITING = ".figure:has(.pending):not(details:not([open]) *)"  # of figures that are not folded away
UNFOLDED = ".figure:not(details:not([open]) *)"
HEIGHTS = f"[...document.querySelectorAll('html, {UNFOLDED}')].map(node => node.offsetHeight)"


@pytest.fixture(scope="module")
def essays(app, services):
    """slug -> HTML of every essay."""
    client = app.test_client()
    documents = services.site.library.essays()
    return {document.slug: client.get(f"/essays/{document.slug}").text for document in documents}


def test_every_essay_keeps_to_the_budget_of_elements_and_bytes(essays):
    for slug, html in essays.items():
        assert len(re.findall("<[a-zA-Z]", html)) <= MAX_ELEMENTS, slug
        assert len(gzip.compress(html.encode())) <= MAX_GZIP, slug


def test_pictures_are_in_the_page_in_their_order_until_it_is_full(essays):
    for slug, html in essays.items():
        found = re.findall(r'<figure class="([^"]*)".*?<div class="picture( pending)?"', html, re.S)
        pictures = [pending for classes, pending in found if "wide" not in classes.split()]
        assert pictures == sorted(pictures), slug
        assert pictures[:1] in ([], [""]), slug


def test_the_first_picture_is_in_the_page_however_large(services):
    view = services.site.library.figure("bike-distinctions").read([])
    pictures = EagerPictures(limit=10)
    assert pictures.admit(view) and not pictures.admit(view)
    assert pictures.elements == sum(count_elements(view.svg(width)) for width in (640, 350)) > 10
    assert EagerPictures(limit=None).admit(view)


def test_a_page_with_all_pictures_can_be_asked_for(client, essays):
    html = client.get(f"{ESSAY}?_pictures=all").text
    assert "pending" not in html and "<noscript><picture>" not in html
    assert '<input type="hidden" name="_pictures" value="all">' in html
    assert count_elements(html) > count_elements(essays[ESSAY.rpartition("/")[2]]) > PICTURE_ELEMENTS
    answer = client.get(f"{ESSAY}?_pictures=some")
    assert answer.status_code == 400
    assert all(word in answer.text for word in ("_pictures", "near", "all"))


@pytest.mark.parametrize(("width", "height"), [(1280, 900), (390, 844)])
def test_nothing_moves_as_pictures_arrive(open_page, width, height):
    page = open_page(ESSAY, viewport={"width": width, "height": height})
    expect(page.locator(".pending")).not_to_have_count(0)
    fitted = "() => document.querySelector('.sticky svg').viewBox.baseVal.height <= innerHeight / 2"
    page.locator(".sticky-container .figure").last.scroll_into_view_if_needed()
    page.locator(".sticky").first.scroll_into_view_if_needed()
    page.wait_for_function(fitted)
    page.wait_for_load_state(
        "networkidle"
    )  # the sticky figure is drawn once more, for the height it may take
    before = page.evaluate(HEIGHTS)
    for name in page.locator(WAITING).evaluate_all("found => found.map(({ id }) => id)"):
        figure = page.locator(f"#{name}")
        figure.scroll_into_view_if_needed()
        expect(figure.locator(PICTURES)).to_be_visible(timeout=15_000)
        least = 0 if name == "bets-kept" else 5  # the recap of bets is one line until somebody bets
        assert figure.locator(PICTURES).locator("*").count() > least
    expect(page.locator(WAITING)).to_have_count(0)
    assert page.evaluate(HEIGHTS) == before


def test_a_picture_comes_in_the_state_of_the_address_and_an_anchor_leads_to_it(open_page):
    page = open_page(f"{ESSAY}?week=20#bike-week")
    figure = page.locator("#bike-week")
    expect(figure.locator(PICTURES)).to_be_visible(timeout=15_000)
    expect(figure.locator(PICTURES)).to_have_attribute("aria-label", figure.locator(".says").inner_text())
    assert abs(figure.bounding_box()["y"]) < 200
    expect(page.locator("#code-overlap .pending")).to_have_count(1)  # far above, and not asked for


@pytest.mark.parametrize(("motion", "pressed"), [("no-preference", "smooth"), ("reduce", "auto")])
def test_only_a_pressed_link_of_the_page_scrolls_smoothly(open_page, motion, pressed):
    behaviour = "getComputedStyle(document.documentElement).scrollBehavior"
    page = open_page(ESSAY, viewport={"width": 1280, "height": 800}, reduced_motion=motion)
    assert page.evaluate(behaviour) == "auto"
    link = page.locator(".rail a").last
    assert link.evaluate(f"link => (link.click(), {behaviour})") == pressed
    heading = page.locator(link.get_attribute("href"))
    wait_for_page(page, lambda: abs(heading.bounding_box()["y"]) < 800)
    wait_for_page(page, lambda: page.evaluate(behaviour) == "auto")


def test_a_fold_has_room_for_its_picture_before_it_comes(open_page):
    page = open_page(ESSAY, viewport={"width": 390, "height": 844})
    page.route("**/figures*", lambda route: None)  # no picture, for now
    folded = page.locator("details:has(> .figure) > summary")
    for summary in folded.all():
        summary.click()
    heights = page.locator("details > .figure .picture").evaluate_all(
        "pictures => pictures.map(({ parentNode, offsetHeight }) => [parentNode.id, offsetHeight])"
    )
    assert heights
    page.unroute("**/figures*")
    page.reload()
    for summary in folded.all():
        summary.click()
    for name, height in heights:
        wait_for_fit(page, name)
        expect(page.locator(f"#{name} {PICTURES}")).to_be_visible(timeout=15_000)
        assert page.locator(f"#{name} .picture").evaluate("picture => picture.offsetHeight") == height


def test_words_in_the_text_follow_a_picture_that_is_not_there(open_page):
    page = open_page(ESSAY)
    figure = page.locator("#tabular-decomp")
    before = figure.locator(".says").text_content()
    page.evaluate("address => history.pushState(null, '', address)", "?bits=3.5")
    page.evaluate("dispatchEvent(new PopStateEvent('popstate'))")
    expect(figure.locator(".says")).not_to_have_text(before)
    expect(figure.locator(".pending")).to_have_count(1)


def test_paper_has_every_picture(open_page):
    page = open_page(ESSAY)
    expect(page.locator("html.live-page .pending")).not_to_have_count(0)
    page.pdf()
    expect(page.locator(".pending")).to_have_count(0)


def test_a_picture_without_its_typeface_is_small(client):
    with_font, without = (client.get(f"/figures/bike-week.svg?_fonts={fonts}").text for fonts in (1, 0))
    assert "@font-face" in with_font and "@font-face" not in without
    assert len(without) < len(with_font) / 2


def test_without_scripts_pictures_are_images(open_page):
    page = open_page(ESSAY, java_script_enabled=False)
    image = page.locator("#bike-ask noscript img")
    expect(image).to_have_attribute("alt", page.locator("#bike-ask .says").inner_text())
    image.scroll_into_view_if_needed()
    expect(image).to_have_js_property("naturalWidth", 640)
    expect(page.locator("#bike-ask .drawn.wide")).to_be_hidden()
    page.get_by_role("link", name="Show them with their links").click()
    expect(page.locator("#bike-ask .drawn.wide svg")).to_be_visible()


def test_pictures_far_away_are_given_up_where_a_page_has_too_many_elements(open_page):
    page = open_page(f"{ESSAY}#bike-train")
    figure = page.locator("#bike-train")
    expect(figure.locator(PICTURES)).to_be_visible(timeout=15_000)
    page.evaluate("document.body.append(...Array.from({length: 3000}, () => document.createElement('i')))")
    size = figure.bounding_box()["height"]
    page.evaluate("scrollTo(0, 0)")
    expect(figure.locator(".drawn > svg > *")).to_have_count(0)
    assert figure.bounding_box()["height"] == size
    figure.scroll_into_view_if_needed()
    expect(figure.locator(".drawn > svg > *")).not_to_have_count(0)
