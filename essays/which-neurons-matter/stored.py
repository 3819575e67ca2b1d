"""What was trained beforehand, with an error that a page can show where it is missing."""

from typing import Any

from infodecomp.errors import CheckpointError
from infodecomp.experiments.registry import Experiment
from infodecomp.explorable.core.errors import Missing


def stored(experiment: Experiment, **changes: Any) -> Any:
    """The last snapshot of a stored run; an error of the explorable if there is none."""
    try:
        return experiment.last(**changes)
    except CheckpointError as error:
        raise Missing(str(error)) from error
