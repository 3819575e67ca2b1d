"""Listening: waitress with the application's limits, and a sweeper of connections that send or take too slowly."""

from waitress import create_server
from waitress.channel import HTTPChannel
from waitress.server import TcpWSGIServer
from waitress.task import ErrorTask

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


class Channel(HTTPChannel):
    error_task_class = Refusal


def listen(app, host: str, port: int):
    """A server of the application, with its limits, that listens and waits for run()."""
    settings = app.config
    server = create_server(app, host=host, port=port, threads=threads(settings), connection_limit=settings["CONNECTIONS"],
                           channel_timeout=settings["IDLE"], max_request_header_size=settings["HEADER_LENGTH"],
                           max_request_body_size=settings["BODY_LENGTH"] + 1, cleanup_interval=min(5, settings["SLOW"] / 2), **SERVER)
    sweeper = Sweeper(settings["SLOW"])
    for one in getattr(server, "map", {0: server}).values():  # several where a host has several addresses
        if isinstance(one, TcpWSGIServer):
            one.channel_class = Channel
            one.maintenance = lambda now, one=one: (TcpWSGIServer.maintenance(one, now), sweeper.sweep(one.active_channels.values(), now))
    return server
