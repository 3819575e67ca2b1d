"""Films: a figure while a parameter moves; what is in the file, how it flows, and what is refused."""

import io
import re
import time
import urllib.request

import pytest
from PIL import Image, ImageChops

from infodecomp.explorable.exports.animation import END, MOST, PACE, REST

LINE = "/figures/telegraph-line.gif"
PLANE = "/figures/storm-telegraph.gif"


def shown(body: bytes) -> tuple[list[Image.Image], list[int]]:
    film = Image.open(io.BytesIO(body))
    frames, durations = [], []
    for i in range(film.n_frames):
        film.seek(i)
        frames.append(film.convert("RGB"))
        durations.append(film.info["duration"])
    assert film.info["loop"] == 0
    return frames, durations


def test_each_frame_is_the_picture_of_its_state(client):
    """And no shade of it is far off, though there are 255 colours for all frames and only changes are stored."""
    frames, durations = shown(client.get(LINE + "?vary=bits_line&from=.2&to=.8&frames=4&_width=400").data)
    assert durations == [PACE, PACE, PACE, END]
    for frame, bits in zip(frames, (".2", ".4", ".6", ".8"), strict=True):
        height = frame.height
        picture = Image.open(
            io.BytesIO(
                client.get(f"/figures/telegraph-line.png?bits_line={bits}&_width=400&_height={height}").data
            )
        )
        difference = ImageChops.difference(frame, picture.convert("RGB"))
        assert max(high for _, high in difference.getextrema()) <= 40
        assert sum(difference.convert("L").histogram()[8:]) < 0.01 * frame.width * height
        assert frame.getpixel((2, 2)) == (0xFF, 0xFD, 0xF8)


def test_a_choice_and_the_steps_of_a_run_have_films_too(client):
    frames, durations = shown(client.get("/figures/storm-information-terms.gif?vary=measure&_width=320").data)
    assert durations == [REST] * (len(frames) - 1) + [END] and len(frames) > 2
    frames, _ = shown(
        client.get("/figures/bike-train.gif?vary=train_step&from=0&to=2&frames=40&_width=320&_frame=0").data
    )
    assert len(frames) == 3, "a whole number has no more frames than values"
    backwards, _ = shown(client.get(LINE + "?vary=line&from=voltage&to=flip&_width=320").data)
    forwards, _ = shown(client.get(LINE + "?vary=line&_width=320").data)
    assert len(forwards) == 2
    assert ImageChops.difference(backwards[0], forwards[-1]).convert("L").getextrema()[1] < 40


def test_the_words_of_a_film_stand_still(client):
    """Its sentence has as many lines in every frame, so that the picture below it does not jump."""
    frames, _ = shown(client.get("/figures/tabular-decomp.gif?vary=bits&frames=5&_width=480").data)
    corner = [frame.crop((60, 110, 200, 130)) for frame in frames]  # where the axis is named
    assert all(not ImageChops.difference(corner[0], other).getbbox() for other in corner[1:])


def test_a_film_looks_as_it_was_asked_to(client):
    frames, _ = shown(client.get(PLANE + "?vary=bits_a&frames=2&_width=300&_height=400&_theme=dark").data)
    assert frames[0].size == (300, 400) and frames[0].getpixel((2, 2)) == (0x17, 0x18, 0x1B)


def test_a_film_has_a_validator_a_name_and_is_made_once(app, client):
    address = PLANE + "?bits_b=.3&vary=bits_a&frames=3&_width=320"
    head = client.head(address)
    assert head.status_code == 200 and not head.data and head.mimetype == "image/gif"
    reply = client.get(address)
    body = reply.data
    assert reply.headers["ETag"] == head.headers["ETag"] and reply.headers["Cache-Control"] == "no-cache"
    assert (
        reply.headers["Content-Disposition"] == 'inline; filename="storm-telegraph,bits_b=.3,vary=bits_a.gif"'
    )
    assert client.get(address, headers={"If-None-Match": reply.headers["ETag"]}).status_code == 304
    again = client.get(address.replace("vary=", "_vary="))
    assert again.data == body and "kept" in again.headers["Server-Timing"]
    assert again.headers["ETag"] == reply.headers["ETag"]
    assert client.get(address + "&_download=1").headers["Content-Disposition"].startswith("attachment")


def test_bytes_flow_while_frames_are_drawn(address):
    with urllib.request.urlopen(f"{address}{LINE}?vary=bits_line&frames=30&_width=320&to=.99") as reply:
        start = time.monotonic()
        assert reply.read(6) == b"GIF89a"
        first = time.monotonic() - start
        rest = reply.read()
        whole = time.monotonic() - start
    assert rest.endswith(b";") and first < whole / 2


def test_one_film_at_a_time_leaves_a_place_for_pictures(app, client, monkeypatch):
    converter = app.exports.take_for_film()
    monkeypatch.setattr(app.exports.films, "wait_timeout", 0.2)
    try:
        full = client.get(PLANE + "?vary=bits_a&frames=2&_width=333")
        assert full.status_code == 503 and full.headers["Retry-After"]
        assert client.get("/figures/storm-telegraph.png?bits_a=.77").status_code == 200
    finally:
        app.exports.give_from_film(converter)
    assert client.get(PLANE + "?vary=bits_a&frames=2&_width=333").data


def test_who_leaves_frees_the_place(app, address):
    with urllib.request.urlopen(f"{address}{LINE}?vary=bits_line&frames=120&_width=320") as reply:
        reply.read(6)
        assert app.exports.films.free == 0
    until = time.monotonic() + 10
    while app.exports.films.free == 0 and time.monotonic() < until:
        time.sleep(0.1)
    assert app.exports.films.free == 1


BAD = [
    ("vary=nothing", "bits_a"),
    ("vary=bits_a&from=.5&to=.5", "nothing would move"),
    ("vary=bits_a&from=-1", "from 0 to 1"),
    ("vary=bits_a&to=2", "from 0 to 1"),
    ("vary=bits_a&to=nan", "from 0 to 1"),
    ("vary=bits_a&frames=0", "from 2 to 120"),
    ("vary=bits_a&frames=1", "from 2 to 120"),
    ("vary=bits_a&frames=100000", "from 2 to 120"),
    ("vary=bits_a&frames=x", "from 2 to 120"),
    ("vary=budget", "mode=budget"),
    ("vary=show&frames=9", "Leave it out"),
    ("vary=show&from=none", "one of"),
    ("vary=bits_a&_width=0", "from 200"),
    ("vary=bits_a&_width=100000", "to 1000"),
    ("vary=bits_a&_height=99999", "to 1000"),
    ("vary=bits_a&frames=120&_width=1000&_height=1000", "fewer frames"),
    ("vary=bits_a&_theme=sepia", "light, dark"),
    ("vary=bits_a&_scale=2", "no parameter"),
    ("vary=bits_a&vary=bits_b", "second time"),
]


@pytest.mark.parametrize(("query", "told"), BAD, ids=[query for query, _ in BAD])
def test_what_no_film_can_show_is_said(app, client, query, told):
    reply = client.get(f"{PLANE}?{query}")
    assert reply.status_code == 400 and told in reply.json["detail"]
    assert app.exports.films.free == 1


def test_what_does_not_move_has_no_film(client):
    assert client.get("/figures/storm-probability-sliders.gif").status_code == 404
    assert client.get("/figures/board-presets.gif").status_code == 404


def test_a_film_that_takes_too_long_is_not_begun(client, monkeypatch):
    monkeypatch.setitem(MOST, "seconds", 0.001)
    reply = client.get(LINE + "?vary=bits_line&frames=7&_width=250")
    assert reply.status_code == 503 and "fewer frames" in reply.json["detail"]


@pytest.mark.browser
def test_the_menu_offers_films_of_what_moves_in_this_state(open_page, address):
    page = open_page("/essays/where-is-the-information?bits_a=.4", color_scheme="dark")
    menu = page.locator("#storm-telegraph .take")
    menu.locator("summary").click()
    moves = menu.get_by_label("What moves in the film")
    assert moves.input_value() == "bits_a", "it is what was moved"
    served = page.request.get(address + "/figures/storm-telegraph?bits_a=.4").text()
    assert re.findall(r'data-look="vary=(\w+)"', served) == moves.locator("option").evaluate_all(
        "all => all.map(one => one.value)"
    )
    link = menu.get_by_role("link", name="GIF")
    for chosen in ("bits_a", "p11"):
        moves.select_option(chosen)
        link.hover()
        href = link.get_attribute("href")
        assert href == f"/figures/storm-telegraph.gif?bits_a=.4&vary={chosen}&_theme=dark&_download=1"
        assert page.request.head(address + href).status == 200
    assert "budget" not in moves.inner_html()
