"""A small recurrent network that predicts a process, and the beliefs that can be read from its state."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch

from infodecomp.optim import Adam
from infodecomp.processes.examples import mess3_process
from infodecomp.processes.hidden_markov import beliefs, draw_words

N_SYMBOLS, HIDDEN, LENGTH = 3, 32, 16
BATCH, LEARNING_RATE = 128, 5e-3
STEPS = (0, 10, 20, 40, 70, 100, 150, 220, 300, 450, 600, 850, 1200)
N_WORDS = 256
SIZES = {
    "input": (N_SYMBOLS, 3 * HIDDEN),
    "recurrent": (HIDDEN, 3 * HIDDEN),
    "bias": (3 * HIDDEN,),
    "candidate_bias": (HIDDEN,),
    "head": (HIDDEN, N_SYMBOLS),
    "head_bias": (N_SYMBOLS,),
}


@dataclass(frozen=True)
class BeliefSnapshot:
    """The weights of a network after some steps."""

    step: int
    weights: torch.Tensor


def _tensors(weights: torch.Tensor) -> dict[str, torch.Tensor]:
    parts = weights.split([math.prod(shape) for shape in SIZES.values()])
    return {name: part.view(shape) for (name, shape), part in zip(SIZES.items(), parts)}


def hidden_states(weights: torch.Tensor, words: torch.Tensor) -> torch.Tensor:
    """States of the gated recurrent unit after each symbol.

    Parameters
    ----------
    weights : torch.Tensor
        All weights in one vector.
    words : torch.Tensor of int, shape (n, length)

    Returns
    -------
    torch.Tensor, shape (n, length, 32)

    References
    ----------
    Cho et al. (2014), Learning phrase representations using RNN encoder-decoder, sec. 2.3.
    """
    w = _tensors(weights)
    inputs = w["input"][words] + w["bias"]
    state, path = weights.new_zeros(len(words), HIDDEN), []
    for position in range(words.shape[1]):
        new_r, new_z, new_n = inputs[:, position].chunk(3, 1)
        old_r, old_z, old_n = (state @ w["recurrent"]).chunk(3, 1)
        reset, keep = (new_r + old_r).sigmoid(), (new_z + old_z).sigmoid()
        candidate = (new_n + reset * (old_n + w["candidate_bias"])).tanh()
        state = (1 - keep) * candidate + keep * state
        path.append(state)
    return torch.stack(path, 1)


def initial_network(seed: int) -> torch.Tensor:
    """Draw the weights of an untrained network, uniform within 1 / sqrt(32)."""
    generator = torch.Generator().manual_seed(seed)
    n = sum(math.prod(shape) for shape in SIZES.values())
    return (2 * torch.rand(n, generator=generator) - 1) / math.sqrt(HIDDEN)


def prediction_loss(weights: torch.Tensor, words: torch.Tensor) -> torch.Tensor:
    """Mean cross-entropy in nats of each symbol but the first, given those before it."""
    w = _tensors(weights)
    logits = hidden_states(weights, words[:, :-1]) @ w["head"] + w["head_bias"]
    return torch.nn.functional.cross_entropy(logits.flatten(0, 1), words[:, 1:].flatten())


def train_belief_network(seed: int = 0) -> Iterator[BeliefSnapshot]:
    """Train a network to predict Mess3.

    Parameters
    ----------
    seed : int
        Of the weights and of the words.

    Yields
    ------
    BeliefSnapshot
        For each of `STEPS`.
    """
    weights, process = initial_network(seed), mess3_process()
    optimiser = Adam(weights, LEARNING_RATE)
    for step in range(STEPS[-1] + 1):
        if step in STEPS:
            yield BeliefSnapshot(step, weights.clone())
        words = torch.from_numpy(draw_words(process, BATCH, LENGTH, seed * 100_003 + step + 1))
        leaf = weights.detach().requires_grad_()
        optimiser.learning_rate = LEARNING_RATE * (1 - 0.9 * step / STEPS[-1])
        optimiser.step(torch.autograd.grad(prediction_loss(leaf, words), leaf)[0])


@dataclass(frozen=True)
class ProbedBeliefs:
    """What a linear probe reads from the states of a network.

    Parameters
    ----------
    true, probed : numpy.ndarray, shape (n, 3)
        The belief after each of n held-out prefixes, and what the probe makes of the state.
    r_squared : float
        Share of the variance of the beliefs that the probe explains, held out.
    loss : float
        Cross-entropy of the network's predictions in bits.
    """

    true: np.ndarray
    probed: np.ndarray
    r_squared: float
    loss: float


@torch.no_grad()
def probe_beliefs(weights: torch.Tensor, seed: int = 1_000_003) -> ProbedBeliefs:
    """Fit a linear map from states to beliefs on half of some new words, and apply it to the others.

    Parameters
    ----------
    weights : torch.Tensor
    seed : int
        Of the words.

    Returns
    -------
    ProbedBeliefs
    """
    process = mess3_process()
    words = draw_words(process, N_WORDS, LENGTH, seed)
    truth = beliefs(process, words)
    states = hidden_states(weights, torch.from_numpy(words)).double().numpy()
    half = N_WORDS // 2
    fitted, held_out = (_design(part) for part in (states[:half], states[half:]))
    target = truth[:half].reshape(-1, N_SYMBOLS)
    gram = fitted.T @ fitted + 1e-8 * np.eye(fitted.shape[1])
    probed = held_out @ np.linalg.solve(gram, fitted.T @ target)
    true = truth[half:].reshape(-1, N_SYMBOLS)
    residual = ((true - probed) ** 2).sum() / ((true - true.mean(0)) ** 2).sum()
    loss = float(prediction_loss(weights, torch.from_numpy(words))) / math.log(2)
    return ProbedBeliefs(true, probed, float(1 - residual), loss)


def _design(states: np.ndarray) -> np.ndarray:
    flat = states.reshape(-1, HIDDEN)
    return np.hstack([flat, np.ones((len(flat), 1))])
