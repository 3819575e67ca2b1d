"""Animated GIFs: frames, streaming, limits and errors."""

import io
import re
import time
import urllib.request
from dataclasses import replace

import av
import pytest
from PIL import Image, ImageChops, ImageStat

from infodecomp.explorable.exports.films import animation
from infodecomp.explorable.exports.films.animation import FRAME_MS, LAST_FRAME_MS, OPTION_MS
from infodecomp.explorable.exports.films.video import END
from infodecomp.web.services import get_services
from tests.first_essay import ESSAY

LINE = "/figures/telegraph-line.gif"
PLANE = "/figures/storm-telegraph.gif"


def decode(body: bytes) -> tuple[list[Image.Image], list[int]]:
    gif = Image.open(io.BytesIO(body))
    frames, durations = [], []
    for i in range(gif.n_frames):
        gif.seek(i)
        frames.append(gif.convert("RGB"))
        durations.append(gif.info["duration"])
    assert gif.info["loop"] == 0
    return frames, durations


def test_each_frame_equals_the_png_of_its_state(client):
    """Within the error of 255 shared colours; frames are stored as differences."""
    frames, durations = decode(client.get(LINE + "?vary=bits_line&from=.2&to=.8&frames=4&_width=400").data)
    assert durations == [FRAME_MS, FRAME_MS, FRAME_MS, LAST_FRAME_MS]
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


def test_choices_and_iteration_sliders_can_be_animated(client):
    frames, durations = decode(
        client.get("/figures/storm-information-terms.gif?vary=measure&_width=320").data
    )
    assert durations == [OPTION_MS] * (len(frames) - 1) + [LAST_FRAME_MS] and len(frames) > 2
    frames, _ = decode(
        client.get("/figures/bike-train.gif?vary=train_step&from=0&to=2&frames=40&_width=320&_frame=0").data
    )
    assert len(frames) == 3, "an integer slider has no more frames than values"
    backwards, _ = decode(client.get(LINE + "?vary=line&from=voltage&to=flip&_width=320").data)
    forwards, _ = decode(client.get(LINE + "?vary=line&_width=320").data)
    assert len(forwards) == 2
    assert ImageChops.difference(backwards[0], forwards[-1]).convert("L").getextrema()[1] < 40


def test_the_caption_has_the_same_number_of_lines_in_every_frame(client):
    frames, _ = decode(client.get("/figures/tabular-decomp.gif?vary=bits&frames=5&_width=480").data)
    corner = [frame.crop((60, 110, 200, 130)) for frame in frames]  # the label of the axis, below the caption
    assert all(not ImageChops.difference(corner[0], other).getbbox() for other in corner[1:])


def test_size_and_theme_options(client):
    frames, _ = decode(client.get(PLANE + "?vary=bits_a&frames=2&_width=300&_height=400&_theme=dark").data)
    assert frames[0].size == (300, 400) and frames[0].getpixel((2, 2)) == (0x17, 0x18, 0x1B)


def test_an_animation_has_an_etag_and_a_file_name_and_is_cached(app, client):
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


def test_the_first_bytes_leave_before_the_last_frame_is_drawn(app, address):
    with urllib.request.urlopen(f"{address}{LINE}?vary=bits_line&frames=30&_width=320&to=.99") as reply:
        assert reply.read(6) == b"GIF89a"
        assert get_services(app).converters.animation_limit.free == 0, "it is still being drawn"
        assert reply.read().endswith(b";")


def test_one_animation_at_a_time_leaves_a_converter_for_pictures(app, client, monkeypatch):
    converter = get_services(app).converters.acquire_for_animation()
    monkeypatch.setattr(get_services(app).converters.animation_limit, "wait_timeout", 0.2)
    try:
        full = client.get(PLANE + "?vary=bits_a&frames=2&_width=333")
        assert full.status_code == 503 and full.headers["Retry-After"]
        assert client.get("/figures/storm-telegraph.png?bits_a=.77").status_code == 200
    finally:
        get_services(app).converters.release_from_animation(converter)
    assert client.get(PLANE + "?vary=bits_a&frames=2&_width=333").data


def test_a_disconnected_client_frees_the_converter(app, address):
    with urllib.request.urlopen(f"{address}{LINE}?vary=bits_line&frames=120&_width=320") as reply:
        reply.read(6)
        assert get_services(app).converters.animation_limit.free == 0
    deadline = time.monotonic() + 10
    while get_services(app).converters.animation_limit.free == 0 and time.monotonic() < deadline:
        time.sleep(0.01)
    assert get_services(app).converters.animation_limit.free == 1


@pytest.mark.parametrize("kind", ["mp4", "webm"])
def test_a_film_goes_there_and_back_at_thirty_frames_a_second(client, kind):
    """A slider of three values: half a second at each end, and the value between twice."""
    address = f"/figures/telegraph-line.{kind}?vary=bits_line&frames=3&_width=321&_height=240"
    reply = client.get(address, base_url="https://talks.example/")
    assert reply.mimetype == f"video/{kind}" and reply.headers["ETag"]
    with av.open(io.BytesIO(reply.data)) as film:
        frames = [frame.to_image() for frame in film.decode(video=0)]
        assert film.streams.video[0].average_rate == 30
        about = {name.lower(): text for name, text in film.metadata.items()}
    assert about["title"] == "A message over a noisy line" and "MIT licence" in about["comment"]
    assert "https://talks.example/essays/" in about["comment"]
    assert len(frames) == END + 1 + END + 1 and frames[0].size == (322, 240)
    paper = zip(frames[0].getpixel((2, 2)), (0xFF, 0xFD, 0xF8))
    assert all(abs(shown - drawn) <= 4 for shown, drawn in paper), (
        "players are told how its colours are stored"
    )
    there, back = frames[END], frames[-1]
    ends = frames[0], frames[2 * END]
    same, apart = (ImageStat.Stat(ImageChops.difference(*pair)).rms[0] for pair in ((there, back), ends))
    assert same < apart / 3


def test_a_film_of_too_many_pixels_is_refused(client):
    reply = client.get("/figures/telegraph-line.mp4?vary=bits_line&_width=2000")
    assert reply.status_code == 400 and "1920" in reply.json["detail"]


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


@pytest.mark.parametrize(("query", "message"), BAD, ids=[query for query, _ in BAD])
def test_bad_requests_name_the_problem(app, client, query, message):
    reply = client.get(f"{PLANE}?{query}")
    assert reply.status_code == 400 and message in reply.json["detail"]
    assert get_services(app).converters.animation_limit.free == 1


def test_figures_without_a_slider_have_no_animation(client):
    assert client.get("/figures/storm-probability-sliders.gif").status_code == 404
    assert client.get("/figures/board-presets.gif").status_code == 404


def test_an_animation_that_would_take_too_long_is_refused(client, monkeypatch):
    monkeypatch.setattr(animation, "LIMITS", replace(animation.LIMITS, seconds=0.001))
    reply = client.get(LINE + "?vary=bits_line&frames=7&_width=250")
    assert reply.status_code == 503 and "fewer frames" in reply.json["detail"]


@pytest.mark.browser
def test_the_menu_offers_animations_of_the_active_sliders(open_page, address):
    page = open_page(ESSAY + "?bits_a=.4", color_scheme="dark")
    menu = page.locator("#storm-telegraph .take")
    menu.locator("summary").click()
    moves = menu.get_by_label("What moves in the film")
    assert moves.input_value() == "bits_a", "the slider that was moved is preselected"
    served = page.request.get(address + "/figures/storm-telegraph?bits_a=.4").text()
    assert re.findall(r'data-kind="gif" data-look="vary=(\w+)"', served) == moves.locator(
        "option"
    ).evaluate_all("all => all.map(one => one.value)")
    link = menu.get_by_role("link", name="GIF")
    for chosen in ("bits_a", "p11"):
        moves.select_option(chosen)
        link.hover()
        href = link.get_attribute("href")
        assert href == f"/figures/storm-telegraph.gif?bits_a=.4&vary={chosen}&_theme=dark&_download=1"
        assert page.request.head(address + href).status == 200
    assert "budget" not in moves.inner_html()
