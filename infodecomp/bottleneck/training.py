"""The training of a distributed bottleneck: min over encoders and decoder of E[loss(y, f(u))] + β Σ I(X_i; U_i), at all β at once.

Murphy & Bassett (ICLR 2023) train one network for each β and charge the divergence from a standard normal, an upper bound. Here one
network is conditioned on β, and what is charged is mostly the true information against the mixture of the codes; the part of
the bound keeps codes that have come apart within reach of a gradient. A step looks at a few prices, spread over their range.
"""

import math
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import NamedTuple

import torch
from torch import Tensor

from infodecomp.bottleneck.features import Feature
from infodecomp.bottleneck.network import Network, divergence, sample, sampled_information
from infodecomp.optim import Adam

KEEP = 0.9, 0.99  # of the averages of slopes and of their squares


@dataclass(frozen=True)
class TrainingConfig:
    """How a network is built and trained. dimension: of a feature's code; width: of the decoder's layers; knots: over the price;
    steps: of the optimiser; betas_per_step, rows_per_step: in a step; beta: the dearest and the cheapest price of a nat, in parts of what the target has
    to tell; init_log_scale: logarithm of how far apart the codes are to begin with, at these two prices; kl_fraction: the part of the divergence
    in the charge; loss_weight_offset: how far cheap prices weigh more.

    beta begins where a bit pays for nothing (Target.dearest says when a target needs more), so that the plane begins at 0 bits.
    At the cheap end codes begin clear: two columns that tell only together (Y = A xor B) teach the decoder nothing while either is
    hidden in noise, and are then priced away before they help. At the dear end codes begin faint, and nothing is told."""

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

    def price(self, t: Tensor) -> Tensor:
        """β at t, shape (n_t,)."""
        dear, cheap = map(math.log, self.beta)
        return torch.exp(dear + t * (cheap - dear))

    @classmethod
    def from_dict(cls, stored: dict) -> "TrainingConfig":
        return cls(
            **stored | {"beta": tuple(stored["beta"]), "init_log_scale": tuple(stored["init_log_scale"])}
        )

    def as_dict(self) -> dict:
        return asdict(self) | {"beta": list(self.beta), "init_log_scale": list(self.init_log_scale)}


class Examples(NamedTuple):
    """rows: positions in the long row of levels, int64 (n_samples, n_features). target: standardised numbers, float32 (n_samples,),
    or classes, int64. scale: nats by which a class's loss is divided; 1 for numbers."""

    rows: Tensor
    target: Tensor
    scale: float = 1.0

    @property
    def classes(self) -> bool:
        return not self.target.is_floating_point()


class Training:
    """A training that goes on step by step and can be stored between any two: what it does at a step depends on nothing but
    its state, the seed and the number of the step."""

    def __init__(self, features: list[Feature], outputs: int, config: TrainingConfig, seed: int):
        self.config, self.seed, self.step, self.loss = config, seed, 0, math.nan
        self.seconds = 0.0  # CPU time of its steps, also of those before it was interrupted
        self.bits = self.unexplained = (
            math.nan
        )  # bits, and part of the target unexplained, at the cheapest price of the last step
        self.network = Network(
            features, config.dimension, outputs, config.width, config.knots, seed, config.init_log_scale
        )
        self.ema_network = Network(
            features, config.dimension, outputs, config.width, config.knots, seed, config.init_log_scale
        )
        self.ema_network.requires_grad_(False)
        self.optimisers = [
            Adam(parameters, config.learning_rate, KEEP) for parameters in self.network.parameters()
        ]
        self._generator = torch.Generator()

    def advance(self, examples: Examples) -> None:
        """One step of the optimiser, and of the running average of the weights that is what gets used."""
        start, config = time.thread_time(), self.config
        rate = (
            config.learning_rate
            * (1 + math.cos(math.pi * self.step / config.steps))
            / 2
            * min(1, (self.step + 1) / 30)
        )
        loss = self._loss(examples, self._generator.manual_seed(self.seed * 1_000_003 + self.step))
        for optimiser, slope in zip(
            self.optimisers, torch.autograd.grad(loss, list(self.network.parameters()))
        ):
            optimiser.rate = rate
            optimiser.step(slope)
        self.step += 1
        keep = min(config.ema_decay, self.step / (9 + self.step))
        torch._foreach_lerp_(
            list(self.ema_network.parameters()),
            [weight.detach() for weight in self.network.parameters()],
            1 - keep,
        )
        self.loss = loss.item()
        self.seconds += time.thread_time() - start

    def _loss(self, examples: Examples, generator: torch.Generator) -> Tensor:
        config, network = self.config, self.network
        n_t, n_rows = config.betas_per_step, config.rows_per_step
        t = (torch.arange(n_t) + torch.rand(n_t, generator=generator)) / n_t
        beta = config.price(t)[:, None]
        chosen = torch.randint(len(examples.target), (n_t, n_rows), generator=generator)
        codes = network.encodings(t)
        noise = torch.randn(n_t, n_rows, network.n_features, network.dimension, generator=generator)
        u, mean, log_variance = sample(codes, examples.rows[chosen], noise)
        information = sampled_information(codes, network.layout, u, noise, log_variance).sum(-1)
        charge = (1 - config.kl_fraction) * information + config.kl_fraction * divergence(
            mean, log_variance
        ).sum(-1)
        error = losses(network.decode(u.flatten(2), t), examples.target[chosen]) / examples.scale
        self.bits, self.unexplained = information[-1].mean().item() / math.log(2), error[-1].mean().item()
        return ((error + beta * charge) / (config.loss_weight_offset + beta).sqrt()).mean()

    def identity(self, examples: Examples) -> dict:
        """What a stored state must have been made of for this training to go on from it."""
        target = examples.target.double()
        return {
            "config": self.config.as_dict(),
            "seed": self.seed,
            "rows": list(examples.rows.shape),
            "levels": self.network.layout.sizes.tolist(),
            "sums": [
                int(examples.rows.sum()),
                f"{float(target.sum()):.9g}",
                f"{float(target.square().sum()):.9g}",
            ],
        }

    def state(self) -> dict[str, Tensor]:
        """Everything that the next step depends on, by name, and the seconds that it took so far."""
        tensors = {f"network.{name}": value for name, value in self.network.state_dict().items()}
        tensors |= {f"average.{name}": value for name, value in self.ema_network.state_dict().items()}
        for index, optimiser in enumerate(self.optimisers):
            tensors |= {f"optimiser.{index}.{name}": value for name, value in optimiser.state().items()}
        return tensors | {
            "step": torch.tensor(self.step),
            "seconds": torch.tensor(self.seconds, dtype=torch.float64),
        }

    def restore(self, tensors: dict[str, Tensor]) -> None:
        """Go on from a stored state."""

        def under(prefix: str) -> dict[str, Tensor]:
            return {
                name.removeprefix(prefix): value for name, value in tensors.items() if name.startswith(prefix)
            }

        self.network.load_state_dict(under("network."))
        self.ema_network.load_state_dict(under("average."))
        for index, optimiser in enumerate(self.optimisers):
            optimiser.restore(under(f"optimiser.{index}."))
        self.step, self.seconds = int(tensors["step"]), float(tensors["seconds"])


def losses(outputs: Tensor, target: Tensor) -> Tensor:
    """Squared errors of numbers, or cross-entropies of classes in nats: outputs (..., n_outputs), target (...) → (...)."""
    if target.is_floating_point():
        return (outputs[..., 0] - target).square()
    return torch.nn.functional.cross_entropy(outputs.movedim(-1, 1), target, reduction="none")


def train(training: Training, examples: Examples) -> Iterator[Training]:
    """The training after each of its steps, to its last; stop asking and it stops."""
    while training.step < training.config.steps:
        training.advance(examples)
        yield training
