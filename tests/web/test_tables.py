"""A reader's own table in the browser: brought, read, decomposed, deleted; and what is refused."""

import fcntl
import gc
import io
import json
import logging
import os
import re
import secrets
import shutil
import signal
import subprocess
import sys
import threading
import time
import weakref
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from types import SimpleNamespace

import numpy as np
import pytest
from playwright.sync_api import expect

from infodecomp import DistributedBottleneck
from infodecomp.bottleneck.fits.stored import StoredFit
from infodecomp.explorable.core.errors import ExplorableError, NotFound
from infodecomp.explorable.serving.cache import RenderedResponse
from infodecomp.explorable.serving.request_log import LOG_WRITER, JsonFormatter
from infodecomp.tables.table_folder import TableFile
from infodecomp.web import essays
from infodecomp.web.factory import create_app
from infodecomp.web.services import EXTENSION
from infodecomp.web.tables import jobs, routes
from infodecomp.web.tables.figures import KINDS_OF_FIGURES, load_figures
from infodecomp.web.tables.store import NoRoom, TableStore, display_name
from tests.axe import assert_no_violation
from tests.first_essay import ESSAY
from tests.live_server import threaded_server, wait_until
from tests.pages import wait_for_fit, wait_for_query

COLUMNS = {"action": "columns"}  # back to them
ROWS = "".join(f"{i % 24};{'AB'[i % 2]};{i % 7},5;{i % 24 // 6 + i % 2}\n" for i in range(120))
TABLE = "hour;<b>kind</b>;=w;y\n" + ROWS


@pytest.fixture(scope="module")
def allowed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tables")
    return create_app({"TABLES": str(folder), "TABLE_BYTES": 10_000, "TABLE_ROWS": 500, "AHEAD": 0})


def bring(client, content: str | bytes = TABLE, name: str = "../../my <i>.csv", **options):
    data = content.encode() if isinstance(content, str) else content
    form = {"table": (io.BytesIO(data), name)}
    return client.post("/decompose", data=form, content_type="multipart/form-data", **options)


def sentence(client, content: str | bytes) -> str:
    page = client.get(bring(client, content).headers["Location"]).text
    found = re.search(r'role="alert"><strong>(.*?)</strong>', page, re.DOTALL)
    assert found and '<form method="post">' not in page, page
    return found[1]


@pytest.fixture(scope="module")
def decomposed(allowed):
    """The address of a table that is decomposed once for all tests; they delete copies of it."""
    client = allowed.test_client()
    address = bring(client).headers["Location"]
    columns = client.get(address)
    assert "<b>" not in columns.text and "&lt;b&gt;kind" in columns.text
    assert "my &lt;i&gt;.csv" in columns.text and "decimal commas" in columns.text
    for position in ("", "9", "-1", "0000009999", "9" * 5000, "²"):
        assert client.post(address, data={"target": position}).status_code == 400, position
    wrong = client.post(address, data={"target": "3", "kind-0": "circular", "kind-2": "ignore"})  # no period
    assert wrong.status_code == 400 and "hour wraps around: say after how many it starts again" in wrong.text
    for kept in ('<option value="3" selected>y', '"circular" selected', '"ignore" selected'):
        assert kept in wrong.text, kept
    chosen = {"target": "3", "kind-0": "circular", "period-0": "24", "kind-2": "ignore"}
    assert client.post(address, data=chosen).status_code == 303
    progress = client.get(address).text
    assert "Learning what each bit is worth" in progress
    assert '<noscript><meta http-equiv="refresh"' in progress and "What bits buy about y" in progress
    assert progress.count('class="drawn ') == 2
    assert client.get(f"{address}/figures/plane.json").status_code == 404
    pictures = {0}

    def has_ended() -> bool:
        answer = client.get(f"{address}/progress.json").json
        pictures.add(answer.get("pictures", 0))
        return answer["ended"]

    wait_until(has_ended, 120)
    folder = allowed.extensions[EXTENSION].tables.path(address.rpartition("/")[2])
    wait_until(lambda: not jobs.is_running(folder))
    assert max(pictures) > 0
    return address


@pytest.fixture
def copied(allowed, decomposed):
    """The address of a copy of that table."""
    store, name = allowed.extensions[EXTENSION].tables, secrets.token_urlsafe(24)
    shutil.copytree(store.path(decomposed.rpartition("/")[2]), store.folder / name)
    return f"/decompose/{name}"


def test_a_table_is_brought_read_and_decomposed(allowed, decomposed):
    client = allowed.test_client()
    form = client.get("/decompose")
    assert 'enctype="multipart/form-data"' in form.text and "500 rows" in form.text
    assert re.fullmatch(r"/decompose/[\w-]{32}", decomposed)
    results = client.get(decomposed)
    assert results.headers["Cache-Control"] == "no-store" and results.headers["X-Robots-Tag"] == "noindex"
    assert "Where is the information about y?" in results.text and results.text.count("<svg") == 6
    assert "<b>" not in results.text.replace('<b class="role-selection">', "")
    assert "&lt;b&gt;kind" in results.text
    record = json.loads(client.get(f"{decomposed}/plane.json").text)
    assert record["columns"][0]["period"] == 24 and record["ignored"] == ["=w"] and record["rows"] == 120
    assert record["file"] == "my <i>.csv"
    for name in routes.DOWNLOADS:
        file = client.get(f"{decomposed}/{name}")
        assert file.status_code == 200 and "attachment" in file.headers["Content-Disposition"], name
    assert "--circular hour:24" in client.get(f"{decomposed}/script.sh").text
    assert client.get(f"{decomposed}/about.json").status_code == 404  # only results leave


def test_its_columns_can_be_changed_and_it_can_be_deleted(allowed, copied):
    client = allowed.test_client()
    assert client.get(f"{copied}/figures/ask.svg").status_code == 200
    back = client.post(copied, data={"action": "columns"})
    assert back.status_code == 303
    form = client.get(copied).text
    assert "How your columns are read" in form
    for kept in ('<option value="3" selected>y', '"circular" selected', 'value="24"', '"ignore" selected'):
        assert kept in form, kept
    assert client.get(f"{copied}/figures/ask.svg").status_code == 404
    deleted = client.post(f"{copied}/delete", follow_redirects=True)
    assert "Your table is deleted" in deleted.text and "is deleted" not in client.get("/decompose").text
    for path in ("", "/plane.json", "/figures/ask", "/figures/ask.svg", "/figures.json?state=ask"):
        assert client.get(copied + path).status_code == 404, path


def test_the_figures_of_a_table_have_an_address_in_every_state_and_format(allowed, decomposed):
    client = allowed.test_client()
    page = client.get(f"{decomposed}?column=2&bits=1").text
    assert '<input type="hidden" name="column" value="2">' in page
    assert re.findall(r'data-figure="(\w+)"', page) == ["plane", "matrices", "ask"]
    assert f'data-figures="{decomposed}/figures"' in page and 'value="1.0"' in page
    assert 'href="?bits=1&amp;column=1"' in page  # links keep the state, also without a script
    assert client.get(f"{decomposed}?column=9").status_code == 400
    query = "state=plane%3Fbits%3D1%26_fields%3Dvalues&state=ask%3F_fields%3Dvalues"
    one, other = client.get(f"{decomposed}/figures.json?{query}").json["states"]
    assert one["values"]["bits"] == 1 and other["values"]["similar"] > 0
    alone = client.get(f"{decomposed}/figures/ask?ask_1=5")
    assert 'name="ask_1"' in alone.text and "All results of this table" in alone.text
    for kind in KINDS_OF_FIGURES:
        answer = client.get(f"{decomposed}/figures/matrices.{kind}?bits=1")
        assert answer.status_code == 200 and answer.headers["Cache-Control"] == "no-store", kind
        assert answer.headers["X-Robots-Tag"] == "noindex", kind
        assert "Access-Control-Allow-Origin" not in answer.headers, kind
    for path, status in (
        ("plane.gif", 404),
        ("plane.py", 404),
        ("nope.svg", 404),
        ("plane.svg?bits=99", 400),
    ):
        assert client.get(f"{decomposed}/figures/{path}").status_code == status, path


def test_a_table_for_which_there_is_no_room_now_can_be_decomposed_later(allowed, copied):
    client, store = allowed.test_client(), allowed.extensions[EXTENSION].tables
    kept = set(store.folder.iterdir())
    for _ in range(2):
        jobs.JOBS.acquire()
    try:
        assert client.post(copied, data={"target": "3", "kind-1": "ignore"}).status_code == 503
        assert bring(client).status_code == 503 and set(store.folder.iterdir()) == kept
    finally:
        for _ in range(2):
            jobs.JOBS.release()
    page = client.get(copied).text
    assert "How your columns are read" in page and '"ignore" selected' in page


def test_a_fit_that_was_cut_off_says_so_and_goes_on_by_one_press(allowed, copied, monkeypatch):
    client, store = allowed.test_client(), allowed.extensions[EXTENSION].tables
    folder, started = store.path(copied.rpartition("/")[2]), []
    (folder / "page.json").unlink()
    checkpoint, x = folder / TableFile.CHECKPOINT, np.arange(20.0)
    DistributedBottleneck(steps=1, draws=1, random_state=0).fit(x[:, None], x, checkpoint=checkpoint)
    stored = checkpoint.read_bytes()
    with (folder / TableFile.LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert "Learning what each bit is worth" in client.get(copied).text
        assert client.post(copied, data={"target": "1"}).status_code == 303 and checkpoint.exists()
    page = client.get(copied).text
    assert f'<p role="alert"><strong>{jobs.CUT_OFF}' in page and '<option value="3" selected>y' in page
    assert client.get(f"{copied}/progress.json").json["ended"]
    monkeypatch.setattr(routes, "start_job", lambda *job: started.append(job[1:3]))
    chosen = {"target": "3", "kind-0": "circular", "period-0": "24", "kind-2": "ignore"}
    client.post(copied, data=chosen)
    assert started == [(folder.name, "decompose")] and checkpoint.read_bytes() == stored
    client.post(copied, data=chosen | {"kind-2": ""})  # another fit begins anew
    assert len(started) == 2 and not checkpoint.exists()


def test_a_press_waits_for_a_process_that_has_found_all_and_is_about_to_end(allowed, copied):
    """What the process and its watcher do until then is not taken for another fit's."""
    folder = allowed.extensions[EXTENSION].tables.path(copied.rpartition("/")[2])
    press = threading.Thread(target=allowed.test_client().post, args=[copied], kwargs={"data": COLUMNS})
    with (folder / TableFile.LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        press.start()
        press.join(0.2)
        assert press.is_alive() and (folder / "page.json").exists() and (folder / "options.json").exists()
    press.join(10)
    assert not (folder / "page.json").exists() and not (folder / "options.json").exists()
    assert not (folder / "error.json").exists() and not jobs.is_running(folder)


def test_the_second_of_two_presses_at_once_changes_nothing(allowed, copied, monkeypatch):
    client, started = allowed.test_client(), []
    folder = allowed.extensions[EXTENSION].tables.path(copied.rpartition("/")[2])
    client.post(copied, data=COLUMNS)
    monkeypatch.setattr(jobs, "LOOK_SECONDS", 0.05)
    monkeypatch.setattr(routes, "start_job", lambda *job: started.append(job))
    with jobs.locked(folder):  # by the first, which is about to write what was chosen
        before = {file.name: file.stat().st_mtime_ns for file in folder.iterdir()}
        answer = client.post(copied, data={"target": "3"})
        assert answer.status_code == 303 and answer.headers["Location"] == copied and not started
        assert {file.name: file.stat().st_mtime_ns for file in folder.iterdir()} == before
    client.post(copied, data={"target": "3"})
    assert len(started) == 1 and (folder / "options.json").exists()


@pytest.mark.parametrize("moment", ["job_options", "locked", "_change", "start_job"])
def test_a_press_on_a_table_that_is_deleted_at_this_moment_finds_nothing(
    allowed, copied, monkeypatch, moment
):
    client, step = allowed.test_client(), getattr(routes, moment)
    tables = allowed.extensions[EXTENSION].tables

    def delete_before(*arguments):
        assert allowed.test_client().post(f"{copied}/delete").status_code == 303
        return step(*arguments)

    monkeypatch.setattr(routes, moment, delete_before)
    assert client.post(copied, data={"target": "3"}).status_code == 404
    assert client.get(copied).status_code == client.post(f"{copied}/delete").status_code == 404
    assert not (tables.folder / copied.rpartition("/")[2]).exists()


def test_a_fit_that_is_killed_says_by_what_and_goes_on_by_one_press(allowed, copied, monkeypatch):
    client, started, real = allowed.test_client(), [], subprocess.Popen
    folder = allowed.extensions[EXTENSION].tables.path(copied.rpartition("/")[2])

    def start(command, **options):
        sleeps = [sys.executable, "-c", "import time; time.sleep(60)"]
        started.append(real(sleeps, pass_fds=options["pass_fds"]))
        return started[-1]

    monkeypatch.setattr(jobs.subprocess, "Popen", start)
    for number in (signal.SIGKILL, signal.SIGTERM):
        client.post(copied, data={"target": "3"})
        (folder / TableFile.CHECKPOINT).write_bytes(b"steps")
        started[-1].send_signal(number)
        wait_until(lambda: not jobs.is_running(folder))
        page = client.get(copied).text
        assert f"ended from outside ({number.name})" in page and "took longer" not in page
        assert "Press “Decompose” to go on." in page
    client.post(copied, data={"target": "3"})
    assert jobs.is_running(folder) and (folder / TableFile.CHECKPOINT).read_bytes() == b"steps"
    client.post(f"{copied}/delete")


def test_a_process_that_goes_on_after_its_table_is_deleted_leaves_nothing(allowed, copied, monkeypatch):
    client, started, real = allowed.test_client(), [], subprocess.Popen
    folder = allowed.extensions[EXTENSION].tables.path(copied.rpartition("/")[2])
    writes = (
        "import pathlib, sys, time; folder = pathlib.Path(sys.argv[1])\n"
        "while folder.exists(): time.sleep(.001)\n"
        "folder.mkdir(); (folder / 'progress.json').write_text('{}'); time.sleep(60)"
    )

    def start(command, **options):
        started.append(real([sys.executable, "-c", writes, str(folder)], pass_fds=options["pass_fds"]))
        return started[-1]

    monkeypatch.setattr(jobs.subprocess, "Popen", start)
    assert client.post(copied, data={"target": "3"}).status_code == 303
    assert client.post(f"{copied}/delete").status_code == 303
    assert client.get(copied).status_code == 404
    wait_until(lambda: started[0].returncode is not None and not folder.exists())


@pytest.mark.skipif(not jobs.WORKING_FOLDER.is_dir(), reason="Linux alone has it")
def test_a_process_that_goes_on_after_its_server_cannot_bring_a_deleted_table_back(
    allowed, copied, monkeypatch
):
    client, started, real = allowed.test_client(), [], subprocess.Popen
    tables, name = allowed.extensions[EXTENSION].tables, copied.rpartition("/")[2]
    writes = (
        "import pathlib, sys, time; from infodecomp.artifacts import write_atomic\n"
        "folder = pathlib.Path(sys.argv[1]); assert (folder / 'about.json').exists()\n"
        "while (folder / 'about.json').exists(): time.sleep(.001)\n"
        "time.sleep(.1); write_atomic(folder / 'rows.safetensors', b'rows')"
    )

    def start(command, **options):
        arguments = [sys.executable, "-c", writes, command[-2]]
        started.append(real(arguments, cwd=options["cwd"], stderr=subprocess.PIPE))
        return started[-1]

    def not_watched(process, store, name, action, lock):
        jobs.JOBS.release()
        os.close(lock)

    monkeypatch.setattr(jobs.subprocess, "Popen", start)
    monkeypatch.setattr(jobs, "_watch", not_watched)
    assert client.post(copied, data={"target": "3"}).status_code == 303
    time.sleep(0.5)
    assert client.post(f"{copied}/delete").status_code == 303
    assert b"FileNotFoundError" in started[0].communicate(timeout=20)[1]
    assert not list(tables.folder.glob(f"*{name}"))


def test_a_fit_that_a_release_without_locks_started_goes_on(allowed, copied):
    folder = allowed.extensions[EXTENSION].tables.path(copied.rpartition("/")[2])
    (folder / TableFile.LOCK).unlink()
    (folder / "page.json").unlink()
    progress, client = folder / "progress.json", allowed.test_client()
    progress.touch()
    assert "Learning what each bit is worth" in client.get(copied).text
    os.utime(progress, (time.time() - 100,) * 2)
    assert jobs.CUT_OFF in client.get(copied).text


def test_the_rows_and_columns_of_a_fit_that_goes_on_are_those_of_its_results(allowed, copied):
    """Rows without a target and columns with one value are left out of both."""
    folder = allowed.extensions[EXTENSION].tables.path(copied.rpartition("/")[2])
    client, fit, about = (
        allowed.test_client(),
        StoredFit.load(folder),
        json.loads((folder / "page.json").read_text())["about"],
    )
    (folder / "page.json").unlink()
    growth = {"about": about | {"rows": 1100}, "step": 1, "steps": 2, "nothing": 1, "top": 1, "end": 1}
    growth |= {"features": [feature.as_dict() for feature in fit.features][:1], "classes": fit.classes}
    growth |= {"plane": {name: column.tolist() for name, column in fit.plane.as_dict().items()}}
    growth["plane"]["features"] = [bits[:1] for bits in growth["plane"]["features"]]
    with jobs.locked(folder):
        assert not re.search(r"[\d,]+ rows, \d+ columns", client.get(copied).text)
        (folder / "growth.json").write_text(json.dumps(growth))
        assert ": 1,100 rows, 1 columns</p>" in client.get(copied).text


def test_results_that_are_gone_are_not_found_and_no_path_is_shown(allowed, copied):
    """They are removed while somebody asks, or an earlier release made them."""
    client, store = allowed.test_client(), allowed.extensions[EXTENSION].tables
    (store.path(copied.rpartition("/")[2]) / "rows.safetensors").unlink()
    for path in ("", "/figures/plane", "/figures/plane.svg", "/figures.json?state=plane"):
        answer = client.get(copied + path)
        assert answer.status_code == 404 and "not here any more: bring it again" in answer.text, path
        assert str(store.folder) not in answer.text


def test_a_page_of_a_table_is_never_taken_from_the_cache_of_the_site(allowed, copied, monkeypatch):
    client, services = allowed.test_client(), allowed.extensions[EXTENSION]
    keys, real = [], essays.send_cached
    monkeypatch.setattr(essays, "send_cached", lambda *given: keys.append(given[1]) or real(*given))
    page = client.get(copied).text
    services.cache.put(keys[0], RenderedResponse(b"a page of the site", "text/html"))
    assert [client.get(copied).text for _ in "12"] == [page, page]


def test_no_list_knows_the_figures_of_a_table_and_no_table_those_of_another(
    allowed, decomposed, copied, monkeypatch
):
    client, services, kept = allowed.test_client(), allowed.extensions[EXTENSION], []
    store, on_disk = services.tables, SimpleNamespace(get=kept.append, put=lambda *item: kept.append(item))
    monkeypatch.setattr(services.cache, "store", on_disk)
    folder = store.path(copied.rpartition("/")[2])
    results = json.loads((folder / "page.json").read_text())
    (folder / "page.json").write_text(json.dumps(results | {"about": results["about"] | {"target": "other"}}))
    pages = [client.get(f"{address}/figures/plane.txt").text for address in (decomposed, copied)]
    assert ["about y" in page for page in pages] == [True, False]
    assert ["about other" in page for page in pages] == [False, True]
    name = decomposed.rpartition("/")[2]
    assert not {"plane", "matrices", "ask"} & set(services.site.library.figures)
    for path in ("/sitemap.xml", "/feed.xml", "/openapi.json"):
        assert name not in client.get(path).text and "bits buy about y" not in client.get(path).text
    assert client.get("/figures/ask.svg").status_code == 404
    assert client.get(f"{copied}/figures.json?state=ask").json["states"][0]["description"]
    assert not kept  # on the disk that the figures of essays share
    with allowed.test_request_context():
        held = weakref.ref(load_figures(services, store, folder.name))
    shutil.rmtree(folder)
    store.remove_old()
    gc.collect()
    assert held() is None  # nothing of it is left in memory


@pytest.fixture(scope="module")
def address(allowed):
    """The address of this application, in place of that of the site."""
    with threaded_server(allowed) as origin:
        yield origin


@pytest.mark.browser
def test_the_figures_of_a_table_follow_the_pointer_and_the_keys_and_axe_finds_no_violation(
    open_page, decomposed
):
    page = open_page(decomposed, bypass_csp=True)
    wait_for_fit(page, "plane")
    before = page.locator("#matrices .says").inner_text()
    dot = page.locator("#plane .handle").bounding_box()
    x, y = dot["x"] + dot["width"] / 2, dot["y"] + dot["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + (150 if x < 600 else -150), y, steps=4)
    page.mouse.up()
    wait_for_query(page, "bits=")
    expect(page.locator("#matrices .says")).not_to_have_text(before)
    wait_for_fit(page, "ask")
    page.locator("#ask .handle").first.focus()
    page.keyboard.press("End")
    wait_for_query(page, "ask_1=23")
    page.locator("#ask .take summary").click()
    link = page.locator("#ask .offers a[data-kind=png]").first
    expect(link).to_have_attribute("href", re.compile(rf"{decomposed}/figures/ask\.png\?bits=.*&ask_1=23"))
    assert_no_violation(page)


@pytest.mark.browser
def test_a_printed_report_leaves_no_page_half_empty_and_no_heading_without_what_follows(
    open_page, allowed, decomposed
):
    page = open_page("/decompose")
    page.goto("about:blank")  # the policy of a page here would refuse the style of a report
    page.set_content(allowed.test_client().get(f"{decomposed}/report.html").text)
    page.set_viewport_size({"width": 680, "height": 1000})  # A4 within its margins
    page.emulate_media(media="print")
    figures, headings = page.locator("figure:visible"), page.locator("h2")
    second = figures.nth(1).bounding_box()
    assert second["y"] + second["height"] < 1000, "both pictures are on the first page"
    assert all(box.evaluate("node => getComputedStyle(node).breakAfter") == "avoid" for box in headings.all())
    assert all(figures.nth(i).bounding_box()["height"] < 400 for i in range(figures.count()))
    made = page.locator("h2", has_text="How it was made").locator("+ p").inner_text()
    assert "own_level 0." in made and not re.search(r"\d\.\d{6}", made)


@pytest.mark.browser
def test_a_file_that_is_too_large_is_named_before_it_is_sent(open_page, allowed):
    page = open_page("/decompose")
    chosen, refused = page.locator("#table"), page.locator("#refused")
    expect(refused).to_be_hidden()
    chosen.set_input_files({"name": "x.csv", "mimeType": "text/csv", "buffer": b"a" * 1_200_010})
    expect(refused).to_contain_text("Your file has 1.3 MB, and at most 0.01 MB are read here")
    assert not page.evaluate("document.forms[0].checkValidity()")
    chosen.set_input_files({"name": "x.csv", "mimeType": "text/csv", "buffer": b"a" * 10_000})
    expect(refused).to_be_hidden()
    assert page.evaluate("document.forms[0].checkValidity()")


@pytest.mark.browser
def test_a_page_of_progress_takes_no_stream_and_asks_again_after_answers_that_failed(
    open_page, allowed, copied, monkeypatch
):
    services, asked = allowed.extensions[EXTENSION], []
    monkeypatch.setattr(services.streams, "free", 0)
    folder = services.tables.path(copied.rpartition("/")[2])
    (folder / "page.json").rename(folder / "kept.json")

    def answer(route):
        asked.append(route.request.url)
        if len(asked) == 1:
            route.fulfill(status=503, body="busy")
        elif len(asked) == 2:
            route.abort()
        else:
            route.continue_()

    progress = {"step": 3, "steps": 4, "sentence": "Three of four.", "pictures": 0}
    with jobs.locked(folder):
        (folder / "progress.json").write_text(json.dumps(progress | {"step": 2, "sentence": "Two of four."}))
        page = open_page(copied)
        expect(page.locator("#state")).to_have_text("Two of four.")
        (folder / "progress.json").write_text(json.dumps(progress))
        page.route("**/progress.json", answer)
        page.clock.install()
        for _ in range(4):
            page.clock.run_for(1000)
            page.wait_for_timeout(50)
        expect(page.locator("#state")).to_have_text("Three of four.")
        expect(page.locator("#announcement")).to_have_text("Three of four.")
        (folder / "kept.json").rename(folder / "page.json")
    page.clock.run_for(1000)
    expect(page.locator("#matrices")).to_be_visible()
    open_page.complaints.clear()  # about the answers that failed


def test_a_reader_without_a_table_gets_one_that_goes_the_same_way(allowed):
    client = allowed.test_client()
    assert '<input type="hidden" name="example"' in client.get("/decompose").text
    address = client.post("/decompose", data={"example": "bikes"}).headers["Location"]
    page = client.get(address).text
    assert "How your columns are read" in page and "bike rentals.csv" in page
    assert re.search(r'<option value="\d+" selected>count', page) and page.count('"circular" selected') == 3
    assert 'value="24"' in page and '<p class="quiet">156 rows.' in page  # within the limits of this server
    assert client.post(f"{address}/delete").status_code == 303 and client.get(address).status_code == 404
    assert client.post("/decompose", data={"example": ""}).status_code == 400


def test_what_cannot_be_read_is_one_sentence(allowed):
    client = allowed.test_client()
    assert "about 901 rows, and at most 500 are read here" in sentence(client, "a,y\n" + "1,2\n" * 901)
    assert "my &lt;i&gt;.csv cannot be unpacked" in sentence(client, b"\x1f\x8b and so on")
    assert "my &lt;i&gt;.csv cannot be read as Parquet" in sentence(client, b"PAR1 and so on")
    assert "my &lt;i&gt;.csv is not UTF-8: line 2" in sentence(client, b"a,y\n1,\xff\n")


def test_a_parquet_file_is_taken_and_one_that_grows_is_not(allowed):
    pa, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    client, files = allowed.test_client(), [io.BytesIO(), io.BytesIO()]
    columns = {"<b>x</b>": [0.5] * 40, "tags": [["a"]] * 40, "y": [date(2026, 1, 1)] * 40}
    parquet.write_table(pa.table(columns), files[0])
    page = client.get(bring(client, files[0].getvalue(), "x.csv").headers["Location"]).text
    assert "&lt;b&gt;x" in page and "<b>" not in page and "tags holds lists or records" in page
    assert "40 rows" in page and "dates, as found" in page
    parquet.write_table(pa.table({"a": ["x" * 100_000]}), files[1], compression="zstd")
    assert "unpacks to more than the 0.05 MB" in sentence(client, files[1].getvalue())
    assert "A CSV or Parquet file" in client.get("/decompose").text


def test_a_file_that_is_too_large_is_refused_with_the_limit_its_size_and_what_to_do(allowed):
    client = allowed.test_client()
    for n_rows, size in ((3_000, "0.013"), (30_000, "0.13")):  # the second by the length of its form alone
        table = "a,y\n" + "1,2\n" * n_rows
        answer = bring(client, table, headers={"Accept": "text/html"})
        assert answer.status_code == 413 and f"Your file has {size} MB, and at most 0.01 MB" in answer.text
        assert "compress it by gzip" in answer.text and 'type="file"' in answer.text
        problem = bring(client, table)
        assert problem.status_code == 413 and problem.json["title"] == "This file is too large"
        assert problem.json["limit"] == 10_000
    assert [routes._megabytes(size) for size in (20_000_000, 20_000_010, 10_001)] == ["20", "20.1", "0.011"]
    assert routes._megabytes(20_090_000, up=False) == "20"
    assert "Your file is too large: at most 0.01 MB" in client.get("/decompose?large=1").text


def test_no_log_holds_the_name_of_a_table_with_which_it_could_be_seen(allowed, monkeypatch, caplog):
    client, secret, lines = allowed.test_client(), "x" * 32, []
    monkeypatch.setattr(LOG_WRITER, "write", lines.append)
    monkeypatch.setattr(allowed.wsgi_app, "_log_requests", True)
    client.get(f"/decompose/{secret}/figures/ask.png?bits=2")
    assert client.get(f"/decompose//{secret}").status_code == 308
    monkeypatch.setitem(allowed.view_functions, "tables.page", lambda name: 1 / 0)
    assert client.get(f"/decompose/{secret}").status_code == 500
    assert [json.loads(line)["path"] for line in lines] == [
        "/decompose/{name}/figures/ask.png?bits=2",
        "/decompose//{name}",
        "/decompose/{name}",
    ]
    messages = [record.getMessage() for record in caplog.records]
    assert any("could not answer /decompose/{name}" in one for one in messages) and secret not in str(
        messages
    )


def test_a_traceback_in_the_log_does_not_hold_the_folder_of_a_table(allowed, copied):
    folder = allowed.extensions[EXTENSION].tables.path(copied.rpartition("/")[2])
    try:
        (folder / "gone").read_bytes()
    except OSError as error:
        record = logging.LogRecord("x", 40, "", 0, "failed", (), (OSError, error, error.__traceback__))
    line = JsonFormatter().format(record)
    assert "/{name}/gone" in line and folder.name not in line


def test_uploads_are_limited_and_come_from_this_site_alone(allowed):
    client = allowed.test_client()
    assert client.post("/decompose", data={}, content_type="multipart/form-data").status_code == 400
    foreign = {"Origin": "https://elsewhere.example"}
    assert bring(client, headers=foreign).status_code == 403
    for name in ("x" * 32, "x", "..", "%2e%2e"):
        assert client.get(f"/decompose/{name}").status_code == 404
        assert client.post(f"/decompose/{name}/delete").status_code == 404


def test_nothing_is_there_where_the_operator_allows_no_tables(client):
    assert client.get("/decompose").status_code == 404
    assert bring(client).status_code == 404
    assert "Decompose a table of your own" not in client.get("/").text


@pytest.fixture
def stored(tmp_path):
    """A store, and the name of a table in it."""
    store = TableStore(tmp_path / "tables", tmp_path / "checkout", 1000, 1)
    return store, store.add(io.BytesIO(b"a,b"), "a.csv", 5, 100)


def test_what_is_made_of_a_table_that_is_deleted_meanwhile_is_not_held(stored):
    store, name = stored

    def load(folder):
        store.delete(name)
        return threading.Event()

    alive = weakref.ref(store.loaded(name, TableFile.ABOUT, load))
    gc.collect()
    assert alive() is None


def test_nothing_is_written_for_a_table_that_is_deleted_meanwhile(stored, monkeypatch):
    (store, name), path = stored, TableStore.path

    def delete_after(self, *given):
        monkeypatch.undo()
        found = path(self, *given)
        store.delete(name)
        return found

    monkeypatch.setattr(TableStore, "path", delete_after)
    with pytest.raises(NotFound):
        store.write(name, TableFile.OPTIONS, {"target": 1})
    assert not list(store.folder.iterdir())


def test_tables_are_kept_for_their_time_and_within_their_room(tmp_path):
    now = [1000.0]
    store = TableStore(tmp_path / "a", tmp_path / "checkout", 1000, 1, monotonic=lambda: now[0])
    first, second = (
        store.add(io.BytesIO(b"a" * 300), "a.csv", 5, 100),
        store.add(io.BytesIO(b"b"), "b.csv", 5, 100),
    )
    assert first != second and store.path(first, "table").read_bytes() == b"a" * 300
    with pytest.raises(NoRoom):
        store.add(io.BytesIO(b"c" * 900), "c.csv", 5, 100)
    now[0] += 3601
    with pytest.raises(ExplorableError, match="removed 1 hours after"):
        store.path(first)
    stopping = threading.Event()
    stopping.set()
    store.remove_old_until(stopping)  # without a visitor
    assert not any((tmp_path / "a").iterdir())
    store.add(io.BytesIO(b"c" * 700), "c.csv", 5, 100)
    assert (tmp_path / "a").stat().st_mode & 0o077 == 0
    with pytest.raises(ExplorableError, match="inside the checkout"):
        TableStore(tmp_path / "checkout" / "x", tmp_path / "checkout", 1000, 1)
    assert display_name("C:\\x\\a\nb.csv") == "ab.csv" and display_name("/") == "table"


def test_two_tables_that_come_at_once_share_the_room(tmp_path, monkeypatch):
    root, copy = tmp_path / "checkout", shutil.copyfileobj
    stores, refused = [TableStore(tmp_path / "a", root, 1000, 1) for _ in "12"], []  # of two processes

    def add(store):
        try:
            store.add(io.BytesIO(b"a" * 600), "a.csv", 5, 100)
        except NoRoom as error:
            refused.append(error)

    other = threading.Thread(target=add, args=[stores[1]])

    def copy_later(*arguments):
        if other.ident is None:
            other.start()
            other.join(0.2)
        copy(*arguments)

    monkeypatch.setattr(shutil, "copyfileobj", copy_later)
    add(stores[0])
    other.join()
    assert len(refused) == 1 and len(list((tmp_path / "a").iterdir())) == 1


def test_a_table_that_loads_slowly_keeps_no_one_from_another(tmp_path):
    store, loads = TableStore(tmp_path / "a", tmp_path / "c", 10_000, 1), []
    slow, quick = (store.add(io.BytesIO(b"a"), "a.csv", 5, 100) for _ in "12")
    began, may_end = threading.Event(), threading.Event()

    def load(folder):
        loads.append(folder.name)
        if folder.name == slow:
            began.set()
            assert may_end.wait(10)
        return folder.name

    with ThreadPoolExecutor(3) as pool:
        first = pool.submit(store.loaded, slow, "table", load)
        assert began.wait(10)
        again = pool.submit(store.loaded, slow, "table", load)
        try:
            assert pool.submit(store.loaded, quick, "table", load).result(5) == quick
        finally:
            may_end.set()
        assert first.result(5) == again.result(5) == slow
    assert sorted(loads) == sorted([slow, quick])


@pytest.mark.parametrize("hours", [-30, 30])
def test_a_clock_that_is_set_neither_removes_a_table_early_nor_keeps_it(tmp_path, hours):
    wall, monotonic = [1e9], [50.0]
    clocks = {"clock": lambda: wall[0], "monotonic": lambda: monotonic[0]}
    store = TableStore(tmp_path / "a", tmp_path / "checkout", 1000, 24, **clocks)
    name = store.add(io.BytesIO(b"a"), "a.csv", 5, 100)
    wall[0] += 3600 * hours
    monotonic[0] += 3600 * 23
    store.remove_old()
    assert store.path(name).is_dir()
    monotonic[0] += 3600 * 2
    store.remove_old()
    assert not any((tmp_path / "a").iterdir())


@pytest.mark.skipif(not hasattr(time, "CLOCK_BOOTTIME"), reason="this clock is Linux's")
def test_a_table_ages_while_the_machine_sleeps(tmp_path, monkeypatch):
    store = TableStore(tmp_path / "a", tmp_path / "c", 1000, 24, clock=lambda: 1e9)
    store.add(io.BytesIO(b"a"), "a.csv", 5, 100)
    monkeypatch.setattr(time, "clock_gettime", lambda clock: {time.CLOCK_BOOTTIME: 1e9}[clock])
    store.remove_old()
    assert not any((tmp_path / "a").iterdir())


def test_after_a_restart_a_table_is_as_old_as_the_clock_says(tmp_path):
    wall = [1e9]
    stores = [TableStore(tmp_path / "a", tmp_path / "c", 1000, 24, clock=lambda: wall[0]) for _ in "12"]
    name = stores[0].add(io.BytesIO(b"a"), "a.csv", 5, 100)
    wall[0] += 3600 * 25
    assert stores[0].path(name).is_dir()
    with pytest.raises(ExplorableError, match="24 hours"):
        stores[1].path(name)


def test_the_process_of_a_table_is_limited():
    source = (
        "import resource as r; from infodecomp.cli import table_job as j; j.limit('inspect'); "
        "print(r.getrlimit(r.RLIMIT_AS)[0], *r.getrlimit(r.RLIMIT_CPU), r.getrlimit(r.RLIMIT_FSIZE)[1])\n"
        "try: bytearray(j.MEMORY)\nexcept MemoryError: print('refused')"
    )
    done = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, timeout=60)
    assert done.stdout.split() == [str(4 * 2**30), "60", "61", str(256 * 2**20), "refused"], done.stderr


def test_a_process_that_says_nothing_or_takes_too_long_is_ended(allowed, monkeypatch):
    """The process is replaced by one that sleeps, whose time is over at once, and by one that breaks off."""
    started, does = [], ["import time; time.sleep(60)", "raise SystemExit(1)"]

    def sleep(command, **options):
        started.append(real([sys.executable, "-c", does[len(started)]]))
        return started[-1]

    real = subprocess.Popen
    monkeypatch.setattr(jobs.subprocess, "Popen", sleep)
    monkeypatch.setitem(jobs.WALL_SECONDS, "inspect", 0.2)
    client, before = allowed.test_client(), time.monotonic()
    assert "This took longer, or more memory" in sentence(client, TABLE)
    assert time.monotonic() - before < 30 and started[0].poll() is not None
    monkeypatch.setitem(jobs.WALL_SECONDS, "inspect", 60)
    assert "This table could not be read. The file may be damaged" in sentence(client, TABLE)


def test_the_essay_leads_there_where_tables_are_taken_and_says_how_else(allowed, client):
    link = '<a href="/decompose">a page for yours</a>'
    for address in (ESSAY, f"{ESSAY}/slides"):
        with_tables, without = (one.get(address).text for one in (allowed.test_client(), client))
        assert "/decompose" in with_tables and "/decompose" not in without
    assert link in allowed.test_client().get(ESSAY).text
    page = client.get(ESSAY).text
    assert "a page for yours" in page and "infodecomp decompose yours.csv" in page
    assert page.index('href="#a-table-of-your-own"') < page.index('id="a-table-of-your-own"')
