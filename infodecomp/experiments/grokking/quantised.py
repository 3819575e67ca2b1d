"""Tensors stored in eight bits: accuracies, losses and weights whose last digits no picture shows."""

import torch

MAX_BYTE = 255
ACCURACY_STEPS = 200  # so that .9, .95 and .99 are stored exactly
LOSS_DECADES = -7.0, 1.0  # powers of ten of the smallest and the largest loss that can be stored


def accuracy_to_bytes(accuracy: torch.Tensor) -> torch.Tensor:
    """Shares from 0 to 1 as uint8, to 1 / 400."""
    return (accuracy * ACCURACY_STEPS).round().to(torch.uint8)


def accuracy_from_bytes(stored: torch.Tensor) -> torch.Tensor:
    """The inverse of `accuracy_to_bytes`, as float32."""
    return stored.float() / ACCURACY_STEPS


def loss_to_bytes(loss: torch.Tensor) -> torch.Tensor:
    """Losses from 1e-7 to 10 as uint8 on a logarithmic scale, to 3.7%; others become the nearest end."""
    low, high = LOSS_DECADES
    level = (loss.clamp_min(10**low).log10() - low) / (high - low)
    return (level.clamp(0, 1) * MAX_BYTE).round().to(torch.uint8)


def loss_from_bytes(stored: torch.Tensor) -> torch.Tensor:
    """The inverse of `loss_to_bytes`, as float32."""
    low, high = LOSS_DECADES
    return 10 ** (low + stored.float() / MAX_BYTE * (high - low))


def weights_to_bytes(weights: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Each matrix of a stack as int8, and its scale: its largest weight becomes 127.

    Parameters
    ----------
    weights : torch.Tensor, shape (n_matrices, …)

    Returns
    -------
    stored : torch.Tensor, int8, of the same shape
    scale : torch.Tensor, float32, shape (n_matrices,)
    """
    scale = weights.flatten(1).abs().amax(1).clamp_min(1e-12) / 127
    shape = (-1,) + (1,) * (weights.dim() - 1)
    return (weights / scale.reshape(shape)).round().to(torch.int8), scale.float()


def weights_from_bytes(stored: torch.Tensor, scale: torch.Tensor) -> torch.Tensor:
    """The inverse of `weights_to_bytes`, as float32."""
    return stored.float() * scale.reshape((-1,) + (1,) * (stored.dim() - 1))
