"""What the routes work with: the library, the response cache, pools and limits."""

import threading
import time
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Flask, current_app

from infodecomp.explorable.exports.raster import ConverterPool
from infodecomp.explorable.figures.state import FigureState
from infodecomp.explorable.serving.cache import ResponseCache
from infodecomp.explorable.serving.feedback import Feedback
from infodecomp.explorable.serving.limits import ConcurrencyLimit, RateLimiter, WorkerPool
from infodecomp.explorable.serving.settings import max_waiters
from infodecomp.explorable.site.live import Site
from infodecomp.resources import resource_folder
from infodecomp.web.tables.store import TableStore

EXTENSION = "infodecomp"


@dataclass
class Activity:
    """When a client last asked for something, in monotonic seconds."""

    last_request: float = field(default_factory=time.monotonic)


@dataclass(frozen=True)
class Services:
    """What the routes of one application share.

    Each kind of work has its own threads, so that none starves another. Torch releases the interpreter at
    every operation: two computations at once take longer than one after the other. Everything that is fast
    therefore holds `compute_lock` while it computes, wherever it runs.

    Parameters
    ----------
    settings : mapping
        See `infodecomp.explorable.serving.settings`.
    essays, static : Path
        The folders of the essays and of the static files.
    site : Site
        Holds the current library.
    cache : ResponseCache
    compute_pool, long_pool, export_pool : WorkerPool
        For states and pages that take a moment, for those that take long, and for raster pictures.
    compute_lock : ConcurrencyLimit
        Held while a fast state is computed.
    converters : ConverterPool
        Processes that rasterise pictures.
    streams : ConcurrencyLimit
        Server-sent event streams.
    rate_limiter : RateLimiter
        Counts long computations, exports and streams.
    feedback : Feedback or None
        Stores messages of readers, if a file for them is set.
    tables : TableStore or None
        Stores tables of readers, if a folder for them is set.
    activity : Activity
    stopping : threading.Event
        Set when the process is about to stop: streams end then, and clients connect again.
    """

    settings: Mapping[str, Any]
    essays: Path
    static: Path
    site: Site
    cache: ResponseCache
    compute_pool: WorkerPool
    long_pool: WorkerPool
    export_pool: WorkerPool
    compute_lock: ConcurrencyLimit
    converters: ConverterPool
    streams: ConcurrencyLimit
    rate_limiter: RateLimiter
    feedback: Feedback | None
    tables: TableStore | None
    activity: Activity = field(default_factory=Activity)
    stopping: threading.Event = field(default_factory=threading.Event)

    def pool_for(self, expensive: bool) -> WorkerPool:
        """The pool in which states and pages are rendered."""
        return self.long_pool if expensive else self.compute_pool

    def compute_slot(self, state: FigureState) -> AbstractContextManager:
        """What is held while a state is computed: nothing if that takes long."""
        return nullcontext() if state.is_expensive else self.compute_lock


def build_services(settings: Mapping[str, Any]) -> Services:
    """Build the services for some settings."""
    timeout, computing, exports = settings["DEADLINE"], settings["COMPUTING"], settings["EXPORTS"]
    essays, static = settings["ESSAYS"] or resource_folder("essays"), resource_folder("static")
    return Services(
        settings=settings,
        essays=Path(essays),
        static=static,
        site=Site(Path(essays), (static, resource_folder("templates"))),
        cache=ResponseCache(settings["CACHE_BYTES"], max_waiters(settings), timeout),
        compute_pool=WorkerPool("computations", computing, settings["QUEUE"]),
        long_pool=WorkerPool("long computations", settings["LONG"], settings["LONG_QUEUE"]),
        export_pool=WorkerPool("exports", exports, settings["EXPORTS_QUEUE"]),
        compute_lock=ConcurrencyLimit("computations", computing, exports + computing, timeout),
        converters=ConverterPool(exports, settings["EXPORTS_QUEUE"], timeout),
        streams=ConcurrencyLimit("streams", settings["STREAMS"]),
        rate_limiter=RateLimiter(settings["RATE"], 60, lambda wait: _too_many(settings["RATE"], wait)),
        feedback=_feedback(settings, static.parent),
        tables=_tables(settings, static.parent),
    )


def get_services(app: Flask | None = None) -> Services:
    """The services of an application, by default of the one that handles the current request."""
    return (app or current_app).extensions[EXTENSION]


def _feedback(settings: Mapping[str, Any], root: Path) -> Feedback | None:
    file = settings["FEEDBACK"]
    return Feedback(file, root, max_bytes=settings["FEEDBACK_BYTES"]) if file else None


def _tables(settings: Mapping[str, Any], root: Path) -> TableStore | None:
    folder = settings["TABLES"]
    return TableStore(folder, root, settings["TABLES_BYTES"], settings["TABLE_HOURS"]) if folder else None


def _too_many(limit: int, wait_seconds: int) -> str:
    return (
        f"{limit} long computations and exports within a minute were begun from your address, and there "
        f"may be no more; try again in {wait_seconds} seconds."
    )
