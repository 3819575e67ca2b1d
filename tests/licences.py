"""Writes what is installed with the server: `make lock` pins the versions and lists the licences.

`requirements-lock.txt` has the versions with which the tests have passed, for development:
`pip install -r requirements-lock.txt`. `docs/licences.md` has the packages that the server needs to run.
"""

import re
import tomllib
from collections.abc import Iterable
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).parent.parent
LOCK, LICENCES = ROOT / "requirements-lock.txt", ROOT / "docs" / "licences.md"
SERVER, DEVELOPMENT = ("serve",), ("serve", "test", "lint")  # the extras that each needs
LOCK_HEAD = (
    "# The versions with which the tests have passed; `make lock` writes this file. For development:\n"
)
HEAD = """# Licences of what is shipped

`make lock` writes this page. The code is under the MIT licence, the essays' texts and pictures under that of
`essays/site.toml`. Pages and pictures carry Source Serif 4, Source Sans 3 and Source Sans Pro,
formulas STIX Two Math, all under the SIL Open Font License 1.1. The bike data are CC BY 4.0
(infodecomp/data/README.md). A container image holds these packages too:

| package | version | licence |
|---|---|---|
"""


def requirements(extras: Iterable[str]) -> list[str]:
    """What the project needs with some extras; an extra that names others, as test does, has theirs too."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    found, pending = list(project["dependencies"]), list(extras)
    for extra in pending:
        for text in project["optional-dependencies"][extra]:
            one = Requirement(text)
            if one.name == project["name"]:
                pending += sorted(one.extras - set(pending))
            else:
                found.append(text)
    return found


def canonical(name: str) -> str:
    """The canonical name of a package."""
    return re.sub(r"[-_.]+", "-", name).lower()


def installed(requirements: Iterable[str]) -> dict[str, Distribution]:
    """What some requirements name and all that these need, by canonical name, as installed here."""
    found: dict[str, Distribution] = {}
    seen, pending = set(), [Requirement(text) for text in requirements]
    while pending:
        needed = pending.pop()
        extras = ("", *needed.extras)
        if (needed.name, extras) in seen:
            continue
        seen.add((needed.name, extras))
        try:
            package = found[canonical(needed.name)] = distribution(needed.name)
        except PackageNotFoundError:
            continue
        for one in map(Requirement, package.requires or []):
            if one.marker is None or any(one.marker.evaluate({"extra": extra}) for extra in extras):
                pending.append(one)
    return dict(sorted(found.items()))


def licence(package: Distribution) -> str:
    """The licence that a package states: an SPDX expression, a short text or its classifiers."""
    metadata = package.metadata
    if expression := metadata.get("License-Expression"):
        return str(expression)
    classifiers = metadata.get_all("Classifier") or []
    named = [text.rpartition(" :: ")[2] for text in classifiers if text.startswith("License ::")]
    short = str(metadata.get("License") or "").strip()
    return ", ".join(named) or (short if 0 < len(short) < 40 else "see the package")


def version(package: Distribution) -> str:
    """The version of a package, without the name of a build."""
    return package.version.partition("+")[0]


def main() -> None:
    """Write both files."""
    rows = [
        f"| {name} | {version(one)} | {licence(one)} |\n"
        for name, one in installed(requirements(SERVER)).items()
    ]
    LICENCES.write_text(HEAD + "".join(rows))
    pins = [f"{name}=={version(one)}\n" for name, one in installed(requirements(DEVELOPMENT)).items()]
    LOCK.write_text(LOCK_HEAD + "".join(pins))


if __name__ == "__main__":
    main()
