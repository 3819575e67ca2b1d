"""How much noise the weights of a network bear before it gives a wrong answer."""

from typing import Any

import torch

from infodecomp.errors import InformationError
from infodecomp.networks.architecture import MLP
from infodecomp.validation import as_finite, as_float64, as_integer, as_seed

THRESHOLD = 0.5  # between the answers 0 and 1


def survival_under_weight_noise(
    network: MLP,
    parameters: Any,
    x: Any,
    y: Any,
    scales: Any,
    n_draws: int = 200,
    relative: bool = False,
    seed: int = 0,
) -> torch.Tensor:
    """Share of noisy copies of each network that still give every answer right.

    Parameters
    ----------
    network : MLP
        With one output; an answer is right if it lies on the same side of 1/2 as the target.
    parameters : array_like, shape (n_networks, n_parameters)
    x : array_like, shape (n_samples, n_inputs)
    y : array_like, shape (n_samples,) or (n_networks, n_samples)
        Targets.
    scales : array_like, shape (n_scales,)
        Standard deviations of the Gaussian noise.
    n_draws : int
        Noisy copies of each network at each scale; their directions are the same for all scales and networks.
    relative : bool
        Whether a scale is a share of each weight, so that stretching a ReLU neuron changes nothing, instead
        of the same amount for all of them.
    seed : int

    Returns
    -------
    torch.Tensor, shape (n_networks, n_scales)
        From 0 to 1; the standard error of a share p is sqrt(p (1 - p) / n_draws).

    Raises
    ------
    InformationError
        If a scale is negative or shapes do not fit.
    """
    values, samples = as_finite(parameters, "a parameter").float(), as_finite(x, "an input").float()
    targets = as_float64(y, "a target") > THRESHOLD
    levels = as_finite(scales, "a scale").reshape(-1).float()
    n_draws = as_integer(n_draws, "n_draws", 1)
    if bool((levels < 0).any()):
        raise InformationError(f"a scale is {levels.min().item():g}; give numbers from 0 on")
    if network.widths[-1] != 1 or targets.shape[-1] != len(samples):
        raise InformationError(
            f"{network.widths[-1]} outputs, {targets.shape[-1]} targets and {len(samples)} samples: "
            "give a network with one output, and a target for each sample"
        )
    generator = torch.Generator().manual_seed(as_seed(seed))
    draws = torch.randn(n_draws, network.n_parameters, generator=generator)
    shares = torch.empty(len(values), len(levels), dtype=torch.float64)
    for index, (row, target) in enumerate(zip(values, targets.expand(len(values), -1), strict=True)):
        direction = draws * row if relative else draws
        noisy = (row + levels[:, None, None] * direction).flatten(0, 1)  # (n_scales * n_draws, n_parameters)
        right = (network.forward(noisy, samples)[-1][..., 0] > THRESHOLD) == target
        shares[index] = right.all(-1).view(len(levels), n_draws).double().mean(1)
    return shares
