"""The Python export: every script runs without the essays and prints the numbers of its state."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.first_essay import published_library

ROOT = Path(__file__).parents[3]
FIGURES = published_library().figures
RUNNER = """
import contextlib, io, json, runpy, sys
outputs = {}
for file in sys.argv[1:]:
    with contextlib.redirect_stdout(io.StringIO()) as output:
        runpy.run_path(file)
    outputs[file] = output.getvalue()
print(json.dumps(outputs))
"""


def moved_query(name: str) -> str:
    """A state that differs from the default in the figure's sliders that are quick to compute."""
    return "&".join(
        f"{p.name}={p.write(p.snap(p.low + 0.6 * (p.high - p.low)))}"
        for p in FIGURES[name].parameters
        if p.is_numeric and p.name in ("bits_a", "p11", "bits_line", "guess", "message")
    )


@pytest.fixture(scope="module")
def outputs(app, tmp_path_factory) -> dict[str, str]:
    """What each script prints; all run in one interpreter, with the package but without the essays."""
    folder, client = tmp_path_factory.mktemp("scripts"), app.test_client()
    (folder / "infodecomp").symlink_to(ROOT / "infodecomp")
    for name in FIGURES:
        (folder / f"{name}.py").write_text(client.get(f"/figures/{name}.py?{moved_query(name)}").text)
    done = subprocess.run(
        [sys.executable, "-c", RUNNER, *(f"{name}.py" for name in FIGURES)],
        capture_output=True,
        text=True,
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(folder), "OMP_NUM_THREADS": "1"},
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return {file.removesuffix(".py"): text for file, text in json.loads(done.stdout).items()}


@pytest.mark.parametrize("name", FIGURES)
def test_a_script_prints_the_numbers_of_the_json_export(client, outputs, name):
    response = client.get(f"/figures/{name}.json?{moved_query(name)}").json
    for key, value in (response["values"] or response["table"] or response["data"]).items():
        printed = re.search(rf"^{re.escape(key)} = (.*)$", outputs[name], re.M)[1]
        if isinstance(value, bool):
            assert printed == str(value)
        elif isinstance(value, (int, float)):
            assert float(printed) == pytest.approx(value, abs=1e-9), key
        elif value is None:
            assert printed == "None"
        else:
            assert printed
