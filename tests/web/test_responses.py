"""Responses: cache keys, cache hits for identical URLs, content negotiation, headers."""

import time

import pytest
from werkzeug.test import create_environ, run_wsgi_app

from infodecomp.web.factory import create_app
from infodecomp.web.responses import choose_encoding
from infodecomp.web.services import get_services
from tests.first_essay import ESSAY
from tests.live_server import CLOCK

FIGURE = "/figures/storm-telegraph.json"


def test_all_urls_of_one_state_share_one_cached_response(client, services):
    before = len(services.cache)
    etags = {
        client.get(f"{FIGURE}?{query}").headers["ETag"]
        for query in (
            "bits_a=.37&bits_b=.5",
            "bits_b=0.50&bits_a=0.370",
            "bits_a=.37&bits_b=5e-1&_width=640",
            "bits_a=.37&bits_b=.5&p00=.1&_download=0",
        )
    }
    assert len(etags) == 1 and len(services.cache) == before + 1
    essays = {
        client.get(f"{ESSAY}?{query}").headers["ETag"]
        for query in ("bits_a=.37", "fbclid=1&bits_a=0.37", "utm=2&bits_a=.37")
    }
    assert len(essays) == 1 and len(services.cache) == before + 2
    zeros = [client.get(f"{FIGURE}?{query}") for query in ("bits_a=-0&bits_b=0", "bits_a=0&bits_b=.0")]
    assert zeros[0].headers["ETag"] == zeros[1].headers["ETag"]


@pytest.mark.parametrize(
    "path",
    [
        f"{FIGURE}?bits_a=",
        f"{ESSAY}?bits_a=",
        "/embed/storm-telegraph?bits_a=",
        "/figures/storm-telegraph.svg?_download=1&bits_a=",
    ],
)
@pytest.mark.parametrize(
    ("encoding", "bits_a"),  # each in a state that no other request has made
    [(None, 0.381), ("gzip", 0.382), ("br;q=0.5, gzip;q=0", 0.383), ("*;q=0", 0.384)],
)
def test_a_cache_hit_is_byte_identical_to_the_first_response(client, path, encoding, bits_a):
    headers = {"Accept-Encoding": encoding} if encoding else {}
    path += str(bits_a)
    first, second = (client.get(path, headers=headers) for _ in range(2))
    assert second.data == first.data and second.status_code == 200
    assert "desc=kept" in second.headers["Server-Timing"] and "desc" not in first.headers["Server-Timing"]
    for reply in (first, second):
        del reply.headers["Server-Timing"]
    assert sorted(first.headers) == sorted(second.headers)
    etag = {"If-None-Match": second.headers["ETag"]}
    unchanged = client.get(path, headers=headers | etag)
    assert unchanged.status_code == 304 and unchanged.data == b"" and "Content-Type" not in unchanged.headers


@pytest.mark.parametrize(
    ("accept_encoding", "encoding"),
    [
        ("", None),
        ("gzip", "gzip"),
        ("gzip, deflate, br", "br"),
        ("br;q=0.5, gzip;q=0", "br"),
        ("br;q=0, gzip", "gzip"),
        ("*", "br"),
        ("*;q=0", None),
        ("br;q=0, *", "gzip"),
        ("identity", None),
    ],
)
def test_content_negotiation_follows_the_accept_encoding_header(accept_encoding, encoding):
    assert choose_encoding(accept_encoding) == encoding


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("essays.example", 200),
        ("localhost:5000", 200),
        ("[::1]:8000", 200),
        ("127.0.0.1", 200),
        ("xn--bcher-kva.example", 200),
        ("xn--a", 400),
        ("x" * 200, 400),
        ("a b", 400),
        ("a..b", 400),
        ("x.y/z", 400),
        ("a" * 60 + ".b" * 120, 400),
        ("", 400),
    ],
)
def test_an_invalid_host_is_rejected(app, host, status):
    environ = create_environ(ESSAY, headers={"Host": host, "Accept": "text/html"})
    body, answered, headers = run_wsgi_app(app, environ)  # the test client would decode the host itself
    assert int(answered[:3]) == status
    if status == 400:
        assert headers["Content-Type"] == "application/problem+json" and b"Host" in b"".join(body)


def test_a_request_of_http_1_0_need_not_name_a_host(app):
    environ = create_environ(ESSAY) | {"HTTP_HOST": "", "SERVER_PROTOCOL": "HTTP/1", "SERVER_PORT": "8000"}
    body, status, _ = run_wsgi_app(app, environ)
    assert status[:3] == "200" and b'rel="canonical" href="http://localhost:8000/' in b"".join(body)


def test_a_forwarded_scheme_other_than_http_and_https_is_rejected():
    client = create_app({"ESSAYS": CLOCK, "LOG": 0, "PROXIES": 1}).test_client()
    for scheme, status in (("javascript", 400), ("https", 200), ("http", 200)):
        reply = client.get("/essays/clock", headers={"X-Forwarded-Proto": scheme})
        assert reply.status_code == status and "javascript:" not in reply.text


@pytest.mark.parametrize("path", ["/nowhere", f"{FIGURE}?bits_a=7", "/healthz", "/readyz", "/thanks"])
def test_errors_and_health_checks_are_not_cached(client, path):
    reply = client.get(path)
    assert reply.headers["Cache-Control"] == "no-store"
    assert reply.status_code == 200 or "Accept" in reply.headers["Vary"]


@pytest.mark.parametrize(
    "path", ["/version", "/openapi.json", "/feed.xml", "/sitemap.xml", "/essays/clock.bib"]
)
def test_documents_about_the_whole_site_are_made_once(path):
    client = create_app({"ESSAYS": CLOCK, "LOG": 0}).test_client()
    first, second = client.get(path), client.get(path)
    assert first.status_code == 200 and first.data == second.data
    assert "desc=kept" in second.headers["Server-Timing"]


def test_a_path_with_dots_inside_the_static_folder_is_resolved(client):
    assert client.get("/static/x/../embed.js").status_code == 200
    assert client.get("/static/../app.py").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/",
        ESSAY,
        "/figures/storm-telegraph.svg",
        "/nowhere",
        "/static/explorable.js",
        "/healthz",
        "/version",
        "/figures/storm-any-line/stream?p00=.21",
    ],
)
def test_every_response_has_security_headers_and_sets_no_cookie(client, path):
    with client.get(path) as reply:  # a stream that is not closed keeps its place
        policy = reply.headers["Content-Security-Policy"]
    assert "camera=()" in reply.headers["Permissions-Policy"]
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert reply.headers["Referrer-Policy"] and "Set-Cookie" not in reply.headers
    assert "default-src 'none'" in policy and "unsafe-inline" not in policy.partition("style-src")[0]


def test_health_routes_report_readiness_and_versions(tmp_path):
    client = create_app({"ESSAYS": CLOCK, "LOG": 0}).test_client()
    assert client.get("/readyz").text == "ready\n" and client.get("/healthz").text == "ok\n"
    info = client.get("/version").json
    again = create_app({"ESSAYS": CLOCK, "LOG": 0}).test_client().get("/version").json
    assert info == again and len(info["code"]) == 64 and info["torch"].startswith("2.13.0")
    assert "bikes.safetensors" in info["models"]
    empty = create_app({"ESSAYS": tmp_path, "LOG": 0}).test_client()
    unready = empty.get("/readyz")
    assert unready.status_code == 503 and "INFODECOMP_ESSAYS" in unready.json["detail"]
    assert empty.get("/version").json["essays"] != info["essays"]


def test_creating_an_application_changes_nothing_process_wide():
    import sys

    import torch

    before = torch.get_num_threads(), sys.getswitchinterval()
    torch.set_num_threads(2)
    try:
        get_services(create_app({"ESSAYS": CLOCK, "LOG": 0}))
        assert torch.get_num_threads() == 2 and sys.getswitchinterval() == before[1]
    finally:
        torch.set_num_threads(before[0])


FIGURE_OF_A_FILE = '''
from pathlib import Path
from infodecomp.explorable import Axis, Dot, Plot, Range, figure

@figure(parameters=(Range(name="seed", label="seed", default=1, low=0, high=9, step=1),), title="A lamp")
def lamp(seed):
    """Reads a file that may be missing."""
    return {"text": (Path(__file__).parent / "model.txt").read_text()}

@lamp.draw
def draw(data):
    return Plot((Dot(len(data["text"]), 0.5),), Axis("length", (0, 360)), Axis("", (0, 1)))

@lamp.describe
def describe(data):
    return data["text"]
'''


@pytest.mark.parametrize("path", ["/essays/lamp", "/essays/lamp/slides"])
def test_a_page_that_was_rendered_while_a_model_was_missing_is_not_cached(tmp_path, path):
    (tmp_path / "lamp.py").write_text(FIGURE_OF_A_FILE)
    (tmp_path / "lamp.md").write_text("---\ntitle: Lamp\n---\n\n# Lamp\n\n<div class='lamp'></div>\n")
    client = create_app({"ESSAYS": tmp_path, "LOG": 0}).test_client()
    broken = client.get(path)
    assert broken.status_code == 200 and "cannot be shown" in broken.text
    (tmp_path / "model.txt").write_text("It shines.")
    whole = client.get(path).text
    assert "cannot be shown" not in whole and "<svg" in whole
    assert "desc=kept" in client.get(path).headers["Server-Timing"], "a whole page is cached"


def test_a_clock_that_is_set_changes_no_response_and_makes_none_again(client, monkeypatch):
    paths = (f"{FIGURE}?bits_a=.21", ESSAY, "/static/explorable.css", "/fonts/serif.woff2")
    before, wall = [client.get(path) for path in paths], time.time
    for hours in (50, -50):
        monkeypatch.setattr(time, "time", lambda hours=hours: wall() + 3600 * hours)
        for path, first in zip(paths, before, strict=True):
            again = client.get(path)
            assert again.data == first.data and "kept" in again.headers["Server-Timing"]
            names = ("ETag", "Cache-Control", "Expires", "Last-Modified")
            assert [again.headers.get(name) for name in names] == [first.headers.get(name) for name in names]
            known = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
            assert (known.status_code, known.headers["ETag"]) == (304, first.headers["ETag"])
