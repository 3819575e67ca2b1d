"""The information bottleneck and the deterministic information bottleneck of a joint table, over many betas.

Both minimise a cost minus beta I(T;Y) over encoders q(t|x): the information I(X;T) in the first, the entropy
H(T) in the second. All betas and starts are iterated at once.
"""

from functools import lru_cache
from typing import Any, Literal, NamedTuple

import numpy as np
import torch

from infodecomp.errors import InformationError
from infodecomp.validation import as_distribution, as_finite, as_integer, as_seed

Kind = Literal["ib", "dib"]
KINDS = ("ib", "dib")
ITERATIONS = 120
TINY = 1e-300
PARTITIONS = 6  # random ones, of each beta
MOVES_FOR_EACH_X, SMALLEST_GAIN = 4, 1e-12  # of single moves between clusters; the gain is in nats
CHECKED, SETTLED = 8, 1e-13  # iterations between two looks; the change of an encoder that is rounding
SOFTNESS = 0.05  # how much of the first encoder is spread over all symbols


class BottleneckCurve(NamedTuple):
    """The best encoders found, one for each beta.

    Parameters
    ----------
    beta : torch.Tensor, shape (m,)
    i_xt, i_ty, h_t : torch.Tensor, shape (m,)
        I(X;T), I(T;Y) and H(T) in bits.
    objective : torch.Tensor, shape (m,)
        Cost minus beta I(T;Y), in bits; at most 0, the value of the constant encoder.
    encoder : torch.Tensor, shape (m, n_x, n_t)
        q(t|x).
    """

    beta: torch.Tensor
    i_xt: torch.Tensor
    i_ty: torch.Tensor
    h_t: torch.Tensor
    objective: torch.Tensor
    encoder: torch.Tensor


def bottleneck_curve(
    joint: Any, betas: Any, kind: Kind = "ib", starts: int = 2, seed: int = 0, iterations: int = ITERATIONS
) -> BottleneckCurve:
    """Minimise I(X;T) - beta I(T;Y), or H(T) - beta I(T;Y), for every beta.

    Parameters
    ----------
    joint : array_like, shape (n_x, n_y)
        p(x, y).
    betas : array_like, shape (m,)
        At least 0.
    kind : {"ib", "dib"}
    starts : int
        Random starts, beside the one in which T repeats X.
    seed : int
    iterations : int
        Of each of two passes; the second begins from the solution of the next higher beta, which is reverse
        annealing, from merged partitions and from the constant encoder. For `kind="dib"` single values of
        X then change clusters, also from random partitions, while that helps.

    Returns
    -------
    BottleneckCurve
        The best encoder found for each beta, never worse than the constant one. For `kind="dib"` it is
        deterministic, so that I(X;T) = H(T).

    Raises
    ------
    InformationError
        If the joint is not a table of probabilities, or a beta is negative.

    References
    ----------
    Tishby, Pereira & Bialek (1999), The information bottleneck method, eq. 16; Strouse & Schwab (2017), The
    deterministic information bottleneck, eq. 16.
    """
    table = as_distribution(joint, 2).numpy()
    beta = as_finite(betas, "betas").reshape(-1).numpy()
    if table.ndim != 2 or kind not in KINDS or not len(beta) or beta.min() < 0:
        raise InformationError(
            f"a joint of shape {table.shape}, {len(beta)} betas and kind = {kind!r}; give (n_x, n_y), "
            f"betas of at least 0, and one of {', '.join(KINDS)}"
        )
    source = _Source(table[table.sum(1) > 0])
    generator = np.random.default_rng(as_seed(seed))
    encoders = _starts(source.n_x, len(beta), as_integer(starts, "starts", 0), generator)
    encoders = _iterate(source, encoders, beta, kind, as_integer(iterations, "iterations", 1))
    best, _ = _best(source, encoders, beta, kind)
    ascending = beta.argsort(kind="stable")
    higher = np.empty_like(ascending)  # the position of the next higher beta
    higher[ascending] = np.append(ascending[1:], ascending[-1:])
    merged = source.merged_partitions()
    candidates = np.stack(
        [
            best,
            best[higher],
            _best(source, np.broadcast_to(merged, (len(beta), *merged.shape)), beta, kind)[0],
        ],
        1,
    )
    refined = _iterate(source, candidates, beta, kind, iterations)
    if kind == "dib":
        random = _random_partitions(len(beta), source.n_x, generator)
        labels = np.concatenate([refined.argmax(2), random], 1)
        refined = _descend(source, labels, beta)
    constant = np.broadcast_to(merged[-1:], (len(beta), 1, *merged.shape[1:]))
    hard = np.broadcast_to(merged, (len(beta), *merged.shape))
    best, terms = _best(source, np.concatenate([refined, hard, constant], 1), beta, kind)
    full = np.zeros((len(beta), len(table), source.n_x))
    full[:, table.sum(1) > 0] = best.swapaxes(1, 2)
    full[:, table.sum(1) == 0, 0] = 1
    i_xt, i_ty, h_t, objective = (torch.from_numpy(np.ascontiguousarray(column)) for column in terms)
    return BottleneckCurve(torch.from_numpy(beta.copy()), i_xt, i_ty, h_t, objective, torch.from_numpy(full))


# Encoders are transposed in all that follows: (..., n_t, n_x), so that one product serves all of them.


def _starts(n_x: int, n_betas: int, starts: int, generator: np.random.Generator) -> np.ndarray:
    """Encoders (m, 1 + starts, n_t, n_x): T repeats X, nearly; and random ones."""
    identity = (1 - SOFTNESS) * np.eye(n_x) + SOFTNESS / n_x
    random = generator.dirichlet(np.full(n_x, 0.5), (starts, n_x)).reshape(starts, n_x, n_x)
    together = np.concatenate([identity[None], random.swapaxes(1, 2)])
    return np.broadcast_to(together, (n_betas, 1 + starts, n_x, n_x))


def _random_partitions(n_betas: int, n_x: int, generator: np.random.Generator) -> np.ndarray:
    """Labels (m, PARTITIONS, n_x) of 2 to n_x clusters."""
    sizes = 2 + np.arange(PARTITIONS) * max(n_x - 2, 0) // PARTITIONS
    return (generator.random((n_betas, PARTITIONS, n_x)) * np.minimum(sizes, n_x)[:, None]).astype(int)


class _Source:
    """p(x), p(y|x) and what follows from them."""

    def __init__(self, table: np.ndarray):
        self.n_x = len(table)
        self.p_x = table.sum(1)
        self.p_y_given_x = table / self.p_x[:, None]
        self.with_total = np.concatenate([table, self.p_x[:, None]], 1)  # p(x, y) and p(x), (n_x, n_y + 1)
        # From the logarithms (..., n_y + 1) of `masses` to E_p(y|x) log q(y|t), (..., n_x), which is
        # -KL(p(y|x) || q(y|t)), but for a term that does not depend on t.
        self.likelihood_weights = np.concatenate([self.p_y_given_x.T, -np.ones((1, self.n_x))])

    def masses(self, encoder: np.ndarray) -> np.ndarray:
        """p(t, y), and p(t) as the last column: (..., n_t, n_y + 1)."""
        flat = encoder.reshape(-1, self.n_x) @ self.with_total
        return flat.reshape(*encoder.shape[:-1], -1)

    def terms(self, encoder: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """I(X;T), I(T;Y), H(T) in bits."""
        masses = self.masses(encoder)
        entropies = masses * _log(masses)
        h_t = -entropies[..., -1].sum(-1)
        conditional = -((encoder * _log(encoder)).sum(-2) @ self.p_x)
        p_y = self.p_x @ self.p_y_given_x
        i_ty = h_t - (p_y * _log(p_y)).sum() + entropies[..., :-1].sum((-1, -2))
        i_xt = h_t - conditional
        return tuple(np.maximum(value, 0) / np.log(2) for value in (i_xt, i_ty, h_t))

    def merged_partitions(self) -> np.ndarray:
        """Partitions (n_x, n_t, n_x) from n_x clusters to one; each merges the pair that loses least."""
        return _merged_partitions((self.p_y_given_x * self.p_x[:, None]).tobytes(), self.n_x)


@lru_cache(maxsize=16)  # one table is asked for at one beta after the other, and with both costs
def _merged_partitions(table: bytes, n_x: int) -> np.ndarray:
    joint = np.frombuffer(table).reshape(n_x, -1)
    clusters = [[x] for x in range(n_x)]
    chain = []
    while True:
        encoder = np.zeros((n_x, n_x))
        for index, members in enumerate(clusters):
            encoder[index, members] = 1
        chain.append(encoder)
        if len(clusters) == 1:
            return np.stack(chain)
        rows = np.stack([joint[members].sum(0) for members in clusters])
        both = rows[:, None] + rows[None]
        loss = _information_mass(rows)[:, None] + _information_mass(rows)[None] - _information_mass(both)
        loss[np.tril_indices(len(clusters))] = np.inf
        first, second = np.unravel_index(int(loss.argmin()), loss.shape)
        clusters[first] = clusters[first] + clusters.pop(second)


def _information_mass(rows: np.ndarray) -> np.ndarray:
    """Sum over y of p(t, y) log p(y|t): what merging two clusters can only lower."""
    total = rows.sum(-1, keepdims=True)
    return (rows * (_log(rows) - _log(total))).sum(-1)


def _log(p: np.ndarray) -> np.ndarray:
    return np.log(np.maximum(p, TINY))


def _iterate(
    source: _Source, encoder: np.ndarray, beta: np.ndarray, kind: Kind, iterations: int
) -> np.ndarray:
    """Iterate encoders (m, k, n_t, n_x) to their self-consistent equations, each m at its own beta."""
    m, k, n_t, n_x = encoder.shape
    encoder = encoder.transpose(2, 0, 1, 3).reshape(n_t * m * k, n_x)  # sums over the first axis are fast
    symbols, price = np.arange(n_t)[:, None, None], np.tile(np.repeat(beta, k), n_t)[:, None]
    for step in range(iterations):
        logarithms = encoder @ source.with_total  # p(t, y) and p(t), (n_t m k, n_y + 1)
        np.log(np.maximum(logarithms, TINY, out=logarithms), out=logarithms)
        score = logarithms @ source.likelihood_weights
        score *= price
        score += logarithms[:, -1:]
        by_symbol = score.reshape(n_t, m * k, n_x)
        if kind == "dib":
            updated = (symbols == by_symbol.argmax(0)).astype(float).reshape(encoder.shape)
            if (updated == encoder).all():
                break
            encoder = updated
        else:
            by_symbol -= np.maximum.reduce(by_symbol)
            np.exp(by_symbol, out=by_symbol)
            by_symbol /= np.add.reduce(by_symbol)
            if step % CHECKED == 0 and abs(score - encoder).max() < SETTLED:
                break
            encoder = score
    return encoder.reshape(n_t, m, k, n_x).transpose(1, 2, 0, 3)


def _descend(source: _Source, labels: np.ndarray, beta: np.ndarray) -> np.ndarray:
    """Improve partitions, labels (m, k, n_x), by moving one x at a time while that lowers the objective.

    Returns the encoders (m, k, n_t, n_x). The objective H(T) - beta I(T;Y) is, but for a constant, a sum over
    t of terms that depend on the masses p(t, y) and p(t) alone, so a move changes two of them.
    """
    m, k, n_x = labels.shape
    labels, price = labels.reshape(-1, n_x).copy(), np.repeat(beta, k)
    symbols, active = np.arange(n_x), np.arange(m * k)
    weights = np.repeat(price[:, None], source.with_total.shape[1], 1)
    weights[:, -1] = 1 - price
    for _ in range(MOVES_FOR_EACH_X * n_x):
        own, w = labels[active], weights[active]
        masses = (own[:, None, :] == symbols[:, None]) @ source.with_total  # (rows, n_t, n_y + 1)
        now = _terms(masses, w)
        without = _terms(np.take_along_axis(masses, own[:, :, None], 1) - source.with_total, w)  # (rows, n_x)
        added = _terms(masses[:, :, None] + source.with_total, w) - now[:, :, None]  # (rows, n_t, n_x)
        change = added + (without - np.take_along_axis(now, own, 1))[:, None]
        np.put_along_axis(change, own[:, None], 0.0, 1)
        best = change.reshape(len(active), -1).argmin(1)
        better = np.take_along_axis(change.reshape(len(active), -1), best[:, None], 1)[:, 0] < -SMALLEST_GAIN
        if not better.any():
            break
        active = active[better]
        labels[active, best[better] % n_x] = best[better] // n_x
    return (labels[:, None, :] == symbols[:, None]).astype(float).reshape(m, k, n_x, n_x)


def _terms(masses: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Weighted sum of -p log p over the last axis of masses (rows, ..., n_y + 1); weights are of the rows."""
    p = np.maximum(masses, 0)
    return -((p * _log(p)).reshape(len(p), -1, p.shape[-1]) @ weights[:, :, None]).reshape(p.shape[:-1])


def _best(source: _Source, encoders: np.ndarray, beta: np.ndarray, kind: Kind) -> tuple[np.ndarray, tuple]:
    """For each beta the encoder (m, n_t, n_x) of the smallest objective, and its terms (m,)."""
    i_xt, i_ty, h_t = source.terms(encoders)
    objective = (h_t if kind == "dib" else i_xt) - beta[:, None] * i_ty
    if kind == "dib":  # only deterministic encoders qualify
        objective = np.where((encoders.max(-2) == 1).all(-1), objective, np.inf)
    rows, chosen = np.arange(len(beta)), objective.argmin(1)
    return encoders[rows, chosen], tuple(term[rows, chosen] for term in (i_xt, i_ty, h_t, objective))
