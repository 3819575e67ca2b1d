import json
import os
import threading

import pytest

from infodecomp.explorable.core.errors import ExplorableError, TooMany
from infodecomp.explorable.serving.feedback import EACH, LONGEST, WITHIN, Feedback


@pytest.fixture
def feedback(tmp_path):
    return Feedback(tmp_path / "messages" / "feedback.jsonl", root=tmp_path / "repository")


def lines(feedback):
    return [json.loads(line) for line in feedback.path.read_text().splitlines()]


def test_a_message_is_one_line_whatever_it_holds(feedback):
    feedback.store('two\nlines, "quotes" and ☂', "an-essay", "a", now=1000.0)
    assert lines(feedback) == [{"time": 1000.0, "page": "an-essay", "message": 'two\nlines, "quotes" and ☂'}]
    assert os.stat(feedback.path).st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("message", "words"), [("", "empty"), ("  \n", "empty"), ("x" * (LONGEST + 1), "4,001")]
)
def test_empty_and_endless_messages_are_refused_and_nothing_is_stored(feedback, message, words):
    with pytest.raises(ExplorableError, match=words):
        feedback.store(message, "p", "a")
    assert not feedback.path.exists()


def test_one_address_sends_a_few_an_hour_and_others_are_not_held_up(feedback):
    for i in range(EACH):
        feedback.store("hello", "p", "a", now=i)
    with pytest.raises(TooMany, match="minutes"):
        feedback.store("again", "p", "a", now=EACH)
    feedback.store("hello", "p", "b", now=EACH)
    feedback.store("later", "p", "a", now=WITHIN + 1)
    assert len(lines(feedback)) == EACH + 2


def test_many_at_once_lose_nothing(feedback):
    writers = [threading.Thread(target=feedback.store, args=("m" * 3000, "p", str(i))) for i in range(40)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert len(lines(feedback)) == 40


def test_the_file_lies_outside_the_repository(tmp_path):
    with pytest.raises(ExplorableError, match="inside the repository"):
        Feedback(tmp_path / "repository" / "feedback.jsonl", root=tmp_path / "repository")
