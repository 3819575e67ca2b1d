"""The weights of a small network as views of one vector, so that one optimiser step updates all of them."""

import math
from collections.abc import Sequence

import torch

Shapes = Sequence[tuple[int, ...]]


def layer_shapes(widths: Sequence[int]) -> list[tuple[int, ...]]:
    """Shapes of the weights (inputs, outputs) and biases (outputs,) of a multilayer perceptron."""
    return [shape for pair in zip(widths[:-1], widths[1:]) for shape in (pair, pair[1:])]


def split(vector: torch.Tensor, shapes: Shapes) -> list[torch.Tensor]:
    """Return the tensors of some shapes that a vector holds one after the other."""
    parts = vector.split([math.prod(shape) for shape in shapes])
    return [part.view(shape) for part, shape in zip(parts, shapes)]


def initial_weights(shapes: Shapes, generator: torch.Generator) -> torch.Tensor:
    """Draw weights N(0, 2 / inputs), He's initialisation, and set biases to 0."""
    parts = [
        torch.randn(shape, generator=generator) * math.sqrt(2 / shape[0])
        if len(shape) == 2
        else torch.zeros(shape)
        for shape in shapes
    ]
    return torch.cat([part.reshape(-1) for part in parts])


def perceptron(tensors: Sequence[torch.Tensor], x: torch.Tensor) -> torch.Tensor:
    """Apply linear layers with ReLU between them to inputs (n, d)."""
    for index in range(0, len(tensors), 2):
        x = x @ tensors[index] + tensors[index + 1]
        if index + 2 < len(tensors):
            x = x.relu()
    return x
