"""Variational bounds on mutual information: what a critic's scores certify.

A critic f(x, y) scores pairs. Its scores on pairs that belong together and on pairs that do not give a lower
bound, which is tight for the best critic, the log density ratio. The bound holds for samples that the critic
was not trained on.
"""

import math
from typing import Any

from infodecomp.errors import InformationError
from infodecomp.estimators.estimate import Estimate, point_estimate
from infodecomp.units import LN2
from infodecomp.validation import as_finite


def donsker_varadhan(joint_scores: Any, product_scores: Any) -> Estimate:
    """Bound I(X;Y) >= E_joint f - log E_product e^f from the scores of a critic.

    Parameters
    ----------
    joint_scores : array_like, shape (n,)
        Scores f(x, y), in nats, of pairs that belong together.
    product_scores : array_like, shape (m,)
        Scores of independent pairs.

    Returns
    -------
    Estimate
        A lower bound. With few samples the logarithm of a mean makes it optimistic; the standard error is
        that of the delta method.

    Raises
    ------
    InformationError
        If there are fewer than two scores of either kind, or they are not finite.

    References
    ----------
    Donsker & Varadhan (1983), Asymptotic evaluation of certain Markov process expectations for large
    time IV; Belghazi et al. (2018), Mutual information neural estimation, eq. 10.
    """
    joint, product = (
        as_finite(scores, name).reshape(-1)
        for scores, name in ((joint_scores, "joint_scores"), (product_scores, "product_scores"))
    )
    if min(len(joint), len(product)) < 2:
        raise InformationError(
            f"{len(joint)} joint and {len(product)} product scores; give at least 2 of each"
        )
    log_mean = float(product.logsumexp(0)) - math.log(len(product))
    relative = (product - log_mean).exp()
    variance = float(joint.var()) / len(joint) + float(relative.var()) / len(product)
    return Estimate((float(joint.mean()) - log_mean) / LN2, math.sqrt(variance) / LN2, "lower", len(joint))


def info_nce(scores: Any) -> Estimate:
    """Bound I(X;Y) >= E log [e^f(x_i,y_i) / mean_j e^f(x_i,y_j)], which is at most log2 n.

    Parameters
    ----------
    scores : array_like, shape (n, n)
        Scores in nats of every x_i with every y_j; those on the diagonal belong together.

    Returns
    -------
    Estimate
        A lower bound.

    Raises
    ------
    InformationError
        If the scores are not a square matrix of at least 2 x 2 finite numbers.

    References
    ----------
    Oord, Li & Vinyals (2018), Representation learning with contrastive predictive coding, eq. 4; Poole
    et al. (2019), On variational bounds of mutual information, eq. 10.
    """
    table = as_finite(scores, "scores")
    if table.dim() != 2 or table.shape[0] != table.shape[1] or len(table) < 2:
        raise InformationError(f"scores have shape {tuple(table.shape)}; give (n, n), n of at least 2")
    terms = table.diagonal() - table.logsumexp(1) + math.log(len(table))
    return point_estimate(terms.numpy(), "lower")
