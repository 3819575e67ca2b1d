"""Two fresh processes answer byte for byte alike, whatever each was asked before."""

import json
import subprocess
import sys

from infodecomp.explorable.exports.formats import FORMATS, has_format
from infodecomp.web.services import get_services
from tests.first_essay import ESSAY
from tests.live_server import ROOT

# Asks for some addresses in the order of a seed; prints the status, the ETag and the digest of each.
ASK = """
import hashlib, json, random, sys
from infodecomp.web.factory import create_app
seed, addresses = int(sys.argv[1]), json.load(sys.stdin)
random.Random(seed).shuffle(addresses)
client = create_app({"LOG": 0, "DEADLINE": 300, "ORIGIN": "https://essays.example"}).test_client()
answers = {}
for address in addresses:
    reply = client.get(address)
    answers[address] = reply.status_code, reply.headers.get("ETag"), hashlib.sha256(reply.data).hexdigest()
print(json.dumps(answers))
"""
NAMES = ("storm-telegraph",)
ZEROS = ("bits_a=0&bits_b=-0", "bits_a=0.0&bits_b=0", "bits_a=.4&bits_b=.2")
OTHERS = (
    ESSAY,
    "/figures/board-information.json?step=500",
    "/figures/generalization-bounds.txt?bits=0",  # two bounds are equal
    "/readyz",
    "/feed.xml",
    "/sitemap.xml",
    "/openapi.json",
    "/version",
    "/fonts/serif.woff2",
)


def addresses(library) -> list[str]:
    """Each twelfth figure as JSON or as a PDF in turn, one figure in every format, and some pages."""
    found = [
        *OTHERS,
        "/figures/bike-distinctions.pdf",
        *(f"/figures/storm-telegraph.json?{query}" for query in ZEROS),
    ]
    found += [f"/essays/{document.slug}.bib" for document in library.essays()]
    for number, (name, figure) in enumerate(sorted(library.figures.items())):
        if number % 12 == 0 and not figure.streams and figure.has("draw"):
            found.append(f"/figures/{name}.{'json' if number % 24 else 'pdf'}")
    for name in NAMES:
        kinds = [kind for kind in FORMATS if has_format(library.figures[name], kind)]
        short = {"gif": "?frames=2", "mp4": None, "webm": None}
        found += [
            f"/figures/{name}.{kind}{short.get(kind, '')}"
            for kind in kinds
            if short.get(kind, "") is not None
        ]
    return sorted(set(found))


def test_two_fresh_processes_agree_in_every_format(app):
    asked = addresses(get_services(app).site.library)
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", ASK, str(seed)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for seed in (1, 2)
    ]
    for process in processes:
        process.stdin.write(json.dumps(asked))
        process.stdin.close()
    first, second = (json.loads(process.stdout.read()) for process in processes)
    assert [process.wait() for process in processes] == [0, 0]
    assert {status for status, _, _ in first.values()} == {200}
    assert {address for address in asked if first[address] != second[address]} == set()
