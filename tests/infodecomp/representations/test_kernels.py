"""Information from kernels: entropies of partitions exactly, Rajski's distance, noisy copies."""

import itertools
import math

import pytest
import torch

import infodecomp
from infodecomp.errors import InformationError
from infodecomp.representations.kernels import (
    bhattacharyya_kernels,
    chance_information_ratio,
    information_ratio,
    kernel_information,
    noisy_similarity,
    pair_information,
)
from infodecomp.representations.network_similarity import (
    by_network,
    count_beaten,
    mean_over_aligned_layers,
    mean_over_all_layers,
)

BITS = torch.cartesian_prod(*[torch.tensor([0.0, 1.0], dtype=torch.float64)] * 5)


def classes(*labels):
    """Kernels of partitions of the 32 strings of five bits, each given by a label of every string."""
    rows = torch.stack([torch.as_tensor(label, dtype=torch.float64) for label in labels])
    return (rows[:, :, None] == rows[:, None, :]).double()


ALL = torch.arange(32)
FIRST, SECOND, TWO, THREE = BITS[:, 0], BITS[:, 1], ALL // 8, ALL // 4
CONSTANT = torch.zeros(32)


def test_the_ratio_by_chance_is_1_for_layers_that_keep_everything_and_small_for_halves():
    chance = chance_information_ratio(classes(ALL, ALL, FIRST, CONSTANT), n_shuffles=200)
    assert torch.allclose(chance[:2, :2], torch.ones(2, 2, dtype=torch.float64))
    assert chance[0, 2] == pytest.approx(1 / 5) and chance[3, 3] == 1
    # Halves dealt at random overlap in k of 16 with hypergeometric probabilities.
    weights = torch.tensor([math.comb(16, k) ** 2 / math.comb(32, 16) for k in range(17)])
    share = torch.arange(17, dtype=torch.float64) / 32
    cells = torch.stack((share, 0.5 - share)).clamp_min(1e-300)
    joint = -2 * (cells * cells.log2()).sum(0)
    assert chance[2, 2] == pytest.approx((weights * (2 - joint) / joint).sum().item(), abs=0.01)


def random_labels(n, seed=0):
    generator = torch.Generator().manual_seed(seed)
    return [torch.randint(2 + i % 7, (32,), generator=generator) for i in range(n)]


def test_the_information_of_classes_is_their_entropy():
    for label in random_labels(8):
        counts = label.bincount().double() / 32
        assert kernel_information(classes(label)[0]).item() == pytest.approx(
            infodecomp.entropy(counts).item(), abs=1e-12
        )


def test_the_mutual_information_of_classes_is_that_of_their_joint_table():
    labels = random_labels(6, 1)
    pairs = pair_information(classes(*labels))
    for i, a in enumerate(labels):
        for j, b in enumerate(labels):
            joint = torch.zeros(8, 8, dtype=torch.float64)
            joint.index_put_((a, b), torch.tensor(1 / 32, dtype=torch.float64), accumulate=True)
            assert pairs.mutual[i, j].item() == pytest.approx(
                infodecomp.mutual_information(joint).item(), abs=1e-12
            )
            assert pairs.joint[i, j].item() == pytest.approx(infodecomp.entropy(joint, 2).item(), abs=1e-12)


def test_known_ratios():
    ratio = information_ratio(pair_information(classes(FIRST, ALL, SECOND, CONSTANT, 1 - FIRST)))
    assert ratio[0, 1].item() == pytest.approx(1 / 5)
    assert ratio[0, 2].item() == pytest.approx(0, abs=1e-12)
    assert ratio[3, 3] == 1, "two constants agree by convention"
    assert ratio[3, 0] == 0
    assert ratio[0, 4] == 1, "renaming the classes changes nothing"


def test_one_minus_the_ratio_is_a_metric():
    distance = 1 - information_ratio(pair_information(classes(*random_labels(20, 2))))
    assert torch.allclose(distance.diagonal(), torch.zeros(20, dtype=torch.float64), atol=1e-12)
    through = (distance[:, :, None] + distance[None, :, :]).amin(1)
    assert bool((distance <= through + 1e-12).all())


def test_a_network_of_nested_layers_is_less_similar_to_itself_than_to_others():
    networks = [(ALL, THREE, FIRST), (ALL, ALL, ALL), (THREE, THREE, THREE)]  # 5, 3, 1 bits; 5, 5, 5; 3, 3, 3
    ratio = information_ratio(pair_information(classes(*(layer for layers in networks for layer in layers))))
    similarity = mean_over_all_layers(ratio, 3)
    assert similarity[0].tolist() == pytest.approx([0.5852, 0.6, 0.6444], abs=5e-5)
    assert count_beaten(similarity) == 1
    same_layers = by_network(ratio, 3).diagonal(dim1=-2, dim2=-1).mean(-1)
    assert same_layers.diagonal().tolist() == [1, 1, 1]
    assert count_beaten(same_layers) == 0


def test_matched_layers_find_a_network_that_is_one_layer_ahead():
    networks = [(ALL, THREE, FIRST), (ALL, ALL, THREE), (FIRST, FIRST, THREE)]
    ratio = information_ratio(pair_information(classes(*(layer for layers in networks for layer in layers))))
    aligned = mean_over_aligned_layers(ratio, 3)
    assert aligned.diagonal().tolist() == [1, 1, 1] and torch.equal(aligned, aligned.T)
    same_layers = by_network(ratio, 3).diagonal(dim1=-2, dim2=-1).mean(-1)
    assert same_layers[0, 1] == pytest.approx((1 + 3 / 5 + 1 / 3) / 3)
    assert aligned[0, 1] == pytest.approx(2 / 3), "five bits with five, and three with three"
    assert bool((aligned >= same_layers - 1e-12).all())
    # every matching that keeps the order, one by one
    for a, b in ((0, 2), (1, 2)):
        table = by_network(ratio, 3)[a, b]
        best = max(
            sum(float(table[i, j]) for i, j in zip(rows, columns))
            for size in range(1, 4)
            for rows in itertools.combinations(range(3), size)
            for columns in itertools.combinations(range(3), size)
        )
        assert aligned[a, b] == pytest.approx(best / 3)


def test_kernels_of_gaussian_noise_are_bhattacharyya_coefficients():
    z = torch.tensor([[0.0, 0.0], [3.0, 4.0]], dtype=torch.float64)
    assert bhattacharyya_kernels(z, 2.0)[0, 1].item() == pytest.approx(math.exp(-25 / 32))


def test_the_kernel_bound_lies_below_the_information_of_a_noisy_bit():
    z = torch.tensor([[-1.0], [1.0]], dtype=torch.float64)
    for noise in (0.2, 0.5, 1.0, 2.0):
        bound = kernel_information(bhattacharyya_kernels(z, noise)).item()
        true = infodecomp.gaussian_channel_information(noise).item()
        assert 0 < bound <= true + 1e-9
    assert kernel_information(bhattacharyya_kernels(z, 0.05)).item() == pytest.approx(1, abs=1e-9)


def test_noisy_similarity_is_1_and_0_for_a_representation_and_itself():
    z = torch.randn(6, 32, 8, generator=torch.Generator().manual_seed(4), dtype=torch.float64)
    found = noisy_similarity(pair_information(bhattacharyya_kernels(z, torch.tensor([0.1, 0.5, 1, 2, 4, 8]))))
    assert torch.allclose(found.nmi.diagonal(), torch.ones(6, dtype=torch.float64), atol=1e-9)
    assert torch.allclose(found.vi.diagonal(), torch.zeros(6, dtype=torch.float64), atol=1e-9)
    assert torch.allclose(found.nmi, found.nmi.mT)


def test_noisy_similarity_of_classes_is_the_usual_one():
    pairs = pair_information(classes(FIRST, ALL, THREE, CONSTANT))
    found = noisy_similarity(pairs)
    assert found.nmi[0, 1].item() == pytest.approx(1 / math.sqrt(5))
    assert found.vi[1, 2].item() == pytest.approx(2)
    assert found.nmi[3, 3] == 1 and found.nmi[3, 0] == 0


@pytest.mark.parametrize(
    "kernels, message",
    [
        ([[1.0, 0.5]], "shape"),
        ([[0.5, 0.0], [0.0, 0.5]], "divide"),
        ([[1.0, 2.0], [2.0, 1.0]], "limits"),
    ],
)
def test_matrices_that_are_no_kernels_are_refused(kernels, message):
    with pytest.raises(InformationError, match=message):
        kernel_information(kernels)
    with pytest.raises(InformationError, match="noise"):
        bhattacharyya_kernels([[1.0], [2.0]], 0.0)
    with pytest.raises(InformationError, match="whole networks"):
        mean_over_all_layers(torch.zeros(6, 6), 4)
