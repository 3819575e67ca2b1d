"""Independent streams of random numbers of one seed."""

import numpy as np
import torch

from infodecomp.validation import as_seed

SHORT_SEEDS = 2**32


def short_seed(seed: int) -> int:
    """A seed for a generator of torch or scikit-learn, which know no more than 32 bits of one.

    Parameters
    ----------
    seed : int
        From 0, of any size.

    Returns
    -------
    int
        The seed itself if it has up to 32 bits, else 32 bits that depend on all of it.
    """
    return seed if seed < SHORT_SEEDS else int(np.random.SeedSequence(seed).generate_state(1)[0])


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
