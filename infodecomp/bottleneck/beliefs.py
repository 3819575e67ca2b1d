"""What a bottleneck believes over many messages at once: the same rows, sent again and again.

Each draw is one sample of the messages, as Bottleneck.outputs takes them; the spread over draws is the uncertainty that the budget leaves.
An average over draws would spend more bits than the budget: it is never a prediction at this budget.
"""

import numpy as np
import torch
from torch import Tensor

from infodecomp.bottleneck.messages import row_noise
from infodecomp.bottleneck.model import Bottleneck
from infodecomp.bottleneck.network import sample
from infodecomp.errors import InformationError


def message_noise(bottleneck: Bottleneck, codes: np.ndarray, draws: int) -> Tensor:
    """The noise of the messages of rows of levels, int64 (n_samples, n_features): (draws, n_samples, n_features, dimension); no budget
    changes it, so that beliefs move smoothly with the budget."""
    return torch.stack([row_noise(codes, bottleneck.network.dimension, bottleneck.seed, draw) for draw in range(draws)])


def beliefs(bottleneck: Bottleneck, codes: np.ndarray, bits: float, noise: Tensor) -> np.ndarray:
    """What is believed of each row at a budget, from each draw of its messages: (draws, n_samples), in units of the target.

    Row k is Bottleneck.outputs(codes, bits, draw=k). Raises InformationError for a budget out of reach, and for a fit of classes.
    """
    if bottleneck.target.classes is not None:
        raise InformationError("This fit believes in classes, not in a number: ask its outputs draw by draw.")
    t = torch.tensor([bottleneck.plane.price(bits)], dtype=torch.float32)
    rows = torch.stack([bottleneck.network.layout.positions(torch.as_tensor(codes), one) for one in noise])
    with torch.no_grad():
        u, _, _ = sample(bottleneck.network.codes(t), rows.flatten(0, 1)[None], noise.flatten(0, 1)[None])
        outputs = bottleneck.network.decode(u.flatten(2), t)[0, :, 0].double()
    return outputs.view(len(noise), len(codes)).numpy() * bottleneck.target.scale + bottleneck.target.mean
