"""Listening: waitress with the application's limits, and a sweeper of connections that send or take too slowly.

What is kept is answered by the loop that reads requests: to hand it to a thread would take longer than to answer. What is computed
in a moment is served by a lane of its own, whose few threads compute it themselves. All else has waitress's threads, which wait.
"""

import time
from functools import partial

from waitress import create_server
from waitress.channel import HTTPChannel
from waitress.server import TcpWSGIServer
from waitress.task import ErrorTask, ThreadedTaskDispatcher, WSGITask

from infodecomp.explorable.serving.middleware import PREFETCHED, REJECTED, RUN_INLINE, ResponseCacheMiddleware
from infodecomp.explorable.serving.problem_details import PROBLEM, REFUSALS, problem
from infodecomp.explorable.serving.settings import threads
from infodecomp.explorable.serving.slow_clients import SlowClientReaper

# The look ahead is what lets waitress notice that a reader has left while the answer is still being made; the low mark of its
# buffer is what lets a stream notice that a reader is slow.
# Headers of proxies reach the application, which believes those that it was told to trust.
SERVER = {
    "channel_request_lookahead": 1,
    "outbuf_high_watermark": 64 * 2**10,
    "asyncore_use_poll": True,
    "clear_untrusted_proxy_headers": False,
}


class Refusal(ErrorTask):
    """What is refused before it is a request: in the same shape as every other error."""

    def execute(self) -> None:
        error = self.request.error
        told = REFUSALS.get(error.code, str(error.body))
        body = problem(error.code, error.reason, told)
        self.status = f"{error.code} {error.reason}"
        self.response_headers += [("Content-Type", PROBLEM), ("X-Content-Type-Options", "nosniff")]
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(body)


class FastQueue(ThreadedTaskDispatcher):
    """A few threads, and requests that wait for one of them: at most `queue`, each for at most `patience` seconds."""

    def __init__(self, workers: int, queue: int, wait_timeout: float):
        super().__init__()
        self.most, self.wait_timeout = workers + queue, wait_timeout
        self.set_thread_count(workers)

    @property
    def waiting(self) -> int:
        return len(self.queue)

    @property
    def full(self) -> bool:
        return self.active_count + self.waiting >= self.most


class Task(WSGITask):
    """A request; what the channel has found out about it goes along."""

    def get_environment(self) -> dict:
        environ, request = super().get_environment(), self.request
        environ[PREFETCHED] = getattr(request, "answer", None)
        environ[REJECTED] = getattr(request, "busy", "")
        if lane := getattr(request, "lane", None):
            environ[RUN_INLINE] = True
            if time.monotonic() > request.arrived + lane.wait_timeout:
                environ[REJECTED] = (
                    f"This has waited for {lane.wait_timeout:g} seconds behind others; try again in a moment."
                )
        return environ


class Channel(HTTPChannel):
    """A connection. front: who knows what is kept and what is quick. proxies: how many in front are trusted to say who asks."""

    error_task_class, task_class = Refusal, Task
    front: ResponseCacheMiddleware
    proxies = 0
    reading = False

    def handle_read(self) -> None:
        self.reading = True
        try:
            super().handle_read()
        finally:
            self.reading = False
        if self.requests and hasattr(self.requests[0], "answer"):
            self.service()

    def answers_at_once(self) -> bool:
        """Whether the loop that reads, and has just read a request, will answer it. It never waits: nothing else is yet to be sent."""
        request = self.requests[0]
        if not self.reading or request.error or request.command != "GET" or self.total_outbufs_len:
            return False
        host, scheme = (
            self._told("HOST", request.headers.get("HOST")),
            self._told("PROTO", request.url_scheme),
        )
        answer = self.front.kept((_path(request), request.query, host, scheme))
        if answer is not None:
            request.answer = answer
        return answer is not None

    def _told(self, what: str, otherwise: str | None) -> str | None:
        """What the outermost of the trusted proxies says of the request that it got."""
        values = self.requests[0].headers.get(f"X_FORWARDED_{what}", "").split(",") if self.proxies else ()
        return values[-self.proxies].strip() or otherwise if len(values) >= self.proxies > 0 else otherwise

    def takes(self, lane: FastQueue) -> bool:
        """Whether its first request is for a lane. One that finds no room there is marked, to be told so."""
        request = self.requests[0]
        if request.error or not self.front.quick(_path(request)):
            return False
        if lane.full:
            request.busy = f"{lane.waiting} requests wait for a computation; try again in a moment."
            return False
        request.lane, request.arrived = lane, time.monotonic()
        return True


def _path(request) -> str:
    return "/" + request.path.lstrip("/")


def listen(app, host: str, port: int):
    """A server of the application, with its limits, that listens and waits for run()."""
    settings = app.config
    server = create_server(
        app,
        host=host,
        port=port,
        threads=threads(settings),
        connection_limit=settings["CONNECTIONS"],
        channel_timeout=settings["IDLE"],
        max_request_header_size=settings["HEADER_LENGTH"],
        max_request_body_size=settings["BODY_LENGTH"] + 1,
        cleanup_interval=min(5, settings["SLOW"] / 2),
        **SERVER,
    )
    sweeper = SlowClientReaper(settings["SLOW"])
    lane = FastQueue(settings["COMPUTING"], settings["QUEUE"], settings["DEADLINE"])
    app.queues.append(lane)

    def add_task(server, channel) -> None:
        if not channel.answers_at_once():
            (lane if channel.takes(lane) else server.task_dispatcher).add_task(channel)

    for one in getattr(server, "map", {0: server}).values():  # several where a host has several addresses
        if isinstance(one, TcpWSGIServer):
            one.channel_class = type(
                "Channel", (Channel,), {"front": app.front, "proxies": settings["PROXIES"]}
            )
            one.add_task = partial(add_task, one)
            one.maintenance = lambda now, one=one: (
                TcpWSGIServer.maintenance(one, now),
                sweeper.sweep(one.active_channels.values(), now),
            )
    return server
