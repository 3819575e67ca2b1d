"""Partial information decomposition: known values of simple gates, identities, and oracles."""

import warnings

import dit
import numpy as np
import pytest
import torch
from dit.algorithms.admui import admui_dist
from dit.pid import PID_MMI, PID_WB
from hypothesis import given, settings
from scipy.optimize import minimize_scalar

import infodecomp
from infodecomp import InformationError, information_terms, partial_information, union_information
from infodecomp.information.least_informative import least_informative
from infodecomp.information.pid import MEASURES
from tests.infodecomp.joints import NAMED, degenerate_joints, random_joint, tables, to_dit

HALF_AND = 0.3112781244591328  # I(A;Y) of AND


def atoms(joint, measure="broja"):
    return [atom.item() for atom in partial_information(joint, measure)[:4]]


def oracle(joint, measure):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        lattice = measure(to_dit(joint))
        return [float(lattice[node]) for node in (((0,), (1,)), ((0,),), ((1,),), ((0, 1),))]


def copy_gate():
    """Y = (A, B), two fair coins."""
    return torch.eye(4, dtype=torch.float64).reshape(2, 2, 4) / 4


def minimum_by_nested_search(joint) -> float:
    """The minimum of I_Q(A,B;Y) for a (2,2,2) joint: nested searches over the two free parameters of Q."""
    p, swap = joint.numpy(), np.array([[1, -1], [-1, 1]])
    low = [-min(p[0, 0, y], p[1, 1, y]) for y in (0, 1)]
    high = [min(p[0, 1, y], p[1, 0, y]) for y in (0, 1)]

    def negentropy(q):
        return (q * np.log2(np.where(q > 0, q, 1))).sum()

    def information(t0, t1):
        q = np.stack([p[..., 0] + t0 * swap, p[..., 1] + t1 * swap], -1).clip(0)
        return negentropy(q) - negentropy(q.sum(-1)) - negentropy(q.sum((0, 1)))

    def along(y, function):
        if high[y] - low[y] < 1e-15:
            return function(0.0)
        found = minimize_scalar(
            function, bounds=(low[y], high[y]), method="bounded", options={"xatol": 1e-11}
        )
        return min(found.fun, function(low[y]), function(high[y]))

    return along(0, lambda t0: along(1, lambda t1: information(t0, t1)))


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize(
    "name, redundancy, unique_a, unique_b, synergy",
    [
        ("default", 0.09708, 0.06696, 0, 0.15509),
        ("and", HALF_AND, 0, 0, 0.5),
        ("or", HALF_AND, 0, 0, 0.5),
        ("xor", 0, 0, 0, 1),
        ("mirror a", 0, 1, 0, 0),
        ("mirror b", 0, 0, 1, 0),
    ],
)
def test_gates_on_which_the_measures_agree(name, measure, redundancy, unique_a, unique_b, synergy):
    assert atoms(NAMED[name], measure) == pytest.approx([redundancy, unique_a, unique_b, synergy], abs=5e-6)


@pytest.mark.parametrize(
    "measure, expected", [("broja", [0, 1, 1, 0]), ("i_min", [1, 0, 0, 1]), ("mmi", [1, 0, 0, 1])]
)
def test_the_measures_disagree_on_a_copy_of_two_coins(measure, expected):
    """Each coin gives a different bit about the pair: I_min and MMI call them redundant, BROJA unique."""
    assert atoms(copy_gate(), measure) == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("measure, dits", [("i_min", PID_WB), ("mmi", PID_MMI)])
@settings(max_examples=60)
@given(joint=tables(2, 2, 2))
def test_against_dit(joint, measure, dits):
    if all(
        (joint.sum(axes) > 0).sum() == 2 for axes in ((0, 1), (0, 2), (1, 2))
    ):  # dit drops letters that never occur
        assert atoms(joint, measure) == pytest.approx(oracle(joint, dits), abs=1e-8)


@pytest.mark.parametrize(
    "joint",
    [
        *(random_joint(seed) for seed in range(8)),
        *(random_joint(seed, (3, 2, 3)) for seed in range(4)),
        NAMED["default"],
        NAMED["and"],
        NAMED["xor"],
        copy_gate(),
    ],
)
def test_broja_against_dit(joint):
    """By admUI, an alternating algorithm; dit's general minimiser stops too early to be a reference."""
    least, _ = admui_dist(to_dit(joint), [[0], [1]], [2])
    redundancy = dit.multivariate.coinformation(least)  # of the least informative joint, which has no synergy
    assert atoms(joint)[0] == pytest.approx(redundancy, abs=1e-6)


@pytest.mark.parametrize("sharpness", [1.0, 0.3, 0.1])
def test_union_information_is_the_minimum_to_1e_7(sharpness):
    joints = torch.stack([random_joint(seed, sharpness=sharpness) for seed in range(15)])
    least = [minimum_by_nested_search(joint) for joint in joints]
    assert union_information(joints).tolist() == pytest.approx(least, abs=1e-7)


@settings(max_examples=60)
@given(tables(2, 2, 2))
def test_union_information_is_the_minimum_with_empty_cells(joint):
    assert union_information(joint).item() == pytest.approx(minimum_by_nested_search(joint), abs=2e-7)


def test_union_information_of_a_copy_of_twelve_values_is_exact_to_1e_7():
    """Where A = B, it is I(A;Y), with almost all of 576 cells empty."""
    source = np.random.default_rng(0).dirichlet(np.ones(48)).reshape(12, 4)
    joint = np.einsum("ay,ab->aby", source, np.eye(12))
    expected = infodecomp.mutual_information(source)
    assert float(union_information(joint)) == pytest.approx(float(expected), abs=1e-7)


@pytest.mark.parametrize("shape", [(2, 2, 2), (3, 2, 3), (4, 4, 2)])
def test_the_least_informative_joint_keeps_the_marginals(shape):
    joint = random_joint(5, shape)
    least = least_informative(joint)
    assert bool((least >= 0).all())
    assert torch.allclose(least.sum(0), joint.sum(0), atol=1e-14, rtol=0)
    assert torch.allclose(least.sum(1), joint.sum(1), atol=1e-14, rtol=0)


@pytest.mark.parametrize("shape", [(3, 2, 3), (4, 4, 2)])
def test_no_small_move_of_mass_lowers_the_information(shape):
    """I_Q is convex, so a point that no move around a rectangle improves is near the minimum."""
    least = least_informative(random_joint(6, shape))
    here = information_terms(least)["I(A,B;Y)"]
    generator = np.random.default_rng(0)
    for _ in range(300):
        (a, c), (b, d) = (generator.choice(n, 2, replace=False) for n in shape[:2])
        y, moved = generator.integers(shape[2]), least.clone()
        mass = min(1e-3, moved[a, b, y].item(), moved[c, d, y].item())
        for row, column, sign in ((a, b, -1), (c, d, -1), (a, d, 1), (c, b, 1)):
            moved[row, column, y] += sign * mass
        assert information_terms(moved.clamp_min(0))["I(A,B;Y)"] > here - 1e-8


@pytest.mark.parametrize("measure", MEASURES)
@settings(max_examples=60)
@given(joint=tables(2, 3, 2))
def test_atoms_sum_to_the_terms_and_are_not_negative(joint, measure):
    terms = information_terms(joint)
    redundancy, unique_a, unique_b, synergy = atoms(joint, measure)
    assert min(redundancy, unique_a, unique_b, synergy) >= -1e-12
    assert redundancy + unique_a == pytest.approx(terms["I(A;Y)"].item(), abs=1e-12)
    assert redundancy + unique_b == pytest.approx(terms["I(B;Y)"].item(), abs=1e-12)
    assert redundancy + unique_a + unique_b + synergy == pytest.approx(terms["I(A,B;Y)"].item(), abs=1e-11)
    assert redundancy - synergy == pytest.approx(terms["co-information"].item(), abs=1e-11)


@settings(max_examples=60)
@given(tables(2, 2, 2))
def test_broja_and_i_min_never_exceed_mmi(joint):
    broja, i_min, mmi = (atoms(joint, measure)[0] for measure in ("broja", "i_min", "mmi"))
    assert broja <= mmi + 1e-12 and i_min <= mmi + 1e-12


@pytest.mark.parametrize("measure", MEASURES)
def test_swapping_the_sources_swaps_the_unique_atoms(measure):
    joint = random_joint(11)
    redundancy, unique_a, unique_b, synergy = atoms(joint, measure)
    assert atoms(joint.transpose(0, 1), measure) == pytest.approx(
        [redundancy, unique_b, unique_a, synergy], abs=1e-8
    )


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("name, joint", degenerate_joints().items())
def test_degenerate_joints_give_numbers(name, joint, measure):
    found = atoms(joint, measure)
    assert all(0 <= atom <= 1 for atom in found)
    if name == "equal sources":
        assert found == pytest.approx([1, 0, 0, 0], abs=1e-8)


def test_a_batch_equals_its_members():
    batch = torch.stack([random_joint(seed) for seed in range(6)]).reshape(2, 3, 2, 2, 2)
    for measure in MEASURES:
        together = partial_information(batch, measure)
        assert together.measure == measure and together.synergy.shape == (2, 3)
        alone = [partial_information(joint, measure).synergy.item() for joint in batch.reshape(6, 2, 2, 2)]
        assert together.synergy.flatten().tolist() == pytest.approx(alone, abs=1e-7)


def test_invalid_arguments_are_refused():
    with pytest.raises(InformationError, match="i_min, mmi, broja"):
        partial_information(NAMED["and"], "ccs")
    with pytest.raises(InformationError, match="sum"):
        partial_information(torch.ones(2, 2, 2))
    with pytest.raises(InformationError, match="dimensions"):
        union_information([0.5, 0.5])


def test_a_probability_of_1e_300_counts_as_zero():
    joint = infodecomp.two_source_joint([[1e-300, 0], [0, 1]])
    clean = infodecomp.two_source_joint([[0, 0], [0, 1]])
    for measure in ("broja", "i_min", "mmi"):
        tiny, none = (infodecomp.partial_information(j, measure) for j in (joint, clean))
        assert abs(tiny.redundancy - none.redundancy).item() < 1e-9
