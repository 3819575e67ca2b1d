"""The predictive distribution: predictions of the same rows from many samples of their messages.

The spread over samples is the uncertainty that a budget leaves. The mean over samples is not a prediction
at this budget: several messages together carry more bits than one.
"""

import numpy as np
import torch
from torch import Tensor

from infodecomp.bottleneck.messages import rows_noise
from infodecomp.bottleneck.model import Bottleneck
from infodecomp.errors import InformationError


def message_noise(bottleneck: Bottleneck, levels: np.ndarray, draws: int) -> Tensor:
    """Noise of several messages of each row; the same at every budget, so that predictions change smoothly
    with it.

    Parameters
    ----------
    bottleneck : Bottleneck
    levels : ndarray of int64, shape (n_samples, n_features)
        Level indices.
    draws : int
        Number of messages of each row.

    Returns
    -------
    Tensor of shape (draws, n_samples, n_features, dimension)
    """
    return rows_noise(levels, bottleneck.network.dimension, bottleneck.seed, np.arange(draws))


def predictive_samples(bottleneck: Bottleneck, levels: np.ndarray, bits: float, noise: Tensor) -> np.ndarray:
    """Predict each row from each of several messages.

    Parameters
    ----------
    bottleneck : Bottleneck
        A fit of numbers.
    levels : ndarray of int64, shape (n_samples, n_features)
        Level indices; -1 for a value never seen.
    bits : float
        The budget.
    noise : Tensor of shape (draws, n_samples, n_features, dimension)
        From `message_noise`.

    Returns
    -------
    ndarray of shape (draws, n_samples)
        In units of the target. Row k equals `bottleneck.predict(levels, bits, draw=k)`.

    Raises
    ------
    InformationError
        If the budget is out of reach, or the target is a class.
    """
    if bottleneck.target.classes is not None:
        raise InformationError("This fit predicts classes, not a number: use predictive_probabilities.")
    outputs = _outputs(bottleneck, levels, bits, noise)[..., 0]
    return outputs.numpy() * bottleneck.target.scale + bottleneck.target.mean


def predictive_probabilities(
    bottleneck: Bottleneck, levels: np.ndarray, bits: float, noise: Tensor
) -> np.ndarray:
    """Probabilities of the classes of each row from each of several messages.

    Parameters
    ----------
    bottleneck : Bottleneck
        A fit of classes.
    levels, bits, noise
        As for `predictive_samples`.

    Returns
    -------
    ndarray of shape (draws, n_samples, n_classes)
        Row k equals `bottleneck.predict(levels, bits, draw=k)`.

    Raises
    ------
    InformationError
        If the budget is out of reach, or the target is a number.
    """
    if bottleneck.target.classes is None:
        raise InformationError("This fit predicts a number, not classes: use predictive_samples.")
    return _outputs(bottleneck, levels, bits, noise).softmax(-1).numpy()


def _outputs(bottleneck: Bottleneck, levels: np.ndarray, bits: float, noise: Tensor) -> Tensor:
    """What the decoder makes of each message, float64 (draws, n_samples, n_outputs)."""
    t = torch.tensor([bottleneck.t_at(bits)], dtype=torch.float32)
    mean, log_variance = bottleneck.encodings(bits)
    layout, level_tensor = bottleneck.network.layout, torch.as_tensor(levels)
    unseen = bool((level_tensor < 0).any())  # an unseen value becomes another level in each draw
    rows = (
        torch.stack([layout.flat_indices(level_tensor, draw) for draw in noise])
        if unseen
        else layout.flat_indices(level_tensor)
    )
    with torch.no_grad():
        u = mean[rows] + (log_variance / 2).exp()[rows] * noise  # (draws, n_samples, n_features, dimension)
        outputs = bottleneck.network.decode(u.flatten(0, 1).flatten(1)[None], t)[0].double()
    return outputs.view(len(noise), len(levels), -1)
