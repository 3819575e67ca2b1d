"""Listening: waitress with the application's limits, and a sweeper of connections that send or take too slowly.

What is kept is answered by the loop that reads requests: to hand it to a thread would take longer than to answer.
"""

from waitress import create_server
from waitress.channel import HTTPChannel
from waitress.server import TcpWSGIServer
from waitress.task import ErrorTask, WSGITask

from infodecomp.explorable.serving.front import HELD, Front
from infodecomp.explorable.serving.refusals import PROBLEM, REFUSALS, problem
from infodecomp.explorable.serving.settings import threads
from infodecomp.explorable.serving.sweeping import Sweeper

# The look ahead is what lets waitress notice that a reader has left while the answer is still being made; the low mark of its
# buffer is what lets a stream notice that a reader is slow.
SERVER = {"channel_request_lookahead": 1, "outbuf_high_watermark": 64 * 2**10, "asyncore_use_poll": True}


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


class Task(WSGITask):
    """A request; what the channel has found to be its answer goes along."""

    def get_environment(self) -> dict:
        environ = super().get_environment()
        environ[HELD] = getattr(self.request, "answer", None)
        return environ


class Channel(HTTPChannel):
    """A connection. front: who knows what is kept, if that is told by a request's own words."""

    error_task_class, task_class = Refusal, Task
    front: Front | None = None
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
        if not self.reading or not self.front or request.error or request.command != "GET" or self.total_outbufs_len:
            return False
        path = "/" + request.path.lstrip("/")
        answer = self.front.kept((path, request.query, request.headers.get("HOST"), request.url_scheme))
        if answer is not None:
            request.answer = answer
        return answer is not None


def listen(app, host: str, port: int):
    """A server of the application, with its limits, that listens and waits for run()."""
    settings = app.config
    server = create_server(app, host=host, port=port, threads=threads(settings), connection_limit=settings["CONNECTIONS"],
                           channel_timeout=settings["IDLE"], max_request_header_size=settings["HEADER_LENGTH"],
                           max_request_body_size=settings["BODY_LENGTH"] + 1, cleanup_interval=min(5, settings["SLOW"] / 2), **SERVER)
    sweeper = Sweeper(settings["SLOW"])
    for one in getattr(server, "map", {0: server}).values():  # several where a host has several addresses
        if isinstance(one, TcpWSGIServer):
            one.channel_class = type("Channel", (Channel,), {"front": None if settings["PROXIES"] else app.front})
            one.add_task = lambda channel, one=one: channel.answers_at_once() or one.task_dispatcher.add_task(channel)
            one.maintenance = lambda now, one=one: (TcpWSGIServer.maintenance(one, now), sweeper.sweep(one.active_channels.values(), now))
    return server
