"""Logistic regression by Newton's method: the network without a hidden layer."""

from typing import Any

import numpy as np

from infodecomp.errors import InformationError
from infodecomp.validation import as_scalar

MAX_STEPS = 50
TOLERANCE = 1e-10


def logistic_loss(weights: Any, x: Any, y: Any) -> float:
    """The mean cross-entropy of logistic regression, in bits a point.

    -1/n sum log2 p(y_i | x_i) with p(1|x) = 1 / (1 + exp(-(w.x + w_0))).

    Parameters
    ----------
    weights : array_like, shape (d + 1,)
        w, then w_0.
    x : array_like, shape (n, d)
    y : array_like, shape (n,)
        0 or 1.

    Returns
    -------
    float
    """
    w = np.asarray(weights, float)
    logit = np.asarray(x, float) @ w[:-1] + w[-1]
    return float((np.logaddexp(0, logit) - logit * np.asarray(y)).mean() / np.log(2))


def logistic_regression(x: Any, y: Any, l2: float = 1e-2) -> np.ndarray:
    """Fit logistic regression: minimise the mean cross-entropy in nats plus l2 |w|^2.

    Parameters
    ----------
    x : array_like, shape (n, d)
    y : array_like, shape (n,)
        0 or 1.
    l2 : float, default 0.01
        Above 0: classes that a line separates would otherwise have no finite best weights. The bias is not
        penalised.

    Returns
    -------
    numpy.ndarray, shape (d + 1,)
        w, then the bias w_0.

    Raises
    ------
    InformationError
        If there is no point of one of the classes, or l2 is not above 0.

    References
    ----------
    Hastie, Tibshirani & Friedman (2009), The elements of statistical learning, section 4.4.1.
    """
    points, labels = np.asarray(x, float), np.asarray(y, float)
    if not 0 < labels.sum() < len(labels):
        raise InformationError("only one class has points; give points of both")
    if as_scalar(l2, "l2", 0) == 0:
        raise InformationError("l2 = 0: give a number above 0")
    design = np.column_stack((points, np.ones(len(points))))
    penalty = 2 * l2 * np.append(np.ones(points.shape[1]), 0)
    w = np.zeros(design.shape[1])
    for _ in range(MAX_STEPS):
        p = 1 / (1 + np.exp(-design @ w))
        gradient = design.T @ (p - labels) / len(labels) + penalty * w
        curvature = design.T @ (design * (p * (1 - p))[:, None]) / len(labels) + np.diag(penalty)
        step = np.linalg.solve(curvature + 1e-12 * np.eye(len(w)), gradient)
        w -= step * min(
            1.0, 4 / max(np.abs(step).max(), 1e-300)
        )  # far from the optimum a full step overshoots
        if np.abs(step).max() < TOLERANCE:
            break
    return w
