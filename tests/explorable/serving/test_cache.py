"""The response cache: single flight, eviction, limits on waiting, encodings."""

import threading
import zlib

import brotli
import pytest

from infodecomp.explorable.core.errors import Busy
from infodecomp.explorable.serving.cache import CachedResponse, RenderedResponse, ResponseCache
from infodecomp.explorable.serving.limits import WorkerPool
from tests.live_server import wait_until

DONE = RenderedResponse(b"done", "text/plain")


@pytest.fixture
def pool():
    return WorkerPool("renderings", 1, 100)


def test_concurrent_requests_for_one_key_share_one_rendering(pool):
    cache, rendered, release = ResponseCache(), [], threading.Event()

    def render():
        rendered.append(1)
        release.wait()
        return DONE

    bodies = []

    def ask():
        bodies.append(cache.get_or_render("key", render, pool.submit)[0].body)

    threads = [threading.Thread(target=ask) for _ in range(100)]
    for thread in threads:
        thread.start()
    wait_until(lambda: cache.waiting == 100)
    release.set()
    for thread in threads:
        thread.join()
    assert bodies == [b"done"] * 100 and len(rendered) == 1


def test_an_error_reaches_the_caller_and_is_not_cached(pool):
    cache = ResponseCache()
    with pytest.raises(ValueError, match="once"):
        cache.get_or_render("key", lambda: (_ for _ in ()).throw(ValueError("once")), pool.submit)
    cached, hit = cache.get_or_render("key", lambda: DONE, pool.submit)
    assert cached.body == b"done" and not hit


def test_least_recently_used_responses_are_evicted_at_the_bound(pool):
    cache = ResponseCache(max_bytes=10_000)
    for key in range(20):
        cache.get_or_render(key, lambda: RenderedResponse(b"x" * 500, "text/plain"), pool.submit)
        cache.get_or_render(0, lambda: RenderedResponse(b"x" * 500, "text/plain"), pool.submit)
        assert cache.size <= 10_000
    assert cache.get(0) is not None and cache.get(1) is None


def test_texts_are_stored_compressed_and_other_encodings_are_made_from_that():
    text = RenderedResponse(b"<svg>" + b"a line of it " * 2000, "image/svg+xml", "plane.svg", True)
    cache = ResponseCache()
    cached = cache.put("key", text)
    assert cached is cache.get("key") and cache.size < len(text.body) / 10
    assert (cached.etag, cached.filename, cached.attachment, cached.mimetype) == (
        text.etag,
        "plane.svg",
        True,
        "image/svg+xml",
    )
    assert cached.encoded_body(None) == cached.body == text.body
    assert brotli.decompress(cached.encoded_body("br")) == text.body
    assert zlib.decompress(cached.encoded_body("gzip"), 31) == text.body
    assert cached.encoded_body("gzip") is cached.encoded_body("gzip"), "made once"
    assert not CachedResponse(RenderedResponse(bytes(5000), "image/png")).is_compressed


def test_a_response_larger_than_the_cache_is_sent_and_not_cached(pool):
    cache = ResponseCache(max_bytes=10)
    assert cache.get_or_render("big", lambda: DONE, pool.submit)[0].body == b"done"
    assert cache.size == 0 and cache.get("big") is None


def test_a_rejected_rendering_is_tried_again_by_the_next_request(pool):
    cache = ResponseCache()

    def reject(task):
        raise Busy("full")

    with pytest.raises(Busy, match="full"):
        cache.get_or_render("key", lambda: DONE, reject)
    assert cache.get_or_render("key", lambda: DONE, pool.submit)[0].body == b"done"
    assert cache.waiting == 0


def test_a_waiter_gives_up_after_the_timeout_and_the_response_is_cached(pool):
    cache, release = ResponseCache(wait_timeout=0.05), threading.Event()

    def render():
        release.wait()
        return DONE

    with pytest.raises(Busy, match=r"longer than 0\.05 seconds") as refused:
        cache.get_or_render("key", render, pool.submit)
    assert refused.value.retry_after
    with pytest.raises(Busy):
        cache.get_or_render("key", render, pool.submit)
    release.set()
    wait_until(lambda: cache.get("key"))
    assert cache.get_or_render("key", render, pool.submit)[1] and cache.waiting == 0


@pytest.mark.parametrize(("expensive", "allowed"), [(False, 4), (True, 2)])
def test_waiters_are_bounded_and_expensive_ones_leave_room_for_others(expensive, allowed):
    cache, release = ResponseCache(max_waiters=4, wait_timeout=20), threading.Event()
    slow, fast = WorkerPool("slow renderings", 1, 100), WorkerPool("fast renderings", 1, 100)

    def render():
        release.wait()
        return DONE

    arguments = ("key", render, slow.submit, expensive)
    threads = [threading.Thread(target=cache.get_or_render, args=arguments) for _ in range(allowed)]
    for thread in threads:
        thread.start()
    wait_until(lambda: cache.waiting == allowed)
    with pytest.raises(Busy, match=f"{allowed} readers wait"):
        cache.get_or_render(*arguments)
    if expensive:
        assert cache.get_or_render("other", lambda: DONE, fast.submit)[0].body == b"done"
    release.set()
    for thread in threads:
        thread.join()
    assert cache.waiting == cache.expensive_waiting == 0
