"""Partial information decomposition: what two sources say about a target alone, both, and only together, in bits.

I(A,B;Y) = redundancy + unique_a + unique_b + synergy, with redundancy + unique_a = I(A;Y) and redundancy + unique_b =
I(B;Y) (Williams & Beer 2010): three equations for four numbers. A *measure* supplies the fourth, and the measures
disagree; a redundancy without the name of its measure means nothing.
"""

import math
from typing import NamedTuple

import torch

from infodecomp.errors import InformationError
from infodecomp.information import TINY, _mutual_information, _xlog2x, table

MEASURES = ("i_min", "mmi", "broja")
LN2 = math.log(2)
NOTHING = 1e-18  # a probability that no sum of others notices
BARRIERS = (1e-1, 1e-3, 1e-5, 1e-7, 1e-9)  # nats; each leaves at most its number of cells times itself undone
NEWTON, DONE = 30, 0.1  # steps at most under a barrier, and the squared decrement, in barriers, at which it is done
LENGTHS = (0.0, 1.0, 0.5, 0.2, 0.05, 0.01)  # of a step, tried at once, as shares of the longest that stays inside


class PartialInformation(NamedTuple):
    """The four atoms in bits, each (...), and the measure that set the redundancy."""

    redundancy: torch.Tensor
    unique_a: torch.Tensor
    unique_b: torch.Tensor
    synergy: torch.Tensor
    measure: str


def partial_information(joint, measure: str = "broja") -> PartialInformation:
    """Redundant, unique and synergistic information of A and B about Y, in bits, by a named measure.

    joint: (..., n_a, n_b, n_y) p(a,b,y), any alphabets. measure: "i_min" (Williams & Beer 2010), "mmi" (Barrett 2015) or
    "broja" (Bertschinger et al. 2014; error below 1e-7). Each atom is (...). i_min and mmi compare amounts only: two
    towns that each tell a different bit are called redundant. Raises InformationError for no table and no measure.
    """
    joint = table(joint, 3)
    if measure not in MEASURES:
        raise InformationError(f"no measure of redundancy is called {measure!r}; there are {', '.join(MEASURES)}")
    about = [_mutual_information(joint.sum(gone)).clamp_min(0) for gone in (-2, -3)]  # I(A;Y), I(B;Y)
    both = _mutual_information(joint.flatten(-3, -2)).clamp_min(0)
    if measure == "broja":
        least = union_information(joint)
        redundancy = about[0] + about[1] - least
    else:
        redundancy = _least_specific(joint) if measure == "i_min" else torch.minimum(*about)
    # rounding must not push an atom below 0: redundancy lies between the co-information and the lesser source
    redundancy = torch.maximum(redundancy.clamp_min(0), about[0] + about[1] - both)
    redundancy = torch.minimum(redundancy, torch.minimum(*about))
    unique_a, unique_b = about[0] - redundancy, about[1] - redundancy
    synergy = (both - redundancy - unique_a - unique_b).clamp_min(0)
    return PartialInformation(redundancy, unique_a, unique_b, synergy, measure)


def _least_specific(joint: torch.Tensor) -> torch.Tensor:
    """I_min = sum_y p(y) min over the sources of I(Y=y; source), in bits (Williams & Beer 2010, eq. 3)."""
    p_y = joint.sum((-3, -2))
    specific = []
    for gone in (-2, -3):
        pair = joint.sum(gone)  # (..., n_source, n_y)
        logs = (pair.clamp_min(TINY) / (pair.sum(-1, keepdim=True) * p_y[..., None, :]).clamp_min(TINY)).log2()
        specific.append((pair * logs).sum(-2))  # p(y) I(Y=y; source)
    return torch.minimum(*specific).sum(-1)


def union_information(joint) -> torch.Tensor:
    """The least I_Q(A,B;Y), in bits, of all Q with the tables of (A,Y) and (B,Y) (Bertschinger et al. 2014, eq. 5).

    joint: (..., n_a, n_b, n_y). Returns (...), at most 1e-7 above the least. Raises InformationError for what is no table.
    """
    joint = table(joint, 3)
    joint = torch.where(joint < NOTHING, 0.0, joint)  # its square, in the Hessian, would leave the numbers there are
    information = _mutual_information(_least_informative(joint).flatten(-3, -2))
    # no Q can say less than the better of the sources that it keeps
    floor = torch.maximum(*(_mutual_information(joint.sum(gone)) for gone in (-2, -3)))
    return torch.maximum(information, floor).clamp_min(0)


def _least_informative(joint: torch.Tensor) -> torch.Tensor:
    """The Q of union_information, (..., n_a, n_b, n_y).

    Convex, with corners where cells empty: Newton's method under a logarithmic barrier that is lowered step by step.
    """
    p = joint.movedim(-1, -3).reshape(-1, joint.shape[-1], *joint.shape[-3:-1])  # (n, Y, A, B)
    moves, q, inside = _polytope(p)
    for barrier in BARRIERS:
        for _ in range(NEWTON):
            q, decrement = _newton_step(q, moves, inside, barrier)
            if bool((decrement < DONE * barrier).all()):
                break
    return q.reshape(*joint.shape[:-3], *q.shape[1:]).movedim(-3, -1)


def _polytope(p: torch.Tensor):
    """The moves that leave p(a,y) and p(b,y) as they are, (n, Y, AB, AB); a Q inside; and where it may have mass.

    For each y mass goes round a rectangle whose corner is the likeliest a and the likeliest b; a move that would touch an
    empty row or column is 0.
    """
    p_y = p.sum((-2, -1))
    p_ay, p_by = p.sum(-1), p.sum(-2)
    q = p_ay[..., :, None] * p_by[..., None, :] / p_y.clamp_min(TINY)[..., None, None]
    moves = None
    for margin in (p_ay, p_by):
        n = margin.shape[-1]
        corner = torch.nn.functional.one_hot(margin.argmax(-1), n).to(q.dtype)[..., None, :]
        free = (margin > 0)[..., None].to(q.dtype)
        sides = (torch.eye(n, dtype=q.dtype) - corner) * free  # (n, Y, n, n)
        moves = sides if moves is None else torch.einsum("nyac,nybd->nyabcd", moves, sides)
    cells = p.shape[-2] * p.shape[-1]
    return moves.reshape(*p.shape[:2], cells, cells), q, q > 0


def _newton_step(q: torch.Tensor, moves: torch.Tensor, inside: torch.Tensor, barrier: float):
    """One step down on I_Q(A,B;Y) in nats less barrier * sum log q; also the squared Newton decrement (n,)."""
    gradient, hessian = _slopes(q.flatten(2), moves, inside.flatten(2), barrier)
    scale = hessian.diagonal(dim1=1, dim2=2).clamp_min(TINY).rsqrt()  # cells differ by many orders of magnitude
    scaled = scale[:, :, None] * hessian * scale[:, None, :]
    step = -scale * torch.linalg.solve(scaled, (scale * gradient)[..., None])[..., 0]
    along = torch.einsum("nym,nymc->nyc", step.reshape(moves.shape[:3]), moves).reshape(q.shape)
    return _line_search(q, along, inside, barrier), -(gradient * step).sum(1)


def _slopes(q: torch.Tensor, moves: torch.Tensor, inside: torch.Tensor, barrier: float):
    """Gradient (n, YM) and Hessian (n, YM, YM) of the barred information along the moves; q, inside: (n, Y, cells)."""
    n, n_y, n_moves = moves.shape[:3]
    total = q.sum(1).clamp_min(TINY)
    safe = torch.where(inside, q, 1.0)
    slope = torch.where(inside, (safe / total[:, None]).log() - barrier / safe, 0.0)
    bend = torch.where(inside, 1 / safe + barrier / safe.square(), 0.0)
    gradient = torch.einsum("nymc,nyc->nym", moves, slope)
    hessian = -torch.einsum("nymc,nc,nzkc->nymzk", moves, 1 / total, moves)
    y = torch.arange(n_y)
    hessian[:, y, :, y, :] += torch.einsum("nymc,nyc,nykc->ynmk", moves, bend, moves)
    no_move = (~moves.any(-1)).reshape(n, -1).to(q.dtype)  # gets a pivot of 1, so that the matrix has an inverse
    return gradient.reshape(n, -1), hessian.reshape(n, n_y * n_moves, -1) + torch.diag_embed(no_move)


def _line_search(q: torch.Tensor, along: torch.Tensor, inside: torch.Tensor, barrier: float) -> torch.Tensor:
    """The best of a few lengths of a step that stays inside; none, where all go up."""
    room = torch.where(along < 0, -q / along, torch.inf).flatten(1).amin(1)
    lengths = (0.95 * room).clamp_max(1)[None] * torch.tensor(LENGTHS, dtype=q.dtype)[:, None]
    tried = torch.where(inside, q + lengths[..., None, None, None] * along, 0.0)
    height = (_xlog2x(tried).sum((-3, -2, -1)) - _xlog2x(tried.sum(2)).sum((-2, -1))) * LN2
    height = height - barrier * torch.where(inside, tried.clamp_min(TINY).log(), 0.0).sum((-3, -2, -1))
    best = height.argmin(0)
    return tried[best, torch.arange(len(q))]
