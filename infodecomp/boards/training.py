"""A distributed information bottleneck for boards: two Gaussian encoders and one decoder.

Training minimises E[loss] + beta * sum_i KL_i (Murphy & Bassett 2023). Each source has a Gaussian encoder
with one component for each of its values, and the decoder predicts Y from both messages. beta is small at
first, so that the encoders learn, and then rises, so that they lose information again. `train_board` yields a
snapshot a step.
"""

import math
from collections.abc import Iterator
from typing import Any, NamedTuple

import torch

from infodecomp.allocation.partitions import checked_board
from infodecomp.optim import Adam
from infodecomp.units import LN2
from infodecomp.validation import as_seed

N_STEPS = 1000
ANNEALING_START = 300  # the step at which beta begins to rise
BETA_START, BETA_END = 1e-3, 0.4  # bits of loss for a bit of divergence
N_DRAWS, HIDDEN_WIDTH, LEARNING_RATE = 16, 24, 0.02
DTYPE = torch.float32  # of the training, whatever torch's default is


class Snapshot(NamedTuple):
    """The state of a training at one step.

    Attributes
    ----------
    step : int
    beta : float
        Bits of loss for a bit of divergence.
    mean, deviation : torch.Tensor, shape (2, n)
        Means and standard deviations of the encoders of X1 and X2.
    guess : torch.Tensor, shape (n, n)
        The decoder's P(Y=1) for the means of both messages.
    """

    step: int
    beta: float
    mean: torch.Tensor
    deviation: torch.Tensor
    guess: torch.Tensor


def beta_at(step: int) -> float:
    """Beta at a step: constant until ANNEALING_START, then growing by the same factor each step."""
    annealed = max(step - ANNEALING_START, 0) / (N_STEPS - ANNEALING_START)
    return BETA_START * (BETA_END / BETA_START) ** annealed


class BoardModel(NamedTuple):
    """Encoders (2 n,) and a decoder with two hidden layers, as views of one vector."""

    mean: torch.Tensor
    log_deviation: torch.Tensor
    weight_1: torch.Tensor
    bias_1: torch.Tensor
    weight_2: torch.Tensor
    bias_2: torch.Tensor
    weight_3: torch.Tensor
    bias_3: torch.Tensor

    def logit(self, u: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Both hidden layers (m, HIDDEN_WIDTH) and the logit of P(Y=1), (m, 1), at messages u (m, 2)."""
        hidden_1 = torch.addmm(self.bias_1, u, self.weight_1.T).tanh_()
        hidden_2 = torch.addmm(self.bias_2, hidden_1, self.weight_2.T).tanh_()
        return hidden_1, hidden_2, torch.addmm(self.bias_3, hidden_2, self.weight_3.T)


def _shapes(n: int) -> tuple[tuple[int, ...], ...]:
    width = HIDDEN_WIDTH
    return (2 * n,), (2 * n,), (width, 2), (width,), (width, width), (width,), (1, width), (1,)


def parameter_views(flat: torch.Tensor, n: int) -> BoardModel:
    parts = flat.split([math.prod(shape) for shape in _shapes(n)])
    return BoardModel(*(part.view(shape) for part, shape in zip(parts, _shapes(n), strict=True)))


def initial_parameters(n: int, generator: torch.Generator) -> torch.Tensor:
    flat = torch.empty(sum(map(math.prod, _shapes(n))), dtype=DTYPE)
    model = parameter_views(flat, n)
    model.mean.copy_(0.3 * torch.randn(2 * n, generator=generator, dtype=DTYPE))
    model.log_deviation.fill_(-1)
    for weights in model[2:]:
        bound = 1 / math.sqrt(weights.shape[-1]) if weights.dim() > 1 else 0.3
        weights.uniform_(-bound, bound, generator=generator)
    model.weight_1.mul_(4)  # the decoder must tell apart components that lie within one unit
    return flat


def train_board(board: Any, seed: int = 0) -> Iterator[Snapshot]:
    """Train a distributed bottleneck on a board and yield its state before the first and after each step.

    Parameters
    ----------
    board : array_like, shape (n, n)
        P(Y=1|x1,x2); both sources are uniform and independent.
    seed : int, default 0
        Seed of the initial parameters and of the noise. The same seed gives the same run.

    Yields
    ------
    Snapshot
        N_STEPS + 1 of them, from step 0 on.

    Raises
    ------
    InformationError
        If `board` is not a square table of probabilities or `seed` is not a whole number from 0.

    References
    ----------
    Murphy & Bassett (2023), Interpretability with full complexity by constraining feature information.
    """
    return _train(checked_board(board), as_seed(seed))


def _train(board: torch.Tensor, seed: int) -> Iterator[Snapshot]:
    n = len(board)
    generator = torch.Generator().manual_seed(seed)
    # Only tensors that are made outside inference mode can be updated both inside and outside it.
    with torch.inference_mode(False):
        y = board.detach().to(DTYPE).reshape(-1).repeat(N_DRAWS)[:, None]  # (N_DRAWS * n * n, 1)
        flat = initial_parameters(n, generator)
        model, cells = parameter_views(flat, n), message_cells(n)
        gradient, adam = torch.zeros_like(flat), Adam(flat, LEARNING_RATE)
        gradient_views = parameter_views(gradient, n)
    for step in range(N_STEPS + 1):
        yield _snapshot(step, model, cells)
        noise = torch.randn(N_DRAWS, 2 * n * n, generator=generator, dtype=DTYPE)
        write_gradient(model, gradient_views, cells, y, noise, beta_at(step))
        adam.step(gradient)


def message_cells(n: int) -> torch.Tensor:
    """Which encoder component sends each message of each cell: (2 n, n * n * 2), zeros and ones."""
    eye = torch.eye(n, dtype=DTYPE)
    row, column = eye.repeat_interleave(n, 1), eye.repeat(1, n)  # (n, n * n)
    zeros = torch.zeros(n, n * n, dtype=DTYPE)
    return torch.cat([torch.stack([row, zeros], -1), torch.stack([zeros, column], -1)]).flatten(1)


def write_gradient(
    model: BoardModel, out: BoardModel, cells: torch.Tensor, y: torch.Tensor, noise: torch.Tensor, beta: float
) -> None:
    """Write the gradient of the mean loss in bits plus beta times the divergence into `out`.

    y: (N_DRAWS * n * n, 1). noise: (N_DRAWS, n * n * 2), standard normal.
    """
    # By hand, because autograd takes five times as long on tensors this small.
    n = len(cells) // 2
    deviation = model.log_deviation.exp()
    u = torch.addcmul(model.mean @ cells, deviation @ cells, noise).view(-1, 2)
    hidden_1, hidden_2, logit = model.logit(u)
    back = logit.sigmoid_().sub_(y).div_(len(y) * LN2)  # (m, 1)
    torch.mm(back.T, hidden_2, out=out.weight_3)
    torch.sum(back, 0, out=out.bias_3)
    back = (back * model.weight_3).mul_(1 - hidden_2.square())  # (m, HIDDEN_WIDTH)
    torch.mm(back.T, hidden_1, out=out.weight_2)
    torch.sum(back, 0, out=out.bias_2)
    back = torch.mm(back, model.weight_2).mul_(1 - hidden_1.square())
    torch.mm(back.T, u, out=out.weight_1)
    torch.sum(back, 0, out=out.bias_1)
    back = torch.mm(back, model.weight_1).view(noise.shape)
    scale = beta / (LN2 * n)
    torch.add(cells @ back.sum(0), model.mean, alpha=scale, out=out.mean)
    torch.addcmul(
        scale * (deviation.square() - 1), cells @ (back * noise).sum(0), deviation, out=out.log_deviation
    )


def _snapshot(step: int, model: BoardModel, cells: torch.Tensor) -> Snapshot:
    n = len(cells) // 2
    guess = model.logit((model.mean @ cells).view(-1, 2))[2].sigmoid_()
    return Snapshot(
        step,
        beta_at(step),
        model.mean.double().view(2, n),
        model.log_deviation.exp().double().view(2, n),
        guess.double().view(n, n),
    )
