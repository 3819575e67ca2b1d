"""What a bottleneck believes over many messages at once: the same rows, sent again and again.

Each draw is one sample of the messages, as Bottleneck.predict takes them; the spread over draws is the uncertainty that the budget leaves.
An average over draws would spend more bits than the budget: it is never a prediction at this budget.
"""

import numpy as np
import torch
from torch import Tensor

from infodecomp.bottleneck.message_noise import rows_noise
from infodecomp.bottleneck.model import Bottleneck
from infodecomp.errors import InformationError


def message_noise(bottleneck: Bottleneck, codes: np.ndarray, draws: int) -> Tensor:
    """The noise of the messages of rows of levels, int64 (n_samples, n_features): (draws, n_samples, n_features, dimension); no budget
    changes it, so that beliefs move smoothly with the budget."""
    return rows_noise(codes, bottleneck.network.dimension, bottleneck.seed, np.arange(draws))


def predictive_samples(bottleneck: Bottleneck, codes: np.ndarray, bits: float, noise: Tensor) -> np.ndarray:
    """What is believed of each row at a budget, from each draw of its messages: (draws, n_samples), in units of the target.

    Row k is Bottleneck.predict(codes, bits, draw=k). Raises InformationError for a budget out of reach, and for a fit of classes.
    """
    if bottleneck.target.classes is not None:
        raise InformationError("This fit believes in classes, not in a number: ask its outputs draw by draw.")
    t = torch.tensor([bottleneck.plane.price(bits)], dtype=torch.float32)
    mean, log_variance = bottleneck.encodings(bits)
    layout, levels = bottleneck.network.layout, torch.as_tensor(codes)
    unseen = bool((levels < 0).any())  # what was never seen is another level in each message
    rows = (
        torch.stack([layout.flat_indices(levels, one) for one in noise])
        if unseen
        else layout.flat_indices(levels)
    )
    with torch.no_grad():
        u = mean[rows] + (log_variance / 2).exp()[rows] * noise  # (draws, n_samples, n_features, dimension)
        outputs = bottleneck.network.decode(u.flatten(0, 1).flatten(1)[None], t)[0, :, 0].double()
    return outputs.view(len(noise), len(codes)).numpy() * bottleneck.target.scale + bottleneck.target.mean
