"""Benchmarks of the science and of single figures, without a server: part of `make bench`."""

import tempfile
from pathlib import Path

import numpy as np
import torch

import infodecomp
from infodecomp.networks.ablation import TwoLayerClassifier, ablation_curves, random_orders
from infodecomp.representations.kernels import information_ratio, pair_information
from tests import bench


def allocations() -> None:
    """The plane and the frontier of two sources."""

    def joint(i: int):
        return infodecomp.two_source_joint([[0.1, 0.2], [0.3, 0.5 + 0.004 * (i % 100)]])

    for n in (20, 50, 200):
        bench.row(
            f"plane, N = {n}",
            bench.sample(lambda i, n=n: infodecomp.information_plane(joint(i), n)),
            "2" if n == 50 else "",
        )
    budgets = torch.linspace(0, 2, 200, dtype=torch.float64)
    bench.row(
        "front of 200 budgets",
        bench.sample(lambda i: infodecomp.information_frontier(joint(i), budgets)),
        "10",
    )


def networks() -> None:
    """The similarity of 160 layers, and three orders of ablating two layers of 100 neurons."""
    labels = torch.stack([torch.randint(2 + i % 7, (32,)) for i in range(160)])
    kernels = (labels[:, :, None] == labels[:, None, :]).double()
    bench.row(
        "similarity of forty networks of four layers",
        bench.sample(lambda i: information_ratio(pair_information(kernels)), 20),
    )
    generator = np.random.default_rng(0)
    first = np.maximum(generator.standard_normal((2000, 100)), 0).astype(np.float32)
    parts = [generator.standard_normal(s).astype(np.float32) for s in ((100, 100), 100, (100, 10), 10)]
    net = TwoLayerClassifier(first, *parts, generator.integers(0, 10, 2000))
    orders = random_orders("whole", net.widths, 3, 0)
    bench.row(
        "three ablation curves of 200 neurons",
        bench.sample(lambda i: ablation_curves(net, orders, range(0, 201, 20)), 20),
    )


def figures(library) -> None:
    """The largest states of a figure whose cost grows with its parameters."""
    figure = library.figure("debug-vis")
    states = ({"n_neurons": 7, "modulus": modulus} for modulus in range(500, 400, -1))
    bench.row("debug-vis, the largest states", bench.sample(lambda i: figure(**next(states)).svg(), 20))


def tables() -> None:
    """A table of a million rows with a column of as many texts, which is refused."""
    from click.testing import CliRunner

    from infodecomp.cli.main import main

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "many.csv"
        file.write_text("id,a,y\n" + "".join(f"row {i},{i % 3},{i % 5}\n" for i in range(1_000_000)))
        command = ["decompose", str(file), "--target", "y"]
        refuse = CliRunner().invoke
        bench.row(
            "a million different texts are refused", bench.sample(lambda i: refuse(main, command), 3, 0)
        )


def alone(library) -> None:
    """All of these."""
    allocations()
    networks()
    figures(library)
    tables()
