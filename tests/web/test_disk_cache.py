"""States of figures on disk: what is kept there, and that a server which starts again begins with it."""

import sqlite3

from infodecomp.web.services import get_services
from tests.first_essay import published_app
from tests.live_server import ROOT, live_server

SITE = ROOT / "tests" / "sites" / "clock"
STATE = "/figures/clock-dial.json?_width=350"


class Names(list):
    """A store that has nothing and remembers what it was asked for."""

    def get(self, name):
        return self.append(name)

    def put(self, name, response):
        pass


def test_only_states_that_no_training_can_change_are_kept(monkeypatch):
    app, names = published_app(), Names()
    monkeypatch.setattr(get_services(app).cache, "store", names)
    client = app.test_client()
    for path in (
        "/figures/storm-guess.json?guess=.123&_width=321",
        "/figures.json?state=storm-guess?guess=.124",
        "/figures/board-information.json?_fields=figure&_width=321",  # it trains
        "/figures/storm-guess.svg?guess=.123",
        "/",
    ):
        assert client.get(path).status_code == 200
    assert [name.split(", ")[:2] for name in names] == [["('json'", "'storm-guess'"]] * 2


def test_a_server_that_starts_again_begins_with_the_states_on_disk(tmp_path):
    settings = {
        "INFODECOMP_ESSAYS": SITE,
        "XDG_CACHE_HOME": tmp_path,
        "INFODECOMP_DISK_CACHE_BYTES": 2**20,
        "INFODECOMP_LOG": 0,
    }
    bodies = []
    for _ in range(2):
        with live_server(**settings) as server:
            bodies.append(server.get(STATE)[2])
        with sqlite3.connect(tmp_path / "infodecomp" / "states.sqlite") as database:
            made = database.execute("SELECT max(id) FROM responses").fetchone()
        assert made == (1,), "it was rendered once"
    assert bodies[0] == bodies[1] and b"<svg" in bodies[0]
