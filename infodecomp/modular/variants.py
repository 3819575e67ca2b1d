"""Modular addition under different parameterisations, many runs at once.

What the network answers depends on two matrices alone, its input weights (modulus, neurons) and its output
weights (neurons, modulus). How these are made of the numbers that are trained decides whether it ever
generalises:

- "tied": both are products with one embedding E, E A and B Eᵀ;
- "untied": each is a product with an embedding of its own;
- "input", "output": only that one is a product, the other is trained directly;
- "direct": both are trained directly;
- "circle": E is fixed to points of a circle, (cos 2πi/p, sin 2πi/p), and A and B are trained.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import torch

from infodecomp.errors import InformationError
from infodecomp.modular.network import all_pairs, split_pairs
from infodecomp.optim import Adam
from infodecomp.validation import as_integer, as_scalar, as_seed

PARAMETERISATIONS = ("tied", "untied", "input", "output", "direct", "circle")
BETAS = 0.9, 0.98


class VariantSnapshot(NamedTuple):
    """Runs after some steps, in the order of the seeds and, within each, of the decays.

    Attributes
    ----------
    step : int
    inputs : torch.Tensor, shape (n_runs, modulus, n_neurons)
    outputs : torch.Tensor, shape (n_runs, n_neurons, modulus)
    factors : dict of str to torch.Tensor, each with a first axis of n_runs
        What is trained.
    accuracy, test_accuracy : torch.Tensor, shape (n_runs,)
    loss, test_loss : torch.Tensor, shape (n_runs,)
        Cross-entropy in nats.
    """

    step: int
    inputs: torch.Tensor
    outputs: torch.Tensor
    factors: dict[str, torch.Tensor]
    accuracy: torch.Tensor
    test_accuracy: torch.Tensor
    loss: torch.Tensor
    test_loss: torch.Tensor


def circle_embedding(modulus: int) -> torch.Tensor:
    """Numbers as points of a circle: row i is (cos 2πi/modulus, sin 2πi/modulus), shape (modulus, 2)."""
    angle = torch.arange(modulus) * (2 * math.pi / modulus)
    return torch.stack([angle.cos(), angle.sin()], 1)


def factor_shapes(name: str, modulus: int, embedding: int, neurons: int) -> dict[str, tuple[int, int]]:
    """The matrices that a parameterisation trains.

    Raises
    ------
    InformationError
        For an unknown parameterisation.
    """
    if name not in PARAMETERISATIONS:
        raise InformationError(f"parameterisation = {name!r}: choose from {', '.join(PARAMETERISATIONS)}")
    shapes = {}
    if name in ("tied", "untied", "input"):
        shapes["embedding"] = (modulus, embedding)
    if name in ("untied", "output"):
        shapes["unembedding"] = (modulus, embedding)
    factored_in, factored_out = name not in ("output", "direct"), name not in ("input", "direct")
    shapes["into"] = (embedding, neurons) if factored_in else (modulus, neurons)
    shapes["out"] = (neurons, embedding) if factored_out else (neurons, modulus)
    return shapes


def train_variants(
    parameterisation: str,
    seeds: Sequence[int],
    decays: Sequence[float],
    steps: int,
    snapshots: Iterable[int],
    modulus: int = 67,
    embedding: int = 128,
    neurons: int = 24,
    learning_rate: float = 1e-2,
    share: float = 0.4,
) -> Iterator[VariantSnapshot]:
    """Train one run for each seed and decay together, with AdamW on all training pairs at each step.

    Parameters
    ----------
    parameterisation : str
        One of `PARAMETERISATIONS`.
    seeds : sequence of int
        Of the initial weights and of the split into training and test pairs.
    decays : sequence of float
        Decoupled weight decays: each step multiplies what is trained by 1 - learning_rate * decay.
    steps : int
    snapshots : iterable of int
        Steps at which a snapshot is yielded.
    modulus, embedding, neurons : int
        The embedding of "circle" has width 2, whatever is given.
    learning_rate : float
    share : float
        Of the unordered pairs that are shown in training.

    Yields
    ------
    VariantSnapshot

    Raises
    ------
    InformationError
        For a setting out of its bounds.

    References
    ----------
    Loshchilov & Hutter (2019), Decoupled weight decay regularization.
    """
    as_integer(steps, "steps", 0)
    for number, name in ((learning_rate, "learning_rate"), *((decay, "decay") for decay in decays)):
        as_scalar(number, name, 0)
    width = 2 if parameterisation == "circle" else as_integer(embedding, "embedding", 1)
    shapes = factor_shapes(parameterisation, modulus, width, as_integer(neurons, "neurons", 1))
    initial = torch.stack([_initial(shapes, as_seed(seed)) for seed in seeds for _ in decays])
    stack = _Stack(parameterisation, shapes, initial, modulus, [s for s in seeds for _ in decays], share)
    shrink = 1 - learning_rate * torch.tensor([list(decays) * len(seeds)]).T
    return _train(stack, shrink, learning_rate, steps, set(snapshots))


def _initial(shapes: dict[str, tuple[int, int]], seed: int) -> torch.Tensor:
    """Normal factors: embeddings of standard deviation 1 / √width, others of 1 / √fan-in."""
    generator = torch.Generator().manual_seed(seed + 1)
    parts = []
    for name, (rows, columns) in shapes.items():
        fan = columns if "embedding" in name else rows
        parts.append((torch.randn(rows, columns, generator=generator) / fan**0.5).flatten())
    return torch.cat(parts)


def _train(
    stack: "_Stack", shrink: torch.Tensor, learning_rate: float, steps: int, wanted: set[int]
) -> Iterator[VariantSnapshot]:
    optimiser = Adam(stack.parameters, learning_rate, BETAS)
    for step in range(steps + 1):
        if step in wanted:
            yield stack.measure(step)
        if step < steps:
            gradient = stack.gradient()
            stack.parameters.mul_(shrink)
            optimiser.step(gradient)


class _Stack:
    """Runs of one parameterisation, with gradients written out."""

    def __init__(self, name, shapes, parameters, modulus, seeds, share):
        self.shapes, self.parameters = shapes, parameters
        self.fixed = circle_embedding(modulus) if name == "circle" else None
        self.factored = name not in ("output", "direct"), name not in ("input", "direct")
        self.pairs = all_pairs(modulus)
        self.splits = [split_pairs(modulus, share, seed) for seed in seeds]
        self.incidence = torch.stack([self.pairs.incidence[one.training] for one in self.splits])
        self.totals = torch.stack([self.pairs.total[one.training] for one in self.splits])

    def factors(self, flat: torch.Tensor) -> dict[str, torch.Tensor]:
        """The matrices as views of the flat parameters (n_runs, n_parameters)."""
        sizes = [rows * columns for rows, columns in self.shapes.values()]
        parts = zip(self.shapes.items(), flat.split(sizes, 1))
        return {name: part.unflatten(1, shape) for (name, shape), part in parts}

    def embeddings(self, factors) -> tuple[torch.Tensor | None, torch.Tensor | None]:
        """What input and output weights are multiplied by; None where they are trained directly."""
        before = self.fixed if self.fixed is not None else factors.get("embedding")
        after = factors.get("unembedding", before)
        return (before if self.factored[0] else None), (after if self.factored[1] else None)

    def network(self, factors) -> tuple[torch.Tensor, torch.Tensor]:
        """The collapsed input and output weights."""
        before, after = self.embeddings(factors)
        inputs = factors["into"] if before is None else before @ factors["into"]
        outputs = factors["out"] if after is None else factors["out"] @ after.mT
        return inputs, outputs

    def gradient(self) -> torch.Tensor:
        """The gradient of the mean cross-entropy, of the shape of the parameters."""
        factors = self.factors(self.parameters)
        inputs, outputs = self.network(factors)
        active = torch.bmm(self.incidence, inputs).relu_()
        error = torch.softmax(torch.bmm(active, outputs), 2)
        error.scatter_add_(2, self.totals.unsqueeze(2), torch.full_like(error[:, :, :1], -1))
        error /= error.shape[1]
        d_outputs = torch.bmm(active.mT, error)
        d_inputs = torch.bmm(self.incidence.mT, torch.bmm(error, outputs.mT).mul_(active > 0))
        result = torch.zeros_like(self.parameters)
        slopes = self.factors(result)
        before, after = self.embeddings(factors)
        slopes["into"].copy_(d_inputs if before is None else before.mT @ d_inputs)
        slopes["out"].copy_(d_outputs if after is None else d_outputs @ after)
        if self.fixed is None and before is not None:
            slopes["embedding"].add_(d_inputs @ factors["into"].mT)
        if self.fixed is None and after is not None:
            name = "unembedding" if "unembedding" in slopes else "embedding"
            slopes[name].add_(d_outputs.mT @ factors["out"])
        return result

    def measure(self, step: int) -> VariantSnapshot:
        """Accuracies and losses of the present weights."""
        factors = self.factors(self.parameters.clone())
        inputs, outputs = self.network(factors)
        scores = (self.pairs.incidence @ inputs).relu_() @ outputs  # (n_runs, n_pairs, modulus)
        right = (scores.argmax(2) == self.pairs.total).float()
        rows = torch.arange(scores.shape[1])
        losses = scores.logsumexp(2) - scores[:, rows, self.pairs.total]
        measures = [
            torch.stack([one[split[side]].mean() for one, split in zip(values, self.splits)])
            for values in (right, losses)
            for side in (0, 1)
        ]
        return VariantSnapshot(step, inputs, outputs, factors, *measures)
