"""Benchmark of the bottlenecks (`make bench-bottleneck`): 30 betas against embo and dit, and a circuit.

All three get the same joints and betas in one run. The excess is how far the objective, cost - beta I(T;Y),
lies above the best that any of them found, in bits: the mean and the largest over the betas. The circuit is
the one with ten inputs of Murphy & Bassett (2024), whose seven best subsets one fit should find.
"""

import statistics
import time
from collections.abc import Callable

import numpy as np
import torch

from infodecomp.information.bottleneck_curve import bottleneck_curve
from tests.infodecomp.circuit import BEST_SUBSETS, fit_circuit, visited_subsets

BETAS = np.linspace(1.1, 12, 30)
RESTARTS = 3
KINDS = {"ib": 1, "dib": 0}
Objectives = Callable[[np.ndarray, str], np.ndarray]


def joints() -> dict[str, np.ndarray]:
    """Tables of 8 x 8 probabilities."""
    generator = np.random.default_rng(0)
    angle = 2 * np.pi * (np.arange(8)[:, None] - np.arange(8)) / 8
    circle = np.exp(3 * np.cos(angle))
    return {
        "random": generator.dirichlet(np.full(64, 0.3)).reshape(8, 8),
        "smooth": generator.dirichlet(np.full(64, 3.0)).reshape(8, 8),
        "circle": circle / circle.sum(),
    }


def ours(joint: np.ndarray, kind: str) -> np.ndarray:
    return bottleneck_curve(joint, BETAS, kind).objective.numpy()


def embo(joint: np.ndarray, kind: str) -> np.ndarray:
    """Each beta by the function that its process pool calls, so that all CPU time is this process's."""
    from embo import InformationBottleneck

    np.random.seed(0)
    p_x, p_y = joint.sum(1), joint.sum(0)
    found = []
    for beta in BETAS:
        i_xt, i_ty, h_t, _ = InformationBottleneck.beta_iter(
            KINDS[kind], beta, p_x, p_y, joint.T / p_x, len(p_x), RESTARTS, 100
        )
        found.append((h_t if kind == "dib" else i_xt) - beta * i_ty)
    return np.array(found)


def dit(joint: np.ndarray, kind: str) -> np.ndarray:
    """Blahut and Arimoto's iteration for the soft bottleneck, coordinate descent for the exact one."""
    from dit.rate_distortion.bottleneck_algorithms import (
        blahut_arimoto_ib,
        bottleneck_result,
        sequential_ib,
    )

    found = []
    for beta in BETAS:
        if kind == "dib":
            one = sequential_ib(joint, beta, restarts=RESTARTS, random_state=0)
        else:
            _, together = blahut_arimoto_ib(joint, beta, restarts=RESTARTS)
            encoder = together.sum(1) / joint.sum(1, keepdims=True)
            one = bottleneck_result(joint, encoder, beta)
        cost = one.entropy if kind == "dib" else one.complexity
        found.append(cost - beta * one.relevance)
    return np.array(found)


def cpu_milliseconds(call: Callable[[], np.ndarray], times: int) -> tuple[float, np.ndarray]:
    """Median CPU time of a call, and its last result."""
    taken = []
    for _ in range(times):
        start = time.process_time()
        result = call()
        taken.append(1000 * (time.process_time() - start))
    return statistics.median(taken), result


def compare() -> None:
    print("| joint, 8 x 8 | kind | solver | CPU ms | mean excess | largest |\n|---|---|---|---|---|---|")
    solvers: dict[str, tuple[Objectives, int]] = {
        "this package": (ours, 15),
        "embo": (embo, 1),
        "dit": (dit, 1),
    }
    for (name, joint), kind in ((item, kind) for item in joints().items() for kind in KINDS):
        found = {}
        for solver, (solve, times) in solvers.items():
            try:
                found[solver] = cpu_milliseconds(lambda: solve(joint.copy(), kind), times)  # noqa: B023
            except ImportError:
                print(f"| {name} | {kind} | {solver} is not installed | | | |")
        best = np.minimum.reduce([objective for _, objective in found.values()])
        for solver, (milliseconds, objective) in found.items():
            excess = objective - best
            print(
                f"| {name} | {kind} | {solver} | {milliseconds:.1f} "
                f"| {excess.mean():.5f} | {excess.max():.5f} |",
                flush=True,
            )


def circuit(seeds: int = 5) -> None:
    print("\n| seed | CPU s of the fit | best subsets found, of 7 |\n|---|---|---|")
    for seed in range(seeds):
        start = time.process_time()
        fitted = fit_circuit(seed)
        seconds = time.process_time() - start
        visited = visited_subsets(fitted)
        found = sum(subset in visited for subset in BEST_SUBSETS)
        print(f"| {seed} | {seconds:.1f} | {found} |", flush=True)


if __name__ == "__main__":
    torch.set_num_threads(1)
    compare()
    circuit()
