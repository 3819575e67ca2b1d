"""Tables may be lists, NumPy arrays of any precision and strides, pandas tables and tensors."""

import warnings

import numpy as np
import pandas as pd
import pytest
import torch

import infodecomp
from infodecomp import InformationError
from tests.infodecomp.joints import random_joint

JOINT = random_joint(5).numpy()
PAIR = random_joint(5, (3, 4)).numpy()
FUNCTIONS_OF_A_JOINT = {
    "allocation_information": lambda joint: infodecomp.allocation_information(joint, 0.1, 0.2),
    "co_information": infodecomp.co_information,
    "general_frontier": lambda joint: infodecomp.general_frontier(joint, [0.5], starts=1).information,
    "information_frontier": lambda joint: infodecomp.information_frontier(joint, [0.5]).information,
    "information_plane": lambda joint: infodecomp.information_plane(joint, 3).information,
    "information_terms": lambda joint: infodecomp.information_terms(joint)["I(A,B;Y)"],
    "partial_information": lambda joint: infodecomp.partial_information(joint).redundancy,
    "tied_with_swapped": lambda joint: infodecomp.tied_with_swapped(joint, 0.1, 0.2).double(),
    "union_information": infodecomp.union_information,
}


def read_only(array: np.ndarray) -> np.ndarray:
    array = array.copy()
    array.flags.writeable = False
    return array


@pytest.mark.parametrize("name", FUNCTIONS_OF_A_JOINT)
def test_float32_joints_are_accepted(name):
    """Rounded to single precision, probabilities sum to 1 within 1e-7 rather than 1e-9."""
    function = FUNCTIONS_OF_A_JOINT[name]
    expected = function(JOINT)
    for joint in (JOINT.astype(np.float32), torch.tensor(JOINT).float()):
        assert function(joint).dtype == torch.float64
        assert function(joint).tolist() == pytest.approx(expected.tolist(), abs=1e-6)


@pytest.mark.parametrize("name", FUNCTIONS_OF_A_JOINT)
def test_joints_of_any_memory_layout_are_accepted_without_a_warning(name):
    function = FUNCTIONS_OF_A_JOINT[name]
    expected = function(JOINT).tolist()
    reversed_twice = JOINT[::-1, ::-1, ::-1].copy()[::-1, ::-1, ::-1]  # negative strides
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for joint in (reversed_twice, np.asfortranarray(JOINT), read_only(JOINT), JOINT.tolist()):
            assert function(joint).tolist() == expected


@pytest.mark.parametrize("function", [infodecomp.mutual_information, infodecomp.conditional_entropy])
def test_pandas_tables_are_accepted(function):
    table = pd.DataFrame(PAIR, index=list("abc"), columns=list("wxyz"))
    assert function(table).item() == function(PAIR).item()
    assert function(table.astype("float32")).item() == pytest.approx(function(PAIR).item(), abs=1e-6)


def test_pandas_series_are_accepted():
    p = pd.Series([0.25, 0.75], index=["dry", "wet"])
    assert infodecomp.entropy(p).item() == infodecomp.binary_entropy(0.25).item()
    assert infodecomp.bsc_information(p, 0.5).shape == (2,)


def test_a_table_of_low_precision_must_still_sum_to_1_within_its_rounding():
    with pytest.raises(InformationError, match="sums to 1.00"):
        infodecomp.entropy(np.array([0.5, 0.501], dtype=np.float32))


def test_the_argument_is_not_changed():
    joint = torch.tensor(JOINT)
    infodecomp.partial_information(joint), infodecomp.information_frontier(joint, [0.5])
    assert torch.equal(joint, torch.tensor(JOINT))
