"""A byte stream that is produced in a background thread while a reader consumes it at its own pace."""

import queue
import threading
from collections.abc import Callable, Generator, Iterator
from contextlib import closing


class BackgroundStream:
    """Iterate over chunks of bytes that a background thread produces.

    The constructor waits for the first chunk, so that errors before it become an ordinary error response.
    Closing the stream stops the producer after its current chunk.

    Parameters
    ----------
    chunks : generator of bytes
        The producer; it is closed when the stream ends.
    on_complete : callable
        Called with all bytes if the producer reached its end.
    on_end : callable
        Called without arguments whenever production ends, also after an error or an early close.

    Raises
    ------
    Exception
        Whatever the producer raises: before the first chunk from the constructor, later while iterating.
    """

    def __init__(
        self,
        chunks: Generator[bytes],
        on_complete: Callable[[bytes], None],
        on_end: Callable[[], None],
    ):
        self._chunks, self._on_complete, self._on_end = chunks, on_complete, on_end
        self._queue: queue.SimpleQueue[bytes | Exception | None] = queue.SimpleQueue()
        self._closed = threading.Event()
        threading.Thread(target=self._produce, name="background stream", daemon=True).start()
        self._first = self._next_chunk()

    def _produce(self) -> None:
        produced: list[bytes] = []
        end: Exception | None = None
        try:
            with closing(self._chunks):
                for chunk in self._chunks:
                    produced.append(chunk)
                    self._queue.put(chunk)
                    if self._closed.is_set():
                        return
            self._on_complete(b"".join(produced))
        except Exception as error:
            end = error
        finally:
            self._on_end()
            self._queue.put(end)

    def _next_chunk(self) -> bytes | None:
        chunk = self._queue.get()
        if isinstance(chunk, Exception):
            raise chunk
        return chunk

    def __iter__(self) -> Iterator[bytes]:
        chunk = self._first
        while chunk is not None:
            yield chunk
            chunk = self._next_chunk()

    def close(self) -> None:
        """Stop the producer after its current chunk."""
        self._closed.set()
