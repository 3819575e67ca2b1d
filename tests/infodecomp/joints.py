"""Joint distributions p(a,b,y) for tests: named ones, random ones and degenerate ones."""

import dit
import numpy as np
import torch
from hypothesis import strategies as st

FAIR = ((0.25, 0.25), (0.25, 0.25))
CONDITIONALS = {  # P(Y=1|a,b), with a row for each a
    "default": ((0.1, 0.2), (0.3, 0.9)),
    "mirror a": ((0.0, 0.0), (1.0, 1.0)),
    "mirror b": ((0.0, 1.0), (0.0, 1.0)),
    "and": ((0.0, 0.0), (0.0, 1.0)),
    "or": ((0.0, 1.0), (1.0, 1.0)),
    "xor": ((0.0, 1.0), (1.0, 0.0)),
}


def from_conditionals(p_y, sources=FAIR) -> torch.Tensor:
    """p(a,b,y) from P(Y=1|a,b) and p(a,b), both (2, 2)."""
    p_y, sources = (torch.tensor(t, dtype=torch.float64) for t in (p_y, sources))
    return sources[..., None] * torch.stack([1 - p_y, p_y], -1)


NAMED = {name: from_conditionals(p_y) for name, p_y in CONDITIONALS.items()}


def random_joint(seed, shape=(2, 2, 2), sharpness=1.0) -> torch.Tensor:
    """A table from a Dirichlet distribution; a small sharpness leaves most cells nearly empty."""
    p = np.random.default_rng(seed).gamma(sharpness, size=shape) + 1e-12
    return torch.tensor(p / p.sum())


def random_independent(seed) -> torch.Tensor:
    """Independent, biased sources and random conditionals."""
    rng = np.random.default_rng(seed)
    a, b, p_y = rng.uniform(0.05, 0.95), rng.uniform(0.05, 0.95), rng.uniform(size=(2, 2))
    return from_conditionals(p_y, np.outer([1 - a, a], [1 - b, b]))


def degenerate_joints() -> dict[str, torch.Tensor]:
    """Constant sources, constant targets, equal sources, and all the mass in one cell."""
    one_cell = torch.zeros(2, 2, 2, dtype=torch.float64)
    one_cell[1, 0, 1] = 1
    return {
        "one cell": one_cell,
        "a is constant": from_conditionals(((0.1, 0.8), (0.1, 0.8)), ((0.5, 0.5), (0.0, 0.0))),
        "b is constant": from_conditionals(((0.1, 0.8), (0.3, 0.8)), ((0.0, 0.4), (0.0, 0.6))),
        "y is always 0": from_conditionals(((0.0, 0.0), (0.0, 0.0))),
        "y is always 1": from_conditionals(((1.0, 1.0), (1.0, 1.0))),
        "equal sources": from_conditionals(((0.0, 0.0), (1.0, 1.0)), ((0.5, 0.0), (0.0, 0.5))),
        "nearly opposite sources": from_conditionals(((0.5, 0.2), (0.7, 0.5)), ((0.0, 0.3), (0.7, 0.0))),
    }


def tables(*shape, sparse=True):
    """Hypothesis: probability tables of a shape, with exact zeros among their cells where sparse."""
    size = int(np.prod(shape))
    cell = st.floats(1e-3, 1) | st.just(0.0) if sparse else st.floats(1e-2, 1)
    cells = st.lists(cell, min_size=size, max_size=size).filter(lambda c: sum(c) > 0)
    return cells.map(lambda c: (torch.tensor(c, dtype=torch.float64) / sum(c)).reshape(shape))


def to_dit(joint: torch.Tensor) -> dit.Distribution:
    """Convert a table to dit: outcomes are strings of digits, and empty cells are left out."""
    p = joint.numpy()
    cells = [index for index in np.ndindex(p.shape) if p[index] > 0]
    mass = np.array([p[index] for index in cells])
    return dit.Distribution(["".join(map(str, index)) for index in cells], mass / mass.sum())
