"""Slow clients by an invented clock, and what the kernel says about real connections."""

import errno
import os
import socket
import struct
import sys
import threading
from contextlib import closing

import pytest

from infodecomp.explorable.serving.slow_clients import SlowClientReaper, Unsent, unsent_connections


class Client(Unsent):
    def disconnect(self) -> None:
        GONE.append(self.inode)


GONE: list[int] = []


def last_times(*clients: list[int], is_held_back: bool = True) -> dict[int, int]:
    """Ask each second, with the bytes that each client has received by then: when each is disconnected."""
    found: dict[int, int] = {}
    now = 0
    reaper = SlowClientReaper(
        4,
        lambda: (
            Client(3, inode, received[now], is_held_back)
            for inode, received in enumerate(clients)
            if inode not in found and received[now] is not None
        ),
    )
    GONE.clear()
    for now in range(len(clients[0])):
        before = len(GONE)
        assert reaper.check(float(now)) == len(GONE) - before
        found |= dict.fromkeys(GONE[before:], now)
    return found


def test_who_takes_less_than_the_rate_for_the_whole_time_is_disconnected():
    still, slow, fast = [500] * 12, list(range(0, 12 * 900, 900)), list(range(0, 12 * 1100, 1100))
    assert last_times(still, slow, fast) == {0: 4, 1: 4}


def test_the_time_begins_again_when_nothing_waits_any_more_or_a_lot_was_taken():
    paused = [0, 0, 0, None, 0, 0, 0, 0, 0, 0, 0, 0]
    burst = [0, 0, 0, 9000, 9000, 9000, 9000, 9000, 9000, 9000, 9000, 9000]
    assert last_times(paused, burst) == {0: 8, 1: 7}


def test_small_events_on_their_way_are_not_slow_unless_nothing_arrives():
    assert last_times([0] * 12, list(range(12)), is_held_back=False) == {0: 4}


def failing_once(client: Client):
    """Connections that can be listed the first time and from the third on, as when descriptors run out."""
    calls = iter((True, False))

    def connections():
        if not next(calls, True):
            raise OSError(errno.EMFILE, "Too many open files")
        yield client

    return connections


def test_a_check_that_fails_is_made_again_and_forgets_no_one():
    reaper = SlowClientReaper(4, failing_once(Client(3, 1, 500, True)))
    assert reaper.check(0) == 0
    with pytest.raises(OSError, match="Too many"):
        reaper.check(2)
    assert reaper.check(4) == 1


def test_the_checks_go_on_after_one_that_failed():
    stopping = threading.Event()

    class Last(Client):
        def disconnect(self) -> None:
            stopping.set()

    SlowClientReaper(0.04, failing_once(Last(3, 1, 500, True))).run_until(stopping)


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel is asked for its counts")
def test_connections_that_no_descriptor_is_left_to_look_at_are_not_taken_for_served(monkeypatch):
    def dup(descriptor):
        raise OSError(errno.EMFILE, "Too many open files")

    with socket.create_server(("127.0.0.1", 0)):
        monkeypatch.setattr(os, "dup", dup)
        with pytest.raises(OSError, match="Too many"):
            list(unsent_connections())


def test_a_descriptor_that_belongs_to_a_file_by_now_leaves_no_copy_open(tmp_path):
    with (tmp_path / "file").open("w") as file:
        lowest = os.dup(file.fileno())
        os.close(lowest)
        Unsent(file.fileno(), 0, 0, True).disconnect()
        again = os.dup(file.fileno())
        os.close(again)
        assert again == lowest


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel is asked for its counts")
def test_a_connection_is_found_while_data_waits_and_can_be_closed():
    with socket.create_server(("127.0.0.1", 0)) as listener, closing(socket.socket()) as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        client.connect(listener.getsockname())
        server, _ = listener.accept()
        with closing(server):
            inodes = {connection.inode for connection in unsent_connections()}
            server.setblocking(False)
            sent = server.send(bytes(2_000_000))
            waiting = [found for found in unsent_connections() if found.inode not in inodes]
            assert len(waiting) == 1 and waiting[0].is_held_back and waiting[0].acknowledged < sent
            Unsent(waiting[0].descriptor, 0, 0, True).disconnect()
            assert server.getsockopt(socket.SOL_SOCKET, socket.SO_LINGER, 8) == struct.pack("ii", 0, 0)
            waiting[0].disconnect()
            with pytest.raises(BrokenPipeError):
                server.send(b"x")
