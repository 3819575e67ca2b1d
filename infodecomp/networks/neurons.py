"""What single neurons know about a label: information, entropy, activity and selectivity, in bits.

Activations are first quantised; every measure is then that of a table of counts, one for each neuron.
"""

from typing import Any, NamedTuple

import numpy as np
import torch

from infodecomp.errors import InformationError
from infodecomp.information.entropy import entropy
from infodecomp.networks.plane import n_log_n
from infodecomp.validation import as_integer

RULES = ("uniform", "equal-frequency")


class NeuronMeasures(NamedTuple):
    """Measures of each neuron, all numpy.ndarray of shape (n_neurons,).

    Attributes
    ----------
    information
        I(Y; Q), in bits; Q is the quantised activation.
    entropy
        H(Q), in bits: an upper bound on the information.
    active
        Share of the samples on which the activation is above 0.
    selectivity
        max over q of KL(p(y|Q=q) || p(y)), in bits: how much the most telling bin says.
    preferred : int
        The class y with the highest p(y|q)/p(y) in that bin.
    """

    information: np.ndarray
    entropy: np.ndarray
    active: np.ndarray
    selectivity: np.ndarray
    preferred: np.ndarray


def quantise(activations: Any, bins: int, rule: str = "uniform") -> np.ndarray:
    """Number the bin of each activation, separately for each neuron.

    Parameters
    ----------
    activations : array_like, shape (n_samples, n_neurons)
    bins : int
        1 bit, "active or not", for 2: Q = 1 where the activation is above 0. More bins divide [0, max]
        uniformly, or the samples into equal parts. Negative activations fall into bin 0.
    rule : {"uniform", "equal-frequency"}
        Of more than two bins. Samples with equal activations share a bin, so that a neuron that is often 0
        fills fewer bins than it has.

    Returns
    -------
    numpy.ndarray of int64, shape (n_samples, n_neurons)

    Raises
    ------
    InformationError
        If there are fewer than two bins, or the rule is unknown.
    """
    as_integer(bins, "bins", 2)
    if rule not in RULES:
        raise InformationError(f"rule {rule!r}: choose from {', '.join(RULES)}")
    a = np.asarray(activations, np.float64)
    if bins == 2:
        return (a > 0).astype(np.int64)
    if rule == "uniform":
        top = np.maximum(a.max(0), np.finfo(float).tiny)
        return np.clip(np.floor(a / top * bins), 0, bins - 1).astype(np.int64)
    edges = np.quantile(a, np.arange(1, bins) / bins, axis=0)  # (bins - 1, n_neurons)
    return np.stack([np.searchsorted(edges[:, j], a[:, j], "left") for j in range(a.shape[1])], axis=1)


def label_counts(quantised: Any, labels: Any, n_labels: int | None = None) -> np.ndarray:
    """Count how often each bin of each neuron meets each label.

    Parameters
    ----------
    quantised : array_like of int, shape (n_samples, n_neurons)
    labels : array_like of int, shape (n_samples,)
    n_labels : int, optional
        One more than the highest label if omitted.

    Returns
    -------
    numpy.ndarray of int64, shape (n_neurons, n_bins, n_labels)
    """
    q, y = np.asarray(quantised, np.int64), np.asarray(labels, np.int64)
    if q.ndim != 2 or len(q) != len(y):
        raise InformationError(
            f"{len(q)} samples and {len(y)} labels: give bins (n_samples, n_neurons) and as many labels"
        )
    n_bins, n_classes, n_neurons = int(q.max()) + 1, n_labels or int(y.max()) + 1, q.shape[1]
    cells = (np.arange(n_neurons) * n_bins + q) * n_classes + y[:, None]
    counts = np.bincount(cells.ravel(), minlength=n_neurons * n_bins * n_classes)
    return counts.reshape(n_neurons, n_bins, n_classes)


def table_information(counts: np.ndarray, correct: bool = True) -> np.ndarray:
    """Estimate I(Q;Y) of tables of counts.

    Parameters
    ----------
    counts : numpy.ndarray of int, shape (..., n_bins, n_labels)
    correct : bool
        Whether to subtract the bias (K_qy - K_q - K_y + 1) / (2 n ln 2) of Miller and Madow, K being the
        numbers of occupied cells, rows and columns.

    Returns
    -------
    numpy.ndarray, shape (...)
        In bits; corrected values may lie slightly below 0.

    Raises
    ------
    InformationError
        If the counts are not whole numbers of at least 0.

    References
    ----------
    Miller (1955), Note on the bias of information estimates.
    """
    cells = np.asarray(counts)
    if cells.dtype.kind not in "iu" or cells.size and cells.min() < 0:
        raise InformationError(
            f"counts are {cells.dtype}, the least {cells.min():.3g}; give whole numbers of at least 0"
        )
    cells = cells.reshape(*cells.shape[:-2], -1)
    rows, columns = counts.sum(-1), counts.sum(-2)
    n = rows.sum(-1)
    table = n_log_n(int(n.max()))
    sums = table[cells].sum(-1) - table[rows].sum(-1) - table[columns].sum(-1)
    bits = np.log2(n) + sums / n
    bits = np.where(np.count_nonzero(rows, axis=-1) == 1, 0.0, bits)  # exactly, without a rounding error
    if not correct:
        return bits
    occupied = [np.count_nonzero(of, axis=-1) for of in (cells, rows, columns)]
    return bits - (occupied[0] - occupied[1] - occupied[2] + 1) / (2 * n * np.log(2))


def neuron_measures(activations: Any, labels: Any, bins: int = 2, rule: str = "uniform") -> NeuronMeasures:
    """Measure what each neuron knows about a label.

    Parameters
    ----------
    activations : array_like, shape (n_samples, n_neurons)
        Of a layer whose activations are not negative.
    labels : array_like of int, shape (n_samples,)
    bins, rule
        See `quantise`.

    Returns
    -------
    NeuronMeasures

    References
    ----------
    Amjad, Liu & Geiger (2022), Understanding neural networks and individual neuron importance via
    information-ordered cumulative ablation, section II.
    """
    a = np.asarray(activations)
    counts = label_counts(quantise(a, bins, rule), labels)
    joint = counts / counts.sum((1, 2), keepdims=True)
    prior, weight = joint.sum(1, keepdims=True), joint.sum(2, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.nan_to_num(joint / weight / prior)  # p(y|q) / p(y); 0 for an empty bin
        divergence = np.nan_to_num(ratio * prior * np.log2(ratio)).sum(2)  # (n_neurons, n_bins)
    telling = divergence.argmax(1)
    each = np.arange(len(counts))
    return NeuronMeasures(
        table_information(counts),
        entropy(torch.from_numpy(joint.sum(2))).numpy(),
        (a > 0).mean(0),
        divergence[each, telling],
        ratio[each, telling].argmax(1),
    )


class PairInformation(NamedTuple):
    """Information of single neurons and of pairs about a label, in bits.

    Attributes
    ----------
    single : numpy.ndarray, shape (n,)
        I(Y;A).
    joint : numpy.ndarray, shape (n, n)
        I(Y;A,B); on the diagonal I(Y;A).
    interaction : numpy.ndarray, shape (n, n)
        I(Y;A,B) - I(Y;A) - I(Y;B): above 0 the pair is synergistic, below 0 redundant.
    """

    single: np.ndarray
    joint: np.ndarray
    interaction: np.ndarray


def pair_information(active: Any, labels: Any, correct: bool = True) -> PairInformation:
    """Estimate the information of all pairs of neurons that are read as active or not.

    Parameters
    ----------
    active : array_like of bool, shape (n_samples, n_neurons)
    labels : array_like of int, shape (n_samples,)
    correct : bool
        See `table_information`.

    Returns
    -------
    PairInformation

    References
    ----------
    McGill (1954), Multivariate information transmission: interaction information, here with the sign that
    makes synergy positive.
    """
    a, y = np.asarray(active, bool), np.asarray(labels, np.int64)
    if a.ndim != 2 or len(a) != len(y):
        raise InformationError(f"{len(a)} samples and {len(y)} labels: give as many of each")
    n, n_classes = a.shape[1], int(y.max()) + 1
    first, second = np.triu_indices(n)
    both = np.empty((n_classes, 4, len(first)), np.int32)  # off-off, off-on, on-off, on-on
    for label in range(n_classes):
        rows = a[y == label].astype(np.float32)  # which holds the counts of 16 million samples exactly
        on, together = rows.sum(0).astype(np.int32), (rows.T @ rows)[first, second].astype(np.int32)
        both[label, 3] = together
        both[label, 2] = on[first] - together
        both[label, 1] = on[second] - together
        both[label, 0] = len(rows) - on[first] - on[second] + together
    joint = np.empty((n, n))
    joint[first, second] = joint[second, first] = table_information(both.transpose(2, 1, 0), correct)
    single = joint.diagonal().copy()
    return PairInformation(single, joint, joint - single[:, None] - single[None])
