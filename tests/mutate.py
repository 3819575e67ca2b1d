"""Mutation testing of the science: `make mutate` changes one operator or number at a time and runs the tests.

A mutant that no test notices survives. Each runs in a process forked from one that has torch and the test
packages loaded, with the changed source given to the importer; no file is written. A sample is drawn with a
fixed seed. `make mutate ARGS='information/entropy allocation/two_sources --sample 50'` chooses others.

A survivor is either a hole in the tests or a change that makes no difference, such as one more round of a
search that has converged: read its line.
"""

import argparse
import ast
import importlib
import os
import random
import resource
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.machinery import SourceFileLoader
from pathlib import Path

ROOT = Path(__file__).parent.parent
PRELOADED = ("torch", "torch._dynamo", "scipy.stats", "scipy.optimize", "pytest", "hypothesis", "dit")
MODULES = {
    "information/entropy": ("information/test_entropy",),
    "information/kernels": ("information/test_entropy", "allocation/test_two_sources"),
    "information/closed_forms": ("information/test_closed_forms",),
    "information/decomposition": ("information/test_decomposition",),
    "information/bottleneck_curve": ("information/test_bottleneck_curve",),
    "information/rate_distortion": ("information/test_rate_distortion",),
    "information/pid": ("information/test_pid",),
    "allocation/source_pair": ("allocation/test_two_sources", "allocation/test_bsc_frontier"),
    "allocation/two_sources": ("allocation/test_two_sources", "allocation/test_bsc_frontier"),
    "allocation/bsc_frontier": ("allocation/test_bsc_frontier",),
    "allocation/crossover_table": ("allocation/test_two_sources", "allocation/test_bsc_frontier"),
    "allocation/forecast_error": ("allocation/test_forecast_error",),
    "allocation/partitions": ("allocation/test_partitions",),
    "channels/binary_symmetric": ("channels/test_binary_symmetric",),
    "channels/gaussian": ("channels/test_gaussian",),
    "channels/gaussian_quadrature": ("channels/test_gaussian", "channels/test_gaussian_encoders"),
}
SWAPS: dict[type, type] = {
    ast.Lt: ast.GtE,
    ast.GtE: ast.Lt,
    ast.Gt: ast.LtE,
    ast.LtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.And: ast.Or,
    ast.Or: ast.And,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
NAMES = {"clamp_min": "clamp_max", "argmax": "argmin", "amax": "amin", "max": "min", "maximum": "minimum"}
NAMES |= {other: name for name, other in NAMES.items()}
SECONDS = 90  # CPU time of a mutant's tests; one that takes longer goes on for ever and counts as noticed


@dataclass(frozen=True)
class Mutant:
    """One change: where it is, what it is, and the whole source with it."""

    module: str
    line: int
    change: str
    source: str


def mutants(module: str) -> Iterator[Mutant]:
    """All mutants of a module, in the order of its syntax tree."""
    source = (ROOT / "infodecomp" / f"{module}.py").read_text()
    count = len(_changes(ast.parse(source)))
    for number in range(count):
        tree = ast.parse(source)
        node, change, apply = _changes(tree)[number]
        apply()
        yield Mutant(module, node.lineno, change, ast.unparse(tree))


def _changes(tree: ast.AST) -> list[tuple]:
    """(node, description, function that changes the tree) of each mutant."""
    return [change for node in _computing(tree) for change in _changes_of(node)]


def _computing(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes that compute: no annotations, no error messages, no decorators, no texts."""
    if isinstance(node, ast.Raise | ast.JoinedStr | ast.Import | ast.ImportFrom):
        return
    yield node
    for name, field in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list"):
            continue
        for child in field if isinstance(field, list) else [field]:
            if isinstance(child, ast.AST):
                yield from _computing(child)


def _changes_of(node: ast.AST) -> Iterator[tuple]:
    if isinstance(node, ast.Compare) and type(node.ops[0]) in SWAPS:
        yield _swap(node, node.ops[0], lambda new: node.ops.__setitem__(0, new))
    elif isinstance(node, ast.BinOp | ast.BoolOp | ast.AugAssign) and type(node.op) in SWAPS:
        yield _swap(node, node.op, lambda new: setattr(node, "op", new))
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.Not | ast.Invert):
        yield node, f"without {type(node.op).__name__}", lambda: _drop_operator(node)
    elif isinstance(node, ast.Constant) and type(node.value) in (bool, int, float):
        is_number = type(node.value) is not bool
        new = (
            (node.value * 2 or 1)
            if type(node.value) is float
            else node.value + 1
            if is_number
            else not node.value
        )
        yield node, f"{node.value} becomes {new}", lambda: setattr(node, "value", new)
    elif isinstance(node, ast.Attribute) and node.attr in NAMES:
        new_name = NAMES[node.attr]
        yield node, f"{node.attr} becomes {new_name}", lambda: setattr(node, "attr", new_name)


def _drop_operator(node: ast.UnaryOp) -> None:
    if isinstance(node.op, ast.USub):
        node.op = ast.UAdd()
    else:
        node.operand = ast.UnaryOp(node.op, node.operand)


def _swap(node: ast.AST, old: ast.AST, put) -> tuple:
    new = SWAPS[type(old)]()
    return node, f"{type(old).__name__} becomes {type(new).__name__}", lambda: put(new)


def is_noticed(mutant: Mutant | None, tests: list[str]) -> bool:
    """Whether the tests fail with a mutant; with None, whether they fail as it is."""
    child = os.fork()
    if not child:
        os._exit(_run_tests(mutant, tests))
    _, status = os.waitpid(child, 0)
    return status != 0


def _run_tests(mutant: Mutant | None, tests: list[str]) -> int:
    import pytest
    from hypothesis import settings

    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 5))
    signal.signal(signal.SIGXCPU, lambda *_: os._exit(9))
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    os.dup2(null, 2)
    settings.register_profile("mutants", deadline=None, derandomize=True, database=None)
    settings.load_profile("mutants")
    if mutant:
        _give_to_importer(mutant)
    return int(pytest.main(["-x", "-q", "--noconftest", "-p", "no:cacheprovider", *tests]))


def _give_to_importer(mutant: Mutant) -> None:
    name = f"infodecomp.{mutant.module.replace('/', '.')}"
    original = SourceFileLoader.get_code

    def get_code(loader, fullname):
        if fullname != name:
            return original(loader, fullname)
        return compile(mutant.source, loader.get_filename(fullname), "exec")

    SourceFileLoader.get_code = get_code  # type: ignore[method-assign]


def main() -> None:
    """Run a sample of mutants of each module and print the survivors and the score."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("modules", nargs="*", default=list(MODULES), help="such as information/entropy")
    parser.add_argument("--sample", type=int, default=25, help="mutants of each module")
    given = parser.parse_args()
    if unknown := set(given.modules) - set(MODULES):
        parser.error(f"unknown: {', '.join(sorted(unknown))}; choose from {', '.join(MODULES)}")
    for package in PRELOADED:
        importlib.import_module(package)
    import torch

    torch.set_num_threads(1)
    noticed: Counter[bool] = Counter()
    for module in given.modules or list(MODULES):
        tests = [str(ROOT / "tests" / "infodecomp" / f"{test}.py") for test in MODULES[module]]
        start = time.monotonic()
        if is_noticed(None, tests):
            sys.exit(f"the tests of {module} fail as it is")
        every = list(mutants(module))
        drawn = random.Random(1).sample(every, min(given.sample, len(every)))
        results = [(is_noticed(mutant, tests), mutant) for mutant in drawn]
        killed = sum(result for result, _ in results)
        noticed.update(result for result, _ in results)
        took = f"{time.monotonic() - start:.0f} s"
        print(f"{module}: {killed} of {len(drawn)} noticed ({len(every)} in all), {took}", flush=True)
        for result, mutant in sorted(results, key=lambda pair: pair[1].line):
            if not result:
                print(f"  survives: infodecomp/{module}.py:{mutant.line}: {mutant.change}", flush=True)
    share = noticed[True] / max(1, noticed.total())
    print(f"{noticed[True]} of {noticed.total()} mutants were noticed: {100 * share:.0f} %")


if __name__ == "__main__":
    main()
