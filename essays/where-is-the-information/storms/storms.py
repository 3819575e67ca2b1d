"""Shared by the storm figures: parameters, the joint distribution, and the drawing of a town."""

from functools import lru_cache
from types import SimpleNamespace

import numpy as np

import infodecomp
from infodecomp.allocation.forecast_error import forecast_error_rate
from infodecomp.explorable import Choice, Range, Symbol
from infodecomp.explorable.core.lazy import lazy_property

DOTS = 33  # allocations along each town in the plane: 1,089 dots
BUDGETS = 121  # points of the front
HOURS_A_YEAR = 8766
NEGLIGIBLE = 5e-4  # bits: shown as 0.000

P00 = Range(name="p00", label="A calm, B calm", default=0.1, low=0, high=1, role="target")
P01 = Range(name="p01", label="A calm, B storm", default=0.2, low=0, high=1, role="target")
P10 = Range(name="p10", label="A storm, B calm", default=0.3, low=0, high=1, role="target")
P11 = Range(name="p11", label="A storm, B storm", default=0.9, low=0, high=1, role="target")
STORM_A = Range(name="storm_a", label="storms at A", default=0.5, low=0, high=1, role="series-1")
STORM_B = Range(name="storm_b", label="storms at B", default=0.5, low=0, high=1, role="series-2")
TIE = Range(
    name="tie",
    label="how they go together",
    default=0,
    low=-1,
    high=1,
    role="ink",
    end_labels=("opposite", "unrelated", "alike"),
)
CHANCES = (P00, P01, P10, P11)
TOWNS = (STORM_A, STORM_B, TIE)
STORMS = (*CHANCES, *TOWNS)

MODE = Choice(
    name="mode",
    label="Buy",
    default="each",
    options={"each": "bits from each town", "budget": "within a budget"},
)
BITS_A = Range(
    name="bits_a",
    label="bits from town A",
    default=0.2,
    low=0,
    high=1,
    unit="bits",
    role="series-1",
    active_when=("mode", "each"),
)
BITS_B = Range(
    name="bits_b",
    label="bits from town B",
    default=0.8,
    low=0,
    high=1,
    unit="bits",
    role="series-2",
    active_when=("mode", "each"),
)
BUDGET = Range(
    name="budget",
    label="bits in all",
    default=1,
    low=0,
    high=2,
    unit="bits",
    role="selection",
    active_when=("mode", "budget"),
)
TRADE = Range(
    name="trade",
    label="moved from B to A",
    default=0.2,
    low=0,
    high=1,
    role="series-1",
    active_when=("mode", "budget"),
)
PURCHASE = (BITS_A, BITS_B, MODE, BUDGET, TRADE)


class World(SimpleNamespace):
    """The joint distribution of the three towns, its information plane, and numbers of both in bits."""

    @lazy_property
    def front(self) -> infodecomp.Frontier:
        """The frontier: most of the work, and not every figure shows it."""
        steps = range(BUDGETS)
        return infodecomp.information_frontier(self.towns, [self.most * i / (BUDGETS - 1) for i in steps])


@lru_cache(maxsize=64)
def town_pair(storm_a, storm_b, tie) -> infodecomp.SourcePair:
    """The towns without your weather: their channels serve all four chances."""
    return infodecomp.SourcePair.correlated(storm_a, storm_b, tie)


def received(bits_a, bits_b, storm_a, storm_b, tie):
    """What the wires of the towns deliver at these rates, of which no town has more than its entropy."""
    pairs = (bits_a, storm_a), (bits_b, storm_b)
    channels = [infodecomp.bsc_crossover_probability(np.minimum(b, storm_bits(p)), p) for b, p in pairs]
    return town_pair(storm_a, storm_b, tie).received(*channels)


@lru_cache(maxsize=256)
def weather(p00, p01, p10, p11, storm_a, storm_b, tie) -> World:
    """The joint distribution of some storms, with what follows from it."""
    joint = infodecomp.two_source_joint([[p00, p01], [p10, p11]], storm_a, storm_b, tie)
    towns = infodecomp.TwoSourceJoint(joint, town_pair(storm_a, storm_b, tie))
    plane = infodecomp.information_plane(towns, DOTS)
    return World(
        joint=joint,
        towns=towns,
        plane=plane,
        most=plane.total[-1].item(),
        entropy=plane.error[0].item(),
        information=plane.information[-1].item(),
        entropy_a=plane.bits_a[-1].item(),
        entropy_b=plane.bits_b[-1].item(),
    )


def nothing_to_learn(world) -> str:
    """Say why no bit from the towns teaches you anything in this weather; "" if one does.

    Parameters
    ----------
    world : World
        With `entropy`, `information` and `most`: H(Y), I(A,B;Y) and H(A) + H(B) in bits.
    """
    if world.entropy < NEGLIGIBLE:
        return "Your weather never changes, so there is nothing to learn about it."
    if world.most < NEGLIGIBLE:
        return "The weather in A and B never changes, so there is nothing to send."
    if world.information < NEGLIGIBLE:
        return "Your weather has nothing to do with theirs, so no bit teaches you anything."
    return ""


def world_of(state: dict) -> World:
    """The weather of a state that may hold other parameters too."""
    return weather(**{parameter.name: state[parameter.name] for parameter in STORMS})


@lru_cache(maxsize=256)
def storm_bits(chance: float) -> float:
    """The entropy of a town's weather, in bits."""
    return infodecomp.binary_entropy(chance).item()


@lru_cache(maxsize=256)
def channel(bits: float, chance: float):
    """The crossover probability at which a wire delivers these bits of a town's weather, a tensor."""
    return infodecomp.bsc_crossover_probability(bits, chance)


@lru_cache(maxsize=256)
def learnt(bits_a: float, bits_b: float, **storms) -> float:
    """The information of one purchase, in bits, none of it beyond a town's entropy."""
    return taught(weather(**storms), bits_a, bits_b).item()


def settle_purchase(state: dict) -> dict:
    """Keep bits per town and budget with its split consistent: the pair that is not being set follows."""
    entropy_a, entropy_b = (storm_bits(state[name]) for name in ("storm_a", "storm_b"))
    if state["mode"] == "each":
        bits_a, bits_b = min(state["bits_a"], entropy_a), min(state["bits_b"], entropy_b)
        budget = bits_a + bits_b
        low, high = max(0.0, budget - entropy_b), min(entropy_a, budget)
        return {
            "budget": BUDGET.snap(budget),
            "trade": TRADE.snap((bits_a - low) / (high - low) if high - low > 1e-9 else 0),
        }
    budget = min(state["budget"], entropy_a + entropy_b)
    low, high = max(0.0, budget - entropy_b), min(entropy_a, budget)
    bits_a = low + (high - low) * state["trade"]
    return {"bits_a": round(bits_a, 6), "bits_b": round(budget - bits_a, 6)}


def taught(world: World, bits_a, bits_b):
    """The information of allocations, in bits; bits beyond a town's entropy buy nothing."""
    bits_a, bits_b = np.minimum(bits_a, world.entropy_a), np.minimum(bits_b, world.entropy_b)
    return infodecomp.allocation_information(world.towns, bits_a, bits_b).numpy()


def wrong_hours(world: World, share: float) -> float:
    """The hours of a year in which the best forecast from a split of one bit is wrong; `share` is from A."""
    bits_a, bits_b = min(share, world.entropy_a), min(1 - share, world.entropy_b)
    return HOURS_A_YEAR * forecast_error_rate(world.towns, bits_a, bits_b).item()


def random_chances(seed: int) -> dict:
    """The four chances of random weather with this seed, to two decimals."""
    drawn = np.random.default_rng(seed).beta(0.6, 0.6, 4).round(2)
    return {parameter.name: float(value) for parameter, value in zip(CHANCES, drawn, strict=True)}


def town(x, y, role: str, dx=0, dy=0, scale=1.0) -> Symbol:
    """Three houses with the middle of their ground at (x, y)."""
    return Symbol(
        x,
        y,
        (
            ("M-30 0v-17l11-9 11 9V0z", "paper", role),
            ("M-8 0v-25l12-10 12 10V0z", "paper", role),
            ("M16 0v-14l9-8 9 8V0z", "paper", role),
            ("M0 0v-9h8V0M-23 -13h5v5h-5zM-1 -22h4v5h-4zM6 -22h4v5h-4zM23 -10h5v5h-5z", "", role),
            ("M-38 0H42", "", role),
        ),
        scale=scale,
        dx=dx,
        dy=dy,
        narrow=0.66,
    )


def percent(share: float) -> str:
    """A share in percent, with a no-break space."""
    return f"{100 * share:.0f}%"


def table_columns(columns: dict) -> dict:
    """Columns of a table with the towns in their names as a reader writes them: bits from A, bits from B."""
    names = {"bits_a": "bits_from_A", "bits_b": "bits_from_B"}
    return {names.get(name, name): column for name, column in columns.items()}
