"""A figure that plays: its stream, clients that leave or are slow, and its button in a browser."""

import json
import re
import socket
import threading
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import expect

from infodecomp.web.factory import create_app
from infodecomp.web.services import get_services
from tests.first_essay import ESSAY
from tests.live_server import threaded_server, wait_until
from tests.pages import state_of, wait_for_frames, wait_for_page

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
    streams = get_services(app).streams
    wait_until(lambda: streams.free == streams.limit)


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
            and f"After {picture['parameters']['step']} steps" in picture["description_html"]
        )


def test_a_step_is_the_same_streamed_asked_for_or_in_another_figure(clock):
    client = clock.test_client()
    before = client.get(
        "/figures/clock-hand.json?seed=6&slow=0&step=77"
    ).json  # computed now: no client has asked for it
    found = {
        e["parameters"]["step"]: e
        for e in events(streamed(clock, "/figures/clock-hand/stream?seed=6&slow=0&step=77"))
    }
    assert found[77]["description_html"] == before["description_html"]
    assert (
        client.get("/figures/clock-hand.json?seed=6&slow=0").json["description_html"]
        == found[LAST]["description_html"]
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
    wait_until(lambda: len(run) >= 8)
    reader.close()
    at = len(run)
    free(clock)
    assert len(run) <= at + 2
    streamed(clock, "/figures/clock-hand/stream?seed=25&slow=.01&step=180")  # another run goes on meanwhile
    assert len(run) <= at + 2 < LAST


def test_a_slow_reader_gets_fewer_pictures_and_every_step_is_made(clock):
    reader = connect(clock, "/figures/clock-hand/stream?seed=22&slow=.02&step=0&marks=30000", buffer=4096)
    run = clock.runs.run(22, 0.02)
    wait_until(lambda: len(run) > LAST, seconds=30)  # nothing is read, and it goes on
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
    wait_until(lambda: get_services(app).long_pool.busy == 1)
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
    """Wait until the slider stands at a step that meets a condition."""
    wait_for_page(page, lambda: there(step(page)), 10)


def rests(page) -> bool:
    """Whether both figures and the address show the step of the slider."""
    at = step(page)
    return (
        f"After {at} steps" in says(page).inner_text()
        and says(page, "clock-face").inner_text() == f"Step {at}."
        and state_of(page).get("step", str(LAST)) == str(at)
    )


def says(page, figure="clock-hand"):
    return page.locator(f"#{figure} .says")


@browser
def test_a_press_plays_a_second_one_stops_and_a_third_goes_on(page, clock):
    expect(button(page)).to_have_text("Wind (about 4 s)")
    button(page).click()
    expect(button(page)).to_have_text("Hold")
    reaches(page, lambda at: at > 20)
    assert float(button(page).evaluate("node => node.style.getPropertyValue('--done')")) > 0.1
    button(page).click()
    expect(button(page)).to_have_text(re.compile("^Wind"))
    free(clock)  # the server plays no further
    wait_for_page(page, lambda: rests(page))
    held = step(page)
    assert 20 < held < LAST
    wait_for_frames(page)
    assert step(page) == held
    button(page).click()
    reaches(page, lambda at: at > held + 5)
    expect(says(page)).to_contain_text("After 200 steps", timeout=8000)
    expect(button(page)).to_have_text(re.compile("^Wind"))
    wait_for_page(page, lambda: "step" not in state_of(page))  # the end is the default
    button(page).click()  # at the end: afresh
    reaches(page, lambda at: at < 150)


@browser
def test_the_slider_reaches_every_step_before_during_and_after(page, clock):
    slider = page.locator("input[data-parameter=step]")
    slider.fill("50")
    expect(says(page)).to_contain_text("After 50 steps")
    button(page).click()
    reaches(page, lambda at: at > 55)
    slider.fill("7")
    expect(says(page)).to_contain_text("After 7 steps")
    expect(button(page)).to_have_text(re.compile("^Wind"))
    free(clock)
    wait_for_page(page, lambda: rests(page))
    expect(says(page)).to_contain_text("After 7 steps")
    slider.fill(str(LAST))
    expect(says(page)).to_contain_text("After 200 steps")


@browser
def test_another_seed_ends_the_run_and_begins_at_the_first_step(page):
    button(page).click()
    reaches(page, lambda at: at > 20)
    page.locator("input[data-parameter=seed]").fill("42")
    expect(says(page)).to_contain_text("After 0 steps")
    expect(button(page)).to_have_text(re.compile("^Wind"))
    wait_for_page(page, lambda: "seed=42" in page.url and step(page) == 0)


@browser
def test_a_reader_who_finds_it_busy_sees_that_and_is_served_in_time(page, clock):
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
    expect(page.locator("#storm-any-line svg")).not_to_contain_text("searching", timeout=20_000)
