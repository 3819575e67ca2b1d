"""Samples of the predictive distribution equal the predictions of the model, draw by draw."""

from pathlib import Path

import numpy as np
import pytest

from infodecomp.bottleneck.estimator import DistributedBottleneck
from infodecomp.bottleneck.model import Bottleneck
from infodecomp.bottleneck.predictive import message_noise, predictive_probabilities, predictive_samples
from infodecomp.data.bikes import split_bikes
from infodecomp.errors import InformationError
from infodecomp.experiments.bikes import unseen_rows

MODEL = Bottleneck.load(Path(__file__).parents[3] / "models" / "bikes.safetensors")
ROWS = np.stack([np.random.default_rng(0).integers(0, feature.n_levels, 30) for feature in MODEL.features], 1)


@pytest.mark.parametrize("bits", [0.5, 4, 15])
def test_each_draw_equals_a_prediction_of_the_model(bits):
    samples = predictive_samples(MODEL, ROWS, bits, message_noise(MODEL, ROWS, 3))
    for draw in range(3):
        assert samples[draw] == pytest.approx(MODEL.predict(ROWS, bits, draw), abs=1e-3)


def test_an_unseen_value_becomes_another_level_in_each_draw():
    rows = np.where(np.random.default_rng(1).random(ROWS.shape) < 0.2, -1, ROWS)
    samples = predictive_samples(MODEL, rows, 4, message_noise(MODEL, rows, 3))
    for draw in range(3):
        assert samples[draw] == pytest.approx(MODEL.predict(rows, 4, draw), abs=1e-3)


def test_fewer_bits_leave_more_uncertainty():
    rows = unseen_rows(MODEL, split_bikes())[0][::100]
    noise = message_noise(MODEL, rows, 100)
    spreads = [predictive_samples(MODEL, rows, bits, noise).std(0).mean() for bits in (3, 8, 15)]
    assert spreads == sorted(spreads, reverse=True) and spreads[2] < 0.7 * spreads[0]


def test_a_budget_out_of_reach_is_refused():
    with pytest.raises(InformationError, match="out of reach"):
        predictive_samples(MODEL, ROWS, 99, message_noise(MODEL, ROWS, 1))


def test_the_error_on_few_rows_is_the_mean_over_samples_of_their_messages():
    x = np.random.default_rng(0).normal(size=(60, 2))
    fit = DistributedBottleneck(steps=20, draws=20).fit(x, x[:, 0]).bottleneck_
    rows = np.stack([np.arange(50) % feature.n_levels for feature in fit.features], 1)
    y, bits = np.linspace(-1, 1, 50), sum(fit.bits_range) / 2
    samples = predictive_samples(fit, rows, bits, message_noise(fit, rows, 24))
    plane = fit.measure_plane(rows, y, draws=20, t=[fit.t_at(bits)])
    squares = (samples - y) ** 2
    assert plane.error == pytest.approx(np.sqrt(squares.mean()), rel=1e-5)
    standard_error = squares.mean(0).std(ddof=1) / np.sqrt(50) / (2 * plane.error)
    assert plane.error_standard_error == pytest.approx(standard_error, rel=1e-4)


def test_classes_have_the_probabilities_that_the_model_predicts_draw_by_draw():
    X = np.random.default_rng(0).normal(size=(60, 2))
    fit = DistributedBottleneck(steps=20, draws=20).fit(X, np.where(X[:, 0] > 0, "up", "down")).bottleneck_
    rows = np.stack([np.arange(8) % feature.n_levels for feature in fit.features], 1)
    noise, bits = message_noise(fit, rows, 3), sum(fit.bits_range) / 2
    probabilities = predictive_probabilities(fit, rows, bits, noise)
    assert probabilities.shape == (3, 8, 2) and probabilities.sum(-1) == pytest.approx(1)
    for draw in range(3):
        assert probabilities[draw] == pytest.approx(fit.predict(rows, bits, draw), abs=1e-4)
    with pytest.raises(InformationError, match="predicts classes"):
        predictive_samples(fit, rows, bits, noise)
    with pytest.raises(InformationError, match="predicts a number"):
        predictive_probabilities(MODEL, ROWS, 4, message_noise(MODEL, ROWS, 1))
