"""The wheel: built, installed away from the checkout, and used from an empty folder."""

import os
import re
import shutil
import subprocess
import sys
import sysconfig
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from tests.first_essay import ESSAY, SLUG
from tests.licences import canonical, requirements
from tests.licences import installed as installed_packages
from tests.live_server import live_server

ROOT = Path(__file__).parent.parent
ENVIRONMENT = {
    key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "VIRTUAL_ENV"))
} | {"OMP_NUM_THREADS": "1"}


def run(*command, **settings) -> str:
    done = subprocess.run(
        [str(part) for part in command],
        capture_output=True,
        text=True,
        timeout=240,
        env=ENVIRONMENT,
        **settings,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def installed(tmp_path_factory) -> Path:
    """The programs of an environment with the wheel; its dependencies come from the one running the tests."""
    pytest.importorskip("setuptools", reason="a wheel is built with setuptools")
    home = tmp_path_factory.mktemp("wheel")
    for part in ("infodecomp", "models", "essays", "static", "templates"):
        shutil.copytree(ROOT / part, home / "source" / part, ignore=shutil.ignore_patterns("__pycache__"))
    for part in ("pyproject.toml", "setup.py", "README.md", "LICENSE"):
        shutil.copy(ROOT / part, home / "source")
    run(
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--no-index",
        "--no-build-isolation",
        "-w",
        home,
        home / "source",
    )
    run(sys.executable, "-m", "venv", "--without-pip", home / "venv")
    programs = home / "venv" / "bin"
    wheel = next(home.glob("infodecomp-*.whl"))
    run(
        sys.executable,
        "-m",
        "pip",
        "--python",
        programs / "python",
        "install",
        "--quiet",
        "--no-deps",
        "--no-index",
        wheel,
    )
    packages = Path(
        run(programs / "python", "-c", "import sysconfig; print(sysconfig.get_path('purelib'))").strip()
    )
    (packages / "others.pth").write_text(
        sysconfig.get_path("purelib") + "\n"
    )  # after its own, so that its own infodecomp is found
    return programs


def test_the_package_and_its_command_are_the_wheels(installed, tmp_path):
    output = run(
        installed / "python",
        "-c",
        "import infodecomp; print(infodecomp.__file__, infodecomp.binary_entropy(.5))",
        cwd=tmp_path,
    )
    assert output.startswith(str(installed.parent)) and re.search(r"\b1\.", output)
    assert "decompose" in run(installed / "infodecomp", "--help", cwd=tmp_path)


@pytest.mark.parametrize(
    "address", ["storm-telegraph.py?bits_a=.5", "bike-week.py?bits=3", "board-information.py"]
)
def test_a_script_of_a_figure_runs_from_the_wheel(installed, client, tmp_path, address):
    """With the data and the models that it needs."""
    (tmp_path / "state.py").write_text(client.get(f"/figures/{address}").text)
    output = run(installed / "python", "state.py", cwd=tmp_path)
    values = client.get(f"/figures/{address.replace('.py', '.json')}").json["values"]
    for name, value in values.items():
        if isinstance(value, float):
            assert float(re.search(rf"^{re.escape(name)} = (.*)$", output, re.M)[1]) == pytest.approx(
                value, abs=1e-9
            )


WITHOUT_EXTRAS = """
import sys
sys.modules.update(dict.fromkeys({blocked!r}))  # None: importing them fails
import numpy as np
from click.testing import CliRunner
import infodecomp
from infodecomp.cli.main import main
X = np.random.default_rng(0).integers(0, 2, (60, 2)).astype(float)
fit = infodecomp.DistributedBottleneck(steps=1, width=8, draws=2).fit(X, X[:, 0])
fit.information_plane_.to_latex()
np.savetxt("table.csv", np.column_stack([X, X[:, 0]]), header="a,b,y", delimiter=",", comments="")
for command in (["decompose", "table.csv", "--target", "y", "--steps", "1"], ["verify", "bikes"], ["serve"]):
    print(result := CliRunner().invoke(main, command), result.output)
"""


def test_tables_need_only_the_plain_installation_and_serve_names_its_extra(installed, tmp_path):
    """Every package is blocked that the plain installation does not bring."""
    core = set(installed_packages(requirements([]))) | {"infodecomp"}
    owners = packages_distributions().items()
    blocked = sorted(name for name, packages in owners if not core & set(map(canonical, packages)))
    assert {"flask", "granian", "orjson", "yaml", "pyarrow", "matplotlib", "pytest"} <= set(blocked)
    blocked = [name for name in blocked if not name.startswith(("_", "."))]
    output = run(installed / "python", "-c", WITHOUT_EXTRAS.format(blocked=blocked), cwd=tmp_path)
    assert output.count("<Result okay>") == 2 and (tmp_path / "table-bits" / "report.html").exists()
    needed = re.search(
        r"Error: infodecomp serve needs (\w+), .*: pip install '(.*)', or in a checkout pip .* -e '(.*)'$",
        output,
        re.M,
    )
    assert needed and needed[1] in blocked and needed.groups()[1:] == ("infodecomp[serve]", ".[serve]")
    assert "SystemExit(2)" in output


def test_an_essay_can_be_begun_and_checked_elsewhere(installed, tmp_path):
    (tmp_path / "essays").mkdir()
    run(installed / "infodecomp", "new", "mine", cwd=tmp_path)
    assert (tmp_path / "essays" / "mine.md").exists()
    run(installed / "infodecomp", "check", cwd=tmp_path)


def test_the_essays_are_served_from_the_wheel(installed, tmp_path):
    with live_server(tmp_path, command=[str(installed / "infodecomp"), "serve"]) as server:
        assert server.get(ESSAY)[0] == 200 and server.get("/readyz")[0] == 200
        version = server.get("/version")[2]
        assert b"bikes.safetensors" in version and server.get("/static/explorable.css")[0] == 200
        assert server.get("/figures/storm-telegraph.svg?bits_a=.25")[0] == 200


def test_a_figure_can_be_exported_from_the_wheel(installed, tmp_path):
    run(
        installed / "infodecomp",
        "export",
        SLUG,
        "boards.html",
        "--only",
        "board-presets",
        "--essays",
        installed.parent / "share" / "infodecomp" / "essays",
        cwd=tmp_path,
    )
    assert "<svg" in (tmp_path / "boards.html").read_text()
