"""The OpenAPI document: it describes every address, and the server gives documented responses only."""

import re

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from infodecomp.explorable.exports.formats import FORMATS, has_format
from infodecomp.web.services import get_services
from tests.first_essay import published_app

APP = published_app()
SCHEMA = schemathesis.openapi.from_wsgi("/openapi.json", APP)
CHECKS = [status_code_conformance, content_type_conformance, response_schema_conformance]
FEW = settings(
    deadline=None,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
SAMPLED = re.compile(r"/(storm-telegraph|storm-guess|board-presets|storm-transmission-sliders)\b")
LONG = [name for name, figure in get_services(APP).site.library.figures.items() if figure.streams]


def test_everything_that_is_served_is_described(client):
    document = client.get("/openapi.json").json
    assert document["openapi"] == "3.1.0"
    for name, figure in get_services(APP).site.library.figures.items():
        for kind in FORMATS:
            assert (f"/figures/{name}.{kind}" in document["paths"]) == has_format(figure, kind)
        assert (f"/figures/{name}/stream" in document["paths"]) == figure.streams
        asked = {one["name"]: one for one in document["paths"][f"/embed/{name}"]["get"]["parameters"]}
        for parameter in figure.parameters:
            assert parameter.bounds() in asked[parameter.name]["description"]
    served = {
        re.sub(r"<[^>]*>", "{}", rule.rule) for rule in APP.url_map.iter_rules() if "GET" in rule.methods
    }
    shapes = {
        re.sub(r"(/(?:figures|embed|essays|cards)/)[^./]+", r"\1{}", path) for path in document["paths"]
    }
    hidden = {
        "/static/{}",
        "/themes/{}.css",
        "/fonts/math.woff2",
        "/fonts/{}.woff2",
        "/thanks",
        "/essays/{}.{}",
        "/figures/{}.{}",
    }
    assert served - hidden <= shapes


def test_bounds_and_defaults_are_the_declarations(client):
    one = next(
        one
        for one in client.get("/openapi.json").json["paths"]["/figures/storm-telegraph.json"]["get"][
            "parameters"
        ]
        if one["name"] == "bits_a"
    )
    parameter = next(
        p for p in get_services(APP).site.library.figure("storm-telegraph").parameters if p.name == "bits_a"
    )
    assert one["schema"] == {
        "type": "number",
        "minimum": parameter.low,
        "maximum": parameter.high,
        "default": parameter.default,
    }


def examples(path: str) -> int:
    """How many addresses of a path are tried: none for trainings and animations.

    The forms of a figure are made by one code, so all of them are tried for a few figures, and the JSON alone
    for each.
    """
    if path.endswith((".gif", ".mp4", ".webm", ".zip", "slides.pptx", "/stream")) or any(
        name in path for name in LONG
    ):
        return 0
    if path.endswith((".png", ".pdf", ".pptx")):
        return 3 * ("/storm-guess" in path or "/board-presets" in path)
    if path.startswith(("/figures/", "/embed/")):
        return 4 if SAMPLED.search(path) else 2 * path.endswith(".json")
    return 3 if path.startswith("/essays/") else 4


@pytest.mark.parametrize(
    "operation",
    [found.ok() for found in SCHEMA.get_all_operations() if examples(found.ok().path)],
    ids=lambda operation: operation.path,
)
def test_what_comes_is_what_is_described(operation):
    @settings(FEW, max_examples=examples(operation.path))
    @given(
        case=st.one_of(
            operation.as_strategy(), operation.as_strategy(generation_mode=GenerationMode.NEGATIVE)
        )
    )
    def asked(case):
        reply = case.call_and_validate(checks=CHECKS, headers={"Accept-Encoding": "identity"})
        assert reply.status_code != 500 and b"Traceback" not in reply.content

    asked()


@pytest.mark.parametrize("name", LONG)
@pytest.mark.parametrize("form", ["/stream", ".json", ".gif", ""])
def test_what_takes_long_refuses_what_is_described_as_refused(name, form):
    operation = SCHEMA[f"/figures/{name}{form}"]["GET"]
    for query, status in (
        ({"nothing": "1"}, 400),
        ({"_width": "-1", "p11": "x", "step": "1e9", "board_seed": "\N{SNOWMAN}"}, 400),
        ({"_" * 5000: "1"}, 414),
    ):
        reply = operation.Case(query=query).call_and_validate(
            checks=CHECKS, headers={"Accept-Encoding": "identity"}
        )
        assert reply.status_code == status
