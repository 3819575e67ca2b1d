"""Runs of modular addition as small tensors: 8-bit weights, one scale for each neuron and matrix."""

import torch

from infodecomp.modular.network import ModularNetwork
from infodecomp.modular.training import ModularSnapshot

CURVES = ("accuracy", "test_accuracy", "loss", "test_loss", "norm")
LEVELS = 127


def quantize(network: ModularNetwork) -> tuple[torch.Tensor, torch.Tensor]:
    """Round the weights to whole multiples of a scale.

    Parameters
    ----------
    network
        The network.

    Returns
    -------
    tuple of torch.Tensor
        int8 weights, inputs and transposed outputs, shape (2, modulus, n_neurons), and the float16 scale of
        each column, shape (2, n_neurons).
    """
    weights = torch.stack([network.inputs, network.outputs.T])
    scale = (weights.abs().amax(1) / LEVELS).clamp_min(6e-8).half()
    rounded = (weights / scale.float()[:, None]).round().clamp(-LEVELS, LEVELS)
    return rounded.to(torch.int8), scale


def dequantize(weights: torch.Tensor, scale: torch.Tensor) -> ModularNetwork:
    """The network of quantized weights; the inverse of `quantize` but for the rounding."""
    inputs, outputs = weights.float() * scale.float()[:, None]
    return ModularNetwork(inputs, outputs.T.contiguous())


def pack_run(snapshots: list[ModularSnapshot], kept: list[int]) -> dict[str, torch.Tensor]:
    """The curves of all snapshots, and the weights of some.

    Parameters
    ----------
    snapshots
        Of a whole run.
    kept
        Indices of the snapshots whose weights are kept, ascending from 0.

    Returns
    -------
    dict of str to torch.Tensor
    """
    weights, scale = zip(*(quantize(snapshots[i].network) for i in kept))
    return {
        "step": torch.tensor([one.step for one in snapshots], dtype=torch.int32),
        "curves": torch.tensor([[getattr(one, name) for name in CURVES] for one in snapshots]),
        "kept": torch.tensor(kept, dtype=torch.int32),
        "weights": torch.stack(weights),
        "scale": torch.stack(scale),
    }


def unpack_run(tensors: dict[str, torch.Tensor]) -> list[ModularSnapshot]:
    """The snapshots of a packed run; where weights were not kept, those of the last kept one before."""
    networks = [dequantize(weights, scale) for weights, scale in zip(tensors["weights"], tensors["scale"])]
    indices = torch.arange(len(tensors["step"]))
    latest = torch.searchsorted(tensors["kept"].long(), indices, right=True) - 1
    return [
        ModularSnapshot(step, networks[i], *curves)
        for step, i, curves in zip(tensors["step"].tolist(), latest.tolist(), tensors["curves"].tolist())
    ]
