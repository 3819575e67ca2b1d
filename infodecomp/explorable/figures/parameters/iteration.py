"""The step of a long computation, as a slider that can be played."""

from dataclasses import dataclass
from typing import ClassVar

from infodecomp.explorable.figures.parameters.numeric import Range


@dataclass(frozen=True, kw_only=True)
class IterationSlider(Range):
    """The step that a long computation has reached, with a button that plays it.

    Parameters
    ----------
    resets_on : tuple of str
        Names of the parameters that fix the computation; when one of them changes, the page goes back to
        the first step.
    play_label, stop_label : str
        The text of the button at rest and while it plays.
    seconds : float, optional
        About how long a whole run takes; the button says so.
    max_rate : float
        Maximum number of steps per second in a stream, so that a cached run can be watched; 0 for no limit.
    """

    resets_on: tuple[str, ...] = ()
    play_label: str = "Play"
    stop_label: str = "Stop"
    seconds: float | None = None
    max_rate: float = 0
    low: float = 0
    step: float = 1
    is_played: ClassVar[bool] = True

    @property
    def dependencies(self) -> tuple[str, ...]:
        return self.resets_on

    def steps_from(self, step: int) -> range:
        """Return the steps that the button plays from a step; after the last it starts over."""
        return range(int(self.low if step >= self.high else step), int(self.high) + 1)

    def _page_fields(self) -> dict:
        return super()._page_fields() | {
            "run": list(self.resets_on),
            "go": self.play_label,
            "halt": self.stop_label,
            "seconds": self.seconds,
        }
