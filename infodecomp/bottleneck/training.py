"""Train a distributed bottleneck for all β at once: min E[loss(y, f(u))] + β Σ I(X_i; U_i).

Murphy & Bassett (ICLR 2023) train one network for each β and penalise the divergence from a standard
normal, which is an upper bound on the information. Here one network is conditioned on β, and most of the
penalty is the information against the mixture of the encodings. The rest is the divergence: it keeps
encodings that are far apart within reach of a gradient. Each step uses a few values of β, spread over their
range.
"""

import hashlib
import json
import math
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, NamedTuple

import torch
from torch import Tensor

from infodecomp.bottleneck.features import INDICATOR, Feature
from infodecomp.bottleneck.messages import divergence, sample, sampled_information
from infodecomp.bottleneck.network import Network
from infodecomp.optim import Adam
from infodecomp.random_streams import short_seed

if TYPE_CHECKING:
    from infodecomp.bottleneck.model import Bottleneck

ADAM_DECAY = 0.9, 0.99  # of the running means of gradients and of their squares
WARMUP_STEPS = 30  # of the learning rate
MIXTURE_SIZE = 262_144  # rows times levels of all columns
MIN_INFORMATION_ROWS = 16
ROWS_OF_A_STEP, FEWEST_STEPS = 4, 150  # in a table with few rows
MANY_ROWS, LONGEST = 50_000, 2  # from which on there are more steps, up to so many times as many
FIRST_NATS = 0.1  # of a column, whose price is never low
STEP_SEEDS = 1_000_003  # from one seed to the next
FREE_SHARE = 0.4  # of the annealed steps, in which bits are free


@dataclass(frozen=True)
class TrainingConfig:
    """How a network is built and trained.

    Attributes
    ----------
    dimension : int
        Of a feature's message.
    width : int
        Of the decoder's hidden layers.
    knots : int
        Of the hat functions over t.
    steps : int
        Of the optimiser.
    betas_per_step, rows_per_step : int
        Values of β in a step, and rows of the table for each.
    learning_rate : float
        At its peak; it then falls along a cosine.
    beta : tuple of float
        The highest and the lowest β, for a loss divided by the variance of a number or the entropy of a
        class in nats, and information in nats. The highest should leave no bits, so that the plane begins
        at 0 bits (`highest_beta` says when a target needs more).
    init_log_scale : tuple of float
        Logarithm of the initial scale of the means, at the highest and at the lowest β. Encodings begin
        well separated at the lowest: two columns that matter only together (Y = A xor B) teach the decoder
        nothing while either is hidden in noise, and would be compressed away before they help.
    kl_fraction : float
        Share of the divergence from a standard normal in the penalty.
    loss_weight_offset : float
        The loss at β is divided by √(loss_weight_offset + β); smaller offsets give low β more weight.
    ema_decay : float
        Of the exponential moving average of the weights.
    annealing : float
        Share of the steps during which no β in use exceeds a bound: 0 for the first 0.4 of them, then rising
        from the lowest to the highest (`first_beta` holds as soon as it rises). Everything is sent at first,
        and each β is reached from below. That finds columns that matter only together; 0 uses all β from the
        first step.
    start : {'random', 'cells'}
        Where the encoders begin: at random, or at the cells of quantisers.
    weight_decay : float
        The weights of the decoder's last layer shrink by this times the learning rate in each step
        (Loshchilov & Hutter 2019). With few rows it is otherwise certain of what it learnt by heart. In the
        other layers it would hide columns that matter only together.
    own_level : float
        Weight of what an encoder says of a level alone, beside what it says of this and its neighbours.
    smoothness : float
        How much less an encoder says of a level together with its nearest neighbours than with many; see
        `kernel_weights`.
    first_beta : float
        The least price of a column's first nats: where β is lower, I nats of a column cost another
        (first_beta − β) · FIRST_NATS · (1 − exp(−I / FIRST_NATS)). At a low β, columns of noise would
        otherwise get a tenth of a bit each, for what they explain by chance.
    """

    dimension: int = 2
    width: int = 128
    knots: int = 9
    steps: int = 1500
    betas_per_step: int = 6
    rows_per_step: int = 128
    learning_rate: float = 2e-2
    beta: tuple[float, float] = (2.5, 0.0003)
    init_log_scale: tuple[float, float] = (-1.5, 1.0)
    kl_fraction: float = 0.05
    loss_weight_offset: float = 0.02
    ema_decay: float = 0.995
    annealing: float = 0.0
    start: str = "random"
    weight_decay: float = 0.0
    own_level: float = INDICATOR
    first_beta: float = 0.0
    smoothness: float = 0.0

    def beta_at(self, t: Tensor) -> Tensor:
        """β at t, shape (n_t,)."""
        highest, lowest = map(math.log, self.beta)
        return torch.exp(highest + t * (lowest - highest))

    @classmethod
    def from_dict(cls, stored: dict) -> "TrainingConfig":
        """The inverse of as_dict."""
        pairs = {name: tuple(stored[name]) for name in ("beta", "init_log_scale")}
        return cls(**stored | pairs)

    def as_dict(self) -> dict:
        """The fields as JSON-compatible values."""
        return asdict(self) | {"beta": list(self.beta), "init_log_scale": list(self.init_log_scale)}


def default_steps(n_rows: int) -> int:
    """Steps for a table with so many rows: one for each 4, from 150 to 1,500; with more, the decoder learns
    few rows by heart. From 50,000 rows on there are more again, up to 3,000."""
    few = max(FEWEST_STEPS, n_rows // ROWS_OF_A_STEP)
    return int(min(TrainingConfig.steps, few) * min(abundance(n_rows), LONGEST))


def scarcity(n_rows: int) -> float:
    """How few rows a table has: from 1 for next to none down to 0 for those that get all steps, or more."""
    return max(0.0, 1 - n_rows / (TrainingConfig.steps * ROWS_OF_A_STEP))


def abundance(n_rows: int) -> float:
    """How many rows a table has: as a multiple of 50,000, and 1 with fewer."""
    return max(1.0, n_rows / MANY_ROWS)


class Examples(NamedTuple):
    """The rows to fit.

    Attributes
    ----------
    rows : Tensor of int64, shape (n_samples, n_features)
        Flat level indices.
    target : Tensor of shape (n_samples,)
        Standardised numbers, float32, or class indices, int64.
    scale : float
        Nats by which the loss of a class is divided; 1 for numbers.
    weights : Tensor of float64, shape (n_samples,), optional
        Rows are drawn in proportion to these.
    """

    rows: Tensor
    target: Tensor
    scale: float = 1.0
    weights: Tensor | None = None

    def draw(self, shape: tuple[int, int], generator: torch.Generator) -> Tensor:
        """Numbers of random rows, of a shape (n_t, n_rows)."""
        if self.weights is None:
            return torch.randint(len(self.target), shape, generator=generator)
        edges = self.weights.cumsum(0)
        uniform = torch.rand(shape, generator=generator, dtype=torch.float64)
        return torch.searchsorted(edges, uniform * edges[-1], right=True).clamp_max(len(edges) - 1)

    def digests(self) -> list[str]:
        """The SHA-256 of rows, target and weights, of each that there is, in hexadecimal."""
        return [_sha256(part) for part in (self.rows, self.target, self.weights) if part is not None]


class Training:
    """A training that advances step by step and can be stored between any two steps.

    A step depends on nothing but the state, the seed and the number of the step.

    Parameters
    ----------
    features : list of Feature
    outputs : int
        1 for a number, or the number of classes.
    config : TrainingConfig
    seed : int

    Attributes
    ----------
    step : int
        Steps taken so far.
    seconds : float
        CPU time of these steps, including those before an interruption.
    loss : float
        Of the last step.
    bits, unexplained : float
        At the lowest β of the last step: total information, and loss as a fraction of the target's variance
        or entropy.
    network, ema_network : Network
        The trained weights, and their exponential moving average, which is the result.
    so_far : callable or None
        Returns the result as it is after this step: a `Bottleneck` whose plane is measured on some of the
        rows that are held out, with few messages. It changes nothing in the training. Set by a fit.
    """

    def __init__(self, features: list[Feature], outputs: int, config: TrainingConfig, seed: int):
        self.features, self.config, self.seed, self.step = features, config, seed, 0
        self._short_seed = short_seed(seed)
        self.so_far: Callable[[], Bottleneck] | None = None
        self.seconds = 0.0
        self.loss = self.bits = self.unexplained = math.nan
        shape = config.dimension, outputs, config.width, config.knots, seed, config.init_log_scale
        self.network = Network(features, *shape, own_level=config.own_level, smoothness=config.smoothness)
        self.ema_network = Network(features, *shape, bases=self.network.bases)
        self.ema_network.requires_grad_(False)
        self._optimisers = [
            Adam(parameters, config.learning_rate, ADAM_DECAY) for parameters in self.network.parameters()
        ]
        self._last_weight = self.network.get_parameter(f"layers.{len(self.network.layers) - 1}.weight")
        self._generator = torch.Generator()

    @torch.enable_grad()
    def advance(self, examples: Examples) -> None:
        """Take one step of the optimiser and update the moving average of the weights."""
        start = time.thread_time()
        loss = self._loss(examples, self._generator.manual_seed(self._short_seed * STEP_SEEDS + self.step))
        gradients = torch.autograd.grad(loss, list(self.network.parameters()))
        rate = self._learning_rate()
        for optimiser in self._optimisers:
            optimiser.learning_rate = rate
        Adam.step_together(self._optimisers, gradients)
        if self.config.weight_decay:
            self._last_weight.detach().mul_(1 - rate * self.config.weight_decay)
        self.step += 1
        decay = min(self.config.ema_decay, self.step / (9 + self.step))
        torch._foreach_lerp_(
            list(self.ema_network.parameters()),
            [weight.detach() for weight in self.network.parameters()],
            1 - decay,
        )
        self.loss = loss.item()
        self.seconds += time.thread_time() - start

    def _learning_rate(self) -> float:
        cosine = (1 + math.cos(math.pi * self.step / self.config.steps)) / 2
        return self.config.learning_rate * cosine * min(1, (self.step + 1) / WARMUP_STEPS)

    def _information_rows(self) -> int:
        """Rows from which the information of each column is estimated in a step: few in wide tables."""
        affordable = MIXTURE_SIZE // len(self.network.layout.p)
        return min(self.config.rows_per_step, max(MIN_INFORMATION_ROWS, affordable))

    def _highest_beta(self) -> float:
        """The bound on β in this step."""
        highest, lowest = self.config.beta
        annealed = self.config.annealing * self.config.steps
        if self.step >= annealed:
            return highest
        free = FREE_SHARE * annealed
        if self.step < free:
            return 0.0
        return lowest * (highest / lowest) ** ((self.step - free) / (annealed - free))

    def _loss(self, examples: Examples, generator: torch.Generator) -> Tensor:
        config, network = self.config, self.network
        n_t, n_rows = config.betas_per_step, config.rows_per_step
        offsets = torch.rand(n_t, generator=generator, dtype=torch.float32)
        t = (torch.arange(n_t) + offsets) / n_t
        beta = config.beta_at(t).clamp_max(self._highest_beta())
        chosen = examples.draw((n_t, n_rows), generator)
        encodings = network.encodings(t)
        shape = n_t, n_rows, network.n_features, network.dimension
        noise = torch.randn(shape, generator=generator, dtype=torch.float32)
        u, mean, log_variance = sample(encodings, examples.rows[chosen], noise)
        few = self._information_rows()
        columns = sampled_information(
            encodings, network.layout, u[:, :few], noise[:, :few], log_variance[:, :few]
        )
        upper_bound = divergence(mean, log_variance).sum(2).mean(1)
        information = columns.sum(1)
        penalty = (1 - config.kl_fraction) * information + config.kl_fraction * upper_bound
        outputs = network.decode(u.flatten(2), t)
        error = losses(outputs, examples.target[chosen]).mean(1) / examples.scale
        self.bits, self.unexplained = information[-1].item() / math.log(2), error[-1].item()
        cost = error + beta * penalty
        if config.first_beta and self._highest_beta() > 0:
            first = FIRST_NATS * (1 - (-columns / FIRST_NATS).clamp_max(1).exp()).sum(1)
            cost = cost + (config.first_beta - beta).clamp_min(0) * first
        return (cost / (config.loss_weight_offset + beta).sqrt()).mean()

    def identity(self, examples: Examples) -> dict:
        """What must be the same for this training to resume from a stored state."""
        features = json.dumps([feature.as_dict() for feature in self.features])
        return {
            "config": self.config.as_dict(),
            "seed": self.seed,
            "rows": list(examples.rows.shape),
            "features": hashlib.sha256(features.encode()).hexdigest(),
            "data": examples.digests(),
        }

    def state(self) -> dict[str, Tensor]:
        """Everything that the next step depends on, by name, and the CPU time so far."""
        tensors = {f"network.{name}": value for name, value in self.network.state_dict().items()}
        tensors |= {f"average.{name}": value for name, value in self.ema_network.state_dict().items()}
        for index, optimiser in enumerate(self._optimisers):
            tensors |= {f"optimiser.{index}.{name}": value for name, value in optimiser.state().items()}
        return tensors | {
            "step": torch.tensor(self.step),
            "seconds": torch.tensor(self.seconds, dtype=torch.float64),
        }

    def restore(self, tensors: dict[str, Tensor]) -> None:
        """Resume from a stored state."""

        def under(prefix: str) -> dict[str, Tensor]:
            return {
                name.removeprefix(prefix): value for name, value in tensors.items() if name.startswith(prefix)
            }

        self.network.load_state_dict(under("network."))
        self.ema_network.load_state_dict(under("average."))
        for index, optimiser in enumerate(self._optimisers):
            optimiser.restore(under(f"optimiser.{index}."))
        self.step, self.seconds = int(tensors["step"]), float(tensors["seconds"])


def _sha256(part: Tensor) -> str:
    """Of the bytes of a tensor, or what a part that is mapped from a file says of these."""
    if isinstance(part, Tensor):
        return hashlib.sha256(part.contiguous().numpy().data).hexdigest()
    return part.sha256


def losses(outputs: Tensor, target: Tensor) -> Tensor:
    """Squared errors, or cross-entropies in nats: outputs (..., n_outputs), target (...) to (...)."""
    if target.is_floating_point():
        return (outputs[..., 0] - target).square()
    return torch.nn.functional.cross_entropy(outputs.movedim(-1, 1), target, reduction="none")


def train(training: Training, examples: Examples) -> Iterator[Training]:
    """Yield the training after each of its remaining steps."""
    while training.step < training.config.steps:
        training.advance(examples)
        yield training
