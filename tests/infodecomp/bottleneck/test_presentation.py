"""Pictures, tables and the notebook representation of a fit."""

import builtins
import xml.etree.ElementTree as ET

import numpy as np
import pandas as pd
import pytest
from sklearn import config_context

from infodecomp import DistributedBottleneck, InformationError
from infodecomp.bottleneck.fits.presentation import NamedPlane
from infodecomp.bottleneck.information_plane import InformationPlane
from infodecomp.bottleneck.model import Bottleneck
from infodecomp.pictures.decomposition import drawn_points, plane_picture

GENERATOR = np.random.default_rng(0)
NAMES = ["a_%", "<b>|c", "noise"]
X = pd.DataFrame(GENERATOR.integers(0, 3, (200, 3)).astype(float), columns=NAMES)
Y = X["a_%"] + X["<b>|c"]


@pytest.fixture(scope="module")
def fit() -> DistributedBottleneck:
    return DistributedBottleneck(steps=150, width=16, draws=20).fit(X, Y)


def plane_of(bits, error, spread=0.1) -> InformationPlane:
    bits, error = np.array(bits), np.array(error)
    features = bits[:, None]
    t = np.linspace(0, 1, len(bits))
    return InformationPlane(t, bits, bits * 0, error, 0 * error + spread, features, features * 0)


def test_the_frame_and_the_tables_hold_the_numbers_of_the_plane(fit):
    plane = fit.information_plane_
    frame = plane.to_frame()
    assert list(frame)[1:4] == ["bits", "bits_standard_error", "error"]
    assert (frame["a_% bits"] == plane.features[:, 0]).all() and len(frame) == len(plane.bits)
    head, rule, *rows = plane.to_markdown().splitlines()
    assert head == r"| bits | root mean squared error | a_% | <b>\|c | noise |" and rule.count("---:") == 5
    assert plane.budgets == sorted(plane.budgets) and fit.best_bits_ in plane.budgets
    assert plane.budgets[-1] == plane.ascending_bits[plane.error.argmin()], "up to the smallest error"
    for bits, row in zip(plane.budgets, rows, strict=True):
        at = plane.at(bits)
        assert row.startswith(f"| {bits:.1f} | {at.error:.4g} ± {at.error_standard_error:.2g} | ")
    latex = plane.to_latex(budgets=[1.0], columns=["noise", "a_%"])
    assert r"& noise & a\_\% \\" in latex and latex.count(r" \\") == 2 and "{rrrr}" in latex
    assert f"{plane.at(1.0).features[0]:.2f} \\\\" in latex and r"\ensuremath{\pm}" in latex
    with pytest.raises(InformationError, match="no column 'd': choose from a_%"):
        plane.to_markdown(columns=["d"])
    with pytest.raises(InformationError, match="out of reach"):
        plane.to_latex(budgets=[99])


def test_a_table_has_no_negative_zero():
    plane = NamedPlane.of(plane_of([-0.004, 1], [1, 0.2]), ["x"], "error")
    assert "-0.0" not in plane.to_markdown(budgets=[-0.004])


def test_no_name_in_a_table_of_markdown_becomes_a_formula():
    plane = NamedPlane.of(plane_of([0.1, 1], [1, 0.2]), ["$x^2$ \\|"], "error")
    assert plane.to_markdown().splitlines()[0] == r"| bits | error | \$x^2\$ \\\| |"


def test_the_picture_is_a_document_with_the_bits_that_are_enough(fit):
    svg = fit.picture("y", theme="dark")
    assert ET.fromstring(svg).tag.endswith("svg") and svg._repr_svg_() == svg
    assert f"{fit.best_bits_:.1f} bits are enough" in svg and "y: root mean squared error" in svg
    for wrong in ({"theme": "blue"}, {"width": 1}):
        with pytest.raises(InformationError, match="choose from light, dark|give 200 to 2000"):
            fit.picture(**wrong)


def test_the_curve_is_dashed_where_it_overfits_and_its_band_ends_at_0():
    plane = plane_of([0, 1, 2, 3], [1, 0.15, 0.5, 1])
    area, strong, dashed, *_, label = plane_picture(plane, "error").marks
    assert min(area.low) == 0 and strong.x[-1] == dashed.x[0] == plane.best_bits == 1
    assert dashed.dash and label.text == "overfitting"


def test_points_without_bits_are_drawn_as_one():
    plane = plane_of([0.004, -0.001, 0.002, 1, 4], [3, 2, 4, 1, 0.5])
    bits, error = drawn_points(plane, plane.error)
    assert bits.tolist() == [0.004, 1, 4] and error.tolist() == [3, 1, 0.5]


def test_a_notebook_shows_the_plane_once_fitted(fit):
    unfitted = DistributedBottleneck()
    assert "<svg" not in unfitted._repr_mimebundle_()["text/html"]
    html = fit._repr_mimebundle_()["text/html"]
    assert "bits are enough" in html and "sk-" in html and "bits are enough" in fit._repr_html_()
    assert "&lt;b&gt;|c" in html and "<th><b>" not in html
    with config_context(display="text"):
        assert "text/html" not in fit._repr_mimebundle_() and not hasattr(fit, "_repr_html_")


def test_matplotlib_draws_into_given_axes(fit):
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("Agg")
    from matplotlib.figure import Figure

    axes = Figure().subplots()
    assert fit.plot(axes) is axes and axes.get_ylabel() == "root mean squared error"
    mark = axes.lines[-1]
    assert mark.get_xdata()[0] == pytest.approx(fit.best_bits_)
    band = axes.collections[0].get_paths()[0].vertices
    assert band[:, 1].min() >= 0


def test_without_matplotlib_the_error_names_the_package(fit, monkeypatch):
    real = builtins.__import__

    def refuse(name, *args, **options):
        if name.startswith("matplotlib"):
            raise ImportError(name)
        return real(name, *args, **options)

    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(ImportError, match=r"pip install -e '\.\[plot\]'$"):
        fit.plot()


def test_budgets_that_are_named_are_within_reach_where_the_first_bits_are_noise(fit):
    plane, own = plane_of([1.0, 0.5, 0.8, 5.0, 10.0], [5.0, 4.0, 3.0, 2.0, 1.0]), fit.bottleneck_
    for budget in NamedPlane.of(plane, ["a"], "error").budgets:
        plane.check_budget(budget)
    noisy = Bottleneck(own.features, own.target, own.network, own.config, own.seed, plane)
    assert noisy.bits_range == (1.0, 10.0)
    for budget in noisy.bits_range:
        plane.check_budget(budget)
