"""Slow clients by an invented clock, and what the kernel says about real connections."""

import socket
import struct
import sys
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
