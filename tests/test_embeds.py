"""Figures in other pages: three kinds of frames, a reveal.js deck, and oEmbed."""

import re
import shutil
import subprocess
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.first_essay import ESSAY
from tests.pages import wait_for_page


def ask(client, url, more=""):
    return client.get(
        "/oembed", query_string={"url": url} | dict(pair.split("=") for pair in more.split("&") if pair)
    )


@pytest.mark.parametrize(
    "url",
    [
        "/embed/storm-telegraph?bits_a=.5",
        "/figures/storm-telegraph.png?bits_a=.5&_width=300",
        ESSAY + "?bits_a=.5#storm-telegraph",
    ],
)
def test_an_address_of_ours_tells_how_to_embed_it(client, url):
    oembed = ask(client, "http://localhost" + url, "maxwidth=500&maxheight=400").json
    assert oembed["version"] == "1.0" and oembed["type"] == "rich"
    assert 'src="http://localhost/embed/storm-telegraph?bits_a=.5"' in oembed["html"]
    assert oembed["width"] == 500 and oembed["height"] == 400
    assert client.get(oembed["thumbnail_url"].removeprefix("http://localhost")).status_code == 200


def test_the_options_of_a_frame_go_with_it(client):
    url = "http://localhost/embed/storm-telegraph?bits_a=.5&controls=min&theme=dark&_background=transparent"
    oembed = ask(client, url + "&resize=0", "maxwidth=5000").json
    for option in ("_controls=min", "_theme=dark", "_background=transparent", "_resize=0"):
        assert f"&amp;{option}" in oembed["html"]
    assert oembed["width"] == 1600
    page = client.get(url.removeprefix("http://localhost")).text
    assert (
        "transparent" in re.search('<body class="([^"]*)"', page)[1] and 'name="_theme" value="dark"' in page
    )
    discovered = re.search(r'oembed" href="([^"]*)"', page)[1].replace("&amp;", "&")
    assert "_controls=min" in client.get(discovered).json["html"]


@pytest.mark.parametrize("url", [ESSAY + "?bits_a=.7", "/embed/storm-telegraph?bits_a=.7"])
def test_pages_name_the_place_that_tells(client, url):
    link = re.search(
        r'<link rel="alternate" type="application/json\+oembed" href="http://localhost([^"]*)"',
        client.get(url).text,
    )[1]
    assert "bits_a=.7" in client.get(link.replace("&amp;", "&")).json["html"]


@pytest.mark.parametrize(
    ("url", "more", "status"),
    [
        ("https://elsewhere.test/embed/storm-telegraph", "", 404),
        ("http://localhost/embed/none", "", 404),
        ("http://localhost/embed/storm-telegraph?bits_a=7", "", 400),
        ("http://localhost/", "", 404),
        ("", "", 400),
        ("http://localhost/embed/storm-telegraph", "format=xml", 501),
        ("http://localhost/embed/storm-telegraph", "maxwidth=0", 400),
        ("javascript:alert(1)", "", 404),
        ("http://localhost/figures/storm-telegraph.tiff", "", 404),
    ],
)
def test_what_has_no_embed_is_refused(client, url, more, status):
    reply = ask(client, url, more)
    assert reply.status_code == status and reply.json["detail"]


@pytest.mark.parametrize("query", ["controls=all", "_controls=few", "theme=sepia", "theme=dark&_theme=dark"])
def test_a_frame_says_what_it_does_not_know(client, query):
    assert client.get(f"/embed/storm-telegraph?{query}").status_code == 400


def test_a_frame_has_the_controls_that_were_asked_for(client):
    names = {
        kind: set(
            re.findall(r'data-parameter="(\w+)"', client.get(f"/embed/storm-telegraph?controls={kind}").text)
        )
        for kind in ("full", "min", "none")
    }
    assert (
        {"p00", "bits_a", "show"} <= names["full"]
        and names["min"] == {"bits_a", "bits_b", "show"}
        and not names["none"]
    )
    assert "/themes/dark.css" in client.get("/embed/storm-telegraph?theme=dark").text


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *arguments):
        pass


@pytest.fixture
def host(chromium, tmp_path):
    """Opens a page of another site with this HTML and the files of a folder; console errors fail the test."""
    servers, contexts, complaints = [], [], []

    def opened(html, folder=tmp_path):
        (folder / "talk.html").write_text(html)
        server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        contexts.append(chromium.new_context(viewport={"width": 1280, "height": 900}))
        page = contexts[-1].new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console", lambda message: complaints.append(message.text) if message.type == "error" else None
        )
        page.goto(f"http://127.0.0.1:{server.server_port}/talk.html")
        return page

    yield opened
    for context in contexts:
        context.close()
    for server in servers:
        server.shutdown()
    assert not [text for text in complaints if "404" not in text]  # a page made for a test has no icon


def follows_its_content(frame, content) -> bool:
    """Whether a frame is as high as what is in it."""
    return abs(frame.bounding_box()["height"] - content.bounding_box()["height"]) < 8


@pytest.mark.browser
def test_three_frames_live_in_a_page_elsewhere(host, address):
    frames = [
        f'<iframe id="{kind}" width="700" height="80" {more} src="{address}/embed/{path}"></iframe>'
        for kind, more, path in (
            ("full", "", "storm-telegraph?bits_a=.5&bits_b=.5"),
            ("boxed", 'sandbox="allow-scripts"', "storm-telegraph?controls=min&theme=dark"),
            ("plain", 'sandbox="allow-scripts"', "telegraph-line?controls=none"),
        )
    ]
    page = host(f'<!doctype html>{"".join(frames)}<script src="{address}/static/embed.js"></script>')
    for kind in ("full", "boxed", "plain"):
        inside = page.frame_locator(f"#{kind}")
        expect(inside.locator(".picture svg")).to_be_visible()
        page.wait_for_function("id => document.getElementById(id).clientHeight > 250", arg=kind, timeout=6000)
        wait_for_page(page, partial(follows_its_content, page.locator(f"#{kind}"), inside.locator("main")))
    assert page.frame_locator("#plain").locator("input:visible").count() == 0
    full = page.frame_locator("#full")
    expect(full.locator(".says")).to_contain_text("0.50 bits from town A")
    full.locator('input[data-parameter="bits_a"]').press("ArrowRight")
    expect(full.locator(".says")).to_contain_text("0.51 bits from town A")
    boxed = page.frame_locator("#boxed")
    boxed.locator('label:has(input[value="left"])').click()
    expect(boxed.locator(".picture")).to_contain_text("bits left to know")
    assert (
        boxed.locator("html").evaluate("node => getComputedStyle(node).backgroundColor") == "rgb(23, 24, 27)"
    )


@pytest.fixture(scope="session")
def reveal(tmp_path_factory) -> Path:
    """The files of reveal.js, from the registry, in a folder of the test's own."""
    if shutil.which("npm") is None:
        pytest.skip("no npm on this machine: the deck of reveal.js is not tested")
    folder = tmp_path_factory.mktemp("deck")
    done = subprocess.run(
        ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", folder, "reveal.js@5"],
        capture_output=True,
        text=True,
    )
    if done.returncode:
        pytest.skip(f"reveal.js could not be installed: {done.stderr[-200:]}")
    return folder / "node_modules" / "reveal.js"


@pytest.mark.browser
def test_a_deck_shows_a_figure_that_was_loaded_before_its_slide(host, address, reveal):
    page = host(
        f"""<!doctype html><link rel="stylesheet" href="dist/reveal.css">
        <div class="reveal"><div class="slides">
        <section>First</section>
        <section><iframe data-src="{address}/embed/storm-telegraph?controls=min&bits_a=.5" data-preload
            width="900" height="600"></iframe></section>
        </div></div><script src="dist/reveal.js"></script>
        <script>Reveal.initialize({{ transition: 'none' }})</script>""",
        reveal,
    )
    page.wait_for_selector("iframe[src]", state="attached")
    inside = page.frame_locator("iframe")
    expect(inside.locator(".picture svg")).to_be_attached()
    page.keyboard.press("ArrowRight")
    expect(inside.locator(".picture svg")).to_be_visible()
    expect(inside.locator(".says")).to_contain_text("0.50 bits from town A")
    inside.locator('input[value="left"]').check(force=True)
    expect(inside.locator(".picture")).to_contain_text("bits left to know")


@pytest.mark.browser
def test_a_deck_stretches_a_figure_and_shows_one_behind_a_slide(host, address, reveal):
    page = host(
        f"""<!doctype html><link rel="stylesheet" href="dist/reveal.css">
        <div class="reveal"><div class="slides">
        <section><h3>Stretched</h3>
            <iframe class="r-stretch" data-src="{address}/embed/storm-telegraph?controls=min&resize=0">
            </iframe>
        </section>
        <section data-background-interactive
            data-background-iframe="{address}/embed/storm-telegraph?resize=0&background=transparent&bits_a=.5">
        </section>
        </div></div><script src="dist/reveal.js"></script><script src="{address}/static/embed.js"></script>
        <script>Reveal.initialize({{ transition: 'none', width: 1280, height: 720 }})</script>""",
        reveal,
    )
    fills = """() => {
        const { width, height } = document.querySelector('.picture svg').getBoundingClientRect()
        const isWhole = document.documentElement.scrollHeight <= innerHeight
        return isWhole && width * height > .3 * innerWidth * innerHeight
    }"""
    stretched = page.locator("iframe.r-stretch")
    inside = stretched.element_handle().content_frame()
    inside.wait_for_selector(".picture svg")
    inside.wait_for_function(fills)
    assert stretched.bounding_box()["height"] > 450, "it takes what the heading leaves"
    inside.locator('input[data-parameter="bits_a"]').press("ArrowRight")
    expect(page.frame_locator("iframe.r-stretch").locator(".says")).to_contain_text("0.21 bits from town A")

    page.mouse.click(640, 5)  # the keys are the deck's again
    page.keyboard.press("ArrowRight")
    behind = page.locator(".slide-background.present iframe")
    expect(behind).to_be_visible()
    inside = behind.element_handle().content_frame()
    inside.wait_for_selector(".picture svg")
    inside.wait_for_function(fills)
    around = behind.bounding_box()
    assert around["width"] >= 1280 and 900 <= around["height"] < 910, "it is not resized"
    assert inside.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgba(0, 0, 0, 0)"
    box = inside.locator(".handle").first.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 20, box["y"] + 80, steps=5)
    page.mouse.up()
    expect(inside.locator(".says")).not_to_contain_text("0.50 bits from town A")


@pytest.mark.browser
def test_a_frame_grows_in_a_page_with_a_strict_policy(host, address):
    policy = f"default-src 'none'; frame-src {address}; script-src {address}"
    page = host(
        f"""<!doctype html><meta http-equiv="Content-Security-Policy" content="{policy}">
        <iframe width="1600" height="80" src="{address}/embed/storm-telegraph?bits_a=.5"></iframe>
        <script src="{address}/static/embed.js"></script>"""
    )
    inside = page.locator("iframe").element_handle().content_frame()
    inside.wait_for_function(
        """() => {
            const svg = document.querySelector('.picture svg')
            if (!svg || svg.getBoundingClientRect().width < 1500) return false
            const sizes = [...svg.querySelectorAll('text')].map(
                text => parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM().a)
            return Math.min(...sizes.filter(Boolean)) > 19
        }"""
    )
    wait_for_page(page, partial(follows_its_content, page.locator("iframe"), inside.locator("main")))


@pytest.mark.browser
@pytest.mark.parametrize("path", [ESSAY + "?bits_a=.4", "/embed/storm-telegraph?bits_a=.4"])
def test_the_menu_gives_the_state_on_screen(open_page, address, path):
    page = open_page(path, permissions=["clipboard-read", "clipboard-write"])
    figure = page.locator("#storm-telegraph")
    menu = figure.locator(".take")
    menu.locator("summary").press("Enter")
    figure.locator(".handle").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_url(re.compile("bits_a=.41"))
    figure.get_by_role("button", name="Copy link").press("Enter")
    expect(figure.get_by_role("button", name="Link copied")).to_be_visible()
    assert (
        page.evaluate("navigator.clipboard.readText()")
        == f"{address}{path.partition('?')[0]}?bits_a=.41#storm-telegraph"
    )
    menu.get_by_role("button", name="Copy embed code").click()
    assert f'src="{address}/embed/storm-telegraph?bits_a=.41"' in page.evaluate(
        "navigator.clipboard.readText()"
    )
    menu.get_by_label("Colours of the pictures").select_option(label="no background, for dark slides")
    link = menu.get_by_role("link", name="1080").get_attribute("href")
    assert link == (
        "/figures/storm-telegraph.png?bits_a=.41&_width=1920&_height=1080&_theme=dark"
        "&_background=transparent&_download=1"
    )
    offers = menu.locator("a[data-kind]").all()
    assert len(offers) > 3
    for offer in offers:
        href = offer.get_attribute("href")
        request = (
            page.request.head if re.search("vary=", href) else page.request.get
        )  # animations have tests of their own
        reply = request(address + href)
        assert reply.status == 200 and reply.headers["content-disposition"].startswith("attachment")
    page.keyboard.press("Escape")


@pytest.mark.browser
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_theme_that_was_chosen_goes_with_the_frame(open_page, theme):
    page = open_page(ESSAY, permissions=["clipboard-read", "clipboard-write"], color_scheme=theme)
    menu = page.locator("#storm-telegraph .take")
    menu.locator("summary").click()
    assert menu.get_by_label("Colours of the pictures").input_value() == (
        "_theme=dark" if theme == "dark" else ""
    )
    menu.get_by_role("button", name="Copy embed code").click()
    expect(menu.get_by_role("button", name="Embed code copied")).to_be_visible()
    code = page.evaluate("navigator.clipboard.readText()")
    assert "theme=" not in code and 'title="Every way to share bits between two towns"' in code
    menu.get_by_label("Colours of the pictures").select_option("_theme=dark&_background=transparent")
    menu.get_by_role("button", name="Embed code").click()
    assert "/embed/storm-telegraph?theme=dark" in page.evaluate("navigator.clipboard.readText()")


@pytest.mark.browser
def test_the_menu_works_without_script(open_page, address):
    page = open_page(ESSAY + "?bits_a=.4", java_script_enabled=False)
    menu = page.locator("#storm-telegraph .take")
    menu.locator("summary").click()
    expect(menu.get_by_role("button")).to_have_count(0)
    menu.get_by_role("link").click()
    assert page.url == f"{address}/figures/storm-telegraph?bits_a=.4"
    link = page.get_by_role("link", name="PDF")
    assert link.get_attribute("href") == "/figures/storm-telegraph.pdf?bits_a=.4&_download=1"
    expect(page.get_by_role("button", name="Copy")).to_have_count(0)
