"""What is written into an address or a file is read back: parse(write(x)) = x, for drawn values."""

from urllib.parse import parse_qsl, urlsplit

import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from infodecomp.artifacts import read_checkpoint, write_checkpoint
from infodecomp.explorable.exports.formats import FORMATS
from infodecomp.explorable.exports.request import parse_request
from infodecomp.explorable.figures.parameters import parse_query, write_query
from infodecomp.explorable.pages.embed import embed_address, find_frame, read_frame
from infodecomp.web.services import get_services

ORIGIN = "https://essays.example/"


def digits(value: float) -> float:
    """A number as an address can hold it, with twelve digits."""
    return float(f"{value:.12g}")


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1), st.sampled_from(("each", "budget")))
@settings(max_examples=60)
def test_a_state_is_read_back_from_its_address(app, bits_a, bits_b, p11, mode):
    figure = get_services(app).site.library.figure("storm-telegraph")
    state = figure(bits_a=digits(bits_a), bits_b=digits(bits_b), p11=digits(p11), mode=mode)
    pairs = parse_qsl(write_query(figure.parameters, state.state), keep_blank_values=True)
    assert figure.read(pairs).state == state.state
    frame = read_frame(figure, [*pairs, ("_theme", "dark")])
    address = embed_address(frame, ORIGIN)
    again = find_frame(get_services(app).site.library, address, ORIGIN)
    assert again.view.state == state.state and embed_address(again, ORIGIN) == address


@given(st.sampled_from(sorted(FORMATS)), st.data())
@settings(max_examples=100)
def test_the_options_of_every_format_are_read_back(app, kind, data):
    options = [option for option in FORMATS[kind].options if option.is_numeric or option.kind == "toggle"]
    values = {}
    for option in options:
        if option.is_numeric and option.default is not None:
            values[option.name] = data.draw(st.integers(int(option.low), int(option.high)), option.name)
        elif not option.is_numeric:
            values[option.name] = data.draw(st.booleans(), option.name)
    written = [
        (option.name, option.write(values[option.name])) for option in options if option.name in values
    ]
    figure = get_services(app).site.library.figure("storm-guess")
    read = parse_request(figure, kind, written).options
    assert {name: read[name] for name in values} == values
    assert parse_query(FORMATS[kind].options, written) | values == parse_query(FORMATS[kind].options, written)


@given(st.dictionaries(st.text(max_size=5), st.integers() | st.text(max_size=9) | st.booleans(), max_size=4))
@settings(max_examples=40)
def test_the_metadata_of_a_checkpoint_are_read_back(tmp_path_factory, metadata):
    file = tmp_path_factory.mktemp("checkpoint") / "x.safetensors"
    write_checkpoint(file, {"a": torch.arange(3.0)}, metadata)
    tensors, read = read_checkpoint(file)
    assert read == metadata and tensors["a"].tolist() == [0, 1, 2]


def test_an_address_without_a_state_is_that_of_the_defaults(app):
    figure = get_services(app).site.library.figure("storm-guess")
    assert urlsplit(embed_address(read_frame(figure, []), ORIGIN)).query == ""
