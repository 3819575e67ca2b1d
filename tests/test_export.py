"""`infodecomp export`: one file, opened from disk in a browser with no network, against the computation."""

import json
import os
import re

import numpy as np
import pytest
from click.testing import CliRunner
from playwright.sync_api import expect

from infodecomp.cli.main import main

FIGURES = """
import numpy as np
from infodecomp.explorable import Axis, Choice, DragHandle, Line, Plot, Range, Runs, IterationSlider, figure

A = Range(name="a", label="first", default=.3, low=0, high=1, step=.001)
B = Range(name="b", label="second", default=.5, low=0, high=1)
KIND = Choice(name="kind", label="kind", default="sum", options={"sum": "Sum", "product": "Product"})
STEP = IterationSlider(name="step", label="step", default=40, high=40, resets_on=("seed",), play_label="Train")
SEED = Range(name="seed", label="seed", default=1, low=1, high=9, step=1)
X = np.linspace(0, 1, 50)


@figure(parameters=(A, B, KIND), title="Two numbers", controls=("a", "b", "kind"), presets={"far": "a=.123&b=.9"})
def two_numbers(a, b, kind):
    return {"a": a, "b": b, "kind": kind, "y": a + b if kind == "sum" else a * b}


@two_numbers.draw
def picture(data):
    return Plot((Line(X, data["y"] * X**2, "ink"), DragHandle(data["a"], data["y"], "first", state={"a": (data["a"], A)}, moves="a", axis="x")),
                Axis("x", (0, 1)), Axis("y", (0, 2)))


two_numbers.values(lambda data: {"y": data["y"]})
two_numbers.describe(lambda data: f"The {data['kind']} of {data['a']:.3f} and {data['b']:.2f} is {data['y']:.3f}.")
two_numbers.table(lambda data: {"x": X, "y": data["y"] * X**2})

RUNS = Runs(lambda seed: iter([seed / (1 + step) for step in range(41)]))


@figure(parameters=(SEED, STEP), title="A run", controls=("step", "seed"), presets={"second": "seed=2&step=40"})
def a_run(seed, step):
    return {"loss": [RUNS.of(seed).at(at) for at in range(step + 1)]}


a_run.draw(lambda data: Plot((Line(range(len(data["loss"])), data["loss"], "ink"),), Axis("step", (0, 40)), Axis("loss", (0, 9))))
a_run.values(lambda data: {"loss": data["loss"][-1]})
a_run.describe(lambda data: f"After {len(data['loss']) - 1} steps the loss is {data['loss'][-1]:.3f}.")
"""
PROSE = """---
title: A small essay
---

Their outcome is <data value='two-numbers.y'></data>. Try <animate data-animate='far'>far ones</animate>, `$x^2$`.<a class='footstart' key='k'></a>

<div class='two-numbers row'></div>

And a run, which one [follows](#a-run), and <animate data-animate='second'>another</animate>.

<div class='a-run row'></div>

<a class='footend' key='k'></a> A note below the line.
"""


def export(*words):
    return CliRunner().invoke(main, ["export", *map(str, words)])


@pytest.fixture(scope="module")
def essays(tmp_path_factory):
    folder = tmp_path_factory.mktemp("essays")
    (folder / "small.py").write_text(FIGURES)
    (folder / "small.md").write_text(PROSE)
    return folder


@pytest.fixture(scope="module")
def copy(essays):
    path = essays / "copies" / "small.html"
    path.parent.mkdir()
    result = export("small", path, "--essays", essays)
    assert result.exit_code == 0, result.output
    assert re.search(r"small\.html: 0\.\d\d MB, [\d,]+ states of 2 figures, \d+ s", result.output)
    assert [found.name for found in path.parent.iterdir()] == ["small.html"]
    return path


@pytest.fixture
def open_copy(chromium, copy):
    contexts, complaints = [], []

    def opened(path=copy, **settings):
        context = chromium.new_context(
            offline=True, **({"viewport": {"width": 1280, "height": 900}} | settings)
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(8000)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console",
            lambda message: complaints.append(message.text) if message.type in ("error", "warning") else None,
        )
        page.on(
            "request",
            lambda request: (
                complaints.append(request.url) if not request.url.startswith(("file:", "data:")) else None
            ),
        )
        page.goto(f"file://{path}")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not complaints


def move(page, name, value):
    page.locator(f'input[type=range][data-parameter="{name}"]').first.evaluate(
        "(input, value) => { input.value = value; input.dispatchEvent(new Event('input', { bubbles: true })) }",
        str(value),
    )


def read(page) -> tuple[float, ...]:
    """What the picture's sentence says once it has come: the first number, the second, and what they come to."""
    page.wait_for_timeout(120)
    kind, *numbers = re.match(
        r"The (\w+) of ([\d.]+) and ([\d.]+) is ([\d.]+)\.", page.locator("#two-numbers .says").inner_text()
    ).groups()
    return kind, *map(float, numbers)


def worst(page, name) -> float:
    return float(
        re.search(r"numbers were off by at most ([\d.]+)", page.locator(f"#{name} .held").inner_text())[1]
    )


@pytest.mark.browser
def test_sliders_move_it_and_it_is_never_further_off_than_it_says(open_copy):
    page = open_copy()
    stated = worst(page, "two-numbers")
    for a, b in np.random.default_rng(3).uniform(size=(24, 2)).round(3):
        move(page, "a", a)
        move(page, "b", round(b, 2))
        kind, first, second, outcome = read(page)
        assert abs(first - a) < 0.0011 and abs(second - b) < 0.011, "where it interpolates, the hand leads"
        assert outcome == pytest.approx(first + second, abs=stated + 0.0011)
        assert float(page.locator('[data-value="two-numbers.y"]').first.inner_text()) == outcome


@pytest.mark.browser
def test_choices_words_handles_and_tables_work(open_copy):
    page = open_copy()
    page.locator("label", has_text="Product").click()
    move(page, "a", 0.5)
    assert read(page) == ("product", 0.5, 0.5, 0.25)
    page.locator("[data-set]", has_text="far ones").click()
    page.wait_for_timeout(300)
    assert read(page)[1:3] == (0.123, 0.9)
    handle = page.locator("#two-numbers .handle").first
    handle.scroll_into_view_if_needed()
    box = handle.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2 + 200, box["y"] + box["height"] / 2, steps=6)
    page.mouse.up()
    assert read(page)[1] > 0.3
    page.locator("#two-numbers .numbers summary").click()
    expect(page.locator("#two-numbers table tr")).to_have_count(51)


@pytest.mark.browser
def test_a_run_is_shown_as_it_was_recorded_and_plays(open_copy):
    page = open_copy()
    assert page.locator('#a-run input[data-parameter="seed"]').is_disabled()
    for step in (0, 7, 33):
        move(page, "step", step)
        expect(page.locator("#a-run .says")).to_have_text(
            f"After {step} steps the loss is {1 / (1 + step):.3f}."
        )
    move(page, "step", 0)
    page.locator("[data-set]", has_text="another").click()
    expect(page.locator("#a-run .says")).to_have_text(f"After 40 steps the loss is {2 / 41:.3f}.")
    move(page, "step", 0)
    page.locator("#a-run [data-plays]").click()
    expect(page.locator("#a-run .says")).to_contain_text("After 40 steps", timeout=10000)
    expect(page.locator("#a-run [data-plays]")).to_have_text("Train")


@pytest.mark.browser
def test_notes_open_and_every_width_has_its_picture(open_copy):
    page = open_copy(viewport={"width": 390, "height": 800}, color_scheme="dark")
    move(page, "a", 0.9)
    assert read(page)[1] == 0.9
    assert page.locator("#two-numbers svg").first.bounding_box()["width"] <= 390
    page.locator(".footnote-ref").first.click()
    expect(page.get_by_text("A note below the line.").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.browser
def test_without_a_script_it_is_the_essay(open_copy):
    page = open_copy(java_script_enabled=False)
    assert "Their outcome is 0.800." in page.locator("article").inner_text()
    assert page.locator("math").count() == 1 and page.locator("#two-numbers svg").first.is_visible()


def test_the_file_loads_nothing_and_leads_to_no_server(copy):
    html = copy.read_text()
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', html)[1]
    assert policy.startswith("default-src 'none'; script-src 'sha256-") and "unsafe" not in policy
    assert not re.findall(
        r'(?:href|src)="(?!#|\?|data:|https?:|mailto:)[^"]*"',
        re.sub(r"<script.*?</script>", "", html, flags=re.S),
    )
    assert not re.findall(r'<(?:script|link|img)[^>]*(?:src|href)="(?!data:)', html)


def test_one_figure_alone_has_all_its_controls(essays, tmp_path):
    result = export("small", tmp_path / "one.html", "--essays", essays, "--only", "a-run")
    html = (tmp_path / "one.html").read_text()
    assert result.exit_code == 0 and re.findall(r'<figure [^>]*data-figure="([^"]+)"', html) == ["a-run"]
    assert 'data-parameter="step"' in html and "Read the essay" not in html


@pytest.mark.parametrize(
    "words, says",
    [
        (("smal", "x.html"), "no essay 'smal'"),
        (("small", "none/x.html"), "there is no folder"),
        (("small", "x.html", "--only", "two-number"), "the nearest is 'two-numbers'"),
        (("small", "x.html", "--only", "storm-telegraph"), "small shows no figure 'storm-telegraph'"),
        (("small", "."), "is a directory"),
    ],
)
def test_bad_input_is_said_before_anything_is_computed(essays, tmp_path, words, says):
    slug, out, *more = words
    result = export(slug, tmp_path / out, "--essays", essays, *more)
    assert result.exit_code and says in result.output and not list(tmp_path.iterdir())


def test_a_failed_write_is_reported_and_leaves_the_old_file(essays, tmp_path, monkeypatch):
    (tmp_path / "x.html").write_text("as it was")

    def full_disk(*arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full_disk)
    result = export("small", tmp_path / "x.html", "--essays", essays, "--only", "a-run")
    assert result.exit_code == 1 and "No space left on device" in result.output
    assert (tmp_path / "x.html").read_text() == "as it was" and len(list(tmp_path.iterdir())) == 1


def test_a_copy_that_grew_too_large_says_what_makes_it_large(essays, tmp_path, monkeypatch):
    from infodecomp.cli import export as command

    monkeypatch.setattr(command, "LARGE", 1000)
    result = export("small", tmp_path / "one.html", "--essays", essays, "--only", "a-run")
    assert result.exit_code == 0 and re.search(
        r"more than the 0.001 MB .*: a-run 0\.\d MB\. Fewer named states", result.output
    )


def test_the_bundle_of_the_essay_stays_under_five_megabytes():
    """An estimate; `make copy-size` computes the real size and updates its basis."""
    from infodecomp.cli.export import LARGE
    from tests.copy_size import MEASURED, estimate, plan

    bundle, fetch = plan()
    measured = json.loads(MEASURED.read_text())
    assert {figure.name for figure in bundle.grids} == set(measured), "figures have changed: make copy-size"
    sizes = estimate(bundle, fetch, measured)
    largest = sorted(sizes, key=sizes.__getitem__)[-5:]
    assert sum(sizes.values()) < LARGE, {name: round(sizes[name]) for name in largest}
    telegraph = measured["storm-telegraph"]
    heavier = measured | {"storm-telegraph": telegraph | {"work": telegraph["work"] / 2}}
    assert sum(estimate(bundle, fetch, heavier).values()) > LARGE, "twice as many states are noticed"
