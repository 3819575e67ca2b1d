"""Disconnects clients that take a response too slowly: its thread and its place are then free (Linux)."""

import errno
import os
import socket
import stat
import struct
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

MIN_RATE = 1000  # bytes per second, on average over the time that a client has
CHECKS = 4  # within that time
ESTABLISHED, CLOSE_WAIT = 1, 8  # states of a connection that can be written to
# struct tcp_info of linux/tcp.h, Linux 4.6 or newer
STATE, UNACKED_SEGMENTS, ACKED_BYTES, UNSENT_BYTES = (0, "B"), (24, "I"), (120, "Q"), (144, "I")
TCP_INFO_SIZE = 148
DISCARD = struct.pack("ii", 1, 0)  # SO_LINGER: what is not sent yet is dropped when the connection is closed


@dataclass(frozen=True)
class Unsent:
    """A connection on which data waits for its client.

    Attributes
    ----------
    descriptor : int
        Its file descriptor.
    inode : int
        Identifies the socket; a descriptor may be used again.
    acknowledged : int
        Bytes that the client has received since it connected.
    is_held_back : bool
        Whether the kernel may not send all of it yet, as the client has no room; else all is on its way.
    """

    descriptor: int
    inode: int
    acknowledged: int
    is_held_back: bool

    def disconnect(self) -> None:
        """Close the connection, unless its descriptor belongs to another one now."""
        with suppress(OSError), _duplicate(self.descriptor) as connection:
            if os.fstat(connection.fileno()).st_ino == self.inode:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, DISCARD)
                connection.shutdown(socket.SHUT_RDWR)


class SlowClientReaper:
    """Disconnects clients that take fewer than `MIN_RATE` bytes per second while data waits for them.

    A stream or an animation keeps a thread, a place and a computation for its client. Timeouts of the kernel
    (TCP_USER_TIMEOUT) and of proxies end a connection on which nothing moves; a client that reads a byte now
    and then would keep its place.

    Parameters
    ----------
    seconds : float
        Time over which the rate is measured.
    connections : callable, optional
        Returns the connections on which data waits; by default those of this process.
    """

    def __init__(self, seconds: float, connections: Callable[[], Iterator[Unsent]] | None = None):
        self.seconds = seconds
        self._connections = connections or unsent_connections
        self._waiting: dict[int, tuple[float, int]] = {}  # inode -> since when, and bytes received by then

    def check(self, now: float) -> int:
        """Look at all connections once, at a time in seconds; returns how many were disconnected.

        Raises
        ------
        OSError
            If they cannot be listed, as when no descriptor is left; the next check goes on from the last one.
        """
        connections = list(self._connections())
        before, self._waiting = self._waiting, {}
        disconnected = 0
        for connection in connections:
            since, received = before.get(connection.inode, (now, connection.acknowledged))
            rate = MIN_RATE if connection.is_held_back else 0  # small events on a long way are not slow
            if connection.acknowledged - received > rate * (now - since):
                since, received = now, connection.acknowledged
            if now - since >= self.seconds:
                connection.disconnect()
                disconnected += 1
            else:
                self._waiting[connection.inode] = since, received
        return disconnected

    def run_until(self, stopping: threading.Event) -> None:
        """Check again and again until an event is set."""
        while not stopping.wait(self.seconds / CHECKS):
            with suppress(OSError):
                self.check(time.monotonic())


def unsent_connections() -> Iterator[Unsent]:
    """The TCP connections of this process on which data waits for the client; none where that is unknown.

    Raises
    ------
    OSError
        If no descriptor is left to look at them.
    """
    if sys.platform != "linux":
        return
    for name in os.listdir("/proc/self/fd"):
        try:
            status = os.fstat(int(name))
            found = _unsent(int(name), status.st_ino) if stat.S_ISSOCK(status.st_mode) else None
        except OSError as error:
            if error.errno in (errno.EMFILE, errno.ENFILE):
                raise
            continue  # closed meanwhile, or no TCP connection
        if found:
            yield found


def _unsent(descriptor: int, inode: int) -> Unsent | None:
    with _duplicate(descriptor) as connection:
        if connection.type != socket.SOCK_STREAM or connection.family == socket.AF_UNIX:
            return None
        info = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, TCP_INFO_SIZE)
    if len(info) < TCP_INFO_SIZE or _read(info, STATE) not in (ESTABLISHED, CLOSE_WAIT):
        return None
    unsent = _read(info, UNSENT_BYTES)
    if not unsent and not _read(info, UNACKED_SEGMENTS):
        return None
    return Unsent(descriptor, inode, _read(info, ACKED_BYTES), unsent > 0)


@contextmanager
def _duplicate(descriptor: int) -> Iterator[socket.socket]:
    """Yield a socket of its own for a descriptor; OSError if that belongs to no socket any more."""
    copy = os.dup(descriptor)
    try:
        connection = socket.socket(fileno=copy)
    except OSError:
        os.close(copy)
        raise
    with connection:
        yield connection


def _read(info: bytes, member: tuple[int, str]) -> int:
    offset, kind = member
    return int(struct.unpack_from(kind, info, offset)[0])
