"""Runs in a copy of the project: damages each file of models/ in turn and prints, as JSON, what becomes of
every figure and page.
"""

import json
import sys
from pathlib import Path

from infodecomp.web.factory import create_app
from infodecomp.web.services import get_services
from tests.first_essay import ESSAY


def served(kind: str, path: Path) -> dict:
    """What is served now: the status, title and detail of each figure, and the problems of the page."""
    client = create_app({"LOG": 0}).test_client()
    figures = {}
    for name in get_services(client.application).site.library.figures:
        reply = client.get(f"/figures/{name}.json?_fields=description,values")
        figures[name] = [reply.status_code, reply.json.get("title", ""), reply.json.get("detail", "")]
    page = client.get(ESSAY)
    return {
        "kind": kind,
        "file": path.name,
        "figures": figures,
        "essay": page.status_code,
        "problems": page.text.count('class="problem"'),
    }


for file in sorted(Path("models").glob("*.*")):
    if file.suffix not in (".json", ".safetensors"):
        continue
    whole = file.read_bytes()
    for kind, body in (
        ("missing", None),
        ("cut", whole[: len(whole) // 2]),
        ("changed", whole[:-9] + b"damaged??"),
    ):
        file.unlink()
        if body is not None:
            file.write_bytes(body)
        print(json.dumps(served(kind, file)), flush=True)
        file.write_bytes(whole)
sys.exit()
