"""Every figure at its presets and at the ends of its parameters: drawn, described, without NaN, readable."""

import re
from urllib.parse import parse_qsl

import numpy as np
import pytest

from tests.legible import assert_legible

from .figures import NAMES, figure


def states():
    for name in NAMES:
        found = figure(name)
        yield name, ""
        for query in found.presets.values():
            yield name, query
        for parameter in found.parameters:
            if parameter.is_numeric:
                for end in parameter.ends():
                    yield name, f"{parameter.name}={parameter.write(end)}"
            elif parameter.is_categorical:
                for value in parameter.values():
                    yield name, f"{parameter.name}={parameter.write(value)}"


@pytest.mark.parametrize("name, query", sorted(set(states())))
def test_a_state_is_drawn_and_described(name, query):
    state = figure(name).read(parse_qsl(query))
    narrow, wide = state.svg(350), state.svg(960)
    words = state.description + " ".join(state.value_text.values())
    assert not re.search(r"\bnan\b|\binf\b|-0\.0+ ", narrow + wide + words, re.I)
    assert state.description.endswith((".", "?"))
    assert_legible(narrow)
    assert wide.count("<") - wide.count("</") <= 130, "light pictures"
    assert len({len(column) for column in state.table.values()}) == 1
    assert all(value is None or abs(value) < 1e9 for value in state.values.values())


def test_a_neuron_of_the_bet_is_filled_by_what_it_knows():
    view = figure("neuron-bet")()
    paths = re.findall(r'<path transform="scale\(\.1\)" d="([^"]*)"', view.svg(640, theme="light"))
    frames, fills = (np.array(re.findall(r"v-(\d+)h", path), float) for path in paths[:2])
    bits = np.maximum(np.asarray(view.data["neurons"]["information"]), 0)
    full = frames.mean()
    assert len(frames) == 200 and len(fills) >= (bits * full > 1).sum()
    assert np.allclose(np.sort(fills)[-150:] / full, np.sort(bits)[-150:], atol=1 / full + 0.01)
