"""The Adam optimiser for a single tensor.

Importing and constructing torch.optim.Adam takes seconds, which is long compared with a live run of
microsecond steps.
"""

import math
from collections.abc import Sequence

import torch

BETAS = 0.9, 0.999
EPSILON = 1e-8
FUSED_FROM = 262_144  # numbers


class Adam:
    """Minimise a function of one tensor, given its gradients.

    Parameters
    ----------
    parameters : torch.Tensor
        Updated in place by each step.
    learning_rate : float
        Size of a step.
    betas : tuple of float, default (0.9, 0.999)
        Decay rates of the running averages of the gradient and of its square.

    Attributes
    ----------
    learning_rate : float
        May be changed between steps.

    References
    ----------
    Kingma & Ba (2015), Adam: a method for stochastic optimization, alg. 1.
    """

    def __init__(self, parameters: torch.Tensor, learning_rate: float, betas: tuple[float, float] = BETAS):
        self.parameters, self.learning_rate, self.betas = parameters, learning_rate, betas
        self._mean, self._square = torch.zeros_like(parameters), torch.zeros_like(parameters)
        self._steps = 0

    @torch.no_grad()
    def step(self, gradient: torch.Tensor) -> None:
        """Update the parameters in place.

        Parameters
        ----------
        gradient : torch.Tensor
            Of the shape of the parameters.
        """
        self._steps += 1
        if gradient.numel() > FUSED_FROM:
            self._step_in_one_pass(gradient)
            return
        beta_1, beta_2 = self.betas
        self._mean.lerp_(gradient, 1 - beta_1)
        self._square.mul_(beta_2).addcmul_(gradient, gradient, value=1 - beta_2)
        scale = self._square.sqrt().div_(math.sqrt(1 - beta_2**self._steps)).add_(EPSILON)
        self.parameters.addcdiv_(self._mean, scale, value=-self.learning_rate / (1 - beta_1**self._steps))

    def _step_in_one_pass(self, gradient: torch.Tensor) -> None:
        """The same step by torch's own kernel, which reads large tensors from memory once."""
        torch._fused_adam_(
            [self.parameters.detach()],
            [gradient],
            [self._mean],
            [self._square],
            [],
            [torch.tensor(float(self._steps))],
            lr=self.learning_rate,
            beta1=self.betas[0],
            beta2=self.betas[1],
            weight_decay=0.0,
            eps=EPSILON,
            amsgrad=False,
            maximize=False,
        )

    @staticmethod
    @torch.no_grad()
    def step_together(optimisers: list["Adam"], gradients: Sequence[torch.Tensor]) -> None:
        """Take a step with each of several optimisers, which costs less than one after the other.

        Parameters
        ----------
        optimisers : list of Adam
            All with the same learning rate, betas and number of steps.
        gradients : sequence of torch.Tensor
            One for each of them.
        """
        small = []
        for optimiser, gradient in zip(optimisers, gradients, strict=True):
            if gradient.numel() > FUSED_FROM:
                optimiser.step(gradient)
            else:
                optimiser._steps += 1
                small.append((optimiser, gradient))
        if not small:
            return
        first, given = small[0][0], [gradient for _, gradient in small]
        (beta_1, beta_2), steps = first.betas, first._steps
        means, squares = [one._mean for one, _ in small], [one._square for one, _ in small]
        torch._foreach_lerp_(means, given, 1 - beta_1)
        torch._foreach_mul_(squares, beta_2)
        torch._foreach_addcmul_(squares, given, given, 1 - beta_2)
        scales = torch._foreach_sqrt(squares)
        torch._foreach_div_(scales, math.sqrt(1 - beta_2**steps))
        torch._foreach_add_(scales, EPSILON)
        parameters = [one.parameters.detach() for one, _ in small]
        torch._foreach_addcdiv_(parameters, means, scales, -first.learning_rate / (1 - beta_1**steps))

    def state(self) -> dict[str, torch.Tensor]:
        """The running averages and the step count, by name.

        Returns
        -------
        dict of str to torch.Tensor
            Not copied: later steps change the tensors in place.
        """
        return {"mean": self._mean, "square": self._square, "steps": torch.tensor(self._steps)}

    def restore(self, state: dict[str, torch.Tensor]) -> None:
        """Continue from a state.

        Parameters
        ----------
        state : dict of str to torch.Tensor
            What `state` returned for parameters of the same shape.
        """
        self._mean.copy_(state["mean"])
        self._square.copy_(state["square"])
        self._steps = int(state["steps"])
