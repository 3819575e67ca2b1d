"""Processes beside the server's that turn SVG into PNG, PDF, GIF frames and films."""

import json
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from infodecomp.explorable.core.errors import Busy, ConversionError
from infodecomp.explorable.exports.canonical_pdf import canonical_pdf
from infodecomp.explorable.graphics.text_metrics import FILES
from infodecomp.explorable.serving.limits import ConcurrencyLimit

CONVERSION_TIMEOUT = 30  # seconds


class WorkerProcess:
    """A process that answers jobs; it starts when it is first needed, and again after it has died.

    Parameters
    ----------
    script : str
        Its program, in this folder.
    *arguments : str
        What the program is given.
    """

    def __init__(self, script: str, *arguments: str):
        self._command = [sys.executable, "-P", str(Path(__file__).with_name(script)), *arguments]
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """Process id, or None if no process has been started."""
        return self._process.pid if self._process else None

    def ask(self, kind: str, body: bytes, **settings) -> bytes:
        """Return the answer to one job.

        Raises
        ------
        ConversionError
            If it fails or takes more than `CONVERSION_TIMEOUT` seconds.
        """
        process, jobs, results = self._running_process()
        watchdog = threading.Timer(CONVERSION_TIMEOUT, process.kill)
        watchdog.start()
        try:
            header = json.dumps({"kind": kind, "length": len(body), **settings}).encode()
            jobs.write(header + b"\n" + body)
            jobs.flush()
            reply = json.loads(results.readline() or b"null")
            result = results.read(reply["length"]) if reply else b""
        except (BrokenPipeError, json.JSONDecodeError):
            reply = None
        finally:
            watchdog.cancel()
        if reply is None:
            self.close()
            raise ConversionError(
                f"The {kind} could not be made: the conversion broke off or took more than "
                f"{CONVERSION_TIMEOUT} seconds. Ask for a smaller picture, or for the SVG."
            )
        if reply["error"]:
            raise ConversionError(f"The {kind} could not be made: {reply['error']}. Ask for the SVG.")
        return canonical_pdf(result) if kind == "pdf" else result

    def _running_process(self) -> tuple[subprocess.Popen[bytes], IO[bytes], IO[bytes]]:
        if self._process is None or self._process.poll() is not None:
            self._process = subprocess.Popen(self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        process = self._process
        assert process.stdin and process.stdout  # both are pipes
        return process, process.stdin, process.stdout

    def close(self) -> None:
        """Kill the process, if there is one."""
        if self._process is None:
            return
        self._process.kill()
        with suppress(BrokenPipeError), self._process:
            pass  # leaving the context closes the pipes and waits
        self._process = None


class Converter(WorkerProcess):
    """A process that turns SVG into other forms, and beside it one that makes films of its pictures.

    Parameters
    ----------
    font_folder : str
        Where the process stores its subset fonts.
    """

    def __init__(self, font_folder: str):
        super().__init__("raster_worker.py", font_folder, *map(str, FILES.values()))
        self.film_encoder = WorkerProcess("film_worker.py")

    def convert(self, svg: str, kind: str, **settings) -> bytes:
        """Convert one SVG.

        Parameters
        ----------
        svg : str
        kind : {"png", "pdf", "probe", "frame"}
            A probe only shows the GIF encoder the colours of a frame.
        **settings
            scale of a png, and the paper that one without a background is made for, as #rrggbb; first of a
            probe; duration of a frame in milliseconds.

        Raises
        ------
        ConversionError
            As `ask`.
        """
        return self.ask(kind, svg.encode(), **settings)

    def close(self) -> None:
        """Kill both processes."""
        super().close()
        self.film_encoder.close()


class ConverterPool:
    """A bounded number of converters.

    Animations hold a converter for long, so they may take at most all but one.

    Parameters
    ----------
    size : int
        Number of converter processes.
    queue : int
        How many requests may wait for one; a third of them for animations.
    wait_timeout : float
        Seconds that one of them waits.
    """

    def __init__(self, size: int = 2, queue: int = 0, wait_timeout: float = 0):
        self.limit = ConcurrencyLimit("exports", size, queue - queue // 3, wait_timeout)
        self.animation_limit = ConcurrencyLimit("animations", max(size - 1, 1), queue // 3, wait_timeout)
        self._fonts = tempfile.TemporaryDirectory(prefix="infodecomp-fonts-")
        self._free = [Converter(self._fonts.name) for _ in range(size)]

    def acquire(self) -> Converter:
        """Take a converter, to be released; raises Busy if none is free."""
        self.limit.acquire()
        return self._free.pop()

    def release(self, converter: Converter) -> None:
        """Return a converter to the pool."""
        self._free.append(converter)
        self.limit.release()

    def acquire_for_animation(self) -> Converter:
        """Take a converter for an animation; raises Busy, also if other animations hold all they may."""
        self.animation_limit.acquire()
        try:
            return self.acquire()
        except Busy:
            self.animation_limit.release()
            raise

    def release_from_animation(self, converter: Converter) -> None:
        """Return the converter of an animation."""
        self.release(converter)
        self.animation_limit.release()

    @contextmanager
    def converter(self) -> Iterator[Converter]:
        """Hold a converter for the duration of a block; raises Busy."""
        converter = self.acquire()
        try:
            yield converter
        finally:
            self.release(converter)
