"""A figure that plays: its stream, clients that leave or are slow, and its button in a browser."""

import json
import re
import socket
import threading
import time
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import expect

from infodecomp.web.factory import create_app
from infodecomp.web.services import get_services
from tests.first_essay import ESSAY
from tests.live_server import threaded_server

SITE = Path(__file__).parent / "sites" / "clock"
LAST = 200


@pytest.fixture(scope="module")
def clock():
    """The application with a clock in it, its address, and the runs that its figures share."""
    app = create_app({"ESSAYS": SITE, "STREAMS": 1})
    app.runs = get_services(app).site.library.figure("clock-hand").function("compute").__globals__["RUNS"]
    with threaded_server(app) as address:
        app.address = address.rstrip("/")
        yield app


def streamed(app, path: str) -> str:
    return app.test_client().get(path, buffered=True).text


def events(text: str) -> list[dict]:
    return [
        json.loads(event.removeprefix("data: "))
        for event in text.strip().split("\n\n")
        if event.startswith("data: ")
    ]


def free(app) -> None:
    """Wait until no stream is under way."""
    for _ in range(200):
        if get_services(app).streams.free == get_services(app).streams.limit:
            return
        time.sleep(0.02)
    raise AssertionError("a place for streams was never given back")


@pytest.mark.parametrize(
    ("query", "first"),
    [("seed=2", 0), ("seed=3&step=0", 0), ("seed=4&step=150", 150), ("seed=5&step=199", 199)],
)
def test_a_stream_plays_from_its_step_or_anew_from_the_end(clock, query, first):
    pictures = events(streamed(clock, f"/figures/clock-hand/stream?{query}&slow=.001"))
    steps = [picture["parameters"]["step"] for picture in pictures]
    assert steps[0] == first and steps[-1] == LAST and steps == sorted(set(steps))
    for picture in pictures:
        assert (
            picture["svg"].startswith("<svg")
            and f"After {picture['parameters']['step']} steps" in picture["description"]
        )


def test_a_step_is_the_same_streamed_asked_for_or_in_another_figure(clock):
    client = clock.test_client()
    before = client.get(
        "/figures/clock-hand.json?seed=6&slow=0&step=77"
    ).json  # computed, as nobody has been there
    found = {
        e["parameters"]["step"]: e
        for e in events(streamed(clock, "/figures/clock-hand/stream?seed=6&slow=0&step=77"))
    }
    assert found[77]["description"] == before["description"]
    assert (
        client.get("/figures/clock-hand.json?seed=6&slow=0").json["description"] == found[LAST]["description"]
    )
    assert client.get("/figures/clock-face.json?seed=6&slow=0").json["data"]["at"] == clock.runs.run(
        6, 0.0
    ).at(LAST)


def test_a_step_has_bounds_and_only_what_plays_is_played(clock):
    client = clock.test_client()
    for query, words in (
        ("step=201", "from 0 to 200"),
        ("step=-1", "from 0 to 200"),
        ("step=.5", "not whole"),
        ("_play=seed", "give one of step"),
        ("seed=2&seed=2", "second time"),
    ):
        reply = client.get(f"/figures/clock-hand/stream?{query}")
        assert reply.status_code == 400 and words in reply.json["detail"]
    assert get_services(clock).streams.free == 1, "what is refused holds no place"


def test_a_run_that_breaks_says_so_and_frees_its_place(clock):
    assert streamed(clock, "/figures/clock-hand/stream?seed=13") == "event: broken\ndata: {}\n\n"
    free(clock)


def connect(app, path: str, buffer: int | None = None) -> socket.socket:
    host, port = app.address.removeprefix("http://").split(":")
    reader = socket.socket()
    if buffer:
        reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
    reader.connect((host, int(port)))
    reader.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
    return reader


def test_a_closed_connection_stops_the_work_within_a_step(clock):
    reader = connect(clock, "/figures/clock-hand/stream?seed=21&slow=.05&step=0")
    run = clock.runs.run(21, 0.05)
    while len(run) < 8:
        time.sleep(0.005)
    reader.close()
    at = len(run)
    free(clock)
    assert len(run) <= at + 2
    time.sleep(0.3)
    assert len(run) <= at + 2 < LAST


def test_a_slow_reader_gets_fewer_pictures_and_every_step_is_made(clock):
    reader = connect(clock, "/figures/clock-hand/stream?seed=22&slow=.02&step=0&marks=30000", buffer=4096)
    run = clock.runs.run(22, 0.02)
    start = time.monotonic()
    while len(run) <= LAST:  # nothing is read, and it goes on
        assert time.monotonic() - start < 15, f"held up at step {len(run)}"
        time.sleep(0.05)
    text = b""
    while b"event: done" not in text:
        part = reader.recv(65536)
        assert part
        text += part
    reader.close()
    free(clock)
    steps = [int(step) for step in re.findall(rb'"step":(\d+),"marks"', text)]
    assert steps[0] == 0 and steps[-1] == LAST
    assert len(steps) < 25, "of the 60 that a quick reader gets"


def test_the_next_reader_is_asked_to_come_again(clock):
    reader = connect(clock, "/figures/clock-hand/stream?seed=23&slow=.05&step=0")
    reader.recv(100)
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"{clock.address}/figures/clock-hand/stream?seed=24")
    assert refused.value.code == 503 and int(refused.value.headers["Retry-After"]) > 0
    assert clock.test_client().get("/figures/clock-face.json?seed=24&slow=0").status_code == 200, (
        "one state is no stream"
    )
    reader.close()
    free(clock)


def test_states_that_take_long_are_made_a_few_at_a_time():
    app = create_app({"ESSAYS": SITE, "LONG": 1, "LONG_QUEUE": 0})
    slow = threading.Thread(
        target=lambda: app.test_client().get("/figures/clock-hand.json?slow=.05&step=100&seed=31")
    )
    slow.start()
    time.sleep(0.3)
    reply = app.test_client().get("/figures/clock-hand.json?slow=0&step=100&seed=32")
    assert reply.status_code == 503 and reply.headers["Retry-After"]
    slow.join()
    assert app.test_client().get("/figures/clock-hand.json?slow=0&step=100&seed=32").status_code == 200


# --- in a browser ---

browser = pytest.mark.browser


@pytest.fixture
def page(chromium, clock):
    context = chromium.new_context(viewport={"width": 1000, "height": 900})
    complaints = []
    page = context.new_page()
    page.set_default_timeout(8000)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(clock.address + "/essays/clock?slow=.01&step=0&seed=41")
    yield page
    context.close()
    free(clock)
    assert not complaints


def button(page):
    return page.locator("[data-plays=step]")


def step(page) -> int:
    return int(page.locator("input[data-parameter=step]").input_value())


def reaches(page, there) -> None:
    for _ in range(400):
        if there(step(page)):
            return
        page.wait_for_timeout(20)
    raise AssertionError(f"the slider stands at {step(page)}")


def says(page, figure="clock-hand"):
    return page.locator(f"#{figure} .says")


@browser
def test_a_press_plays_a_second_one_stops_and_a_third_goes_on(page):
    expect(button(page)).to_have_text("Wind")
    button(page).click()
    expect(button(page)).to_have_text("Hold")
    reaches(page, lambda at: at > 20)
    button(page).click()
    expect(button(page)).to_have_text("Wind")
    page.wait_for_timeout(500)
    held = step(page)
    assert 20 < held < LAST
    expect(says(page)).to_contain_text(f"After {held} steps")
    expect(says(page, "clock-face")).to_have_text(f"Step {held}.")
    assert f"step={held}" in page.url
    page.wait_for_timeout(300)
    assert step(page) == held
    button(page).click()
    reaches(page, lambda at: at > held + 5)
    expect(says(page)).to_contain_text("After 200 steps", timeout=8000)
    expect(button(page)).to_have_text("Wind")
    page.wait_for_timeout(400)
    assert "step" not in page.url.partition("?")[2], "the end is the default"
    button(page).click()  # at the end: afresh
    reaches(page, lambda at: at < 150)


@browser
def test_the_slider_reaches_every_step_before_during_and_after(page):
    slider = page.locator("input[data-parameter=step]")
    slider.fill("50")
    expect(says(page)).to_contain_text("After 50 steps")
    button(page).click()
    reaches(page, lambda at: at > 55)
    slider.fill("7")
    expect(says(page)).to_contain_text("After 7 steps")
    expect(button(page)).to_have_text("Wind")
    page.wait_for_timeout(300)
    expect(says(page)).to_contain_text("After 7 steps")
    slider.fill(str(LAST))
    expect(says(page)).to_contain_text("After 200 steps")


@browser
def test_another_seed_ends_the_run_and_begins_at_the_first_step(page):
    button(page).click()
    reaches(page, lambda at: at > 20)
    page.locator("input[data-parameter=seed]").fill("42")
    expect(says(page)).to_contain_text("After 0 steps")
    expect(button(page)).to_have_text("Wind")
    page.wait_for_timeout(400)
    assert step(page) == 0 and "seed=42" in page.url


@browser
def test_a_reader_who_finds_it_busy_is_told_and_served_in_time(page, clock):
    other = connect(clock, "/figures/clock-hand/stream?seed=43&slow=.05&step=0")
    other.recv(100)
    button(page).click()
    trouble = page.locator("#clock-hand .trouble")
    expect(trouble).to_have_text("Busy; trying again.")
    other.close()
    expect(trouble).to_be_hidden(timeout=8000)
    reaches(page, lambda at: at > 5)


@browser
def test_without_script_there_is_the_finished_state_and_no_button(chromium, clock):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(clock.address + "/essays/clock?slow=0")
    expect(says(page)).to_contain_text("After 200 steps")
    expect(button(page)).to_be_hidden()
    context.close()


@browser
def test_a_search_follows_a_change_and_ends(open_page):
    page = open_page(ESSAY)
    before = page.locator("#storm-any-line .says").inner_text()
    page.locator("#storm-any-line").scroll_into_view_if_needed()
    with page.expect_response("**/storm-any-line/stream?p00=.23*") as stream:
        page.evaluate("""() => {
            const input = document.querySelector('input[data-parameter=p00]')
            input.value = .23
            input.dispatchEvent(new Event('input', { bubbles: true }))
        }""")
    assert stream.value.status == 200
    expect(page.locator("#storm-any-line .says")).not_to_have_text(before)
    expect(page.locator("#storm-any-line svg")).not_to_contain_text("searching")
