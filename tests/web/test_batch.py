"""Several states in one response: each as it would be by itself, and some of them made ahead."""

import time
from urllib.parse import urlencode

import pytest

from infodecomp.web.factory import create_app
from infodecomp.web.services import get_services

STATES = [
    "storm-telegraph?bits_a=.41&p11=.7&_fields=svg,parameters&_width=350",
    "storm-guess?p11=.7&_fields=texts,query",
    "telegraph-line",
]


def batch(client, *states, **options):
    return client.get(
        f"/figures.json?{urlencode([('state', state) for state in states] + [*options.items()])}"
    )


def test_every_state_is_what_its_own_address_sends(client):
    answer = batch(client, *STATES)
    assert answer.status_code == 200 and answer.mimetype == "application/json"
    for state, body in zip(STATES, answer.json["states"], strict=True):
        name, _, query = state.partition("?")
        assert body == client.get(f"/figures/{name}.json?{query}").json


def test_a_batch_and_single_requests_share_the_cache(client, services):
    state = "storm-telegraph?bits_a=.413&_fields=svg"
    before = len(services.cache)
    batch(client, state, state)
    assert len(services.cache) == before + 1
    again = client.get(f"/figures/{state.replace('?', '.json?')}")
    assert "desc=kept" in again.headers["Server-Timing"]


def test_a_problem_of_one_state_leaves_the_others(client):
    found, missing, wrong = batch(client, STATES[0], "storm-telegram", "storm-guess?guess=7").json["states"]
    assert "svg" in found
    assert missing["status"] == 404 and "storm-telegraph" in missing["detail"]
    assert wrong["status"] == 400 and wrong["parameter"] == "guess" and wrong["bounds"]


@pytest.mark.parametrize("query", ["", "states=storm-guess", "state=storm-guess&p11=.3", "_ahead=maybe"])
def test_what_is_no_batch_is_refused_with_the_remedy(client, query):
    answer = client.get(f"/figures.json?{query}")
    assert answer.status_code == 400 and answer.json["detail"]


def test_too_many_states_are_refused(client):
    answer = batch(client, *["storm-guess"] * 25)
    assert answer.status_code == 400 and "25" in answer.json["detail"] and "24" in answer.json["detail"]


def test_states_ahead_are_made_only_while_the_server_is_idle(monkeypatch):
    app = create_app({"LOG": 0})
    client, services = app.test_client(), get_services(app)
    first, second, third = (f"storm-guess?guess=.4{number}&_fields=query" for number in range(3))
    assert batch(client, first, _ahead=1).json["states"][0]["query"] == "guess=.4"
    services.cache.waiting += 1  # somebody waits for a state
    made = batch(client, first, second, _ahead=1).json["states"]
    assert made == [{"query": "guess=.4"}, None]  # what is there already is sent
    services.cache.waiting -= 1
    now = property(lambda activity: time.monotonic(), lambda activity, moment: None)
    monkeypatch.setattr(type(services.activity), "last_request", now, raising=False)  # all the time
    assert batch(client, second, third, _ahead=1).json["states"] == [None, None]
    assert batch(client, second).json["states"][0]["query"] == "guess=.41"


def test_long_computations_are_not_made_ahead(client):
    assert batch(client, "board-information?board=1010101010101010&step=900", _ahead=1).json["states"] == [
        None
    ]
