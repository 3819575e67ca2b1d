"""Partial information decomposition: what two sources say about a target alone, both, and only together, in bits.

I(A,B;Y) = redundancy + unique_a + unique_b + synergy, with redundancy + unique_a = I(A;Y) and redundancy + unique_b =
I(B;Y) (Williams & Beer 2010): three equations for four numbers. A *measure* supplies the fourth, and the measures
disagree; a redundancy without the name of its measure means nothing.
"""

from typing import NamedTuple

import torch

from infodecomp.errors import InformationError
from infodecomp.information import kernels
from infodecomp.validation import as_distribution

MEASURES = ("i_min", "mmi", "broja")
NOTHING = 1e-18  # a probability that no sum of others notices
BARRIERS = (1e-1, 1e-3, 1e-6, 1e-9)  # nats; each leaves at most its number of cells times itself undone
NEWTON, DONE = (
    30,
    1,
)  # steps at most under a barrier, and the squared decrement, in barriers, at which it is done
LENGTHS = torch.tensor(
    [[0.0], [1.0], [0.5], [0.2], [0.05], [0.01]], dtype=torch.float64
)  # of a step, as shares of the longest


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
    joint = as_distribution(joint, 3)
    if measure not in MEASURES:
        raise InformationError(
            f"no measure of redundancy is called {measure!r}; there are {', '.join(MEASURES)}"
        )
    about = [kernels.mutual_information(joint.sum(gone)).clamp_min(0) for gone in (-2, -3)]  # I(A;Y), I(B;Y)
    both = kernels.mutual_information(joint.flatten(-3, -2)).clamp_min(0)
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
        logs = (
            pair.clamp_min(kernels.TINY)
            / (pair.sum(-1, keepdim=True) * p_y[..., None, :]).clamp_min(kernels.TINY)
        ).log2()
        specific.append((pair * logs).sum(-2))  # p(y) I(Y=y; source)
    return torch.minimum(*specific).sum(-1)


def union_information(joint) -> torch.Tensor:
    """The least I_Q(A,B;Y), in bits, of all Q with the tables of (A,Y) and (B,Y) (Bertschinger et al. 2014, eq. 5).

    joint: (..., n_a, n_b, n_y). Returns (...), at most 1e-7 above the least. Raises InformationError for what is no table.
    """
    joint = as_distribution(joint, 3)
    joint = torch.where(
        joint < NOTHING, 0.0, joint
    )  # its square, in the Hessian, would leave the numbers there are
    information = kernels.mutual_information(_least_informative(joint).flatten(-3, -2))
    # no Q can say less than the better of the sources that it keeps
    floor = torch.maximum(*(kernels.mutual_information(joint.sum(gone)) for gone in (-2, -3)))
    return torch.maximum(information, floor).clamp_min(0)


class _Polytope(NamedTuple):
    """All Q with the tables of (A,Y) and (B,Y) of n joints, and the moves that lead from one to another. Q: (n, Y, AB).

    moves: (n, moves, Y AB). seen: what each move does to p(a,b), (n, moves, AB). inside: 1 where a Q may have mass, (n, Y, AB).
    pivots: (n, moves, moves), 1 for a move that this joint does not have, so that its Hessian has an inverse.
    """

    moves: torch.Tensor
    seen: torch.Tensor
    inside: torch.Tensor
    pivots: torch.Tensor


def _least_informative(joint: torch.Tensor) -> torch.Tensor:
    """The Q of union_information, (..., n_a, n_b, n_y).

    Convex, with corners where cells empty: Newton's method under a logarithmic barrier that is lowered step by step.
    """
    p = joint.movedim(-1, -3).reshape(-1, joint.shape[-1], *joint.shape[-3:-1])  # (n, Y, A, B)
    polytope, q = _polytope(p)
    for barrier in BARRIERS:
        for _ in range(NEWTON):
            q, decrement = _newton_step(q, polytope, barrier)
            if bool((decrement < DONE * barrier).all()):
                break
    return q.reshape(*joint.shape[:-3], *p.shape[1:]).movedim(-3, -1)


def _polytope(p: torch.Tensor) -> tuple[_Polytope, torch.Tensor]:
    """The polytope of joints (n, Y, A, B), and a Q inside.

    For each y mass goes round a rectangle whose corner is the likeliest a and the likeliest b; a move that would touch an
    empty row or column is 0.
    """
    p_y = p.sum((-2, -1))
    p_ay, p_by = p.sum(-1), p.sum(-2)
    q = (p_ay[..., :, None] * p_by[..., None, :] / p_y.clamp_min(kernels.TINY)[..., None, None]).flatten(2)
    moves = None
    for margin in (p_ay, p_by):
        n = margin.shape[-1]
        corner = torch.nn.functional.one_hot(margin.argmax(-1), n).to(q.dtype)[..., None, :]
        free = (margin > 0)[..., None].to(q.dtype)
        sides = (torch.eye(n, dtype=q.dtype) - corner) * free  # (n, Y, n, n)
        moves = (
            sides
            if moves is None
            else torch.einsum("nyac,nybd->nyabcd", moves, sides).flatten(4).flatten(2, 3)
        )
    seen = moves.flatten(1, 2)  # (n, Y AB, AB)
    moves = (
        torch.einsum("nymc,yz->nymzc", moves, torch.eye(p.shape[1], dtype=q.dtype)).flatten(3).flatten(1, 2)
    )
    some = seen.any(-1)
    used = some.any(0)
    return _Polytope(
        moves[:, used], seen[:, used], (q > 0).to(q.dtype), torch.diag_embed((~some[:, used]).to(q.dtype))
    ), q


def _newton_step(q: torch.Tensor, polytope: _Polytope, barrier: float):
    """One step down on I_Q(A,B;Y) in nats less barrier * sum log q; also the squared Newton decrement (n,)."""
    gradient, hessian = _slopes(q, polytope, barrier)
    scale = (
        hessian.diagonal(dim1=1, dim2=2).clamp_min(kernels.TINY).rsqrt()[..., None]
    )  # cells differ by many orders of magnitude
    step = -scale * torch.linalg.solve(scale * hessian * scale.mT, scale * gradient)
    along = (step.mT @ polytope.moves).view_as(q)
    return _line_search(q, along, polytope.inside, barrier), -(gradient * step).sum((1, 2))


def _slopes(q: torch.Tensor, polytope: _Polytope, barrier: float):
    """Gradient (n, moves, 1) and Hessian (n, moves, moves) of the barred information along the moves."""
    moves, seen, inside, pivots = polytope
    total = q.sum(1, keepdim=True).clamp_min(kernels.TINY)
    safe = torch.where(inside > 0, q, 1.0)  # no move touches the others
    against = barrier * safe.reciprocal()
    slope = ((safe / total).log() - against).flatten(1)
    bend = ((1 + against) / safe).flatten(1)
    return moves @ slope[..., None], (moves * bend[:, None]) @ moves.mT - (seen / total) @ seen.mT + pivots


def _line_search(q: torch.Tensor, along: torch.Tensor, inside: torch.Tensor, barrier: float) -> torch.Tensor:
    """The best of a few lengths of a step that stays inside; none, where all go up."""
    room = torch.where(along < 0, -q / along, torch.inf).flatten(1).amin(1)
    lengths = (0.95 * room).clamp_max(1)[None] * LENGTHS
    tried = q + lengths[..., None, None] * along  # (lengths, n, Y, AB)
    total = tried.sum(2)
    height = ((tried - barrier * inside) * tried.clamp_min(kernels.TINY).log()).sum((-2, -1)) - (
        total * total.clamp_min(kernels.TINY).log()
    ).sum(-1)
    return tried[height.argmin(0), torch.arange(len(q))]
