"""In every essay: what the text says of a figure as it opens is so, and what can be pressed acts nearby."""

import re

import pytest

from tests.essays.figures import ESSAYS
from tests.essays.prose import Claim, figures, preset_state, sections
from tests.first_essay import SITE

ESSAY_SLUGS = SITE["order"]
FROM_AFAR = {  # presses that lead back to a figure of an earlier section
    "where-is-the-information": {"length-and-rear"},
    "grokking": {"live-on", "live-soon", "live-many"},
    "which-neurons-matter": {"bet-layers"},
}
OPENINGS = [
    (
        "grokking",
        Claim(
            "adding on a clock of {live_modulus:.0f} hours, where {bot_a:.0f} + {bot_b:.0f} is {answer:.0f}",
            "mod-bot-logits",
            more=lambda view: {"answer": (view.state["bot_a"] + view.state["bot_b"]) % 67},
            holds=lambda view: view.values["seen"] == "held back",
            is_beside=False,
        ),
    ),
    (
        "grokking",
        Claim(
            "With {n_neurons:w} every one of the {sums:,.0f} sums is right",
            "debug-vis",
            more=lambda view: {"sums": view.state["modulus"] ** 2},
            holds=lambda view: view.state["activation"] == "relu",
        ),
    ),
    (
        "grokking",
        Claim(
            "Now to the end of the slow run, where every answer is right",
            "mod-bot-accuracy",
            holds=lambda view: view.state["mod_run"] == "slow",
        ),
    ),
    (
        "which-neurons-matter",
        Claim(
            "The blue line removes whoever knows least first",
            "cumulative-ablation",
            holds=lambda view: view.state["first"] == "low" and view.state["scope"] == "whole",
        ),
    ),
    (
        "which-neurons-matter",
        Claim(
            "Here are the two hundred neurons once more, in the order in which we switched them off",
            "ablation-paradox",
            holds=lambda view: view.state["order"] == "whole",
        ),
    ),
    (
        "deterministic-networks",
        Claim(
            "Here are twelve bits, scrambled round by round",
            "reversible-rounds",
            holds=lambda view: view.state["system"] == "twelve" and view.state["rounds"] == 0,
        ),
    ),
    (
        "same-computation",
        Claim(
            "Now put a network from another seed beside the first",
            "same-answers",
            holds=lambda view: view.state["other"] == "twin",
        ),
    ),
]


@pytest.mark.parametrize("slug, claim", OPENINGS, ids=lambda one: getattr(one, "words", one)[:40])
def test_a_figure_opens_in_the_state_of_which_its_section_speaks(slug, claim):
    claim.check(slug)


@pytest.mark.parametrize("slug", ESSAY_SLUGS)
def test_what_a_section_offers_to_press_acts_on_a_figure_of_it_or_of_the_section_before(slug):
    known, before = figures(slug), frozenset()
    for section in sections(slug):
        near = [known[name] for name in section.figures | before if name in known]
        for preset in section.presets - FROM_AFAR.get(slug, set()):
            assert any(preset_state(slug, preset, figure) for figure in near), (section.title, preset)
        before = section.figures


@pytest.mark.parametrize("slug", ESSAY_SLUGS)
def test_a_number_in_the_text_is_there_when_the_page_opens_unless_a_bet_covers_it(slug):
    """An ellipsis stands for a withheld value, and only a figure that covers an answer may withhold one."""
    shown: dict[str, set[str]] = {}
    for figure, value in re.findall(r"data value='([\w-]+)\.(\w+)'", (ESSAYS / f"{slug}.md").read_text()):
        shown.setdefault(figure, set()).add(value)
    for name in shown:
        figure = figures(slug)[name]
        texts = figure().formatted_values
        covers = any(parameter.kind == "toggle" or "bet" in parameter.name for parameter in figure.parameters)
        assert covers or "\u2026" not in {texts[value] for value in shown[name]}, name
