import json
import time
from pathlib import Path

from app import cache_warmer, create_app
from infodecomp.explorable.serving.warmup_addresses import first_moves, pages

SITE = Path(__file__).parents[2] / "sites" / "clock"
ORIGIN = "http://essays.example/"


def test_what_was_made_beforehand_is_kept_for_readers_wherever_they_write_the_site(capfd):
    app = create_app({"ESSAYS": SITE, "LOG": 1})
    cache_warmer(app, ORIGIN).run()
    assert "clock" not in capfd.readouterr().err, "nobody asked"
    move = next(first_moves(app.site.library))
    for origin in (ORIGIN, "http://127.0.0.1:8000/"):
        assert "kept" in app.test_client().get(move, base_url=origin).headers["Server-Timing"]
    assert "kept" in app.test_client().get("/essays/clock", base_url=ORIGIN).headers["Server-Timing"]
    assert [json.loads(line)["kept"] for line in capfd.readouterr().err.splitlines() if "clock" in line] == [
        True
    ] * 3


def test_it_stops_for_whoever_asks_and_where_there_is_no_more_room():
    small = create_app({"ESSAYS": SITE, "LOG": 0, "CACHE_BYTES": 1})
    cache_warmer(small, ORIGIN).run()
    assert small.answers.size == 0, "it has come to its end"
    app = create_app({"ESSAYS": SITE, "LOG": 0})
    for address in pages(app.site.library):
        app.test_client().get(address, base_url=ORIGIN)
    pages_alone = app.answers.size
    client, one = app.test_client(), cache_warmer(app, ORIGIN)
    client.get("/healthz")
    one.start()
    end = time.monotonic() + 1.5
    while time.monotonic() < end:  # somebody asks again and again
        client.get("/healthz")
        time.sleep(0.05)
    assert app.answers.size == pages_alone
    one.join(15)
    assert not one.is_alive() and app.answers.size > pages_alone
