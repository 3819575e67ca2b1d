"""Bounds on the gap between a network's error on new data and on its training data, by information.

They bound different things: some the mean gap, some its square, one the error itself. Information is given in
bits, as everywhere in this package, and converted to nats where a formula asks for nats.
"""

import math

from infodecomp.errors import InformationError
from infodecomp.units import LN2
from infodecomp.validation import as_integer, as_scalar

SUB_GAUSSIAN = 0.5  # of a loss between 0 and 1, by Hoeffding's lemma


def _checked(m: int, bits: float, delta: float = 0.5) -> tuple[int, float]:
    m = as_integer(m, "m", 2)
    bits = as_scalar(bits, "bits", 0)
    if not 0 < as_scalar(delta, "delta", 0, 1) < 1:
        raise InformationError(f"delta = {delta:g}: give a number between 0 and 1, both excluded")
    return m, bits


def vera_bound(m: int, bits: float) -> float:
    """sqrt(I) ln(m) / sqrt(m) with I in nats: the rate of a bound whose constants are left out.

    Parameters
    ----------
    m : int
        Number of training samples.
    bits : float
        I(X;L), information of the input and a layer.

    Returns
    -------
    float
        How it grows and shrinks; not a bound without its constants.

    References
    ----------
    Vera, Piantanida & Rey Vega (2018), The role of the information bottleneck in representation learning.
    """
    m, bits = _checked(m, bits)
    return math.sqrt(bits * LN2) * math.log(m) / math.sqrt(m)


def input_compression_bound(m: int, bits: float, delta: float) -> float:
    """sqrt((2^I + ln(2/delta)) / (2 m)), with probability 1 - delta: Hoeffding over 2^I typical cells.

    Parameters
    ----------
    m, bits
        See `vera_bound`.
    delta : float
        Chance that it fails.

    Returns
    -------
    float
        Infinite where 2^I overflows.

    References
    ----------
    Shwartz-Ziv, Painsky & Tishby (2018), Representation compression and generalization in deep neural
    networks: the squared gap is bounded, of which this is the root.
    """
    m, bits = _checked(m, bits, delta)
    cells = 2.0**bits if bits < 1000 else math.inf
    return math.sqrt((cells + math.log(2 / delta)) / (2 * m))


def xu_raginsky_bound(m: int, bits: float, sub_gaussian: float = SUB_GAUSSIAN) -> float:
    """sqrt(2 s^2 I(D;A) / m) with I in nats: a bound on the mean gap.

    Parameters
    ----------
    m : int
    bits : float
        I(D;A), information of the training data and the trained weights.
    sub_gaussian : float, default 0.5
        s, such that the loss is s-sub-Gaussian; 1/2 for a loss between 0 and 1.

    Returns
    -------
    float

    References
    ----------
    Xu & Raginsky (2017), Information-theoretic analysis of generalization capability of learning
    algorithms, theorem 1.
    """
    m, bits = _checked(m, bits)
    return math.sqrt(2 * sub_gaussian**2 * bits * LN2 / m)


def individual_sample_bound(
    m: int, bits: float, sub_gaussian: float = SUB_GAUSSIAN, share: float = 1.0
) -> float:
    """1/m sum_i sqrt(2 s^2 I(D_i;A)) with I in nats, where some samples have the same information.

    Parameters
    ----------
    m : int
    bits : float
        I(D_i;A), information of a single sample and the trained weights.
    sub_gaussian : float
        See `xu_raginsky_bound`.
    share : float, default 1
        Share of the samples that have this information, from 0 to 1; the weights know nothing of the others.

    Returns
    -------
    float
        At most the bound of Xu and Raginsky with I(D;A), which is at least m I(D_i;A).

    References
    ----------
    Bu, Zou & Veeravalli (2020), Tightening mutual information-based bounds on generalization error, thm 2.
    """
    _, bits = _checked(m, bits)
    return as_scalar(share, "share", 0, 1) * math.sqrt(2 * sub_gaussian**2 * bits * LN2)


def noisy_training_information(
    steps: int, learning_rate: float, noise: float, gradient_norm: float, n_parameters: int
) -> float:
    """I(D;A) <= sum_t d/2 log2(1 + eta_t^2 L^2 / (d s_t^2)) of training with Gaussian noise, in bits.

    Parameters
    ----------
    steps : int
        T; every step has the same learning rate and noise.
    learning_rate : float
        eta.
    noise : float
        s, the standard deviation of the noise added to each parameter at a step; above 0.
    gradient_norm : float
        L, the largest norm of an update's gradient.
    n_parameters : int
        d.

    Returns
    -------
    float
        An upper bound in bits, to be put into `xu_raginsky_bound`.

    References
    ----------
    Pensia, Jog & Loh (2018), Generalization error bounds for noisy, iterative algorithms, theorem 1.
    """
    steps, d = as_integer(steps, "steps", 0), as_integer(n_parameters, "n_parameters", 1)
    noise = as_scalar(noise, "noise", 0)
    if noise == 0:
        raise InformationError("noise = 0: give a number above 0")
    ratio = (learning_rate * gradient_norm) ** 2 / (d * noise**2)
    return steps * d / 2 * math.log1p(ratio) / LN2


def pac_bayes_bound(m: int, bits: float, delta: float, training_error: float, beta: float = 1.0) -> float:
    """[L_train + beta/m (KL + ln 1/delta)] / (1 - 1/(2 beta)) with KL in nats: a bound on the error itself.

    Parameters
    ----------
    m : int
    bits : float
        KL divergence of the distribution of trained weights from the prior; its mean over training sets is
        at least I(D;A).
    delta : float
        Chance that it fails.
    training_error : float
        Between 0 and 1.
    beta : float, default 1
        Above 1/2; chosen before the data are seen.

    Returns
    -------
    float

    References
    ----------
    McAllester (2013), A PAC-Bayesian tutorial with a dropout bound, theorem 2; used by Achille & Soatto
    (2018), Emergence of invariance and disentanglement in deep representations.
    """
    m, bits = _checked(m, bits, delta)
    if as_scalar(beta, "beta", 0.5) == 0.5:
        raise InformationError("beta = 0.5: give a number above 0.5")
    complexity = beta / m * (bits * LN2 - math.log(delta))
    return (as_scalar(training_error, "training_error", 0, 1) + complexity) / (1 - 1 / (2 * beta))


def gaussian_mean_information(m: int) -> float:
    """I(D_i;A) = 1/2 log2(m / (m - 1)) where A is the mean of m Gaussian samples, in bits.

    The information of all samples together is infinite, since A is a function of them.
    """
    m, _ = _checked(m, 0)
    return 0.5 * math.log2(m / (m - 1))
