"""The best pairs of channels with two symbols found for seven worlds of two sources, from more starts than a
reader waits for.

Only what the search decided is stored: two error probabilities of each channel. Bits and information are
recomputed when a frontier is read, and a frontier that does not fit its joint is rejected.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import torch

from infodecomp.allocation.bsc_frontier import information_frontier
from infodecomp.allocation.general_frontier import GeneralFrontier, search_general_channels
from infodecomp.allocation.two_sources import two_source_joint
from infodecomp.errors import InformationError
from infodecomp.experiments.registry import Context, Experiment
from infodecomp.experiments.storage import Packed
from infodecomp.information import kernels

BUDGETS = tuple(round(0.05 * step, 2) for step in range(41))  # bits
WORLDS: Mapping[str, tuple[list, float]] = {  # P(storm | a, b) of fair towns, and their correlation
    "default": ([[0.1, 0.2], [0.3, 0.9]], 0),
    "mirror-a": ([[0, 0], [1, 1]], 0),
    "mirror-b": ([[0, 1], [0, 1]], 0),
    "and": ([[0, 0], [0, 1]], 0),
    "or": ([[0, 1], [1, 1]], 0),
    "xor": ([[0, 1], [1, 0]], 0),
    "twins": ([[0, 0.5], [0.5, 1]], 1),
}
DECIMALS = 12  # to which two joints are the same
TOLERANCE = 1e-9  # bits by which a pair may exceed its budget or fall below binary symmetric channels
ERRORS = ("a_0", "a_1", "b_0", "b_1")  # probability that a symbol of a source is received as the other one


def as_config(joint: torch.Tensor) -> tuple[float, ...]:
    """A joint (2, 2, 2) as part of a config, which must be hashable."""
    return tuple(round(p, DECIMALS) for p in joint.flatten().tolist())


@dataclass(frozen=True)
class ChannelSearchConfig:
    """Settings of a search: the joint p(a, b, y), random starts for each budget, and their seed."""

    joint: tuple[float, ...] = as_config(two_source_joint(WORLDS["default"][0]))
    starts: int = 64
    seed: int = 0

    def table(self) -> torch.Tensor:
        """The joint as a tensor (2, 2, 2)."""
        return torch.tensor(self.joint, dtype=torch.float64).reshape(2, 2, 2)


def _search(context: Context[ChannelSearchConfig]) -> Iterator[GeneralFrontier]:
    config = context.config
    return search_general_channels(config.table(), BUDGETS, config.starts, config.seed)


def _pack(snapshots: list[GeneralFrontier]) -> Packed:
    last = snapshots[-1]
    errors = (
        last.channel_a[:, 0, 1],
        last.channel_a[:, 1, 0],
        last.channel_b[:, 0, 1],
        last.channel_b[:, 1, 0],
    )
    tensors = dict(zip(ERRORS, errors)) | {"gap": last.gap, "reached": last.reached}
    return Packed({"budget": torch.tensor(BUDGETS, dtype=torch.float64)} | tensors)


def _unpack(config: ChannelSearchConfig, packed: Packed) -> list[tuple[int, GeneralFrontier]]:
    joint, tensors = config.table(), packed.tensors
    a_0, a_1, b_0, b_1 = (tensors[name] for name in ERRORS)
    channel_a, channel_b = _channels(a_0, a_1), _channels(b_0, b_1)
    bits_a, bits_b = (
        kernels.mutual_information(joint.sum(others)[:, None] * channel).clamp_min(0)
        for others, channel in (((1, 2), channel_a), ((0, 2), channel_b))
    )
    received = torch.einsum("mau,mbv,aby->muvy", channel_a, channel_b, joint)
    information = kernels.mutual_information(received.flatten(1, 2)).clamp_min(0)
    budget = tensors["budget"]
    if bool((bits_a + bits_b > budget + TOLERANCE).any()):
        raise InformationError("its channels deliver more bits than their budget.")
    if bool((information < information_frontier(joint, budget).information - TOLERANCE).any()):
        raise InformationError("its channels give less information than binary symmetric ones.")
    frontier = GeneralFrontier(
        budget, bits_a, bits_b, information, channel_a, channel_b, tensors["gap"], tensors["reached"], 1.0
    )
    return [(0, frontier)]


def _channels(error_0: torch.Tensor, error_1: torch.Tensor) -> torch.Tensor:
    """Channels p(u|x), (m, 2, 2), from the error probabilities (m,) of both symbols."""
    return torch.stack([1 - error_0, error_0, error_1, 1 - error_1], -1).unflatten(-1, (2, 2))


def _score(config: ChannelSearchConfig, last: GeneralFrontier) -> dict[str, float]:
    symmetric = information_frontier(config.table(), BUDGETS).information
    return {
        "mean_information": float(last.information.mean()),
        "largest_gain": round(float((last.information - symmetric).max()), 12),
    }


ANY_LINE = Experiment(
    name="any-line",
    summary="The best pairs of binary channels found for seven worlds of two towns, for each of 41 budgets.",
    config=ChannelSearchConfig(),
    run=_search,
    pack=_pack,
    unpack=_unpack,
    score=_score,
    tolerance={"mean_information": 1e-9, "largest_gain": 1e-9},
    cpu_seconds=7,
    runs={
        name: ChannelSearchConfig(as_config(two_source_joint(given, correlation=correlation)))
        for name, (given, correlation) in WORLDS.items()
    },
    live={"starts": 16},
    max_live_runs=64,
)
