import threading
import time
import zlib

import pytest

from infodecomp.explorable.core.errors import Busy
from infodecomp.explorable.serving.cache import RenderedResponse, ResponseCache


def test_a_hundred_askers_cost_one_computation():
    answers, made, start = ResponseCache(), [], threading.Barrier(100)

    def make():
        made.append(1)
        time.sleep(0.05)
        return RenderedResponse(b"done", "text/plain")

    got = []

    def ask():
        start.wait()
        got.append(answers.get("key", make)[0].body)

    max_waiters = [threading.Thread(target=ask) for _ in range(100)]
    for asker in max_waiters:
        asker.start()
    for asker in max_waiters:
        asker.join()
    assert got == [b"done"] * 100 and len(made) == 1


def test_what_fails_is_told_to_all_and_not_kept():
    answers = ResponseCache()
    with pytest.raises(ValueError, match="once"):
        answers.get("key", lambda: (_ for _ in ()).throw(ValueError("once")))
    assert answers.get("key", lambda: RenderedResponse(b"now", "text/plain")) == (
        RenderedResponse(b"now", "text/plain"),
        False,
    )


def test_the_bound_is_kept_and_the_oldest_goes_first():
    answers = ResponseCache(limit=10_000)
    for key in range(20):
        answers.get(key, lambda: RenderedResponse(b"x" * 500, "text/plain"))
        answers.get(0, lambda: RenderedResponse(b"x" * 500, "text/plain"))
        assert answers.size <= 10_000
    assert answers.get(0, lambda: RenderedResponse(b"", ""))[1], "what is asked for often stays"
    assert not answers.get(1, lambda: RenderedResponse(b"", ""))[1]


def test_texts_are_kept_as_they_are_sent_and_can_be_had_whole():
    answers, whole = (
        ResponseCache(),
        RenderedResponse(b"<svg>" + b"a line of it " * 2000, "image/svg+xml", "plane.svg", True),
    )
    given, before = answers.get("key", lambda: whole)
    kept, again = answers.get("key", lambda: None)
    assert (
        (before, again) == (False, True)
        and kept is answers.peek("key")
        and answers.size < len(whole.body) / 10
    )
    for one in (given, kept):
        assert (one.body, one.etag, one.filename, one.attached, one.mimetype) == (
            whole.body,
            whole.etag,
            "plane.svg",
            True,
            "image/svg+xml",
        )
        assert (
            one.packed("br") == whole.packed("br") and zlib.decompress(one.packed("gzip"), 31) == whole.body
        )
    picture = RenderedResponse(bytes(5000), "image/png")
    assert answers.get("png", lambda: picture)[0] is answers.peek("png") is picture, (
        "what is packed already stays as it is"
    )


def test_an_answer_larger_than_the_bound_is_given_and_not_kept():
    answers = ResponseCache(limit=10)
    assert answers.get("big", lambda: RenderedResponse(b"x" * 100, "t"))[0].body == b"x" * 100
    assert answers.size == 0


def elsewhere(work):
    threading.Thread(target=work).start()


def test_what_finds_no_place_is_told_and_begun_anew_by_the_next():
    answers = ResponseCache()

    def full(work):
        raise Busy("full")

    with pytest.raises(Busy, match="full"):
        answers.get("key", None, full)
    assert answers.get("key", lambda: RenderedResponse(b"done", "text/plain"), elsewhere)[0].body == b"done"


def test_one_who_has_waited_long_enough_goes_and_the_answer_is_kept_for_the_next():
    answers, go_on = ResponseCache(wait_timeout=0.05), threading.Event()

    def make():
        go_on.wait()
        return RenderedResponse(b"done", "text/plain")

    with pytest.raises(Busy, match=r"longer than 0\.05 seconds") as refused:
        answers.get("key", make, elsewhere)
    assert refused.value.retry_after
    with pytest.raises(Busy):
        answers.get("key", make)
    go_on.set()
    for _ in range(200):
        if not answers._making:
            break
        time.sleep(0.005)
    assert (
        answers.get("key", None) == (RenderedResponse(b"done", "text/plain"), True) and answers.waiting == 0
    )


def test_those_who_wait_for_another_are_bounded():
    answers, go_on = ResponseCache(max_waiters=4, wait_timeout=5), threading.Event()
    make = lambda: go_on.wait() and RenderedResponse(b"done", "text/plain")
    max_waiters = [threading.Thread(target=answers.get, args=("key", make)) for _ in range(4)]
    for asker in max_waiters:
        asker.start()
    for _ in range(500):
        if answers.waiting == 4:
            break
        time.sleep(0.002)
    with pytest.raises(Busy, match="4 readers wait"):
        answers.get("key", make)
    go_on.set()
    for asker in max_waiters:
        asker.join()
    assert answers.get("key", make)[1] and answers.waiting == 0


def test_those_who_wait_for_dear_ones_leave_room_for_others():
    answers, go_on = ResponseCache(max_waiters=4, wait_timeout=5), threading.Event()
    make = lambda: go_on.wait() and RenderedResponse(b"done", "text/plain")
    max_waiters = [
        threading.Thread(target=answers.get, args=("key", make, elsewhere, True)) for _ in range(2)
    ]
    for asker in max_waiters:
        asker.start()
    while answers.waiting < 2:
        time.sleep(0.002)
    with pytest.raises(Busy, match="2 readers"):
        answers.get("key", make, elsewhere, True)
    assert answers.get("other", lambda: RenderedResponse(b"quick", "text/plain"))[0].body == b"quick"
    go_on.set()
    for asker in max_waiters:
        asker.join()
    assert answers.waiting == answers._expensive_waiting == 0
