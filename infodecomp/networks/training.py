"""Training a stack of networks of one shape together, each from its own seed.

A network depends on its own seed and data alone; which others are trained beside it changes rounding at most.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import torch

from infodecomp.errors import InformationError
from infodecomp.networks.architecture import MLP
from infodecomp.networks.gradients import backpropagate
from infodecomp.networks.losses import LOSSES
from infodecomp.networks.settings import TrainingSettings
from infodecomp.optim import Adam
from infodecomp.random_streams import random_stream
from infodecomp.validation import as_float64, as_integer, as_seed

DEFAULTS = TrainingSettings()
BATCHES = 1  # the stream of random numbers of batches and dropout, beside that of the initial parameters


class StackSnapshot(NamedTuple):
    """The state of a stack after some steps.

    Attributes
    ----------
    step : int
    parameters : torch.Tensor, shape (n_networks, n_parameters)
        A copy.
    loss : torch.Tensor, shape (n_networks,)
        Without penalties, on the samples of the last step in which the network was trained; NaN at step 0.
    frozen_at : torch.Tensor, shape (n_networks,)
        The step after which the network was frozen; -1 if it has not been.
    """

    step: int
    parameters: torch.Tensor
    loss: torch.Tensor
    frozen_at: torch.Tensor


def train(
    network: MLP,
    x: torch.Tensor,
    y: torch.Tensor,
    seeds: Sequence[int],
    steps: int,
    settings: TrainingSettings = DEFAULTS,
    snapshots: Iterable[int] | None = None,
    initial: torch.Tensor | None = None,
) -> Iterator[StackSnapshot]:
    """Train a stack of networks and yield snapshots.

    Parameters
    ----------
    network : MLP
    x : torch.Tensor, shape (n_samples, n_inputs) or (n_networks, n_samples, n_inputs)
        Shared inputs, or inputs of each network.
    y : torch.Tensor
        Targets: (n_samples, n_outputs), or class numbers (n_samples,) for "cross-entropy"; with a first axis
        of n_networks if each network has targets of its own.
    seeds : sequence of int
        One for each network: of its initial parameters, its batches and its dropout.
    steps : int
    settings : TrainingSettings
    snapshots : iterable of int, optional
        Steps after which a snapshot is yielded; step 0 and the last if omitted.
    initial : torch.Tensor, shape (n_networks, n_parameters), optional
        Where to begin, instead of `network.initial(seeds)`.

    Yields
    ------
    StackSnapshot
        Once all networks are frozen, the remaining snapshots follow at once.

    Raises
    ------
    InformationError
        If shapes do not fit.
    """
    as_integer(steps, "steps", 0)
    loss = LOSSES[settings.loss]
    start = network.initial(seeds) if initial is None else initial.detach().clone()
    n = len(start)
    if len(seeds) != n:
        raise InformationError(f"{len(seeds)} seeds for {n} networks: give one for each")
    inputs = _for_each(x.to(start.dtype), n, 2, "x")
    targets = _for_each(y if loss.classes else y.to(start.dtype), n, 1 if loss.classes else 2, "y")
    if inputs.shape[1] != targets.shape[1] or inputs.shape[2] != network.widths[0]:
        raise InformationError(
            f"x {tuple(x.shape)} and y {tuple(y.shape)}: give as many samples of each, "
            f"and {network.widths[0]} inputs"
        )
    wanted = {0, steps} if snapshots is None else set(snapshots)
    return _train(_Stack(network, start, inputs, targets, seeds, settings), steps, wanted)


def _for_each(values: torch.Tensor, n: int, dimensions: int, name: str) -> torch.Tensor:
    """Data with a first axis of n networks; shared data are not copied."""
    if values.dim() == dimensions:
        return values.expand(n, *values.shape)
    if values.dim() != dimensions + 1 or len(values) != n:
        raise InformationError(
            f"{name} has shape {tuple(values.shape)}: give {dimensions} axes, "
            f"or {dimensions + 1} with {n} first"
        )
    return values


def _train(stack: "_Stack", steps: int, wanted: set[int]) -> Iterator[StackSnapshot]:
    if 0 in wanted:
        yield stack.snapshot(0)
    for step in range(1, steps + 1):
        with torch.inference_mode(False), torch.no_grad():
            stack.step(step)
        if step in wanted:
            yield stack.snapshot(step)


class _Stack:
    """Parameters, data and random generators of the networks, of which the first rows are still trained.

    Frozen networks are written back to `parameters` and leave the arrays that a step works on.
    """

    def __init__(
        self,
        network: MLP,
        start: torch.Tensor,
        x: torch.Tensor,
        y: torch.Tensor,
        seeds: Sequence[int],
        settings: TrainingSettings,
    ):
        n = len(start)
        self.network, self.settings, self.loss_function = network, settings, LOSSES[settings.loss]
        self.parameters = start
        self.loss = torch.full((n,), torch.nan, dtype=start.dtype)
        self.frozen_at = torch.full((n,), -1)
        self.active = torch.arange(n)
        self.x, self.y = x, y
        self.l1, self.l2, self.dropout = (
            as_float64(getattr(settings, name), name).to(start.dtype).expand(n).clone()[:, None]
            for name in ("l1", "l2", "dropout")
        )
        self.has_l1, self.has_l2, self.has_dropout = (
            bool(values.any()) for values in (self.l1, self.l2, self.dropout)
        )
        self.generators = [self._generator(seed) for seed in seeds]
        self.order = torch.empty(n, 0, dtype=torch.long)
        self.weights = network.weight_mask().to(start.dtype)
        self.current = start.clone()
        self.optimiser = Adam(self.current, settings.learning_rate)

    def _generator(self, seed: int) -> torch.Generator:
        """The random numbers of the batches and the dropout of a network."""
        if self.settings.shared_stream:
            return torch.Generator().manual_seed(as_seed(seed))
        return random_stream(seed, BATCHES)

    def snapshot(self, step: int) -> StackSnapshot:
        self.parameters[self.active] = self.current
        return StackSnapshot(step, self.parameters.clone(), self.loss.clone(), self.frozen_at.clone())

    def step(self, step: int) -> None:
        if not len(self.active):
            return
        x, y = self._batch()
        loss, gradient = backpropagate(
            self.network, self.current, x, y, self.loss_function, self._dropout_masks(x.shape[1])
        )
        self.loss[self.active] = loss
        if self.has_l1:
            gradient.add_(self.l1 * self.weights * self.current.sign())
        if self.has_l2:
            gradient.add_(2 * self.l2 * self.weights * self.current)
        cutoff = self.settings.freeze_below
        done = loss < cutoff if cutoff is not None else None
        if done is not None and bool(done.any()):
            self._freeze(done, step - 1)
            gradient = gradient[~done]
        if self.settings.weight_decay:
            self.current.mul_(1 - self.settings.learning_rate * self.settings.weight_decay * self.weights)
        if len(self.active):
            self.optimiser.step(gradient)

    def _freeze(self, done: torch.Tensor, step: int) -> None:
        """Take networks out of the training, with the parameters that reached the cutoff."""
        self.parameters[self.active[done]] = self.current[done]
        self.frozen_at[self.active[done]] = step
        keep = ~done
        state = self.optimiser.state()
        state = {name: value[keep] if value.dim() else value for name, value in state.items()}
        self.active, self.current = self.active[keep], self.current[keep]
        self.x, self.y, self.order = self.x[keep], self.y[keep], self.order[keep]
        self.l1, self.l2, self.dropout = self.l1[keep], self.l2[keep], self.dropout[keep]
        self.generators = [g for g, kept in zip(self.generators, keep.tolist()) if kept]
        self.optimiser = Adam(self.current, self.settings.learning_rate)
        self.optimiser.restore(state)

    def _batch(self) -> tuple[torch.Tensor, torch.Tensor]:
        """The samples of the next step, (n_active, batch_size, …); the rest of an epoch is left out."""
        n_samples, size = self.x.shape[1], self.settings.batch_size
        if size is None or size >= n_samples:
            return self.x, self.y
        if self.order.shape[1] < size:
            self.order = torch.stack([torch.randperm(n_samples, generator=g) for g in self.generators])
        chosen, self.order = self.order[:, :size], self.order[:, size:]
        rows = torch.arange(len(chosen))[:, None]
        return self.x[rows, chosen], self.y[rows, chosen]

    def _dropout_masks(self, n_samples: int) -> list[torch.Tensor] | None:
        """Factors of the hidden activations, 0 or 1 / (1 - dropout)."""
        if not self.has_dropout:
            return None
        widths, keep = self.network.widths[1:-1], 1 - self.dropout[..., None]
        draws = torch.stack(
            [
                torch.rand(n_samples, sum(widths), generator=g, dtype=self.current.dtype)
                for g in self.generators
            ]
        )
        return list(((draws < keep) / keep).to(self.current.dtype).split(widths, -1))
