"""Metadata of pages: they follow the state and say who published it under which licence."""

import json
import re
from html import unescape

from tests.first_essay import ESSAY

ORIGIN = "http://localhost"


def content(page: str, name: str) -> str:
    return unescape(re.search(rf'<meta (?:property|name)="{name}" content="([^"]*)"', page)[1])


def test_addresses_for_other_sites_follow_the_state(client):
    essay = client.get(f"{ESSAY}?bits_a=.7&utm_source=x").text
    state = f"{ORIGIN}{ESSAY}?bits_a=.7"
    article = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', essay)[1])
    assert content(essay, "og:url") == content(essay, "citation_fulltext_html_url") == article["url"] == state
    assert f'<link rel="canonical" href="{ORIGIN}{ESSAY}">' in essay
    slides = f"{ESSAY}/slides?bits_a=.7"
    assert "bits_a=.7" in content(client.get(slides).text, "og:image")
    for path in (slides, "/figures/storm-telegraph?bits_a=.7", "/embed/storm-telegraph?bits_a=.7"):
        assert content(client.get(path).text, "og:url") == ORIGIN + path


def test_a_project_is_an_organization_and_states_its_licence(client):
    essay = client.get(ESSAY).text
    article = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', essay)[1])
    project = {"@type": "Organization", "name": "The infodecomp project"}
    assert article["author"] == [project] and article["publisher"] == project
    assert article["license"]["name"] == "MIT licence"
