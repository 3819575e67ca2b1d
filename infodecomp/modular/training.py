"""Training a network on modular addition from random weights.

Full-batch training of the factored network ReLU(E[a] V + E[b] V) W Eᵀ on cross-entropy, with gradients
written out: a step takes about a millisecond. Three updates are offered:

- "project": Adam on the gradient without its component along the weights, rescaled to its old norm;
- "decay": Adam with decoupled weight decay (AdamW);
- "neither": Adam alone.

A "project" run may decay its weights too, a little.

References
----------
Kingma & Ba (2015), Adam; Loshchilov & Hutter (2019), Decoupled weight decay regularization; Prieto, Barsbey,
Mediano & Birdal (2025), Grokking at the edge of numerical stability, section 5 (the projected gradient).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import torch

from infodecomp.errors import InformationError
from infodecomp.modular.network import ModularNetwork, all_pairs, logits, loss_of, split_pairs
from infodecomp.optim import Adam
from infodecomp.units import LN2
from infodecomp.validation import as_integer, as_scalar, as_seed

METHODS = ("project", "decay", "neither")
EMBEDDING, NEURONS = 128, 24  # widths of the factored network
INIT_EMBEDDING = EMBEDDING**-0.5  # standard deviation of the initial embedding
BETAS = 0.9, 0.98
COMPLETE = 0.9999  # test accuracy from which a run counts as finished


@dataclass(frozen=True)
class ModularConfig:
    """Settings of a run.

    Attributes
    ----------
    modulus
        From 3 to 500.
    seed
        Of the initial weights and of the split into training and test pairs.
    method
        One of `METHODS`.
    learning_rate, weight_decay
        Of each step; the weights shrink by their product. "neither" ignores the decay.
    share
        Of the unordered pairs that are shown in training.
    steps
        Steps of the optimiser, at most.
    extra_steps
        Steps that a run continues after all held-back pairs are right; it then repeats its last snapshot.
    """

    modulus: int = 67
    seed: int = 0
    method: str = "project"
    learning_rate: float = 1e-2
    weight_decay: float = 0.05
    share: float = 0.4
    steps: int = 600
    extra_steps: int = 10**9


class ModularSnapshot(NamedTuple):
    """A run as last measured.

    Attributes
    ----------
    step
        Steps of the optimiser so far.
    network
        The collapsed weights.
    accuracy, test_accuracy
        Shares of the training and of the held-back pairs that are right.
    loss, test_loss
        Mean cross-entropy of both, in bits.
    norm
        Euclidean norm of all factored weights.
    """

    step: int
    network: ModularNetwork
    accuracy: float
    test_accuracy: float
    loss: float
    test_loss: float
    norm: float


def check_config(config: ModularConfig) -> None:
    """Raise InformationError for a setting out of its bounds."""
    as_integer(config.modulus, "modulus", 3, 500)
    as_seed(config.seed)
    as_integer(config.steps, "steps", 0)
    as_scalar(config.learning_rate, "learning_rate", 0)
    as_scalar(config.weight_decay, "weight_decay", 0)
    if config.method not in METHODS:
        raise InformationError(f"method = {config.method!r}: choose from {', '.join(METHODS)}")


def train_modular(config: ModularConfig, measured: list[int]) -> Iterator[ModularSnapshot]:
    """Train a network and yield one snapshot for each of the given steps.

    Parameters
    ----------
    config
        The settings.
    measured
        Ascending steps, the first being 0.

    Yields
    ------
    ModularSnapshot
        Once `extra_steps` is over, the last one again.

    Raises
    ------
    InformationError
        For a setting out of its bounds.
    """
    check_config(config)
    training = ModularTraining(config)
    snapshot = training.measure()
    complete_since: int | None = None
    for step in measured:
        finished = complete_since is not None and training.step >= complete_since + config.extra_steps
        if not finished and step <= config.steps:
            while training.step < step:
                training.advance()
            snapshot = training.measure()
            if snapshot.test_accuracy < COMPLETE:
                complete_since = None
            elif complete_since is None:
                complete_since = step
        yield snapshot


class ModularTraining:
    """The state of a run: factored weights, gradients and optimiser.

    Parameters
    ----------
    config
        Checked settings.
    """

    def __init__(self, config: ModularConfig):
        self.config, self.step = config, 0
        self.pairs, self.split = (
            all_pairs(config.modulus),
            split_pairs(config.modulus, config.share, config.seed),
        )
        p, d, n = config.modulus, EMBEDDING, NEURONS
        generator = torch.Generator().manual_seed(config.seed + 1)
        initial = [
            torch.randn(p, d, generator=generator) * INIT_EMBEDDING,
            torch.randn(d, n, generator=generator) / d**0.5,
            torch.randn(n, d, generator=generator) / n**0.5,
        ]
        self.parameters = torch.cat([matrix.flatten() for matrix in initial])
        self._gradient = torch.empty_like(self.parameters)
        self.embedding, self.into, self.out = _matrices(self.parameters, p)
        self._gradients = _matrices(self._gradient, p)
        self._optimizer = Adam(self.parameters, config.learning_rate, BETAS)
        self._incidence = self.pairs.incidence[self.split.training]
        self._totals = self.pairs.total[self.split.training]
        self._rows = torch.arange(len(self._totals))

    @property
    def network(self) -> ModularNetwork:
        """The collapsed weights."""
        return ModularNetwork(self.embedding @ self.into, self.out @ self.embedding.T)

    def gradients(self) -> tuple[torch.Tensor, ...]:
        """Gradients of the training loss in nats for the three factors; overwritten by the next call."""
        inputs, outputs = self.network
        active = (self._incidence @ inputs).relu_()
        error = torch.softmax(active @ outputs, 1)  # (n_training, modulus)
        error[self._rows, self._totals] -= 1
        error /= len(error)
        d_outputs = active.T @ error
        d_active = (error @ outputs.T).mul_(active > 0)
        d_inputs = self._incidence.T @ d_active
        d_embedding, d_into, d_out = self._gradients
        torch.addmm(d_outputs.T @ self.out, d_inputs, self.into.T, out=d_embedding)
        torch.mm(self.embedding.T, d_inputs, out=d_into)
        torch.mm(d_outputs, self.embedding, out=d_out)
        return self._gradients

    def advance(self) -> None:
        """One step of the optimiser."""
        self.gradients()
        config = self.config
        if config.method == "project":
            for weights, gradient in zip((self.embedding, self.into, self.out), self._gradients):
                project_gradient(weights, gradient)
        if config.method != "neither":
            self.parameters.mul_(1 - config.learning_rate * config.weight_decay)
        self._optimizer.step(self._gradient)
        self.step += 1

    def measure(self) -> ModularSnapshot:
        """Accuracies and losses of the present weights."""
        network = self.network
        scores, totals = logits(network), self.pairs.total
        right = (scores.argmax(1) == totals).float()
        measured = [
            (right[side].mean().item(), loss_of(scores[side], totals[side]).item() / LN2)
            for side in self.split
        ]
        (accuracy, loss), (test_accuracy, test_loss) = measured
        norm = self.parameters.norm().item()
        return ModularSnapshot(self.step, network, accuracy, test_accuracy, loss, test_loss, norm)


def project_gradient(weights: torch.Tensor, gradient: torch.Tensor) -> None:
    """Remove from a gradient its component along the weights and restore its norm, in place.

    Parameters
    ----------
    weights, gradient
        Of one shape.
    """
    flat, along = gradient.view(-1), weights.view(-1)
    norm = flat.norm()
    flat.sub_(along * (along @ flat / (along @ along).clamp_min(1e-30)))
    flat.mul_(norm / flat.norm().clamp_min(1e-30))


def _matrices(flat: torch.Tensor, modulus: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """The three factors as views of one vector."""
    p, d, n = modulus, EMBEDDING, NEURONS
    embedding, into, out = flat.split((p * d, d * n, n * d))
    return embedding.view(p, d), into.view(d, n), out.view(n, d)


__all__ = ["METHODS", "ModularConfig", "ModularSnapshot", "ModularTraining", "train_modular"]
