"""Runs in a copy of the project: damages stored files and prints, as JSON, what becomes of figures and pages.

A round damages several files: each third experiment of each essay, either its record or its arrays.
"""

import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from infodecomp.cli.train import all_experiments
from infodecomp.experiments.registry import Experiment
from infodecomp.web.factory import create_app
from infodecomp.web.services import get_services

KINDS = ("cut", "missing", "changed")
SUFFIXES = (".json", ".safetensors")


def rounds() -> Iterator[dict[Path, str]]:
    """The files to damage at the same time, and how; each stored file comes once."""
    registry = all_experiments(Path("essays"))
    by_essay: dict[str, list[Experiment]] = defaultdict(list)
    for name in registry:
        by_essay[min(registry.used_by[name], default="")].append(registry[name])
    for first in range(3):
        for offset, suffix in enumerate(SUFFIXES):
            chosen = [one for experiments in by_essay.values() for one in experiments[first::3]]
            yield {
                experiment.file.with_suffix(suffix): KINDS[(number + offset) % len(KINDS)]
                for number, experiment in enumerate(chosen)
            }


def damaged(content: bytes, kind: str) -> bytes | None:
    """What is left of a file."""
    return {"missing": None, "cut": content[: len(content) // 2], "changed": content[:-9] + b"damaged??"}[
        kind
    ]


def served() -> dict:
    """What is served now: status, title and detail of each figure; status and problems of each essay."""
    client = create_app({"LOG": 0}).test_client()
    library = get_services(client.application).site.library
    figures, essays = {}, {}
    for name in library.figures:
        reply = client.get(f"/figures/{name}.json?_fields=description,values")
        essay, problem = library.essay_of(name), reply.json
        figures[name] = [essay, reply.status_code, problem.get("title", ""), problem.get("detail", "")]
    for document in library.essays():
        page = client.get(f"/essays/{document.slug}?_pictures=all")
        essays[document.slug] = [page.status_code, page.text.count('class="problem"')]
    return {"figures": figures, "essays": essays}


def main() -> None:
    """Damage, look, and restore, round by round."""
    for files in rounds():
        contents = {file: file.read_bytes() for file in files}
        for file, kind in files.items():
            left = damaged(contents[file], kind)
            file.unlink() if left is None else file.write_bytes(left)
        damage = {file.name: kind for file, kind in files.items()}
        print(json.dumps({"damage": damage} | served()), flush=True)
        for file, content in contents.items():
            file.write_bytes(content)


if __name__ == "__main__":
    main()
