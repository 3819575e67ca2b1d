"""Two towns, one target, a budget of bits: what every way of sharing it is worth, and the best one.

Towns A and B send their weather over a flip line each (infodecomp.lines); U_A and U_B arrive. An *allocation* is the pair
(I(A;U_A), I(B;U_B)) of bits bought; its worth is I(U_A,U_B;Y). The joint p(a,b,y) is any table of shape (2, 2, 2):
the towns may be unfair and correlated.
"""

import math
from functools import lru_cache
from typing import NamedTuple

import torch

from infodecomp.errors import InformationError
from infodecomp.information import _binary_entropy, _entropy, _xlog2x, table
from infodecomp.lines import _flip_probability

COARSE, ZOOM, ROUNDS = 48, 8, 4  # the search along each budget: a global grid, then rounds of zoom
TABLE = 4096  # intervals of the table of flip probabilities that the search reads
POLISH = 3  # steps of Newton from the table to rounding
FREE = 1e-12  # bits: two allocations whose worth differs by less are equally good


class Allocations(NamedTuple):
    """Columns of equal length: bits bought of each town, their total, I(U_A,U_B;Y), and H(Y) - I(U_A,U_B;Y); all in bits."""

    bits_a: torch.Tensor
    bits_b: torch.Tensor
    total: torch.Tensor
    information: torch.Tensor
    error: torch.Tensor


class Front(NamedTuple):
    """The best allocation within each budget. Columns as in Allocations; total < budget where more buys nothing."""

    budget: torch.Tensor
    bits_a: torch.Tensor
    bits_b: torch.Tensor
    total: torch.Tensor
    information: torch.Tensor
    error: torch.Tensor


class Towns:
    """Two towns and yours: a checked joint p(a,b,y) with what the search needs of it: marginals, entropies, p(u,v,y) as a bilinear form.

    joint: (2, 2, 2), non-negative, sum 1. Raises InformationError otherwise.
    """

    def __init__(self, joint):
        self.joint = table(joint, 3)
        if self.joint.shape != (2, 2, 2):
            raise InformationError(f"the joint p(a,b,y) has shape {tuple(self.joint.shape)}; two towns need (2, 2, 2)")
        self.p_a, self.p_b = self.joint.sum((1, 2))[1], self.joint.sum((0, 2))[1]
        self.entropy_a, self.entropy_b = (_binary_entropy(p.clamp(0, 1)).clamp_min(0) for p in (self.p_a, self.p_b))
        self.entropy = _entropy(self.joint.sum((0, 1))).clamp_min(0)
        self._received = _received_forms(self.joint)
        self._p = torch.stack([self.p_a, self.p_b])[:, None]
        self._entropies = torch.stack([self.entropy_a, self.entropy_b])[:, None]
        self._tables = torch.cat([_flip_table(self.p_a.item()), _flip_table(self.p_b.item())])
        self._offsets = torch.tensor([[0], [TABLE + 2]])

    @classmethod
    def of(cls, joint) -> "Towns":
        """The towns of a joint; what is already that is passed on, so that several questions share one preparation."""
        return joint if isinstance(joint, cls) else cls(joint)

    def flips(self, bits_a, bits_b):
        """Flip probabilities of the two lines that deliver these bits; any shape, each at most its town's entropy."""
        bits = torch.stack([bits_a.reshape(-1), bits_b.reshape(-1)])
        flips = _flip_probability(bits, self._p, self._entropies, self._near(bits), POLISH)
        return flips[0].reshape(bits_a.shape), flips[1].reshape(bits_a.shape)

    def near_flips(self, bits_a, bits_b):
        """As flips, read off a table: right to about 1e-7, good enough to search with and many times faster."""
        flips = self._near(torch.stack([bits_a.reshape(-1), bits_b.reshape(-1)]))
        return flips[0].reshape(bits_a.shape), flips[1].reshape(bits_a.shape)

    def _near(self, bits: torch.Tensor) -> torch.Tensor:
        """bits: (2, n), a row for each town."""
        x = (bits / self._entropies.clamp_min(FREE)).clamp(0, 1).sqrt().asin() * (TABLE * 2 / math.pi)
        index = x.long()
        index_of_town = index + self._offsets
        return torch.lerp(self._tables[index_of_town], self._tables[index_of_town + 1], x - index)

    def information(self, flip_a, flip_b) -> torch.Tensor:
        """I(U_A,U_B;Y) in bits for flip probabilities of one shape (...). Returns (...)."""
        a, b = flip_a.reshape(-1), flip_b.reshape(-1)
        forms = self._received @ torch.stack([torch.ones_like(a), a, b, a * b])  # (12, n): p(u,v,y), then p(u,v)
        terms = _xlog2x(forms.clamp_min_(0))
        information = self.entropy + terms[:8].sum(0) - terms[8:].sum(0)
        return information.clamp_min(0).reshape(flip_a.shape)

    def columns(self, bits_a, bits_b, information) -> Allocations:
        return Allocations(bits_a, bits_b, bits_a + bits_b, information, (self.entropy - information).clamp_min(0))


@lru_cache(maxsize=64)
def _flip_table(p: float) -> torch.Tensor:
    """Flip probabilities at shares sin^2(pi x / 2) of H2(p), x even from 0 to 1: smooth in x at both ends."""
    x = torch.linspace(0, 1, TABLE + 1, dtype=torch.float64)
    entropy = _binary_entropy(torch.tensor(p, dtype=torch.float64))
    flips = _flip_probability(torch.sin(math.pi / 2 * x).square() * entropy, torch.tensor(p, dtype=torch.float64), entropy)
    return torch.cat([flips, flips[-1:]])


@lru_cache(maxsize=64)
def _even_flips(p: float, n: int) -> torch.Tensor:
    """Flip probabilities at n even steps from 0 to all bits of a town with marginal p."""
    entropy = _binary_entropy(torch.tensor(p, dtype=torch.float64))
    share = torch.linspace(0, 1, n, dtype=torch.float64)
    return _flip_probability(share * entropy, torch.tensor(p, dtype=torch.float64), entropy)


def _received_forms(joint: torch.Tensor) -> torch.Tensor:
    """p(u,v,y) and p(u,v) as linear forms in (1, e_a, e_b, e_a e_b); (12, 4), the 8 of (u,v,y) first."""
    keep = torch.tensor([[1.0, -1.0], [0.0, 1.0]], dtype=torch.float64)  # (1 - e, e) as forms in (1, e)
    line = torch.stack([keep, keep.flip(0)])  # (u, x, form): u = x is kept, u != x is flipped
    forms = torch.einsum("uai,vbj,aby->uvyji", line, line, joint)  # e_a runs fastest
    return torch.cat([forms.reshape(8, 4), forms.sum(2).reshape(4, 4)])


def allocation_information(joint, bits_a, bits_b) -> torch.Tensor:
    """What an allocation is worth: I(U_A,U_B;Y) in bits through two flip lines.

    joint: (2, 2, 2) p(a,b,y). bits_a, bits_b: (...) of one shape, 0 to H(A) and 0 to H(B). Returns (...).
    Raises InformationError for a joint that is none, and for more bits than a town has.
    """
    towns = Towns.of(joint)
    bits_a, bits_b = torch.broadcast_tensors(*(torch.as_tensor(b, dtype=torch.float64) for b in (bits_a, bits_b)))
    for town, bits, limit in (("A", bits_a, towns.entropy_a), ("B", bits_b, towns.entropy_b)):
        if not bool(((bits >= 0) & (bits <= limit + FREE)).all()):
            raise InformationError(
                f"{bits.min().item():.6g} to {bits.max().item():.6g} bits of town {town}: it has {limit.item():.6g}; "
                "ask for 0 to that")
    return towns.information(*towns.flips(bits_a.contiguous(), bits_b.contiguous()))


def information_plane(joint, n: int = 50) -> Allocations:
    """Every allocation on an even n by n grid of (bits_a, bits_b), with its worth; columns of n*n, bits_b running fastest.

    joint: (2, 2, 2) p(a,b,y). n: at least 2 points from 0 to H(A) and from 0 to H(B). Raises InformationError.
    """
    if n < 2:
        raise InformationError(f"n = {n} points along each town; the plane needs at least 2")
    towns = Towns.of(joint)
    share = torch.linspace(0, 1, n, dtype=torch.float64)
    bits_a, bits_b = share * towns.entropy_a, share * towns.entropy_b
    grid = torch.meshgrid(_even_flips(towns.p_a.item(), n), _even_flips(towns.p_b.item(), n), indexing="ij")
    information = towns.information(*grid)
    return towns.columns(bits_a.repeat_interleave(n), bits_b.repeat(n), information.reshape(-1))


def information_front(joint, budgets) -> Front:
    """The exact front F(R) = max I(U_A,U_B;Y) over bits_a + bits_b <= R, and the allocation that reaches it.

    joint: (2, 2, 2) p(a,b,y). budgets: (m,) bits, at least 0. Returns columns of m. Error below 1e-6 bits, never above F.
    F is not concave (AND, OR and XOR nowhere), so no price of a bit traces it, and it can have several maxima along
    a budget: hence a global grid of 48 allocations for every budget at once, then rounds of zoom around the best.
    Of equally good allocations the one that spends least is given. Raises InformationError.
    """
    towns = Towns.of(joint)
    budgets = torch.as_tensor(budgets, dtype=torch.float64).reshape(-1)
    if not bool((torch.isfinite(budgets) & (budgets >= 0)).all()):
        raise InformationError("a budget is a finite number of bits, at least 0")
    spend = budgets.clamp_max(towns.entropy_a + towns.entropy_b)
    bits_a = _best_split(towns, spend)
    bits_a, bits_b, information = _unspend(towns, bits_a, spend - bits_a)
    order = budgets.argsort()
    bits_a, bits_b, information = _carry_forward(bits_a[order], bits_b[order], information[order])
    back = order.argsort()
    best = towns.columns(bits_a[back], bits_b[back], information[back])
    return Front(budgets, *best)


def mirrored_ties(joint, bits_a, bits_b) -> torch.Tensor:
    """Where the same bits the other way round are another allocation of the same worth, to 1e-9 bits.

    joint: (2, 2, 2) p(a,b,y). bits_a, bits_b: (...) of one shape, within the towns' entropies. Returns (...) booleans.
    """
    towns = Towns.of(joint)
    bits_a, bits_b = (torch.as_tensor(bits, dtype=torch.float64) for bits in (bits_a, bits_b))
    possible = (bits_b <= towns.entropy_a + FREE) & (bits_a <= towns.entropy_b + FREE) & ((bits_a - bits_b).abs() > 1e-3)
    swapped = towns.flips(torch.minimum(bits_b, towns.entropy_a), torch.minimum(bits_a, towns.entropy_b))
    return possible & ((towns.information(*swapped) - towns.information(*towns.flips(bits_a, bits_b))).abs() < 1e-9)


def nearest_allocation(joint, total: float, information: float, bits_a: float = 0.0) -> tuple[float, float]:
    """The allocation (bits_a, bits_b) that costs `total` bits and whose worth is nearest to `information`; all in bits.

    joint: (2, 2, 2) p(a,b,y). Two allocations may be worth the same: the one nearer to `bits_a` is given. What lies outside
    the plane is brought to its edge: this answers a hand that points. Raises InformationError for a joint that is none.
    """
    towns = Towns.of(joint)
    if not (math.isfinite(total) and math.isfinite(information)):
        raise InformationError(f"the point ({total}, {information}) is not finite; give two numbers of bits")
    total = min(max(total, 0.0), (towns.entropy_a + towns.entropy_b).item())
    low, high = max(0.0, total - towns.entropy_b.item()), min(total, towns.entropy_a.item())
    candidates = torch.linspace(low, high, 401, dtype=torch.float64)
    worth = towns.information(*towns.near_flips(candidates, (total - candidates).clamp_min(0)))
    away = (worth - information).abs() + 1e-3 * (candidates - bits_a).abs()
    best = candidates[away.argmin()].item()
    return best, total - best


@lru_cache(maxsize=1)
def _grids() -> tuple[torch.Tensor, torch.Tensor]:
    coarse = (1 - torch.cos(torch.linspace(0, math.pi, COARSE, dtype=torch.float64))) / 2
    return coarse, torch.linspace(-1, 1, ZOOM + 1, dtype=torch.float64)


def _best_split(towns: Towns, spend: torch.Tensor) -> torch.Tensor:
    """The best bits_a for each exact spend; (m,)."""
    coarse, zoom = _grids()
    low = (spend - towns.entropy_b).clamp_min(0)[:, None]
    candidates = low + (torch.minimum(spend, towns.entropy_a)[:, None] - low) * coarse  # (m, 48)
    best = _best(towns, spend, candidates)
    for round_ in range(ROUNDS):
        below, centre, above = (candidates.gather(1, (best + step).clamp(0, candidates.shape[1] - 1)) for step in (-1, 0, 1))
        candidates = centre + torch.where(zoom < 0, centre - below, above - centre) * zoom  # (m, 9)
        best = _best(towns, spend, candidates, exact=round_ == ROUNDS - 1)
        # At the edge of the plane half of the candidates are the centre itself; the next round must start from its middle.
        middle = candidates[:, ZOOM // 2:ZOOM // 2 + 1]
        best = torch.where(candidates.gather(1, best) == middle, ZOOM // 2, best)
    return candidates.gather(1, best).squeeze(1)


def _best(towns: Towns, spend: torch.Tensor, bits_a: torch.Tensor, exact: bool = False) -> torch.Tensor:
    """The index of the best of each row of candidates (m, k); (m, 1)."""
    bits_b = (spend[:, None] - bits_a).clamp_min(0)
    flips = towns.flips(bits_a, bits_b) if exact else towns.near_flips(bits_a, bits_b)
    return towns.information(*flips).argmax(1, keepdim=True)


def _unspend(towns: Towns, bits_a, bits_b):
    """Keep back the bits of a town that add nothing: an allocation of one town alone that is worth as much wins.

    Returns bits_a, bits_b and what they are worth.
    """
    flip_a, flip_b = towns.flips(bits_a, bits_b)
    nothing, silent = torch.zeros_like(bits_a), torch.full_like(bits_a, 0.5)
    both, only_a, only_b = towns.information(torch.stack([flip_a, flip_a, silent]), torch.stack([flip_b, silent, flip_b]))
    enough_a, enough_b = only_a >= both - FREE, only_b >= both - FREE
    keep_b = enough_b & ~(enough_a & (bits_a <= bits_b))  # where either would do, the cheaper one
    drop_b = enough_a & ~keep_b
    return (torch.where(keep_b, nothing, bits_a), torch.where(drop_b, nothing, bits_b),
            torch.where(keep_b, only_b, torch.where(drop_b, only_a, both)))


def _carry_forward(bits_a, bits_b, information):
    """Budgets ascending: where a smaller one was worth as much, keep its allocation and leave the rest unspent."""
    _, leader = (information - FREE * torch.arange(len(information))).cummax(0)
    return bits_a[leader], bits_b[leader], information[leader]
