"""Does the decoder use a column's bits on new rows? Its messages are swapped between the held-out rows."""

from typing import Any, NamedTuple

import numpy as np
import torch

from infodecomp.bottleneck.evaluation import weighted_mean
from infodecomp.bottleneck.messages import row_noise, sample
from infodecomp.bottleneck.model import Bottleneck
from infodecomp.bottleneck.training import losses

PERMUTATIONS = 25  # of each column
MAX_ROWS = 2000  # that are permuted
MIN_BITS = 1e-3  # a column with fewer is not tested, and counts as unused
CLEARLY = 3.0  # spreads


class PermutationImportances(NamedTuple):
    """How far the error on held-out rows rises if a column's messages are those of other rows.

    Attributes
    ----------
    bits : float
        The budget.
    rise : ndarray of shape (n_features,)
        In the units of the error: root mean squared error, or cross-entropy in bits. 0 for columns with less
        than 0.001 bits.
        The mean over 25 random permutations of at most 2,000 rows.
    spread : ndarray of shape (n_features,)
        Its standard deviation over the permutations. If a column's messages say nothing on new rows, the
        error without a permutation is one more draw from the same distribution.
    """

    bits: float
    rise: np.ndarray
    spread: np.ndarray

    @property
    def used(self) -> np.ndarray:
        """Columns whose bits new rows confirm: the rise is over 3 spreads, bool (n_features,).

        The bits of the others may be learnt by heart. Of columns that say the same, all may be used.
        """
        return self.rise > CLEARLY * self.spread

    def as_dict(self) -> dict[str, Any]:
        """The fields, and the columns used, as JSON-compatible values."""
        return {name: np.asarray(value).tolist() for name, value in self._asdict().items()} | {
            "used": self.used.tolist()
        }


@torch.no_grad()
def permutation_importances(
    bottleneck: Bottleneck,
    levels: np.ndarray,
    y: np.ndarray,
    bits: float,
    weights: np.ndarray | None = None,
) -> PermutationImportances:
    """Measure on rows that a bottleneck has not been fitted to.

    Parameters
    ----------
    bottleneck : Bottleneck
    levels : ndarray of int64, shape (n_samples, n_features)
        Level indices.
    y : ndarray of shape (n_samples,)
        The target.
    bits : float
        The budget.
    weights : ndarray of shape (n_samples,), optional
        Of the rows.

    References
    ----------
    Breiman, Random forests, Machine Learning 2001, section 10.
    """
    generator = np.random.default_rng(bottleneck.seed)
    chosen = np.sort(generator.permutation(len(y))[:MAX_ROWS])
    levels, target = levels[chosen], bottleneck.target.encode(y[chosen])
    own_weights = None if weights is None else weights[chosen]
    network, t = bottleneck.network, torch.tensor([bottleneck.t_at(bits)], dtype=torch.float32)
    noise = row_noise(levels, network.dimension, bottleneck.seed)
    rows = network.layout.flat_indices(torch.as_tensor(levels), noise)
    u, _, _ = sample(network.encodings(t), rows[None], noise[None])

    def loss(messages: torch.Tensor) -> float:
        of_rows = losses(network.decode(messages.flatten(2), t), target[None])[0].double()
        return weighted_mean(of_rows, own_weights)[0]

    base, spent = loss(u), bottleneck.plane.at(bits).features
    rise, spread = np.zeros(len(spent)), np.zeros(len(spent))
    for i in np.flatnonzero(spent >= MIN_BITS):
        swapped, found = u.clone(), []
        for _ in range(PERMUTATIONS):
            swapped[:, :, i] = u[:, generator.permutation(len(chosen)), i]
            found.append(loss(swapped) - base)
        rise[i], spread[i] = np.mean(found), np.std(found, ddof=1)
    return _in_units(bottleneck, bits, base, rise, spread)


def _in_units(
    bottleneck: Bottleneck, bits: float, loss: float, rise: np.ndarray, spread: np.ndarray
) -> PermutationImportances:
    """Rises of a mean loss in the units of the error; their ratio to the spread stays."""
    if bottleneck.target.classes is not None:
        factor = np.full(len(rise), 1 / np.log(2))
    else:  # a rise of the mean square, in variances, to one of its root
        roots = np.sqrt(np.maximum(loss + rise, 0.0)) + np.sqrt(loss)
        factor = bottleneck.target.scale / np.maximum(roots, 1e-12)
    return PermutationImportances(bits, rise * factor, spread * factor)
