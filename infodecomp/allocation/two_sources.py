"""The storms: two towns A and B whose weather foretells yours, as a joint distribution p(a,b,y)."""

import torch

from infodecomp.errors import InformationError


def two_source_joint(
    storm_given, storm_a: float = 0.5, storm_b: float = 0.5, correlation: float = 0.0
) -> torch.Tensor:
    """The joint p(a,b,y) = p(a,b) p(y|a,b) of three towns; 0 is calm, 1 is a storm.

    storm_given: (2, 2) P(storm at yours | a, b). storm_a, storm_b: P(storm) at A and at B. correlation: -1 to 1; how far p(a,b)
    goes from independent (0) to the strongest tie that these two marginals allow, alike (1) or opposite (-1).
    Returns (2, 2, 2). Raises InformationError for a number outside its limits.
    """
    given = torch.as_tensor(storm_given, dtype=torch.float64)
    if given.shape != (2, 2):
        raise InformationError(f"P(storm | a, b) has shape {tuple(given.shape)}; two towns need (2, 2)")
    for name, low, values in (
        ("P(storm | a, b)", 0, given.flatten().tolist()),
        ("storm_a", 0, [storm_a]),
        ("storm_b", 0, [storm_b]),
        ("correlation", -1, [correlation]),
    ):
        for value in values:
            if not low <= value <= 1:
                raise InformationError(
                    f"{name} = {value:.6g} lies outside its limits, {low} to 1; give a number between them"
                )
    towns = source_joint(storm_a, storm_b, correlation)
    return torch.stack([towns * (1 - given), towns * given], -1)


def source_joint(storm_a: float, storm_b: float, correlation: float) -> torch.Tensor:
    """p(a,b) of two binary towns, (2, 2): independent at correlation 0, as alike or opposite as can be at 1 or -1."""
    together = storm_a * storm_b
    most, least = min(storm_a, storm_b), max(0.0, storm_a + storm_b - 1)
    both = together + correlation * (most - together if correlation > 0 else together - least)
    p = torch.tensor(
        [[1 - storm_a - storm_b + both, storm_b - both], [storm_a - both, both]], dtype=torch.float64
    )
    return p.clamp_min(0) / p.clamp_min(0).sum()
