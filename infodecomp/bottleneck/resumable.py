"""Resumable training: stored while it runs, and continued from its checkpoint with the same result."""

from collections.abc import Callable
from pathlib import Path

from infodecomp.artifacts import read_checkpoint, write_checkpoint
from infodecomp.bottleneck.training import Examples, Training, train
from infodecomp.errors import InformationError

CHECKPOINT_INTERVAL = 100  # steps


def run_training(
    training: Training,
    examples: Examples,
    callback: Callable[[Training], object] | None = None,
    should_stop: Callable[[], bool] | None = None,
    checkpoint: str | Path | None = None,
) -> None:
    """Train to the last step, or until `should_stop` returns true.

    Parameters
    ----------
    training : Training
    examples : Examples
    callback : callable, optional
        Called with the training after every step. An error that it raises ends the training and is raised
        again.
    should_stop : callable, optional
        Called after every step; True ends the training.
    checkpoint : path, optional
        The state is stored in this file every hundred steps and at the end, however the training ends. If
        the file exists, training resumes from it.

    Raises
    ------
    InformationError
        If the checkpoint is of other data or settings, or was stored by an earlier version.
    """
    identity = {} if checkpoint is None else training.identity(examples)
    if checkpoint is not None and Path(checkpoint).exists():
        tensors, stored_identity = read_checkpoint(checkpoint)
        if "data" not in stored_identity:
            raise InformationError(
                f"{checkpoint} was stored by an earlier version, which did not say of which data it is: "
                "remove it to start again."
            )
        if stored_identity != identity:
            raise InformationError(
                f"{checkpoint} is of another fit, with other data or settings: remove it to start again."
            )
        training.restore(tensors)

    def store() -> None:
        if checkpoint is not None:
            write_checkpoint(checkpoint, training.state(), identity)

    for _ in train(training, examples):
        try:
            if callback is not None:
                callback(training)
            stop = should_stop is not None and should_stop()
        except BaseException:
            store()
            raise
        if stop or training.step % CHECKPOINT_INTERVAL == 0 or training.step == training.config.steps:
            store()
        if stop:
            break
