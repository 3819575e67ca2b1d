"""Losses of a stack of networks and their gradients with respect to the outputs.

Every loss is a mean over samples, separately for each network.
"""

from collections.abc import Callable
from typing import NamedTuple

import torch
from torch.nn import functional


class Loss(NamedTuple):
    """A loss (n_networks,) of outputs (n_networks, n_samples, n_outputs), and its gradient.

    Both are functions of the outputs and the targets. `classes` says whether targets are class numbers
    (n_networks, n_samples) instead of numbers of the shape of the outputs.
    """

    value: Callable[[torch.Tensor, torch.Tensor], torch.Tensor]
    gradient: Callable[[torch.Tensor, torch.Tensor], torch.Tensor]
    classes: bool = False


def _squared_error(outputs: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    return (outputs - y).square().mean((1, 2))


def _squared_error_gradient(outputs: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    return (outputs - y) * (2 / (outputs.shape[1] * outputs.shape[2]))


def _binary_cross_entropy(logits: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    return (functional.softplus(logits) - logits * y).mean((1, 2))


def _binary_gradient(logits: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    return (logits.sigmoid() - y) / (logits.shape[1] * logits.shape[2])


def _cross_entropy(logits: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    return -logits.log_softmax(-1).gather(-1, y[..., None]).mean((1, 2))


def _cross_entropy_gradient(logits: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    probabilities = logits.softmax(-1)
    probabilities.scatter_add_(-1, y[..., None], torch.full_like(probabilities[..., :1], -1))
    return probabilities / logits.shape[1]


LOSSES = {
    "mse": Loss(_squared_error, _squared_error_gradient),
    "binary-cross-entropy": Loss(_binary_cross_entropy, _binary_gradient),  # of logits, in nats
    "cross-entropy": Loss(_cross_entropy, _cross_entropy_gradient, classes=True),  # of logits, in nats
}
