"""Adam on one tensor (Kingma & Ba 2015, alg. 1): torch.optim imports for seconds what steps of microseconds do not need."""

import math

import torch

KEEP = 0.9, 0.999  # how much of its averages of slopes and of their squares is kept from step to step
SMALL = 1e-8


class Adam:
    """Moves `parameters` down the slopes that it is given. rate: the size of a step."""

    def __init__(self, parameters: torch.Tensor, rate: float):
        self.parameters, self.rate = parameters, rate
        self._mean, self._square = torch.zeros_like(parameters), torch.zeros_like(parameters)
        self._steps = 0

    @torch.no_grad()
    def step(self, slope: torch.Tensor) -> None:
        """One step, in place. slope: the gradient, of the parameters' shape."""
        self._steps += 1
        self._mean.lerp_(slope, 1 - KEEP[0])
        self._square.mul_(KEEP[1]).addcmul_(slope, slope, value=1 - KEEP[1])
        spread = self._square.sqrt().div_(math.sqrt(1 - KEEP[1]**self._steps)).add_(SMALL)
        self.parameters.addcdiv_(self._mean, spread, value=-self.rate / (1 - KEEP[0]**self._steps))
