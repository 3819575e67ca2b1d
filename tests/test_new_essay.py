"""A new essay touches no file of another: files dropped beside the others are found by everything.

The essay in tests/new_essay has two figures, one of them in a module of its own folder, and an experiment. To
cover another part of the program, add a test that takes `client`, `folder` or `library`.
"""

import json
import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from infodecomp.cli.main import main
from infodecomp.web.factory import create_app
from infodecomp.web.services import get_services
from tests import golden
from tests.first_essay import ESSAYS

FILES = Path(__file__).parent / "new_essay"
SLUG = "rivers-and-rain"
FIGURES = ("river-level", "river-memory")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A copy of the essays, with one more."""
    folder = tmp_path_factory.mktemp("site") / "essays"
    shutil.copytree(ESSAYS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(FILES, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


@pytest.fixture(scope="module")
def app(folder):
    return create_app({"ESSAYS": folder})


@pytest.fixture
def client(app):
    return app.test_client()


@pytest.fixture
def library(app):
    return get_services(app).site.library


def test_no_file_of_another_essay_is_changed(folder):
    for path in ESSAYS.rglob("*"):
        if path.is_file() and "__pycache__" not in path.parts:
            assert (folder / path.relative_to(ESSAYS)).read_bytes() == path.read_bytes()


def test_check_finds_nothing_to_fix(folder):
    result = CliRunner().invoke(main, ["check", "--strict", "--essays", str(folder)])
    assert result.exit_code == 0, result.output


def test_its_page_shows_both_figures_and_its_numbers(client):
    page = client.get(f"/essays/{SLUG}?rain=4").text
    assert all(f'data-figure="{name}"' in page for name in FIGURES)
    assert '<data class="live" data-value="river-level.level" value="2.000">2.000<' in page
    assert 'class="problem"' not in page


def test_its_slides_and_its_source_can_be_had(client):
    assert client.get(f"/essays/{SLUG}/slides").text.count("data-figure=") == len(FIGURES)
    assert "Do rivers remember" in client.get(f"/essays/{SLUG}.md").text
    assert client.get(f"/essays/{SLUG}.bib").status_code == 200


@pytest.mark.parametrize("path", ["/", "/feed.xml", "/sitemap.xml"])
def test_the_lists_of_essays_have_it(client, path):
    assert f"/essays/{SLUG}" in client.get(path).text


def test_it_comes_after_the_essays_that_the_site_lists(client, library):
    listed = [slug for slug in library.config.order if slug in library.documents]
    found = re.findall(r'<h2><a href="/essays/([\w-]+)"', client.get("/").text)
    assert found[: len(listed)] == listed and SLUG in found[len(listed) :]


@pytest.mark.parametrize("name", FIGURES)
def test_each_figure_has_its_addresses(client, name):
    catalogue = client.get("/figures").text
    assert f"/figures/{name}" in catalogue and f"/essays/{SLUG}" in catalogue
    assert client.get(f"/figures/{name}?rain=5").status_code == 200
    assert client.get(f"/figures/{name}.svg?rain=5").text.startswith("<svg")
    assert client.get(f"/figures/{name}.json?rain=5").json["parameters"]["rain"] == 5
    assert "rain=5" in client.get(f"/embed/{name}?rain=5").text
    embed = client.get(f"/oembed?url=http://localhost/embed/{name}").json
    assert embed["title"] == get_services(client.application).site.library.figure(name).title


def test_a_table_is_served_for_the_figure_that_has_one(client):
    assert client.get("/figures/river-level.csv?rain=4").text.splitlines() == ["rain,level", "4.0,2.0"]
    assert client.get("/figures/river-memory.csv").status_code == 404


def test_openapi_describes_every_address(client):
    paths = json.loads(client.get("/openapi.json").data)["paths"]
    assert f"/essays/{SLUG}" in paths
    for name in FIGURES:
        parameters = paths[f"/figures/{name}.json"]["get"]["parameters"]
        assert "rain" in [parameter["name"] for parameter in parameters]
        assert f"/embed/{name}" in paths


def test_the_script_of_a_figure_holds_the_module_of_the_essays_folder(client):
    assert "0.6**day" in client.get("/figures/river-memory.py").text


def test_the_figures_of_the_other_essays_are_still_there(client, library):
    others = [name for name in library.figures if name not in FIGURES]
    assert others and client.get(f"/figures/{others[0]}.json").status_code == 200


def run(*words) -> str:
    result = CliRunner().invoke(main, [str(word) for word in words])
    assert result.exit_code == 0, result.output
    return result.output


def test_its_experiment_is_listed_trained_and_verified(folder, tmp_path):
    assert re.search(rf"^rainfall .*{SLUG}", run("experiments", "--essays", folder), re.M)
    run("train", "rainfall", "--essays", folder, "--out", tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"rainfall.json", "rainfall.safetensors"}
    assert "rainfall: all 1 scores hold" in run(
        "verify", "rainfall", "--essays", folder, "--models", tmp_path
    )


def test_its_default_pictures_are_drawn_like_the_golden_ones(folder):
    figures = {figure.name: figure for figure in golden.drawn_figures(folder)}
    for name in FIGURES:
        assert golden.picture(figures[name]).startswith("<svg")


def test_it_is_exported_into_one_file_and_its_size_is_reported(folder, tmp_path):
    copy = tmp_path / "rivers.html"
    output = run("export", SLUG, copy, "--essays", folder)
    assert re.search(r"0\.\d+ MB, [\d,]+ states of 2 figures", output)
    page = copy.read_text()
    assert (
        all(f'data-figure="{name}"' in page for name in FIGURES) and "http://" not in page.split("<main")[0]
    )
