"""Joints p(a,b,y) to test with: the storms' named ones, random ones, and those that have nothing to say."""

import dit
import numpy as np
import torch
from hypothesis import strategies as st

FAIR = ((0.25, 0.25), (0.25, 0.25))
CONDITIONALS = {  # p(y=1|a,b), rows a
    "default": ((0.1, 0.2), (0.3, 0.9)),
    "mirror a": ((0.0, 0.0), (1.0, 1.0)),
    "mirror b": ((0.0, 1.0), (0.0, 1.0)),
    "and": ((0.0, 0.0), (0.0, 1.0)),
    "or": ((0.0, 1.0), (1.0, 1.0)),
    "xor": ((0.0, 1.0), (1.0, 0.0)),
}


def from_conditionals(p_y, towns=FAIR) -> torch.Tensor:
    """p(a,b,y) from p(y=1|a,b) and p(a,b), both (2, 2)."""
    p_y, towns = (torch.tensor(t, dtype=torch.float64) for t in (p_y, towns))
    return towns[..., None] * torch.stack([1 - p_y, p_y], -1)


NAMED = {name: from_conditionals(p_y) for name, p_y in CONDITIONALS.items()}


def random_joint(seed, shape=(2, 2, 2), sharpness=1.0) -> torch.Tensor:
    """A table from a Dirichlet distribution; a small sharpness leaves most cells nearly empty."""
    p = np.random.default_rng(seed).gamma(sharpness, size=shape) + 1e-12
    return torch.tensor(p / p.sum())


def random_independent(seed) -> torch.Tensor:
    """Independent, unfair towns and random conditionals."""
    rng = np.random.default_rng(seed)
    a, b, p_y = rng.uniform(0.05, 0.95), rng.uniform(0.05, 0.95), rng.uniform(size=(2, 2))
    return from_conditionals(p_y, np.outer([1 - a, a], [1 - b, b]))


def degenerate_joints() -> dict[str, torch.Tensor]:
    """Towns without weather, a storm that never or always comes, and all the mass in one cell."""
    one_cell = torch.zeros(2, 2, 2, dtype=torch.float64)
    one_cell[1, 0, 1] = 1
    return {
        "one cell": one_cell,
        "a is silent": from_conditionals(((0.1, 0.8), (0.1, 0.8)), ((0.5, 0.5), (0.0, 0.0))),
        "b is silent": from_conditionals(((0.1, 0.8), (0.3, 0.8)), ((0.0, 0.4), (0.0, 0.6))),
        "never a storm": from_conditionals(((0.0, 0.0), (0.0, 0.0))),
        "always a storm": from_conditionals(((1.0, 1.0), (1.0, 1.0))),
        "twin towns": from_conditionals(((0.0, 0.0), (1.0, 1.0)), ((0.5, 0.0), (0.0, 0.5))),
        "opposite towns": from_conditionals(((0.5, 0.2), (0.7, 0.5)), ((0.0, 0.3), (0.7, 0.0))),
    }


def tables(*shape, sparse=True):
    """Hypothesis: probability tables of a shape, with exact zeros among their cells where sparse."""
    size = int(np.prod(shape))
    cell = st.floats(1e-3, 1) | st.just(0.0) if sparse else st.floats(1e-2, 1)
    cells = st.lists(cell, min_size=size, max_size=size).filter(lambda c: sum(c) > 0)
    return cells.map(lambda c: (torch.tensor(c, dtype=torch.float64) / sum(c)).reshape(shape))


def to_dit(joint: torch.Tensor) -> dit.Distribution:
    """The oracle's picture of a table: outcomes are strings of digits, cells without mass are left out."""
    p = joint.numpy()
    cells = [index for index in np.ndindex(p.shape) if p[index] > 0]
    mass = np.array([p[index] for index in cells])
    return dit.Distribution(["".join(map(str, index)) for index in cells], mass / mass.sum())
