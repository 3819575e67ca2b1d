"""A training on the terminal: a bar that follows it, and Ctrl-C, which ends it between two steps, so that it can be gone on from."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click


class Interrupted(Exception):
    """Ctrl-C, between two steps."""


@contextmanager
def training_bar(length: int, label: str, tell: Callable | None = None) -> Iterator[Callable]:
    """Gives reached(step, training), which moves the bar to a step of so many and raises Interrupted once Ctrl-C was pressed.

    A training that goes on from where it was ended begins in the middle of the bar. tell(training): what stands beside it.
    """
    pressed, done = [], 0
    before = signal.signal(signal.SIGINT, lambda *_: pressed.append(True))
    try:
        with click.progressbar(
            length=length,
            label=label,
            update_min_steps=20,
            item_show_func=lambda training: None if None in (training, tell) else tell(training),
        ) as bar:

            def reached(step: int, training) -> None:
                nonlocal done
                bar.update(step - done, training)
                done = step
                if pressed:
                    raise Interrupted

            yield reached
    finally:
        signal.signal(signal.SIGINT, before)
