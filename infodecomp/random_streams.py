"""Independent streams of random numbers of one seed."""

import numpy as np
import torch

from infodecomp.validation import as_seed


def random_stream(seed: int, stream: int) -> torch.Generator:
    """A generator for one of the independent streams of a seed.

    torch keeps only the last 32 bits of a seed, so adding a large number to it would change nothing.

    Parameters
    ----------
    seed : int
        From 0.
    stream : int
        From 0; other streams of a seed give other numbers.

    Returns
    -------
    torch.Generator

    Raises
    ------
    InformationError
        If the seed is not a whole number from 0.
    """
    state = np.random.SeedSequence([as_seed(seed), stream]).generate_state(1)
    return torch.Generator().manual_seed(int(state[0]))
