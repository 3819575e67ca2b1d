"""The cache of responses on disk: shared, bounded, and never in the way."""

import os
import sqlite3
import threading
from dataclasses import replace

import pytest

from infodecomp.explorable.serving import disk_cache
from infodecomp.explorable.serving.cache import CachedResponse, RenderedResponse, ResponseCache
from infodecomp.explorable.serving.disk_cache import DiskCache
from infodecomp.explorable.serving.limits import WorkerPool

STATE = RenderedResponse(b'{"svg":"' + b"<path/>" * 500 + b'"}', "application/json", "a.json", etag="tag")


@pytest.fixture
def open_cache(tmp_path):
    def opened(max_bytes=2**20, version="1"):
        return DiskCache(tmp_path / "cache" / "states.sqlite", max_bytes, version, tmp_path)

    return opened


def rows(tmp_path) -> sqlite3.Connection:
    return sqlite3.connect(tmp_path / "cache" / "states.sqlite", isolation_level=None)


def test_processes_with_one_version_share_responses(open_cache, tmp_path):
    open_cache().put("clock", CachedResponse(STATE))
    found = open_cache().get("clock")
    assert found.body == STATE.body and found.head == CachedResponse(STATE).head
    assert found.encoded_body("gzip") == CachedResponse(STATE).encoded_body("gzip")
    assert open_cache().get("another") is None
    assert open_cache(version="2").get("clock") is None
    os.utime(tmp_path, (1, 1))  # a model was replaced
    assert open_cache().get("clock") is None


def test_a_named_response_is_rendered_once_in_two_processes(open_cache):
    pool, rendered = WorkerPool("renderings", 1, 10), []

    def render():
        rendered.append(1)
        return STATE

    for name, times in (("clock", 1), ("", 3)):
        for _ in range(2):
            cache = ResponseCache()
            cache.store = open_cache()
            response, hit = cache.get_or_render("key", render, pool.submit, name=name)
            assert (response.body, hit) == (STATE.body, False)
            assert cache.get("key") is response, "it is in memory too"
        assert len(rendered) == times


def test_a_response_of_the_moment_is_not_stored(open_cache):
    cache, pool = ResponseCache(), WorkerPool("renderings", 1, 10)
    cache.store = open_cache()
    of_the_moment = replace(STATE, cacheable=False)
    assert cache.get_or_render("key", lambda: of_the_moment, pool.submit, name="clock")[0].body == STATE.body
    assert cache.store.get("clock") is None


def test_the_oldest_responses_make_room(open_cache, tmp_path):
    cache = open_cache(max_bytes=400_000)
    for number in range(300):
        cache.put(str(number), CachedResponse(RenderedResponse(os.urandom(4000), "image/png")))
    assert cache.get("0") is None and all(cache.get(str(number)) for number in range(250, 300))
    assert (tmp_path / "cache" / "states.sqlite").stat().st_size <= 400_000


@pytest.mark.parametrize("damage", ["body = x'00'", "body = NULL", "head = x'00'", "head = 7", "sum = NULL"])
def test_a_damaged_response_is_missing(open_cache, tmp_path, damage):
    cache = open_cache()
    cache.put("clock", CachedResponse(STATE))
    rows(tmp_path).execute(f"UPDATE responses SET {damage}")
    assert cache.get("clock") is None


def test_a_database_with_damaged_pages_is_replaced(open_cache, tmp_path):
    """As a machine that loses its power may leave it; both processes go on with the same new file."""
    cache = open_cache()
    for number in range(50):
        cache.put(str(number), CachedResponse(STATE))
    rows(tmp_path).execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with (tmp_path / "cache" / "states.sqlite").open("r+b") as file:
        size = file.seek(0, 2)
        file.seek(4096)  # the first page says that it is a database
        file.write(b"\xff" * (size - 4096))
    caches = open_cache(), open_cache()
    for cache in caches:
        cache.put("lost", CachedResponse(STATE))
    caches[0].put("clock", CachedResponse(STATE))
    assert all(cache.get("clock") is not None for cache in caches)


def test_a_file_that_is_no_database_is_replaced(open_cache, tmp_path):
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / "states.sqlite").write_bytes(b"no database " * 1000)
    cache = open_cache()
    cache.put("clock", CachedResponse(STATE))
    assert cache.get("clock").body == STATE.body


def test_two_that_find_a_file_broken_at_once_go_on_with_the_same_new_one(open_cache, tmp_path, monkeypatch):
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / "states.sqlite").write_bytes(b"no database " * 1000)
    caches, remove = [], DiskCache._remove
    other = threading.Thread(target=lambda: caches.append(open_cache()))

    def remove_later(cache):
        if other.ident is None:
            other.start()
            other.join(0.2)  # it has found the same
        remove(cache)

    monkeypatch.setattr(DiskCache, "_remove", remove_later)
    cache = open_cache()
    other.join()
    caches[0].put("clock", CachedResponse(STATE))
    assert cache.get("clock").body == STATE.body


def test_a_file_that_another_process_does_not_let_go_of_is_not_waited_for_long(open_cache, monkeypatch):
    cache = open_cache()
    monkeypatch.setattr(disk_cache, "OPEN_SECONDS", 0.05)
    with cache._alone(), pytest.raises(OSError):
        open_cache()
    assert open_cache().get("clock") is None


def test_a_database_of_something_else_is_replaced(open_cache, tmp_path):
    (tmp_path / "cache").mkdir()
    rows(tmp_path).execute("CREATE TABLE responses (key TEXT, text TEXT)")
    cache = open_cache()
    cache.put("clock", CachedResponse(STATE))
    assert cache.get("clock") is not None and open_cache().get("clock") is not None


def test_it_does_not_wait_for_another_process_that_writes(open_cache, tmp_path):
    cache, other = open_cache(), rows(tmp_path)
    cache.put("old", CachedResponse(STATE))
    other.execute("BEGIN IMMEDIATE")
    cache.put("new", CachedResponse(STATE))
    assert cache.get("old") is not None and cache.get("new") is None
    other.execute("ROLLBACK")
    cache.put("new", CachedResponse(STATE))
    assert cache.get("new") is not None


def test_a_place_that_cannot_be_used_is_reported_at_once(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(OSError):
        DiskCache(tmp_path / "file" / "states.sqlite", 2**20, "1", tmp_path)
    (tmp_path / "states.sqlite").mkdir()
    with pytest.raises(sqlite3.OperationalError):
        DiskCache(tmp_path / "states.sqlite", 2**20, "1", tmp_path)
