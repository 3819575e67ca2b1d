"""Exports: a few processes beside the server that convert pictures, so that nobody who reads waits for one who exports."""

import json
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from infodecomp.explorable.core.errors import Busy, ConversionError
from infodecomp.explorable.graphics.text_metrics import FILES
from infodecomp.explorable.serving.limits import ConcurrencyLimit

PATIENCE = 30  # seconds that one conversion may take


class Converter:
    """One process that converts SVG; it is started when it is first needed, and again after it has died.

    folder: where it keeps the fonts that it has made lighter.
    """

    def __init__(self, folder: str):
        self._folder = folder
        self._process: subprocess.Popen | None = None

    def convert(self, svg: str, kind: str, **settings) -> bytes:
        """SVG as "png", with its scale, as "pdf", or as a "frame" of a film after some "probe"; raises ConversionError."""
        process = self._running()
        watch = threading.Timer(PATIENCE, process.kill)
        watch.start()
        try:
            body = svg.encode()
            process.stdin.write(
                json.dumps({"kind": kind, "length": len(body), **settings}).encode() + b"\n" + body
            )
            process.stdin.flush()
            answer = json.loads(process.stdout.readline() or b"null")
            result = process.stdout.read(answer["length"]) if answer else b""
        except (BrokenPipeError, json.JSONDecodeError):
            answer = None
        finally:
            watch.cancel()
        if answer is None:
            self.close()
            raise ConversionError(
                f"The {kind} could not be made: the conversion broke off or took more than {PATIENCE} seconds. "
                "Ask for a smaller picture, or for the SVG."
            )
        if answer["error"]:
            raise ConversionError(f"The {kind} could not be made: {answer['error']}. Ask for the SVG.")
        return result

    def _running(self) -> subprocess.Popen:
        if self._process is None or self._process.poll() is not None:
            program = [
                sys.executable,
                "-P",
                str(Path(__file__).with_name("raster_worker.py")),
                self._folder,
                *map(str, FILES.values()),
            ]
            self._process = subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        return self._process

    def close(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            for pipe in (self._process.stdin, self._process.stdout):
                try:
                    pipe.close()
                except BrokenPipeError:
                    pass
            self._process = None


class Exports:
    """A bounded number of places for exports, each with its converter. queue, patience: of those who wait for one."""

    def __init__(self, places: int = 2, queue: int = 0, wait_timeout: float = 0):
        self.places = ConcurrencyLimit("exports", places, queue - queue // 3, wait_timeout)
        self.films = ConcurrencyLimit(
            "films", max(places - 1, 1), queue // 3, wait_timeout
        )  # they take long: one place is left for pictures
        self._fonts = tempfile.TemporaryDirectory(prefix="infodecomp-fonts-")
        self._free = [Converter(self._fonts.name) for _ in range(places)]

    def take(self) -> Converter:
        """A converter, to be given back; raises Busy where all are taken."""
        self.places.take()
        return self._free.pop()

    def give(self, converter: Converter) -> None:
        self._free.append(converter)
        self.places.give()

    def take_for_film(self) -> Converter:
        """A converter for a film, to be given back as such; raises Busy, also where other films are made."""
        self.films.take()
        try:
            return self.take()
        except Busy:
            self.films.give()
            raise

    def give_from_film(self, converter: Converter) -> None:
        self.give(converter)
        self.films.give()

    @contextmanager
    def place(self) -> Iterator[Converter]:
        """A converter for as long as the block lasts; raises Busy."""
        converter = self.take()
        try:
            yield converter
        finally:
            self.give(converter)
