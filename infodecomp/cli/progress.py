"""A command that computes: on one thread, with a progress bar, ended by Ctrl-C so that it can resume."""

import errno
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import click

DISK_ERRORS = errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EROFS, errno.EACCES


def use_one_thread() -> None:
    """Let torch compute on one thread, so that numbers do not depend on the cores; it is imported here."""
    import torch

    torch.set_num_threads(1)


class Interrupted(Exception):
    """Ctrl-C."""


@contextmanager
def training_bar(
    length: int, label: str, describe: Callable[[Any], str] | None = None, at_once: bool = False
) -> Iterator[Callable[..., None]]:
    """Show a progress bar.

    Parameters
    ----------
    length : int
        Steps of the training.
    label : str
    describe : callable, optional
        Text beside the bar for a training.
    at_once : bool
        Whether Ctrl-C ends what this process waits for, and not only the next step.

    Raises
    ------
    Interrupted
        In place of whatever else is raised once Ctrl-C was pressed, as by workers that it has ended too; but
        not in place of a disk that could not take the training so far.

    Yields
    ------
    callable
        update(step, training, length=None) moves the bar to a step, of another number of steps if one is
        given, and raises Interrupted once Ctrl-C was pressed. A resumed training begins in the middle of the
        bar, and after a training another can begin.
    """
    interrupts: list[bool] = []
    done = 0

    def interrupt(*_) -> None:
        interrupts.append(True)
        if at_once:
            raise KeyboardInterrupt

    previous_handler = signal.signal(signal.SIGINT, interrupt)

    def show(training) -> str | None:
        return None if training is None or describe is None else describe(training)

    try:
        with click.progressbar(range(length), label=label, update_min_steps=20, item_show_func=show) as bar:

            def update(step: int, training, length: int | None = None) -> None:
                nonlocal done
                bar.length = length or bar.length
                if step < done:  # the next training
                    bar.finished = False
                    bar.make_step(step - done)
                else:
                    bar.update(step - done, training)
                done = step
                if interrupts:
                    raise Interrupted

            yield update
    except BaseException as error:
        if interrupts and not (isinstance(error, OSError) and error.errno in DISK_ERRORS):
            raise Interrupted from None
        raise
    finally:
        signal.signal(signal.SIGINT, previous_handler)
