"""A distributed information bottleneck on a board, trained step by step (Murphy & Bassett 2023): min E[loss] + beta sum_i KL_i.

Each source has an encoder, a Gaussian cloud on a line for each of its values; one decoder guesses Y from both messages. The price
beta of a bit stands low at first, so that the codes are learnt, and then rises, so that they erode. A generator of snapshots:
it knows nothing of who watches.
"""

import math
from collections.abc import Iterator
from typing import NamedTuple

import torch

from infodecomp.allocation.partitions import checked_board
from infodecomp.channels.gaussian_encoders import LN2, posterior, quadrature_nodes
from infodecomp.information import kernels
from infodecomp.information.entropy import binary_entropy
from infodecomp.optim import Adam

N_STEPS, ANNEALING_START = 1000, 300  # in all, and after how many the price begins to rise
BETA_START, BETA_END = 1e-3, 0.4  # beta, bits of loss for a bit of divergence: at first and at the end
N_DRAWS, HIDDEN_WIDTH, LEARNING_RATE = 16, 24, 0.02


class Snapshot(NamedTuple):
    """One step. mean, deviation: (2, n) of the clouds of X1 and X2. guess: (n, n) the decoder's P(Y=1) where clouds are centred."""

    step: int
    beta: float
    mean: torch.Tensor
    deviation: torch.Tensor
    guess: torch.Tensor


def beta_at(step: int) -> float:
    """beta at a step: constant while it learns, then rising by the same factor at each step."""
    risen = max(step - ANNEALING_START, 0) / (N_STEPS - ANNEALING_START)
    return BETA_START * (BETA_END / BETA_START) ** risen


class _Model(NamedTuple):
    """The clouds of all values, (2 n,), and a decoder with two hidden layers: views of one vector, which one update moves."""

    mean: torch.Tensor
    log_deviation: torch.Tensor
    weight_1: torch.Tensor
    bias_1: torch.Tensor
    weight_2: torch.Tensor
    bias_2: torch.Tensor
    weight_3: torch.Tensor
    bias_3: torch.Tensor

    def logit(self, u: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """The decoder at messages u (m, 2): both hidden layers, (m, HIDDEN_WIDTH), and the logit of P(Y=1), (m, 1)."""
        one = torch.addmm(self.bias_1, u, self.weight_1.T).tanh_()
        two = torch.addmm(self.bias_2, one, self.weight_2.T).tanh_()
        return one, two, torch.addmm(self.bias_3, two, self.weight_3.T)


def _shapes(n: int) -> tuple:
    return (
        (2 * n,),
        (2 * n,),
        (HIDDEN_WIDTH, 2),
        (HIDDEN_WIDTH,),
        (HIDDEN_WIDTH, HIDDEN_WIDTH),
        (HIDDEN_WIDTH,),
        (1, HIDDEN_WIDTH),
        (1,),
    )


def _views(flat: torch.Tensor, n: int) -> _Model:
    parts = flat.split([math.prod(shape) for shape in _shapes(n)])
    return _Model(*(part.view(shape) for part, shape in zip(parts, _shapes(n), strict=True)))


def _begin(n: int, generator: torch.Generator) -> torch.Tensor:
    """A model that has learnt nothing, as one vector."""
    flat = torch.empty(sum(map(math.prod, _shapes(n))))
    model = _views(flat, n)
    model.mean.copy_(0.3 * torch.randn(2 * n, generator=generator))
    model.log_deviation.fill_(-1)
    for weights in model[2:]:
        bound = 1 / math.sqrt(weights.shape[-1]) if weights.dim() > 1 else 0.3
        weights.uniform_(-bound, bound, generator=generator)
    model.weight_1.mul_(4)  # four clouds within one unit are to look different to it
    return flat


def train_board(board, seed: int = 0) -> Iterator[Snapshot]:
    """Snapshots of steps 0 (nothing learnt) to N_STEPS. board: (n, n) P(Y=1|x1,x2). The same seed gives the same run. InformationError.

    The gradient is by hand: on tensors so small autograd takes five times as long.
    """
    board = checked_board(board)
    n = len(board)
    generator = torch.Generator().manual_seed(seed)
    y = board.float().reshape(-1).repeat(N_DRAWS)[:, None]  # (N_DRAWS * n * n, 1)
    flat = _begin(n, generator)
    model, cells = _views(flat, n), _cells(n)
    slope, adam = torch.zeros_like(flat), Adam(flat, LEARNING_RATE)
    into = _views(slope, n)
    for step in range(N_STEPS + 1):
        yield _snapshot(step, model, cells)
        _descend(model, into, cells, y, torch.randn(N_DRAWS, 2 * n * n, generator=generator), beta_at(step))
        adam.step(slope)


def _cells(n: int) -> torch.Tensor:
    """Which cloud is each coordinate of the messages of each square: (2 n, n * n * 2), ones and zeros."""
    row, column = torch.eye(n).repeat_interleave(n, 1), torch.eye(n).repeat(1, n)  # (n, n * n)
    none = torch.zeros(n, n * n)
    return torch.cat([torch.stack([row, none], -1), torch.stack([none, column], -1)]).flatten(1)


def _descend(model: _Model, into: _Model, cells, y, noise, beta: float) -> None:
    """Write the gradient of the objective into `into`: the loss in bits, averaged over draws and squares, and beta times the divergence.

    y: (N_DRAWS * n * n, 1). noise: (N_DRAWS, n * n * 2), standard normal.
    """
    n = len(cells) // 2
    deviation = model.log_deviation.exp()
    u = torch.addcmul(model.mean @ cells, deviation @ cells, noise).view(-1, 2)
    one, two, logit = model.logit(u)
    back = logit.sigmoid_().sub_(y).div_(len(y) * LN2)  # (m, 1)
    torch.mm(back.T, two, out=into.weight_3)
    torch.sum(back, 0, out=into.bias_3)
    back = (back * model.weight_3).mul_(1 - two.square())  # (m, HIDDEN_WIDTH)
    torch.mm(back.T, one, out=into.weight_2)
    torch.sum(back, 0, out=into.bias_2)
    back = torch.mm(back, model.weight_2).mul_(1 - one.square())
    torch.mm(back.T, u, out=into.weight_1)
    torch.sum(back, 0, out=into.bias_1)
    back = torch.mm(back, model.weight_1).view(noise.shape)
    each = beta / (LN2 * n)
    torch.add(cells @ back.sum(0), model.mean, alpha=each, out=into.mean)
    torch.addcmul(
        each * (deviation.square() - 1), cells @ (back * noise).sum(0), deviation, out=into.log_deviation
    )


def _snapshot(step: int, model: _Model, cells: torch.Tensor) -> Snapshot:
    n = len(cells) // 2
    guess = model.logit((model.mean @ cells).view(-1, 2))[2].sigmoid_()
    return Snapshot(
        step,
        beta_at(step),
        model.mean.double().view(2, n),
        model.log_deviation.exp().double().view(2, n),
        guess.double().view(n, n),
    )


def gaussian_encoders_information(
    mean, deviation, board, nodes: int = 24
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """I(X1;U1), I(X2;U2) and I(U1,U2;Y) of Gaussian codes, true, in bits, by quadrature. mean, deviation: (..., 2, n). Each (...)."""
    board = checked_board(board)
    mean, deviation = (torch.as_tensor(value, dtype=torch.float64) for value in (mean, deviation))
    u, weights = quadrature_nodes(mean, deviation, nodes)  # (..., 2, n, nodes)
    told = posterior(
        u, mean[..., None, None, :], deviation[..., None, None, :]
    )  # p(x|u), (..., 2, n, nodes, n)
    n = mean.shape[-1]
    left = -(told * told.clamp_min(1e-300).log2()).sum(-1)  # H(X|u)
    bits = (math.log2(n) - (left * weights).sum(-1).mean(-1)).clamp_min(0)  # (..., 2)
    told = told.flatten(-3, -2)  # (..., 2, n * nodes, n)
    chance = told[..., 0, :, :] @ board @ told[..., 1, :, :].mT  # P(Y=1|u1,u2)
    both = weights.repeat(n) / n
    doubt = torch.einsum("...uv,u,v->...", kernels.binary_entropy(chance.clamp(0, 1)), both, both)
    return bits[..., 0], bits[..., 1], (binary_entropy(board.mean()) - doubt).clamp_min(0)
