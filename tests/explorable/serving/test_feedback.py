"""Feedback: what is stored, what is refused, and what happens on a full disk."""

import json
import os
import resource
import threading

import pytest

from infodecomp.explorable.core.errors import ExplorableError, NotStored, TooMany
from infodecomp.explorable.serving.feedback import MAX_CHARACTERS, MESSAGES_PER_HOUR, Feedback


@pytest.fixture
def clock():
    return [50.0]


@pytest.fixture
def feedback(tmp_path, clock):
    path = tmp_path / "messages" / "feedback.jsonl"
    root = tmp_path / "repository"
    return Feedback(path, root=root, clock=lambda: 1000.0, monotonic=lambda: clock[0])


def lines(feedback):
    return [json.loads(line) for line in feedback.path.read_text().splitlines()]


def test_a_message_is_one_line_whatever_it_contains(feedback):
    feedback.store('two\nlines, "quotes" and ☂', "an-essay", "a")
    assert lines(feedback) == [{"time": 1000.0, "page": "an-essay", "message": 'two\nlines, "quotes" and ☂'}]
    assert os.stat(feedback.path).st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("message", "words"), [("", "empty"), ("  \n", "empty"), ("x" * (MAX_CHARACTERS + 1), "4,001")]
)
def test_empty_and_too_long_messages_are_refused_and_not_stored(feedback, message, words):
    with pytest.raises(ExplorableError, match=words):
        feedback.store(message, "p", "a")
    assert not feedback.path.exists()


def test_a_client_may_send_a_few_messages_an_hour_and_others_are_not_affected(feedback, clock):
    for _ in range(MESSAGES_PER_HOUR):
        feedback.store("hello", "p", "192.0.2.1")
        clock[0] += 1
    with pytest.raises(TooMany, match="minutes"):
        feedback.store("again", "p", "192.0.2.1")
    feedback.store("hello", "p", "192.0.2.2")
    clock[0] += 3600
    feedback.store("later", "p", "192.0.2.1")
    assert len(lines(feedback)) == MESSAGES_PER_HOUR + 2


def test_addresses_of_one_ipv6_network_share_the_limit(feedback):
    for number in range(MESSAGES_PER_HOUR):
        feedback.store("hello", "p", f"2001:db8::{number:x}")
    with pytest.raises(TooMany):
        feedback.store("hello", "p", "2001:db8::ffff")
    feedback.store("hello", "p", "2001:db8:0:1::1")


def test_many_concurrent_messages_are_all_stored_whole(feedback):
    writers = [threading.Thread(target=feedback.store, args=("m" * 3000, "p", str(i))) for i in range(40)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert len(lines(feedback)) == 40


def test_a_message_that_does_not_fit_on_the_disk_leaves_no_trace_and_is_reported(feedback):
    feedback.store("first", "p", "a")
    size, (soft, hard) = feedback.path.stat().st_size, resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size + 100, hard))  # takes 100 bytes more, then refuses
    try:
        with pytest.raises(NotStored, match="Keep your text"):
            feedback.store("x" * 1000, "p", "b")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert feedback.path.stat().st_size == size
    feedback.store("second", "p", "c")
    assert [line["message"] for line in lines(feedback)] == ["first", "second"]


def test_the_file_has_a_bound_and_a_message_beyond_it_is_refused(tmp_path):
    feedback = Feedback(tmp_path / "out" / "feedback.jsonl", root=tmp_path / "repository", max_bytes=1500)
    feedback.store("x" * 1000, "p", "a")
    with pytest.raises(NotStored, match="1,500 bytes"):
        feedback.store("y" * 1000, "p", "b")
    feedback.store("short", "p", "c")
    assert [line["message"][0] for line in lines(feedback)] == ["x", "s"]


def test_the_file_must_lie_outside_the_repository(tmp_path):
    with pytest.raises(ExplorableError, match="inside the repository"):
        Feedback(tmp_path / "repository" / "feedback.jsonl", root=tmp_path / "repository")
