"""An autoencoder whose code is twenty random bits, with a price on the information in the code.

The encoder turns an image x into twenty probabilities; the code z is twenty coin flips. As log p(z|x) is an
affine function of z, and p(z) is its mean over the data, I(X;Z) can be computed without any bound.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import torch

from infodecomp.estimators.estimate import Estimate, point_estimate
from infodecomp.optim import Adam
from infodecomp.perceptron import initial_weights, layer_shapes, perceptron, split
from infodecomp.units import LN2

N_CODE = 20
ENCODER, DECODER = (64, 128, N_CODE), (N_CODE, 128, 64)
SHAPES = layer_shapes(ENCODER) + layer_shapes(DECODER)
STEPS = (0, 10, 20, 40, 60, 80, 120, 160, 240, 320, 480, 640, 800, 1000, 1250, 1500, 2000)
BATCH = 256
LEARNING_RATE = 2e-3
N_SHOWN = 10  # images whose codes a snapshot keeps: the first of each digit
N_EXAMPLES = 1797


@lru_cache(maxsize=1)
def digits() -> tuple[torch.Tensor, torch.Tensor]:
    """The 1,797 handwritten digits of scikit-learn: images (n, 64) from 0 to 1, and labels (n,).

    References
    ----------
    Alpaydin & Kaynak (1998), Optical recognition of handwritten digits, UCI repository, doi 10.24432/C50P49.
    """
    from sklearn.datasets import load_digits  # takes seconds to import

    data = load_digits()
    return torch.tensor(data.data / 16, dtype=torch.float32), torch.tensor(data.target)


def shown_digits() -> torch.Tensor:
    """Indices of the first image of each digit from 0 to 9."""
    return torch.stack([(digits()[1] == digit).nonzero()[0, 0] for digit in range(N_SHOWN)])


@dataclass(frozen=True)
class CodeSnapshot:
    """An autoencoder after some steps.

    Parameters
    ----------
    step : int
    probabilities : torch.Tensor, shape (10, 20)
        Probability that each bit is 1, for one image of every digit.
    images : torch.Tensor, shape (10, 64)
        Their reconstructions from the likelier value of each bit.
    information : Estimate
        I(X;Z) over all images.
    batch_information : Estimate
        The same from 256 images, as the training sees it.
    noise : float
        H(Z|X) in bits.
    error : float
        Mean squared error of a reconstruction from a random code, summed over the 64 pixels.
    weights : torch.Tensor
        All weights; empty in snapshots that store none.
    """

    step: int
    probabilities: torch.Tensor
    images: torch.Tensor
    information: Estimate
    batch_information: Estimate
    noise: float
    error: float
    weights: torch.Tensor


def code_information(logits: torch.Tensor, codes: torch.Tensor) -> Estimate:
    """I(X;Z) of n inputs with equal probability, from one code drawn for each.

    Parameters
    ----------
    logits : torch.Tensor, shape (n, k)
        Log odds of each bit of each input.
    codes : torch.Tensor, shape (n, k)
        The code drawn for each input, 0 or 1.

    Returns
    -------
    Estimate
        At most log2 n. The mixture p(z) is exact for these inputs; only z is sampled.
    """
    log_joint = _log_conditional(logits, codes)
    return point_estimate((log_joint.diagonal() - _log_mean(log_joint)).double().numpy())


def _log_conditional(logits: torch.Tensor, codes: torch.Tensor) -> torch.Tensor:
    """log p(z_i | x_j) (n, n) = z_i . logits_j - sum log(1 + e^logits_j)."""
    return codes @ logits.T - torch.nn.functional.softplus(logits).sum(1)


def _log_mean(log_joint: torch.Tensor) -> torch.Tensor:
    return log_joint.logsumexp(1) - math.log(log_joint.shape[1])


def encode(weights: torch.Tensor, images: torch.Tensor) -> torch.Tensor:
    """Log odds (n, 20) of the bits of each image."""
    return perceptron(split(weights, SHAPES)[:4], images)


def decode(weights: torch.Tensor, codes: torch.Tensor) -> torch.Tensor:
    """Images (n, 64), from 0 to 1, of some codes."""
    return perceptron(split(weights, SHAPES)[4:], codes).sigmoid()


def train_autoencoder(price: float, seed: int = 0) -> Iterator[CodeSnapshot]:
    """Minimise the cross-entropy of the pixels plus price times I(X;Z), both in nats.

    Parameters
    ----------
    price : float
        Of a nat of information, at least 0.
    seed : int

    Yields
    ------
    CodeSnapshot
        For each of `STEPS`.

    Notes
    -----
    Gradients pass the coin flips straight through (Bengio, Leonard & Courville 2013), which is biased.
    """
    generator = torch.Generator().manual_seed(seed)
    weights = initial_weights(SHAPES, generator)
    optimiser, images = Adam(weights, LEARNING_RATE), digits()[0]
    for step in range(STEPS[-1] + 1):
        if step in STEPS:
            yield measure(weights.clone(), step)
        leaf = weights.detach().requires_grad_()
        batch = images[torch.randint(len(images), (BATCH,), generator=generator)]
        loss = _loss(leaf, batch, price, generator)
        optimiser.step(torch.autograd.grad(loss, leaf)[0])


def _loss(
    weights: torch.Tensor, batch: torch.Tensor, price: float, generator: torch.Generator
) -> torch.Tensor:
    logits = encode(weights, batch)
    p = logits.sigmoid()
    codes = (torch.rand(p.shape, generator=generator) < p).float()
    codes = codes + p - p.detach()  # straight through
    pixels = perceptron(split(weights, SHAPES)[4:], codes)
    loss = torch.nn.functional.binary_cross_entropy_with_logits(pixels, batch, reduction="sum") / len(batch)
    if price:
        log_joint = _log_conditional(logits, codes)
        loss = loss + price * (log_joint.diagonal() - _log_mean(log_joint)).mean()
    return loss


@torch.no_grad()
def measure(weights: torch.Tensor, step: int, seed: int = 0) -> CodeSnapshot:
    """Measure an autoencoder on all images.

    Parameters
    ----------
    weights : torch.Tensor
    step : int
    seed : int
        Of the codes that are drawn.

    Returns
    -------
    CodeSnapshot
    """
    generator = torch.Generator().manual_seed(seed)
    images = digits()[0]
    logits = encode(weights, images)
    p = logits.sigmoid()
    codes = (torch.rand(p.shape, generator=generator) < p).float()
    shown = logits[shown_digits()]
    rows = torch.randperm(len(images), generator=generator)[:BATCH]
    noise = torch.nn.functional.binary_cross_entropy_with_logits(logits, p, reduction="sum") / len(images)
    return CodeSnapshot(
        step,
        shown.sigmoid(),
        decode(weights, (shown > 0).float()),
        code_information(logits, codes),
        code_information(logits[rows], codes[rows]),
        float(noise) / LN2,
        float((decode(weights, codes) - images).square().sum(1).mean()),
        weights,
    )
