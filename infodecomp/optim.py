"""Adam on one tensor (Kingma & Ba 2015, alg. 1): torch.optim imports for seconds what steps of microseconds do not need."""

import math

import torch

KEEP = 0.9, 0.999
SMALL = 1e-8


class Adam:
    """Moves `parameters` down the slopes that it is given. rate: the size of a step, which may change between steps. keep: how much
    of its averages of slopes and of their squares is kept from step to step."""

    def __init__(self, parameters: torch.Tensor, rate: float, keep: tuple[float, float] = KEEP):
        self.parameters, self.rate, self.keep = parameters, rate, keep
        self._mean, self._square = torch.zeros_like(parameters), torch.zeros_like(parameters)
        self._steps = 0

    @torch.no_grad()
    def step(self, slope: torch.Tensor) -> None:
        """One step, in place. slope: the gradient, of the parameters' shape."""
        self._steps += 1
        keep_mean, keep_square = self.keep
        self._mean.lerp_(slope, 1 - keep_mean)
        self._square.mul_(keep_square).addcmul_(slope, slope, value=1 - keep_square)
        spread = self._square.sqrt().div_(math.sqrt(1 - keep_square**self._steps)).add_(SMALL)
        self.parameters.addcdiv_(self._mean, spread, value=-self.rate / (1 - keep_mean**self._steps))

    def state(self) -> dict[str, torch.Tensor]:
        """What the next step depends on beside the parameters and the rate, by name."""
        return {"mean": self._mean, "square": self._square, "steps": torch.tensor(self._steps)}

    def restore(self, state: dict[str, torch.Tensor]) -> None:
        """Go on from a state."""
        self._mean.copy_(state["mean"])
        self._square.copy_(state["square"])
        self._steps = int(state["steps"])
