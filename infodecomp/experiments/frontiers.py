"""Fronts over any lines that were searched beforehand, with more starts than a reader would wait for.

Stored is only what the search decided: two numbers for each line. Bits and information are computed anew when a front is
read, and a front that does not fit its joint is not used. `python -m infodecomp.experiments.frontiers` searches and writes the file.
"""

import json
from functools import lru_cache
from pathlib import Path

import torch

from infodecomp.allocation.bsc_frontier import information_frontier
from infodecomp.allocation.general_frontier import GeneralFrontier, general_frontier
from infodecomp.allocation.two_sources import two_source_joint
from infodecomp.artifacts import artifact_path
from infodecomp.errors import CheckpointError, InformationError
from infodecomp.information import kernels
from infodecomp.validation import as_distribution

FILE = artifact_path("any-line.json")
BUDGETS = tuple(round(0.05 * step, 2) for step in range(41))  # bits
STARTS, SEED = 64, 0
WORLDS = {  # P(storm | a, b) of fair towns, and their correlation
    "default": ([[0.1, 0.2], [0.3, 0.9]], 0),
    "mirror-a": ([[0, 0], [1, 1]], 0),
    "mirror-b": ([[0, 1], [0, 1]], 0),
    "and": ([[0, 0], [0, 1]], 0),
    "or": ([[0, 1], [1, 1]], 0),
    "xor": ([[0, 1], [1, 0]], 0),
    "twins": ([[0, 0.5], [0.5, 1]], 1),
}
SAME = 1e-12  # how far a joint may be from the one that was searched
KEPT = 1e-9  # bits by which a line may miss its budget, or fall short of the flip lines


def store_general_frontiers(file: Path = FILE, starts: int = STARTS, seed: int = SEED) -> None:
    """Search the front of every world in WORLDS over BUDGETS and write what was found to a JSON file."""
    worlds = {}
    for name, (given, correlation) in WORLDS.items():
        joint = two_source_joint(given, correlation=correlation)
        front = general_frontier(joint, BUDGETS, starts, seed)
        columns = {
            "a_0": front.channel_a[:, 0, 1],
            "a_1": front.channel_a[:, 1, 0],
            "b_0": front.channel_b[:, 0, 1],
            "b_1": front.channel_b[:, 1, 0],
            "gap": front.gap,
            "reached": front.reached,
        }
        worlds[name] = {
            "joint": joint.flatten().tolist(),
            **{key: column.tolist() for key, column in columns.items()},
        }
    recipe = {
        "starts": starts,
        "seed": seed,
        "torch": torch.__version__.partition("+")[0],
        "budgets": list(BUDGETS),
    }
    file.write_text(json.dumps(recipe | {"worlds": worlds}).replace(', "', ',\n"') + "\n")


@lru_cache(maxsize=4)
def _read(file: Path) -> dict:
    try:
        return json.loads(file.read_text()) if file.exists() else {"worlds": {}}
    except ValueError as error:
        raise CheckpointError(
            f"{file} is damaged ({error}); python -m infodecomp.experiments.frontiers makes it again."
        ) from error


def stored_general_frontier(joint, file: Path = FILE) -> GeneralFrontier | None:
    """The stored front of a joint (2, 2, 2) over BUDGETS, found with STARTS starts; None where none is stored.

    Raises InformationError for what is no table, and for a stored front that overspends or falls below the flip lines.
    """
    joint, stored = as_distribution(joint, 3), _read(file)
    for name, world in stored["worlds"].items():
        searched = torch.tensor(world["joint"], dtype=torch.float64).reshape(2, 2, 2)
        if joint.shape == searched.shape and bool(((joint - searched).abs() < SAME).all()):
            return _front(joint, stored["budgets"], world, f"{file.name}, {name}")
    return None


def _front(joint: torch.Tensor, budgets: list, world: dict, where: str) -> GeneralFrontier:
    budget, *errors, gap, reached = (
        torch.tensor(column, dtype=torch.float64)
        for column in (budgets, *(world[key] for key in ("a_0", "a_1", "b_0", "b_1", "gap", "reached")))
    )
    channel_a, channel_b = (
        torch.stack([1 - e0, e0, e1, 1 - e1], -1).unflatten(-1, (2, 2)) for e0, e1 in (errors[:2], errors[2:])
    )
    bits_a, bits_b = (
        kernels.mutual_information(joint.sum(gone)[:, None] * line).clamp_min(0)
        for gone, line in (((1, 2), channel_a), ((0, 2), channel_b))
    )
    information = kernels.mutual_information(
        torch.einsum("mau,mbv,aby->muvy", channel_a, channel_b, joint).flatten(1, 2)
    ).clamp_min(0)
    if bool((bits_a + bits_b > budget + KEPT).any()):
        raise InformationError(f"{where}: its lines deliver more bits than their budget; search it again")
    if bool((information < information_frontier(joint, budget).information - KEPT).any()):
        raise InformationError(f"{where}: its lines say less than flip lines; search it again")
    return GeneralFrontier(budget, bits_a, bits_b, information, channel_a, channel_b, gap, reached, 1.0)


if __name__ == "__main__":
    torch.set_num_threads(1)
    store_general_frontiers()
