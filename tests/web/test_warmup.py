"""The cache warmer: what it renders beforehand, and that it gives way to readers."""

import json
import time
from pathlib import Path

from infodecomp.explorable.serving.request_log import LOG_WRITER
from infodecomp.web.factory import create_app
from infodecomp.web.services import get_services
from infodecomp.web.warmup import cache_warmer, first_move_urls, page_urls

SITE = Path(__file__).parents[1] / "sites" / "clock"
ORIGIN = "http://essays.example/"


def test_warmed_up_responses_are_cache_hits_under_any_host(capfd):
    app = create_app({"ESSAYS": SITE, "LOG": 1})
    cache_warmer(app, ORIGIN).run()
    LOG_WRITER.flush()
    assert "clock" not in capfd.readouterr().err, "a warm-up is no request of a reader"
    move = next(first_move_urls(get_services(app).site.library))
    for origin in (ORIGIN, "http://127.0.0.1:8000/"):
        assert "kept" in app.test_client().get(move, base_url=origin).headers["Server-Timing"]
    assert "kept" in app.test_client().get("/essays/clock", base_url=ORIGIN).headers["Server-Timing"]
    LOG_WRITER.flush()
    assert [json.loads(line)["kept"] for line in capfd.readouterr().err.splitlines() if "clock" in line] == [
        True
    ] * 3


def test_the_warmer_pauses_for_readers_and_stops_at_a_full_cache():
    small = create_app({"ESSAYS": SITE, "LOG": 0, "CACHE_BYTES": 1})
    cache_warmer(small, ORIGIN).run()
    assert get_services(small).cache.size == 0, "it has come to its end"
    app = create_app({"ESSAYS": SITE, "LOG": 0})
    for address in page_urls(get_services(app).site.library):
        app.test_client().get(address, base_url=ORIGIN)
    pages_alone = get_services(app).cache.size
    client, warmer = app.test_client(), cache_warmer(app, ORIGIN)
    client.get("/healthz")
    warmer.start()
    end = time.monotonic() + 1.5
    while time.monotonic() < end:  # somebody asks again and again
        client.get("/healthz")
        time.sleep(0.05)
    assert get_services(app).cache.size == pages_alone
    warmer.join(15)
    assert not warmer.is_alive() and get_services(app).cache.size > pages_alone
