"""Key numbers of a figure's sentence: marked once, coloured on pages, plain text everywhere else."""

import orjson
import pytest

from infodecomp.explorable import figure, key_number
from infodecomp.explorable.core.errors import DeclarationError


@figure(title="A price")
def price():
    return {}


@price.describe
def sentence(data):
    return f"{key_number('0.70 bits', 'series-1')} cost < {key_number(2)} & no more."


def test_a_page_colours_the_key_numbers_of_a_sentence_and_escapes_its_words():
    assert price().description_html == (
        '<b class="role-series-1">0.70 bits</b> cost &lt; <b class="role-ink">2</b> &amp; no more.'
    )


def test_everything_else_gets_the_sentence_as_plain_text():
    assert price().description == "0.70 bits cost < 2 & no more."
    assert orjson.loads(price().json(["description"])) == {"description": "0.70 bits cost < 2 & no more."}


@pytest.mark.parametrize(("text", "role"), [("1", "puce"), ("[1]", "ink")])
def test_an_unknown_role_or_a_bracket_is_refused(text, role):
    with pytest.raises(DeclarationError, match="without square brackets"):
        key_number(text, role)
