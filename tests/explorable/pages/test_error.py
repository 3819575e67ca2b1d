"""Error pages name a bad parameter as its control does and lead to the nearest state that can be shown."""

import html
import re
from types import SimpleNamespace

import pytest

from infodecomp.explorable.core.errors import NotFound
from infodecomp.explorable.pages.error import nearest_page
from tests.first_essay import ESSAY

PLANE = "/figures/storm-telegraph"


def page_of(client, address):
    response = client.get(address, headers={"Accept": "text/html"})
    assert response.status_code == 400
    return html.unescape(response.text)


@pytest.mark.parametrize(
    ("address", "sentence", "nearest"),
    [
        (ESSAY + "?p00=9&bits_a=.3", "“A calm, B calm” must be a number from 0 to 1; you", "p00=1&bits_a=.3"),
        (PLANE + "?bits_a=-2", "“bits from town A” must be a number from 0 to 1 bits; you", "?bits_a=0"),
        (PLANE + "?bits_a=nan", "“bits from town A” must be", "?bits_a=.2"),
        ("/embed/storm-telegraph?bits_a=.1&bits_a=.4", "“bits from town A” is given more than once", "=.4"),
        ("/?see_length=x", "“Length” must be one of hidden, coarse, sharp; you gave x", "?see_length=hidden"),
        (ESSAY + "?message=1.5&p00=7", "“message number” must be a whole number", "?message=2&p00=1"),
    ],
)  # fmt: skip
def test_the_page_leads_to_the_nearest_state(client, address, sentence, nearest):
    page = page_of(client, address)
    assert sentence in page
    link = re.search(r'class="action" href="([^"]+)"', page)[1]
    assert nearest in link and client.get(link).status_code == 200
    assert client.get(re.search(r'<img src="([^"]+)"', page)[1]).mimetype == "image/svg+xml"


def test_an_unknown_parameter_has_no_nearest_state(client):
    page = page_of(client, PLANE + "?nope=1")
    assert "is no parameter of this figure" in page and "<img" not in page


@pytest.mark.parametrize(
    ("address", "meant"),
    [
        ("/figures/storm-telegrap", "/figures/storm-telegraph"),
        ("/embed/storm-telegrap", "/embed/storm-telegraph"),
        ("/essays/groking", "/essays/grokking"),
        ("/figures/qqq", None),
    ],
)
def test_a_wrong_name_leads_to_the_nearest_page(client, address, meant):
    response = client.get(address, headers={"Accept": "text/html"})
    links = re.findall(r'class="action" href="([^"]+)"', response.text)
    assert response.status_code == 404 and links == [meant][: meant is not None]
    assert all(client.get(link).status_code == 200 for link in links)


def test_the_name_is_corrected_where_it_is_the_name():
    library = SimpleNamespace(figures={"figures": SimpleNamespace(title="All")}, documents={})
    for address, meant in (("/figures/figure.png", "/figures/figures.png"), ("/embed/embed", None)):
        name = address.split("/")[2].split(".")[0]
        near = nearest_page(library, address, NotFound("no such figure", figure=name))
        assert near == (meant and (meant, "All"))


def test_what_was_given_is_text(client):
    response = client.get(ESSAY + "?p00=<b>", headers={"Accept": "text/html"})
    assert "<b>" not in response.text and "you gave &lt;b&gt;" in response.text


def test_an_address_of_no_page_is_explained_in_plain_words(client):
    response = client.get("/nothing", headers={"Accept": "text/html"})
    assert response.status_code == 404 and "No page has this address" in response.text
    assert client.get("/nothing").json["title"] == "Nothing is here"
