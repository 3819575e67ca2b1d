import gzip
import html
import json
import os
import re
import time
from datetime import date

import brotli
import pytest

from infodecomp.explorable.graphics.theme import DARK, LIGHT
from infodecomp.explorable.site.starter import write_starter
from infodecomp.web.factory import create_app
from infodecomp.web.services import get_services
from tests.first_essay import ESSAY, TITLE

FIGURE = "/figures/storm-telegraph"


def test_the_index_lists_the_essays(client):
    page = client.get("/").text
    assert f'href="{ESSAY}"' in page and TITLE in page


def test_the_essay_holds_its_figures_before_any_script(client):
    page = client.get(ESSAY).text
    for name in (
        "storm-heatmap",
        "storm-probability-sliders",
        "storm-telegraph",
        "storm-transmission-sliders",
    ):
        assert f'data-figure="{name}"' in page
    assert page.count("<svg") >= 6
    assert 'data-value="storm-telegraph.entropy" value="0.954"' in page
    assert "style=" not in page and "onclick" not in page


def test_an_essay_in_a_state_shows_that_state(client):
    page = client.get(ESSAY + "?bits_a=.5&bits_b=.5&utm_source=letter").text
    assert "0.50 bits from town A and 0.50 from town B" in page
    assert 'name="bits_a" data-parameter="bits_a" min="0" max="1" step="0.01" value="0.5"' in page
    assert "utm_source" not in page


def test_a_figure_answers_with_all_of_itself(client):
    answer = client.get(FIGURE + ".json?bits_a=.5&bits_b=.5").json
    assert set(answer) == {
        "figure",
        "parameters",
        "query",
        "data",
        "values",
        "texts",
        "voice",
        "description",
        "description_html",
        "table",
        "svg",
    }
    assert {"entropy", "information", "error", "best_error", "lost"} <= set(answer["values"])
    assert list(answer["data"]["plane"]) == ["bits_a", "bits_b", "total", "information", "error"]
    assert list(answer["data"]["front"]) == ["budget", "bits_a", "bits_b", "total", "information", "error"]
    assert answer["query"] == "bits_a=.5&bits_b=.5"
    assert answer["voice"]["bits_a"].startswith("0.50 bits from town A; ")
    assert answer["values"]["best_error"] == pytest.approx(0.77299, abs=1e-5)


def test_fields_choose(client):
    assert set(client.get(FIGURE + ".json?_fields=values,svg").json) == {"values", "svg"}


def test_the_plane_is_grabbed_where_the_hand_is(client):
    answer = client.get(FIGURE + ".json?_grab=1,.18137&_fields=parameters,values").json
    assert answer["parameters"]["bits_a"] == pytest.approx(0.70, abs=0.02)
    assert answer["parameters"]["bits_a"] + answer["parameters"]["bits_b"] == pytest.approx(1, abs=0.011)
    assert answer["values"]["lost"] < 1e-4


def test_a_picture_stands_alone_in_either_theme(client):
    for theme, palette in (("light", LIGHT), ("dark", DARK)):
        reply = client.get(f"{FIGURE}.svg?_theme={theme}&_width=400")
        assert reply.mimetype == "image/svg+xml"
        assert palette["paper"] in reply.text and 'width="400"' in reply.text and "var(" not in reply.text


BAD = [
    ("bits_a=nan", "bits_a", "from 0 to 1"),
    ("bits_a=inf", "bits_a", "from 0 to 1"),
    ("bits_a=x", "bits_a", "from 0 to 1"),
    ("bits_a=1.01", "bits_a", "from 0 to 1"),
    ("p00=-1", "p00", "from 0 to 1"),
    ("bits_a=", "bits_a", "from 0 to 1"),
    ("bits_a=.1&bits_a=.1", "bits_a", "second time"),
    ("bits_c=.1", "bits_c", "the nearest is"),
    ("show=all", "show", "gained, left"),
    ("_width=0", "_width", "200"),
    ("_width=100000", "_width", "2000"),
    ("_width=1e3", "_width", "2000"),
    ("_fields=all", "_fields", "choose"),
    ("_grab=1", "_grab", "finite"),
    ("_width=300&_width=300", "_width", "once"),
    ("_theme=dark", "_theme", "no parameter"),
]


@pytest.mark.parametrize(("query", "name", "words"), BAD, ids=[b[0] for b in BAD])
def test_a_bad_parameter_is_a_400_that_names_it(client, query, name, words):
    reply = client.get(f"{FIGURE}.json?{query}")
    assert reply.status_code == 400
    assert reply.mimetype == "application/problem+json"
    problem = reply.json
    assert problem["status"] == 400 and problem["title"] and problem["type"]
    assert problem["parameter"] == name
    assert words in problem["detail"] and name in problem["detail"]


def test_people_get_a_page_that_says_the_same(client):
    for path in (ESSAY + "?bits_a=7", "/embed/storm-telegraph?bits_a=7"):
        reply = client.get(path, headers={"Accept": "text/html"})
        assert reply.status_code == 400 and reply.mimetype == "text/html"
        assert "from 0 to 1 bits" in reply.text and "bits_a" in reply.text


def test_an_essay_passes_over_names_that_are_none_of_its(client):
    assert client.get(ESSAY + "?fbclid=1&fbclid=2").status_code == 200
    assert client.get("/embed/storm-telegraph?fbclid=1").status_code == 400


@pytest.mark.parametrize(
    "path", ["/nowhere", "/essays/none", "/figures/none.json", "/figures/storm-telegraph.doc", "/embed/none"]
)
def test_what_is_not_here_is_a_404(client, path):
    assert client.get(path).status_code == 404
    assert client.get(path, headers={"Accept": "text/html"}).text.startswith("<!doctype html>")


def test_a_misspelling_gets_the_nearest_name(client):
    assert "storm-telegraph" in client.get("/figures/storm-telegrph.json").json["detail"]


def test_other_methods_are_refused_in_the_same_shape(client):
    reply = client.post(FIGURE + ".json")
    assert reply.status_code == 405 and reply.mimetype == "application/problem+json"


HOSTILE = '"><script>alert(1)</script>'


@pytest.mark.parametrize("path", [ESSAY, "/embed/storm-telegraph", "/", FIGURE + ".json", FIGURE + ".svg"])
@pytest.mark.parametrize("name", ["bits_a", HOSTILE, "_theme"])
def test_nothing_of_a_query_becomes_markup(client, path, name):
    for accept in ("text/html", "*/*"):
        reply = client.get(path, query_string={name: HOSTILE}, headers={"Accept": accept})
        if reply.mimetype in ("text/html", "image/svg+xml"):
            assert "<script>alert" not in reply.text


def test_an_answer_is_sent_once_and_packed(client):
    first = client.get(FIGURE + ".json?bits_a=.11", headers={"Accept-Encoding": "gzip"})
    assert first.headers["Content-Encoding"] == "gzip"
    assert json.loads(gzip.decompress(first.data))["parameters"]["bits_a"] == 0.11
    again = client.get(
        FIGURE + ".json?bits_a=.11",
        headers={"Accept-Encoding": "gzip", "If-None-Match": first.headers["ETag"]},
    )
    assert again.status_code == 304 and not again.data
    assert "kept" in again.headers["Server-Timing"]
    better = client.get(FIGURE + ".json?bits_a=.11", headers={"Accept-Encoding": "gzip, br, zstd"})
    assert better.headers["Content-Encoding"] == "br" and brotli.decompress(better.data) == gzip.decompress(
        first.data
    )
    assert (
        len(
            {
                first.headers["ETag"],
                better.headers["ETag"],
                client.get(FIGURE + ".json?bits_a=.11").headers["ETag"],
            }
        )
        == 3
    )
    assert (
        "Content-Encoding"
        not in client.get(FIGURE + ".json?bits_a=.11", headers={"Accept-Encoding": "br;q=0"}).headers
    )
    assert client.head(FIGURE + ".json").status_code == 200


def test_frames_are_for_embeds_only(client):
    assert "frame-ancestors *" in client.get("/embed/storm-telegraph").headers["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in client.get(ESSAY).headers["Content-Security-Policy"]


def test_an_embed_is_the_figure_with_all_its_controls(client):
    page = client.get("/embed/storm-telegraph?p11=.5").text
    assert page.count("data-figure=") == 1
    for name in ("p00", "p01", "p10", "p11", "bits_a", "bits_b", "show"):
        assert f'data-parameter="{name}"' in page
    assert f'href="http://localhost{ESSAY}?p11=.5#storm-telegraph"' in page


def test_health(client):
    assert client.get("/healthz").text == "ok\n"


def test_the_page_and_the_pictures_have_one_palette(client):
    css = client.get("/static/explorable.css").text
    light, dark = css.split("prefers-color-scheme: dark")[:2]
    for palette, part in ((LIGHT, light), (DARK, dark)):
        found = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", part))
        assert {role: found.get(role) for role in palette} == palette


@pytest.mark.parametrize(
    "query",
    [
        "p00=0&p01=0&p10=0&p11=0",
        "p00=1&p01=1&p10=1&p11=1",
        "p00=0&p01=1&p10=1&p11=0",
        "bits_a=0&bits_b=0",
        "bits_a=1&bits_b=1",
        "p11=1e-300",
        "show=left&p00=.5&p01=.5&p10=.5&p11=.5",
    ],
)
@pytest.mark.parametrize("name", ["storm-heatmap", "storm-telegraph"])
def test_extreme_states_are_pictures_without_nan(client, query, name):
    own = get_services(client.application).site.library.figure(name)
    kept = "&".join(
        pair for pair in query.split("&") if pair.split("=")[0] in {p.name for p in own.parameters}
    )
    reply = client.get(f"/figures/{name}.json?{kept}")
    assert reply.status_code == 200
    assert "nan" not in reply.json["svg"].lower().replace("nance", "") and "null" not in reply.text


def test_every_number_in_the_pages_source_is_text_of_its_value(client):
    page = client.get(ESSAY).text
    for value, text in re.findall(r'<data class="live"[^>]* value="([^"]*)">([^<]*)<', page):
        assert html.unescape(value) == text and text


@pytest.mark.parametrize("reload", [0, 1])
def test_an_edit_shows_without_a_restart_only_where_reloading_is_on(tmp_path, reload):
    write_starter("coins", tmp_path, date(2026, 11, 21))
    app = create_app({"ESSAYS": tmp_path, "RELOAD": reload})
    client = app.test_client()
    assert "Ask a question" in client.get("/essays/coins").text
    (tmp_path / "coins.md").write_text(
        (tmp_path / "coins.md").read_text().replace("Ask a question", "Ask two questions")
    )
    os.utime(tmp_path / "coins.md", (time.time() + 5,) * 2)
    end = time.monotonic() + 20
    while reload and get_services(app).site.library.revision == 1 and time.monotonic() < end:
        time.sleep(0.02)
    get_services(app).site.stop_watching()
    assert ("Ask two questions" in client.get("/essays/coins").text) == bool(reload)


def test_a_picture_beside_an_essay_is_served_and_nothing_else_is(tmp_path):
    write_starter("coins", tmp_path, date(2026, 11, 21))
    (tmp_path / "pic.png").write_bytes(b"\x89PNG")
    client = create_app({"ESSAYS": tmp_path}).test_client()
    assert client.get("/essays/pic.png").data == b"\x89PNG"
    for path in ("/essays/coins.py", "/essays/../app.py", "/essays/..%2fapp.py", "/essays/none.png"):
        assert client.get(path).status_code == 404, path


def test_a_link_that_sets_one_thing_keeps_the_others(client):
    page = client.get(ESSAY + "?p00=.5").text
    link = re.search(r'<a class="animate" href="([^"]*)" data-set="bits=1"', page)[1]
    assert html.unescape(link) == "?p00=.5&bits=1#bike-week"


def test_a_file_of_the_site_is_kept_for_good_where_its_address_names_its_version(client):
    version = re.search(r"explorable\.js\?v=([0-9a-f]+)", client.get(ESSAY).text)[1]
    for way in ("identity", "br", "gzip"):
        headers = {"Accept-Encoding": way}
        immutable = client.get(f"/static/explorable.js?v={version}", headers=headers)
        assert (
            immutable.headers["Cache-Control"] == "public, max-age=31536000, immutable"
            and immutable.mimetype == "text/javascript"
        )
        for address in ("/static/explorable.js", "/static/explorable.js?v=0"):
            reply = client.get(address, headers=headers)
            assert reply.headers["Cache-Control"] == "no-cache" and reply.data == immutable.data
            assert (
                client.get(address, headers=headers | {"If-None-Match": reply.headers["ETag"]}).status_code
                == 304
            )
    assert {
        client.get(f"/static/{path}").status_code
        for path in ("nothing.js", "../app.py", "%2e%2e/app.py", "/etc/passwd", "")
    } <= {404, 308}
