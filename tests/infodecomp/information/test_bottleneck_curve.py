"""Information bottleneck curves against invariants, known values and closed forms."""

import math

import numpy as np
import pytest

import infodecomp
from infodecomp.errors import InformationError
from infodecomp.information.bottleneck_curve import bottleneck_curve


def circle(n_x: int = 16, n_y: int = 4, sharpness: float = 3.0) -> np.ndarray:
    angle = 2 * np.pi * (np.arange(n_x)[:, None] / n_x - np.arange(n_y) / n_y)
    p = np.exp(sharpness * np.cos(angle))
    return p / p.sum(1, keepdims=True) / n_x


RANDOM = np.random.default_rng(0).dirichlet(np.full(64, 0.3)).reshape(8, 8)
BETAS = np.geomspace(0.5, 30, 30)


@pytest.mark.parametrize("kind", ["ib", "dib"])
@pytest.mark.parametrize("joint", [circle(), RANDOM], ids=["circle", "random"])
def test_invariants(kind, joint):
    curve = bottleneck_curve(joint, BETAS, kind)
    available = infodecomp.mutual_information(joint).item()
    assert (curve.i_ty <= curve.i_xt + 1e-9).all() and (curve.i_ty <= available + 1e-9).all()
    assert (curve.i_xt <= curve.h_t + 1e-9).all()
    assert (curve.objective <= 1e-12).all()  # never worse than the constant encoder
    assert curve.encoder.sum(-1).numpy() == pytest.approx(np.ones((30, len(joint))))
    if kind == "dib":
        assert curve.h_t.numpy() == pytest.approx(curve.i_xt.numpy(), abs=1e-9)
    # the terms are those of the encoders
    for index in (0, 12, 29):
        encoder = curve.encoder[index].numpy()
        joint_xt = encoder * joint.sum(1, keepdims=True)
        assert curve.i_xt[index] == pytest.approx(infodecomp.mutual_information(joint_xt).item(), abs=1e-9)
        joint_ty = encoder.T @ joint
        assert curve.i_ty[index] == pytest.approx(infodecomp.mutual_information(joint_ty).item(), abs=1e-9)


@pytest.mark.parametrize("beta", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("kind", ["ib", "dib"])
def test_nothing_is_worth_its_price_up_to_beta_one(beta, kind):
    curve = bottleneck_curve(circle(), [beta], kind)
    assert curve.i_ty[0] == pytest.approx(0, abs=1e-6) and curve.objective[0] == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize(
    ("kind", "beta", "cost", "information"),
    [
        ("ib", 2, 1.206, 0.725),
        ("ib", 5, 2.205, 1.056),
        ("ib", 10, 2.527, 1.099),
        ("dib", 2, 1.954, 0.926),
        ("dib", 5, 2.203, 1.024),
        ("dib", 10, 2.483, 1.072),
    ],
)
def test_at_least_as_good_as_the_best_of_five_starts(kind, beta, cost, information):
    """Values of a slower search with eight symbols; ours has sixteen, so it may do better."""
    curve = bottleneck_curve(circle(), [beta], kind)
    assert curve.objective[0] <= cost - beta * information + 2e-3 * beta


def test_the_order_of_the_betas_changes_nothing():
    joint = np.random.default_rng(4).dirichlet(np.full(60, 0.25)).reshape(10, 6)
    betas = np.geomspace(1, 50, 24)
    ascending = bottleneck_curve(joint, betas).objective.numpy()
    for order in (np.arange(24)[::-1], np.random.default_rng(0).permutation(24)):
        found = bottleneck_curve(joint, betas[order]).objective.numpy()
        assert found == pytest.approx(ascending[order], abs=1e-9)


def test_the_curve_of_the_bottleneck_is_monotone():
    curve = bottleneck_curve(RANDOM, BETAS)
    assert (curve.i_ty.diff() > -1e-4).all()
    assert (curve.objective.diff() < 1e-9).all()


def test_a_deterministic_target_has_a_straight_curve():
    """Y = f(X): the curve is I(T;Y) = I(X;T) up to H(Y), and any beta above 1 gives the corner."""
    joint = np.zeros((6, 6))
    joint[np.arange(6), [0, 0, 0, 1, 1, 2]] = 1 / 6
    h_y = infodecomp.entropy([0.5, 1 / 3, 1 / 6]).item()
    for kind in ("ib", "dib"):
        curve = bottleneck_curve(joint, [1.05, 2, 10], kind)
        assert curve.i_ty.numpy() == pytest.approx(np.full(3, h_y), abs=1e-6)
        assert curve.i_xt.numpy() == pytest.approx(np.full(3, h_y), abs=1e-6)


def test_a_symmetric_channel_meets_its_rate():
    """X and Y fair bits, Y flipped with probability e: the curve is 1 - H2(e * H2^-1(1 - I))."""
    e = 0.1
    joint = np.array([[1 - e, e], [e, 1 - e]]) / 2
    curve = bottleneck_curve(joint, [2.0, 3.0, 6.0], iterations=2000)
    for i_xt, i_ty in zip(curve.i_xt.tolist(), curve.i_ty.tolist()):
        flip = infodecomp.bsc_crossover_probability(i_xt).item()
        both = e + flip - 2 * e * flip
        assert i_ty == pytest.approx(1 - infodecomp.binary_entropy(both).item(), abs=1e-6)


def test_impossible_inputs_do_no_harm():
    joint = np.zeros((3, 2))
    joint[0, 0] = joint[2, 1] = 0.5
    curve = bottleneck_curve(joint, [3.0])
    assert curve.i_ty[0] == pytest.approx(1, abs=1e-6) and curve.encoder.shape == (1, 3, 2)


@pytest.mark.parametrize(
    "call",
    [
        lambda: bottleneck_curve([[0.5, 0.6]], [1.0]),
        lambda: bottleneck_curve([[0.5, 0.5]], [-1.0]),
        lambda: bottleneck_curve([[0.5, 0.5]], [1.0], "soft"),
        lambda: bottleneck_curve([[0.5, 0.5]], [math.nan]),
    ],
)
def test_invalid_arguments_are_refused(call):
    with pytest.raises(InformationError):
        call()
