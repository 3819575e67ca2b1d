"""Two towns, one target, a budget of bits: what every way of sharing it is worth, and the best one.

Towns A and B send their weather over a flip line each (infodecomp.channels.binary_symmetric); U_A and U_B arrive. An *allocation* is the pair
(I(A;U_A), I(B;U_B)) of bits bought; its worth is I(U_A,U_B;Y). The joint p(a,b,y) is any table of shape (2, 2, 2):
the towns may be unfair and correlated.
"""

import math
from functools import lru_cache
from typing import NamedTuple

import torch

from infodecomp.channels.binary_symmetric import _crossover_probability, _polished_flips
from infodecomp.errors import InformationError
from infodecomp.information import kernels
from infodecomp.validation import as_distribution

MANY = (48, 9, 9, 9, 9)  # allocations tried along each budget: all over it, then ever closer around the best
FEW = (
    384,
    65,
)  # for up to 16 budgets: as close in the end, in fewer and larger rounds, since a round costs its calls
TABLE = 4096  # intervals of the table of flip probabilities that the search reads
FREE = 1e-12  # bits: two allocations whose worth differs by less are equally good


class Allocations(NamedTuple):
    """Columns of equal length: bits bought of each town, their total, I(U_A,U_B;Y), and H(Y) - I(U_A,U_B;Y); all in bits."""

    bits_a: torch.Tensor
    bits_b: torch.Tensor
    total: torch.Tensor
    information: torch.Tensor
    error: torch.Tensor


class Frontier(NamedTuple):
    """The best allocation within each budget. Columns as in Allocations; total < budget where more buys nothing."""

    budget: torch.Tensor
    bits_a: torch.Tensor
    bits_b: torch.Tensor
    total: torch.Tensor
    information: torch.Tensor
    error: torch.Tensor


class TwoSourceJoint:
    """Two towns and yours: a checked joint p(a,b,y) with what the search needs of it: marginals, entropies, p(u,v,y) as a bilinear form.

    joint: (2, 2, 2), non-negative, sum 1. Raises InformationError otherwise.
    """

    def __init__(self, joint):
        self.joint = as_distribution(joint, 3)
        if self.joint.shape != (2, 2, 2):
            raise InformationError(
                f"the joint p(a,b,y) has shape {tuple(self.joint.shape)}; two towns need (2, 2, 2)"
            )
        self._p = torch.stack([self.joint.sum((1, 2)), self.joint.sum((0, 2))])[:, 1:].clamp_(
            0, 1
        )  # (2, 1), a row for each town
        self._entropies = kernels.binary_entropy(self._p).clamp_min_(0)
        self.p_a, self.p_b = self._p[:, 0].unbind()
        self.entropy_a, self.entropy_b = self._entropies[:, 0].unbind()
        self.entropy = kernels.entropy(self.joint.sum((0, 1))).clamp_min(0)
        self._received = _received_forms() @ self.joint.reshape(8)  # (12, 4)
        self._tables = torch.cat([_flip_table(self.p_a.item()), _flip_table(self.p_b.item())])

    @classmethod
    def of(cls, joint) -> "TwoSourceJoint":
        """The towns of a joint; what is already that is passed on, so that several questions share one preparation."""
        return joint if isinstance(joint, cls) else cls(joint)

    def flips(self, bits_a, bits_b):
        """Flip probabilities of the two lines that deliver these bits; any shape, each at most its town's entropy."""
        bits = torch.stack([bits_a.reshape(-1), bits_b.reshape(-1)])
        return (
            _polished_flips(self._near(bits), bits, self._p, self._entropies)
            .reshape(2, *bits_a.shape)
            .unbind()
        )

    def near_flips(self, bits_a, bits_b):
        """As flips, read off a table: right to 1e-7 bits, good enough to search with and many times faster."""
        return (
            self._near(torch.stack([bits_a.reshape(-1), bits_b.reshape(-1)]))
            .reshape(2, *bits_a.shape)
            .unbind()
        )

    def _near(self, bits: torch.Tensor) -> torch.Tensor:
        """bits: (2, n), a row for each town."""
        return _read_flips(self._tables, bits / self._entropies.clamp_min(FREE), _BEGINS)

    def information(self, flip_a, flip_b) -> torch.Tensor:
        """I(U_A,U_B;Y) in bits for flip probabilities of one shape (...). Returns (...)."""
        a, b = flip_a.reshape(-1), flip_b.reshape(-1)
        p = (self._received @ torch.stack([torch.ones_like(a), a, b, a * b])).clamp_min_(
            kernels.TINY
        )  # (12, n): p(u,v,y), then p(u,v)
        information = self.entropy + _SIGNS @ p.log2().mul_(p)
        return information.clamp_min_(0).reshape(flip_a.shape)

    def columns(self, bits_a, bits_b, information) -> Allocations:
        return Allocations(
            bits_a, bits_b, bits_a + bits_b, information, (self.entropy - information).clamp_min(0)
        )


_BEGINS = torch.tensor([[0], [TABLE + 2]])  # of two tables, one after the other
_SIGNS = torch.tensor([1.0] * 8 + [-1.0] * 4, dtype=torch.float64)


@lru_cache(maxsize=64)
def _flip_table(p: float) -> torch.Tensor:
    """Roots of flip probabilities at shares sin^2(pi x / 2) of H2(p), x even from 0 to 1: smooth in x at both ends."""
    p = torch.tensor(p, dtype=torch.float64)
    entropy = kernels.binary_entropy(p)
    bits = torch.sin(torch.linspace(0, math.pi / 2, TABLE + 1, dtype=torch.float64)).square_() * entropy
    some = _crossover_probability(
        bits[::16], p, entropy
    ).sqrt_()  # from the lines between these it is not far to the others
    near = torch.nn.functional.interpolate(some[None, None], TABLE + 1, mode="linear", align_corners=True)[
        0, 0
    ].square_()
    flips = _polished_flips(near, bits, p, entropy)
    return torch.cat([flips, flips[-1:]]).sqrt_()


def _read_flips(tables: torch.Tensor, share: torch.Tensor, begins=0) -> torch.Tensor:
    """Flip probabilities at shares of H2(p), off the line between two places of a table; right to 1e-7 bits."""
    x = share.clamp(0, 1).sqrt_().asin_().mul_(TABLE * 2 / math.pi)
    place = (x.long() + begins).reshape(-1)
    low, high = (tables.index_select(0, at).view_as(x) for at in (place, place + 1))
    return torch.lerp(low, high, x.frac_()).square_()


@lru_cache(maxsize=64)
def _even_flips(p: float, n: int) -> torch.Tensor:
    """Flip probabilities at n even steps from 0 to all bits of a town with marginal p."""
    share, p_one = torch.linspace(0, 1, n, dtype=torch.float64), torch.tensor(p, dtype=torch.float64)
    entropy = kernels.binary_entropy(p_one)
    return _polished_flips(_read_flips(_flip_table(p), share), share * entropy, p_one, entropy)


@lru_cache(maxsize=1)
def _received_forms() -> torch.Tensor:
    """p(u,v,y), then p(u,v), 12 in all, as forms in (1, e_a, e_b, e_a e_b) and in p(a,b,y), linear in each; (12, 4, 8)."""
    keep = torch.tensor([[1.0, -1.0], [0.0, 1.0]], dtype=torch.float64)  # (1 - e, e) as forms in (1, e)
    line = torch.stack([keep, keep.flip(0)])  # (u, x, form): u = x is kept, u != x is flipped
    forms = torch.einsum(
        "uai,vbj,yz->uvyjiabz", line, line, torch.eye(2, dtype=torch.float64)
    )  # e_a runs fastest
    return torch.cat([forms.reshape(8, 4, 8), forms.sum(2).reshape(4, 4, 8)])


def allocation_information(joint, bits_a, bits_b) -> torch.Tensor:
    """What an allocation is worth: I(U_A,U_B;Y) in bits through two flip lines.

    joint: (2, 2, 2) p(a,b,y). bits_a, bits_b: (...) of one shape, 0 to H(A) and 0 to H(B). Returns (...).
    Raises InformationError for a joint that is none, and for more bits than a town has.
    """
    towns = TwoSourceJoint.of(joint)
    bits_a, bits_b = torch.broadcast_tensors(
        *(torch.as_tensor(b, dtype=torch.float64) for b in (bits_a, bits_b))
    )
    for town, bits, limit in (("A", bits_a, towns.entropy_a), ("B", bits_b, towns.entropy_b)):
        if not bool(((bits >= 0) & (bits <= limit + FREE)).all()):
            raise InformationError(
                f"{bits.min().item():.6g} to {bits.max().item():.6g} bits of town {town}: it has {limit.item():.6g}; "
                "ask for 0 to that"
            )
    return towns.information(*towns.flips(bits_a.contiguous(), bits_b.contiguous()))


def information_plane(joint, n: int = 50) -> Allocations:
    """Every allocation on an even n by n grid of (bits_a, bits_b), with its worth; columns of n*n, bits_b running fastest.

    joint: (2, 2, 2) p(a,b,y). n: at least 2 points from 0 to H(A) and from 0 to H(B). Raises InformationError.
    """
    if n < 2:
        raise InformationError(f"n = {n} points along each town; the plane needs at least 2")
    towns = TwoSourceJoint.of(joint)
    share = torch.linspace(0, 1, n, dtype=torch.float64)
    bits_a, bits_b = share * towns.entropy_a, share * towns.entropy_b
    grid = torch.meshgrid(_even_flips(towns.p_a.item(), n), _even_flips(towns.p_b.item(), n), indexing="ij")
    information = towns.information(*grid)
    return towns.columns(bits_a.repeat_interleave(n), bits_b.repeat(n), information.reshape(-1))


def information_frontier(joint, budgets) -> Frontier:
    """The exact front F(R) = max I(U_A,U_B;Y) over bits_a + bits_b <= R, and the allocation that reaches it.

    joint: (2, 2, 2) p(a,b,y). budgets: (m,) bits, at least 0. Returns columns of m. Error below 1e-6 bits, never above F.
    F is not concave (AND, OR and XOR nowhere), so no price of a bit traces it, and it can have several maxima along
    a budget: hence a global grid of at least 48 allocations for every budget at once, then rounds of zoom around the best.
    Of equally good allocations the one that spends least is given. Raises InformationError.
    """
    towns = TwoSourceJoint.of(joint)
    budgets = torch.as_tensor(budgets, dtype=torch.float64).reshape(-1)
    if not bool((torch.isfinite(budgets) & (budgets >= 0)).all()):
        raise InformationError("a budget is a finite number of bits, at least 0")
    spend = budgets.clamp_max(towns.entropy_a + towns.entropy_b)
    bits_a, bits_b, information = _drop_useless_rate(towns, *_best_split(towns, spend))
    leader = _leaders(budgets, information)
    best = towns.columns(bits_a[leader], bits_b[leader], information[leader])
    return Frontier(budgets, *best)


def tied_with_swapped(joint, bits_a, bits_b) -> torch.Tensor:
    """Where the same bits the other way round are another allocation of the same worth, to 1e-9 bits.

    joint: (2, 2, 2) p(a,b,y). bits_a, bits_b: (...) of one shape, within the towns' entropies. Returns (...) booleans.
    """
    towns = TwoSourceJoint.of(joint)
    bits_a, bits_b = (torch.as_tensor(bits, dtype=torch.float64) for bits in (bits_a, bits_b))
    possible = (
        (bits_b <= towns.entropy_a + FREE)
        & (bits_a <= towns.entropy_b + FREE)
        & ((bits_a - bits_b).abs() > 1e-3)
    )
    swapped = towns.flips(torch.minimum(bits_b, towns.entropy_a), torch.minimum(bits_a, towns.entropy_b))
    return possible & (
        (towns.information(*swapped) - towns.information(*towns.flips(bits_a, bits_b))).abs() < 1e-9
    )


def nearest_allocation(joint, total: float, information: float, bits_a: float = 0.0) -> tuple[float, float]:
    """The allocation (bits_a, bits_b) that costs `total` bits and whose worth is nearest to `information`; all in bits.

    joint: (2, 2, 2) p(a,b,y). Two allocations may be worth the same: the one nearer to `bits_a` is given. What lies outside
    the plane is brought to its edge: this answers a hand that points. Raises InformationError for a joint that is none.
    """
    towns = TwoSourceJoint.of(joint)
    if not (math.isfinite(total) and math.isfinite(information)):
        raise InformationError(f"the point ({total}, {information}) is not finite; give two numbers of bits")
    total = min(max(total, 0.0), (towns.entropy_a + towns.entropy_b).item())
    low, high = max(0.0, total - towns.entropy_b.item()), min(total, towns.entropy_a.item())
    candidates = torch.linspace(low, high, 401, dtype=torch.float64)
    worth = towns.information(*towns.near_flips(candidates, (total - candidates).clamp_min(0)))
    away = (worth - information).abs() + 1e-3 * (candidates - bits_a).abs()
    best = candidates[away.argmin()].item()
    return best, total - best


@lru_cache(maxsize=8)
def _grid(points: int) -> torch.Tensor:
    return torch.linspace(-1, 1, points, dtype=torch.float64)


def _best_split(towns: TwoSourceJoint, spend: torch.Tensor) -> list[torch.Tensor]:
    """The best allocation of each exact spend, (m,): its worth, bits_a, bits_b, and the flips that deliver them; (m,) each.

    A split is an angle: sin^2 of it is how far bits_a goes from the least to the most that it can be, smooth at both ends.
    """
    spend = spend[:, None]
    low = (spend - towns.entropy_b).clamp_min(0)
    room = torch.minimum(spend, towns.entropy_a) - low
    angle, reach = torch.full((1, 1), math.pi / 4, dtype=torch.float64), math.pi / 4
    rounds = FEW if len(spend) <= 16 else MANY
    for round_, points in enumerate(rounds, 1):
        angles = (angle + reach * _grid(points)).clamp_(0, math.pi / 2)
        bits_a = low + room * angles.sin().square_()  # (m, points)
        bits_b = (spend - bits_a).clamp_min_(0)
        flips = (towns.flips if round_ == len(rounds) else towns.near_flips)(bits_a, bits_b)
        information = towns.information(*flips)
        best = information.argmax(1, keepdim=True)
        angle, reach = angles.expand_as(bits_a).gather(1, best), reach * 2 / (points - 1)
    return [column.gather(1, best).squeeze(1) for column in (information, bits_a, bits_b, *flips)]


def _drop_useless_rate(towns: TwoSourceJoint, both, bits_a, bits_b, flip_a, flip_b):
    """Keep back the bits of a town that add nothing: an allocation of one town alone that is worth as much wins.

    Returns bits_a, bits_b and what they are worth.
    """
    nothing, silent = torch.zeros_like(bits_a), torch.full_like(bits_a, 0.5)
    only_a, only_b = towns.information(torch.stack([flip_a, silent]), torch.stack([silent, flip_b]))
    enough_a, enough_b = only_a >= both - FREE, only_b >= both - FREE
    keep_b = enough_b & ~(enough_a & (bits_a <= bits_b))  # where either would do, the cheaper one
    drop_b = enough_a & ~keep_b
    return (
        torch.where(keep_b, nothing, bits_a),
        torch.where(drop_b, nothing, bits_b),
        torch.where(keep_b, only_b, torch.where(drop_b, only_a, both)),
    )


def _leaders(budgets: torch.Tensor, information: torch.Tensor) -> torch.Tensor:
    """Whose allocation each budget keeps, (m,): its own, or where a smaller budget was worth as much, that of the smallest."""
    order = budgets.argsort()
    _, leader = (information[order] - FREE * torch.arange(len(information))).cummax(0)
    return order[leader][order.argsort()]
