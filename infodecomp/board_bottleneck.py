"""A distributed information bottleneck on a board, trained step by step (Murphy & Bassett 2023): min E[loss] + beta sum_i KL_i.

Each source has an encoder, a Gaussian cloud on a line for each of its values; one decoder guesses Y from both messages. The price
beta of a bit stands low at first, so that the codes are learnt, and then rises, so that they erode. A generator of snapshots:
it knows nothing of who watches.
"""

import math
from collections.abc import Iterator
from typing import NamedTuple

import torch
from torch import nn

from infodecomp.gaussian_codes import LN2, cloud_nodes, posterior
from infodecomp.information import _binary_entropy, binary_entropy
from infodecomp.partitions import checked_board

STEPS, LEARNT = 1000, 300  # in all, and after how many the price begins to rise
CHEAP, DEAR = 1e-3, 0.4  # beta, bits of loss for a bit of divergence: at first and at the end
DRAWS, WIDTH, RATE = 16, 24, 0.02


class Snapshot(NamedTuple):
    """One step. mean, deviation: (2, n) of the clouds of X1 and X2. guess: (n, n) the decoder's P(Y=1) where clouds are centred."""

    step: int
    beta: float
    mean: torch.Tensor
    deviation: torch.Tensor
    guess: torch.Tensor


def price(step: int) -> float:
    """beta at a step: constant while it learns, then rising by the same factor at each step."""
    risen = max(step - LEARNT, 0) / (STEPS - LEARNT)
    return CHEAP * (DEAR / CHEAP) ** risen


def train_board(board, seed: int = 0) -> Iterator[Snapshot]:
    """Snapshots of steps 0 (nothing learnt) to STEPS. board: (n, n) P(Y=1|x1,x2). The same seed gives the same run. InformationError."""
    board = checked_board(board)
    n = len(board)
    generator = torch.Generator().manual_seed(seed)
    y = board.float().reshape(-1).repeat(DRAWS, 1)[..., None]  # (DRAWS, n * n, 1)
    x = torch.cartesian_prod(torch.arange(n), torch.arange(n) + n)  # rows of the table of both encoders
    mean = (0.3 * torch.randn(2 * n, generator=generator)).requires_grad_()
    log_deviation = torch.full((2 * n,), -1.0).requires_grad_()
    decoder = _decoder(generator)
    optimiser = torch.optim.Adam([mean, log_deviation, *decoder.parameters()], RATE, fused=True)
    for step in range(STEPS + 1):
        yield _snapshot(step, mean, log_deviation, decoder, x, n)
        noise = torch.randn(DRAWS, n * n, 2, generator=generator)
        deviation = log_deviation.exp()
        loss = nn.functional.binary_cross_entropy_with_logits(decoder(mean[x] + deviation[x] * noise), y) / LN2
        divergence = (mean.square() + deviation.square() - 1 - 2 * log_deviation).sum() / (2 * LN2 * n)
        optimiser.zero_grad()
        (loss + price(step) * divergence).backward()
        optimiser.step()


def _decoder(generator: torch.Generator) -> nn.Sequential:
    layers = nn.Sequential(nn.Linear(2, WIDTH), nn.Tanh(), nn.Linear(WIDTH, WIDTH), nn.Tanh(), nn.Linear(WIDTH, 1))
    with torch.no_grad():
        for weights in layers.parameters():
            bound = 1 / math.sqrt(weights.shape[-1]) if weights.dim() > 1 else 0.3
            weights.uniform_(-bound, bound, generator=generator)
        layers[0].weight *= 4  # four clouds within one unit are to look different to it
    return layers


@torch.no_grad()
def _snapshot(step, mean, log_deviation, decoder, x, n) -> Snapshot:
    return Snapshot(step, price(step), mean.detach().double().view(2, n), log_deviation.exp().double().view(2, n),
                    decoder(mean[x]).sigmoid().double().view(n, n))


def code_information(mean, deviation, board, nodes: int = 24) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """I(X1;U1), I(X2;U2) and I(U1,U2;Y) of Gaussian codes, true, in bits, by quadrature. mean, deviation: (..., 2, n). Each (...)."""
    board = checked_board(board)
    mean, deviation = (torch.as_tensor(value, dtype=torch.float64) for value in (mean, deviation))
    u, weights = cloud_nodes(mean, deviation, nodes)  # (..., 2, n, nodes)
    told = posterior(u, mean[..., None, None, :], deviation[..., None, None, :])  # p(x|u), (..., 2, n, nodes, n)
    n = mean.shape[-1]
    left = -(told * told.clamp_min(1e-300).log2()).sum(-1)  # H(X|u)
    bits = (math.log2(n) - (left * weights).sum(-1).mean(-1)).clamp_min(0)  # (..., 2)
    told = told.flatten(-3, -2)  # (..., 2, n * nodes, n)
    chance = told[..., 0, :, :] @ board @ told[..., 1, :, :].mT  # P(Y=1|u1,u2)
    both = weights.repeat(n) / n
    doubt = torch.einsum("...uv,u,v->...", _binary_entropy(chance.clamp(0, 1)), both, both)
    return bits[..., 0], bits[..., 1], (binary_entropy(board.mean()) - doubt).clamp_min(0)
