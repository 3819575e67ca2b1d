"""`infodecomp export`: the bundle, opened from disk without a network, against the computation."""

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
from infodecomp.experiments.runs import Runs
from infodecomp.explorable import Axis, Choice, DragHandle, Line, Plot, Range, IterationSlider, figure

A = Range(name="a", label="first", default=.3, low=0, high=1, step=.001)
B = Range(name="b", label="second", default=.5, low=0, high=1)
KIND = Choice(name="kind", label="kind", default="sum", options={"sum": "Sum", "product": "Product"})
STEP = IterationSlider(
    name="step", label="step", default=40, high=40, resets_on=("seed",), play_label="Train"
)
SEED = Range(name="seed", label="seed", default=1, low=1, high=9, step=1)
X = np.linspace(0, 1, 50)


@figure(
    parameters=(A, B, KIND),
    title="Two numbers",
    controls=("a", "b", "kind"),
    presets={"far": "a=.123&b=.9"},
)
def two_numbers(a, b, kind):
    return {"a": a, "b": b, "kind": kind, "y": a + b if kind == "sum" else a * b}


@two_numbers.draw
def picture(data):
    state = {"a": (data["a"], A)}
    handle = DragHandle(data["a"], data["y"], "first", state=state, moves="a", axis="x")
    curve = Line(X, data["y"] * X**2, "ink")
    return Plot((curve, handle), Axis("x", (0, 1)), Axis("y", (0, 2)))


two_numbers.values(lambda data: {"y": data["y"]})
two_numbers.describe(
    lambda data: f"The {data['kind']} of {data['a']:.3f} and {data['b']:.2f} is {data['y']:.3f}."
)
two_numbers.table(lambda data: {"x": X, "y": data["y"] * X**2})

RUNS = Runs(lambda seed: iter([seed / (1 + step) for step in range(41)]))


@figure(
    parameters=(SEED, STEP),
    title="A run",
    controls=("step", "seed"),
    presets={"second": "seed=2&step=40"},
)
def a_run(seed, step):
    return {"loss": [RUNS.run(seed).at(at) for at in range(step + 1)]}


@a_run.draw
def curve(data):
    loss = data["loss"]
    return Plot((Line(range(len(loss)), loss, "ink"),), Axis("step", (0, 40)), Axis("loss", (0, 9)))


a_run.values(lambda data: {"loss": data["loss"][-1]})
a_run.describe(lambda data: f"After {len(data['loss']) - 1} steps the loss is {data['loss'][-1]:.3f}.")

COUNT = Range(name="count", label="count", default=500, low=0, high=1000, step=1)


@figure(parameters=(COUNT,), title="Stairs", controls=("count",))
def stairs(count):
    return {"count": int(count)}


@stairs.draw
def stair(data):
    return Plot((Line((0, 1), (0, data["count"]), "ink"),), Axis("x", (0, 1)), Axis("y", (0, 1000)))


stairs.describe(lambda data: f"There are {data['count']} of them.")

SHARE = Range(name="share", label="share", default=.5, low=0, high=1)


@figure(parameters=(A, SHARE), title="A share", controls=("share",), presets={"quarter": "share=.25"})
def a_share(a, share):
    return {"a": a, "share": share}


@a_share.draw
def part(data):
    return Plot((Line((0, 1), (0, data["a"] * data["share"]), "ink"),), Axis("x", (0, 1)), Axis("y", (0, 1)))


a_share.describe(lambda data: f"{data['share']:.2f} of {data['a']:.1f}.")
"""
PROSE = """---
title: A small essay
---

Their outcome is <data value='two-numbers.y'></data>. Try <animate data-animate='far'>far ones</animate>,
`$x^2$`.<a class='footstart' key='k'></a>

<div class='two-numbers row'></div>

And a run, which one [follows](#a-run), and <animate data-animate='second'>another</animate>.

<div class='a-run row'></div>

At the end stairs.

<div class='stairs row'></div>

And <animate data-animate='quarter'>a quarter</animate> of the first number.

<div class='a-share row'></div>

<a class='footend' key='k'></a> A note below the line.
"""


def export(*arguments):
    return CliRunner().invoke(main, ["export", *map(str, arguments)])


@pytest.fixture(scope="module")
def essays(tmp_path_factory):
    folder = tmp_path_factory.mktemp("essays")
    (folder / "small.py").write_text(FIGURES)
    (folder / "small.md").write_text(PROSE)
    return folder


@pytest.fixture(scope="module")
def bundle_path(essays):
    path = essays / "copies" / "small.html"
    path.parent.mkdir()
    result = export("small", path, "--essays", essays)
    assert result.exit_code == 0, result.output
    assert re.search(r"small\.html: 0\.\d\d MB, [\d,]+ states of 4 figures, \d+ s", result.output)
    assert [found.name for found in path.parent.iterdir()] == ["small.html"]
    return path


@pytest.fixture
def open_bundle(chromium, bundle_path):
    contexts, complaints = [], []

    def opened(path=bundle_path, **settings):
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
        """(input, value) => {
            input.value = value
            input.dispatchEvent(new Event('input', { bubbles: true }))
        }""",
        str(value),
    )


SENTENCE = re.compile(r"The (\w+) of ([\d.]+) and ([\d.]+) is ([\d.]+)\.")


def read(page, a=None, b=None) -> tuple[str, float, float, float]:
    """Kind, first and second number and outcome in the description; waits until it shows a and b."""
    description = page.locator("#two-numbers .says")
    if a is not None:
        expect(description).to_contain_text(f"of {a:.3f} and {b:.2f} is")
    kind, *numbers = SENTENCE.match(description.inner_text()).groups()
    return kind, *map(float, numbers)


def worst(page, name) -> float:
    return float(
        re.search(r"numbers were off by at most ([\d.]+)", page.locator(f"#{name} .held").inner_text())[1]
    )


@pytest.mark.browser
def test_sliders_interpolate_within_the_stated_error(open_bundle):
    page = open_bundle()
    stated = worst(page, "two-numbers")
    for a, b in np.random.default_rng(3).uniform(size=(24, 2)).round(3):
        move(page, "a", a)
        b = round(b, 2)
        move(page, "b", b)
        _, first, second, outcome = read(page, a, b)  # interpolation shows exactly what the sliders say
        assert outcome == pytest.approx(first + second, abs=stated + 0.0011)
        expect(page.locator('[data-value="two-numbers.y"]').first).to_have_text(f"{outcome:.3f}")


@pytest.mark.browser
def test_choices_links_handles_and_tables_work(open_bundle):
    page = open_bundle()
    page.locator("label", has_text="Product").click()
    move(page, "a", 0.5)
    expect(page.locator("#two-numbers .says")).to_have_text("The product of 0.500 and 0.50 is 0.250.")
    page.locator("[data-set]", has_text="far ones").click()
    read(page, 0.123, 0.9)
    handle = page.locator("#two-numbers .handle").first
    handle.scroll_into_view_if_needed()
    box = handle.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2 + 200, box["y"] + box["height"] / 2, steps=6)
    page.mouse.up()
    expect(page.locator("#two-numbers .says")).not_to_contain_text("of 0.123 and")
    assert read(page)[1] > 0.3
    page.locator("#two-numbers .numbers summary").click()
    expect(page.locator("#two-numbers table tr")).to_have_count(51)


@pytest.mark.browser
def test_a_recorded_run_plays(open_bundle):
    page = open_bundle()
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
    expect(page.locator("#a-run [data-plays]")).to_have_text("Train again")


@pytest.mark.browser
def test_an_arrow_key_goes_to_the_next_held_state_and_says_so(open_bundle):
    page = open_bundle()
    slider, sentence = page.locator('#stairs input[data-parameter="count"]'), page.locator("#stairs .says")
    line = page.locator("#stairs .went-back")
    slider.press("ArrowRight")
    expect(line).to_contain_text("next state that this copy holds: count 5")
    above = int(slider.input_value())
    assert 501 < above <= 510, "only every eighth or ninth value is held"
    expect(sentence).to_have_text(f"There are {above} of them.")
    slider.press("ArrowLeft")
    expect(sentence).to_have_text("There are 500 of them.")
    expect(line).to_have_text(re.compile("count 500[.]$"))
    slider.press("ArrowRight")
    expect(line).to_have_text(re.compile(f"count {above}[.]$"))  # said again of a state that was shown before
    slider.press("ArrowLeft")
    slider.press("ArrowLeft")
    expect(sentence).not_to_have_text(re.compile("There are 50. of them."))
    assert 490 <= int(slider.input_value()) < 499
    page.mouse.click(5, 5)
    move(page, "count", 501)  # a pointer goes to the nearest one, without a word
    expect(sentence).to_have_text("There are 500 of them.")
    expect(line).to_be_hidden()
    page.locator('#two-numbers input[data-parameter="a"]').press("ArrowRight")
    read(page, 0.301, 0.5)  # interpolated: an arrow key moves by a step as everywhere
    expect(page.locator("#two-numbers .went-back")).to_be_hidden()


@pytest.mark.browser
def test_what_one_figure_cannot_show_stays_in_the_others(open_bundle):
    page = open_bundle()
    move(page, "a", 0.7)
    expect(page.locator("#a-share .says")).to_have_text("0.50 of 0.7.")
    page.locator("[data-set]", has_text="a quarter").click()
    expect(page.locator("#a-share .says")).to_have_text("0.25 of 0.3.")
    expect(page.locator("#a-share .went-back")).to_have_text(
        "Not all of this is held at once: this picture has “first” at “0.3”."
    )
    expect(page.locator("#two-numbers .says")).to_have_text("The sum of 0.700 and 0.50 is 1.200.")


@pytest.mark.browser
def test_notes_open_and_the_picture_fits_a_phone(open_bundle):
    page = open_bundle(viewport={"width": 390, "height": 800}, color_scheme="dark")
    move(page, "a", 0.9)
    read(page, 0.9, 0.5)
    assert page.locator("#two-numbers svg").first.bounding_box()["width"] <= 390
    page.locator(".footnote-ref").first.click()
    expect(page.get_by_text("A note below the line.").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.browser
def test_the_essay_can_be_read_without_scripts(open_bundle):
    page = open_bundle(java_script_enabled=False)
    assert "Their outcome is 0.800." in page.locator("article").inner_text()
    assert page.locator("math").count() == 1 and page.locator("#two-numbers svg").first.is_visible()


def test_the_file_makes_no_requests(bundle_path):
    html = bundle_path.read_text()
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', html)[1]
    assert policy.startswith("default-src 'none'; script-src 'sha256-") and "unsafe" not in policy
    assert not re.findall(
        r'(?:href|src)="(?!#|\?|data:|https?:|mailto:)[^"]*"',
        re.sub(r"<script.*?</script>", "", html, flags=re.S),
    )
    assert not re.findall(r'<(?:script|link|img)[^>]*(?:src|href)="(?!data:)', html)


def test_a_single_figure_has_all_its_controls(essays, tmp_path):
    result = export("small", tmp_path / "one.html", "--essays", essays, "--only", "a-run")
    html = (tmp_path / "one.html").read_text()
    assert result.exit_code == 0 and re.findall(r'<figure [^>]*data-figure="([^"]+)"', html) == ["a-run"]
    assert 'data-parameter="step"' in html and "Read the essay" not in html


@pytest.mark.parametrize(
    "arguments, message",
    [
        (("smal", "x.html"), "no essay 'smal'"),
        (("small", "none/x.html"), "there is no folder"),
        (("small", "x.html", "--only", "two-number"), "the nearest is 'two-numbers'"),
        (("small", "x.html", "--only", "storm-telegraph"), "small shows no figure 'storm-telegraph'"),
        (("small", "."), "is a directory"),
    ],
)
def test_bad_input_is_reported_before_anything_is_computed(essays, tmp_path, arguments, message):
    slug, out, *more = arguments
    result = export(slug, tmp_path / out, "--essays", essays, *more)
    assert result.exit_code and message in result.output and not list(tmp_path.iterdir())


def test_a_failed_write_is_reported_and_leaves_the_old_file(essays, tmp_path, monkeypatch):
    (tmp_path / "x.html").write_text("as it was")

    def full_disk(*arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full_disk)
    result = export("small", tmp_path / "x.html", "--essays", essays, "--only", "a-run")
    assert result.exit_code == 1 and "No space left on device" in result.output
    assert (tmp_path / "x.html").read_text() == "as it was" and len(list(tmp_path.iterdir())) == 1


def test_a_large_bundle_names_its_largest_figures(essays, tmp_path, monkeypatch):
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
    more = sum(estimate(bundle, fetch, heavier).values()) - sum(sizes.values())
    assert more == pytest.approx(sizes["storm-telegraph"], rel=0.05), "twice as many states are noticed"
