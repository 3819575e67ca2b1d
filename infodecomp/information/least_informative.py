"""The least informative joint distribution with given source-target marginals, for the BROJA measure.

It minimises I_Q(A,B;Y) over all Q with q(a,y) = p(a,y) and q(b,y) = p(b,y). The problem is convex with a
solution that often lies on the boundary, so it is solved by Newton's method under a logarithmic barrier whose
weight is lowered step by step.
"""

from typing import NamedTuple

import torch

from infodecomp.information import kernels

NEGLIGIBLE = 1e-18  # smaller probabilities change no sum, but their squares would overflow the Hessian
BARRIERS = (1e-1, 1e-3, 1e-6, 1e-9)  # nats; each leaves an error of at most itself times the number of cells
LAST_ERROR = 6e-8  # nats: the last barrier leaves no more
MAX_NEWTON_STEPS = 30  # for each barrier
CONVERGED = 1  # squared Newton decrement, in units of the barrier
STEP_FRACTIONS = torch.tensor([[0.0], [1.0], [0.5], [0.2], [0.05], [0.01]], dtype=torch.float64)


class _Polytope(NamedTuple):
    """All Q (n, Y, AB) with the marginals of n joints, and the directions that lead from one to another."""

    directions: torch.Tensor  # (n, n_directions, Y AB)
    source_changes: torch.Tensor  # how each direction changes q(a,b), (n, n_directions, AB)
    support: torch.Tensor  # 1 where Q may have mass, (n, Y, AB)
    unused: torch.Tensor  # (n, n_directions, n_directions), 1 on the diagonal for directions that are 0


def least_informative(joint: torch.Tensor) -> torch.Tensor:
    """The Q with the marginals q(a,y) and q(b,y) of a joint that minimises I_Q(A,B;Y).

    Parameters
    ----------
    joint : torch.Tensor, shape (..., n_a, n_b, n_y)
        Probability tables p(a,b,y), float64.

    Returns
    -------
    torch.Tensor, shape (..., n_a, n_b, n_y)
    """
    joint = torch.where(joint < NEGLIGIBLE, 0.0, joint)
    p = joint.movedim(-1, -3).reshape(-1, joint.shape[-1], *joint.shape[-3:-1])  # (n, Y, A, B)
    q = _independent_given_y(p)
    polytope = _polytope(p, (q > 0).to(q.dtype))
    last = min(BARRIERS[-1], LAST_ERROR / q[0].numel())
    for barrier in (*BARRIERS[:-1], last):
        for _ in range(MAX_NEWTON_STEPS):
            q, decrement = _newton_step(q, polytope, barrier)
            if bool((decrement < CONVERGED * barrier).all()):
                break
    return q.reshape(*joint.shape[:-3], *p.shape[1:]).movedim(-3, -1)


def _independent_given_y(p: torch.Tensor) -> torch.Tensor:
    """p(a|y) p(b,y) of joints (n, Y, A, B), (n, Y, AB): an interior point to start from."""
    p_y = p.sum((-2, -1)).clamp_min(kernels.TINY)[..., None, None]
    return (p.sum(-1)[..., :, None] * p.sum(-2)[..., None, :] / p_y).flatten(2)


def _polytope(p: torch.Tensor, support: torch.Tensor) -> _Polytope:
    """The polytope of joints (n, Y, A, B)."""
    # A direction moves mass around a rectangle of cells of one y. One corner is the likeliest a and b.
    sides_a, sides_b = _sides(p.sum(-1)), _sides(p.sum(-2))
    rectangles = torch.einsum("nyac,nybd->nyabcd", sides_a, sides_b).flatten(4).flatten(2, 3)
    source_changes = rectangles.flatten(1, 2)  # (n, Y AB, AB)
    eye = torch.eye(p.shape[1], dtype=p.dtype)
    directions = torch.einsum("nymc,yz->nymzc", rectangles, eye).flatten(3).flatten(1, 2)
    nonzero = source_changes.any(-1)
    used = nonzero.any(0)
    unused = torch.diag_embed((~nonzero[:, used]).to(p.dtype))  # so that every Hessian has an inverse
    return _Polytope(directions[:, used], source_changes[:, used], support, unused)


def _sides(marginal: torch.Tensor) -> torch.Tensor:
    """For marginals (n, Y, k), moves of mass from the likeliest value to each other value that occurs."""
    k = marginal.shape[-1]
    likeliest = torch.nn.functional.one_hot(marginal.argmax(-1), k).to(marginal.dtype)[..., None, :]
    occurs = (marginal > 0)[..., None].to(marginal.dtype)
    return (torch.eye(k, dtype=marginal.dtype) - likeliest) * occurs  # (n, Y, k, k)


def _newton_step(q: torch.Tensor, polytope: _Polytope, barrier: float) -> tuple[torch.Tensor, torch.Tensor]:
    """A step down on I_Q(A,B;Y) - barrier * sum log q, in nats; also the squared Newton decrement (n,)."""
    gradient, hessian = _gradient_and_hessian(q, polytope, barrier)
    # the cells, and so the diagonal, differ by many orders of magnitude
    scale = hessian.diagonal(dim1=1, dim2=2).clamp_min(kernels.TINY).rsqrt()[..., None]
    step = -scale * torch.linalg.solve(scale * hessian * scale.mT, scale * gradient)
    direction = (step.mT @ polytope.directions).view_as(q)
    return _line_search(q, direction, polytope.support, barrier), -(gradient * step).sum((1, 2))


def _gradient_and_hessian(
    q: torch.Tensor, polytope: _Polytope, barrier: float
) -> tuple[torch.Tensor, torch.Tensor]:
    """Gradient (n, n_directions, 1) and Hessian (n, n_directions, n_directions) of the objective."""
    directions, source_changes, support, unused = polytope
    q_ab = q.sum(1, keepdim=True).clamp_min(kernels.TINY)
    safe = torch.where(support > 0, q, 1.0)  # no direction changes the cells outside
    repulsion = barrier * safe.reciprocal()
    slope = ((safe / q_ab).log() - repulsion).flatten(1)
    curvature = ((1 + repulsion) / safe).flatten(1)
    hessian = (directions * curvature[:, None]) @ directions.mT
    return directions @ slope[..., None], hessian - (source_changes / q_ab) @ source_changes.mT + unused


def _line_search(
    q: torch.Tensor, direction: torch.Tensor, support: torch.Tensor, barrier: float
) -> torch.Tensor:
    """The best of a few steps along a direction that stay inside; no step if all of them go up."""
    longest = torch.where(direction < 0, -q / direction, torch.inf).flatten(1).amin(1)
    lengths = (0.95 * longest).clamp_max(1)[None] * STEP_FRACTIONS
    candidates = q + lengths[..., None, None] * direction  # (lengths, n, Y, AB)
    q_ab = candidates.sum(2)
    objective = ((candidates - barrier * support) * candidates.clamp_min(kernels.TINY).log()).sum((-2, -1))
    objective = objective - (q_ab * q_ab.clamp_min(kernels.TINY).log()).sum(-1)
    return candidates[objective.argmin(0), torch.arange(len(q))]
