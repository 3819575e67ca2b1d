"""The lock file and the licence list have every package that the project asks for."""

import json

from packaging.requirements import Requirement

from tests.audit import UNREACHABLE, summary
from tests.licences import DEVELOPMENT, LICENCES, LOCK, SERVER, canonical, installed, licence, requirements


def test_the_lock_file_pins_what_the_project_and_its_tests_need():
    pins = dict(line.split("==") for line in LOCK.read_text().split() if "==" in line)
    for text in requirements(DEVELOPMENT):
        needed = Requirement(text)
        pin = pins.get(canonical(needed.name), "")
        assert pin and needed.specifier.contains(pin, prereleases=True), f"run make lock: {text}"


def test_every_package_that_the_server_needs_is_listed_with_its_licence():
    rows = [line.strip("| ").split(" | ") for line in LICENCES.read_text().splitlines() if " | " in line]
    listed = {name: stated for name, _, stated in rows}
    for text in requirements(SERVER):
        assert listed[canonical(Requirement(text).name)] != "see the package", f"run make lock: {text}"


def test_an_extra_that_names_others_has_theirs_too():
    names = {canonical(Requirement(text).name) for text in requirements(["test"])}
    assert {"torch", "flask", "pyarrow", "matplotlib", "polars", "pytest"} <= names
    assert "flask" not in {Requirement(text).name for text in requirements([])}


def test_a_package_and_all_that_it_needs_are_found():
    found = installed(["flask>=3"])
    assert {"flask", "werkzeug", "markupsafe"} <= set(found) and "pytest" not in found
    assert licence(found["flask"]) == "BSD-3-Clause"


def test_an_audit_says_what_it_found_and_when_it_saw_nothing():
    skipped = {"name": "a", "skip_reason": "not found"}
    found = {"id": "CVE-1", "fix_versions": ["2.1"]}
    whole = {"name": "b", "version": "2.0", "vulns": [found]}
    assert summary("") == summary(json.dumps({"dependencies": [skipped]})) == UNREACHABLE
    assert summary(json.dumps({"dependencies": [skipped, whole]})) == (
        "1 of 2 packages audited.\nb 2.0: CVE-1, mended in 2.1"
    )
