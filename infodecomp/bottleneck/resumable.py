"""A training that survives: stored while it runs, and continued from what was stored, with the same numbers in the end."""

from collections.abc import Callable
from pathlib import Path

from infodecomp.artifacts import read_checkpoint, write_checkpoint
from infodecomp.bottleneck.training import Examples, Training, train
from infodecomp.errors import InformationError

EVERY = 100  # steps between two checkpoints


def run_training(
    training: Training,
    examples: Examples,
    callback: Callable | None = None,
    should_stop: Callable[[], bool] | None = None,
    checkpoint: str | Path | None = None,
) -> None:
    """Train to the end, or until told to stop; from a checkpoint where there is one.

    callback(training), should_stop(): called after every step. The state is stored every hundred steps, at the end, and when either of
    the two ends the training: True from should_stop, any error from callback, which is raised again. Raises InformationError
    for a checkpoint of other data or settings.
    """
    made_of = training.identity(examples)
    if checkpoint is not None and Path(checkpoint).exists():
        tensors, meaning = read_checkpoint(checkpoint)
        if meaning != made_of:
            raise InformationError(
                f"{checkpoint} is of another fit, with other data or settings: remove it to begin anew."
            )
        training.restore(tensors)

    def keep() -> None:
        if checkpoint is not None:
            write_checkpoint(checkpoint, training.state(), made_of)

    for _ in train(training, examples):
        try:
            if callback is not None:
                callback(training)
            stop = should_stop is not None and should_stop()
        except BaseException:
            keep()
            raise
        if stop or training.step % EVERY == 0 or training.step == training.config.steps:
            keep()
        if stop:
            break
