"""The README: short, its Python blocks run, and what it links to is there."""

import re
from pathlib import Path

import numpy as np
import pytest

import infodecomp
from infodecomp.explorable.figures.figure import Figure

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()
BLOCKS = re.findall(r"```python\n(.*?)```", README, re.S)


def test_it_is_at_most_120_lines_long():
    assert len(README.splitlines()) <= 120


def test_its_first_commands_are_serve_and_test():
    commands = re.findall(r"^    (make \w+|\.venv\S+ \w+)", README, re.M)
    assert commands[:2] == ["make serve", "make test"]
    targets = re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(), re.M)
    assert {command.split()[1] for command in commands if command.startswith("make")} <= set(targets)


def test_make_help_begins_with_what_a_newcomer_needs_and_names_every_target():
    makefile = (ROOT / "Makefile").read_text()
    named = re.findall(r'^\t@echo "make ([\w-]+)', makefile, re.M)
    assert named[:4] == ["serve", "test", "lint", "check"] and len(named) == len(set(named))
    assert {"help", *named} == set(re.findall(r"^([\w-]+):", makefile, re.M))
    (phony,) = re.findall(r"^\.PHONY: (.*)", makefile, re.M)
    assert {"help", *named} == set(phony.split())


@pytest.mark.parametrize("link", re.findall(r"\]\((?!http)([^)#]+)\)", README))
def test_links_lead_to_files(link):
    assert (ROOT / link).exists()


def test_the_figure_is_a_figure():
    names = {}
    exec(BLOCKS[0], names)
    figure = names["coin"]
    assert isinstance(figure, Figure) and figure(chance=0.5).data["entropy"] == pytest.approx(1)
    assert figure().svg(theme="light").startswith("<svg")


def test_the_estimator_block_runs():
    rng = np.random.default_rng(0)
    X = pytest.importorskip("pandas").DataFrame({"hour": rng.integers(0, 24, 400), "noise": rng.random(400)})
    names = {
        "infodecomp": _with_few_steps(),
        "X": X,
        "y": np.cos(2 * np.pi * X["hour"] / 24) + 0.1 * rng.standard_normal(400),
    }
    exec(BLOCKS[1], names)
    assert names["fit"].distinguishability("hour", bits=2).shape == (24, 24)


def _with_few_steps():
    """The package, with an estimator that is quick to fit."""

    class Quick:
        @staticmethod
        def DistributedBottleneck(**settings):
            return infodecomp.DistributedBottleneck(steps=60, width=16, draws=20, **settings)

    return Quick


def test_the_science_block_runs():
    exec(BLOCKS[2], {"infodecomp": infodecomp})
