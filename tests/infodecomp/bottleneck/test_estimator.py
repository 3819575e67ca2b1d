"""Fits of a small known problem: their result, interruption, storage, and independence of global settings."""

import pickle
import signal
import subprocess
import sys
import time

import numpy as np
import pandas as pd
import pytest
import torch
from sklearn.base import clone

from infodecomp import DistributedBottleneck, DistributedBottleneckRegressor, InformationError
from infodecomp.artifacts import read_checkpoint, write_checkpoint
from infodecomp.bottleneck.fits import fitting
from infodecomp.bottleneck.preprocessing import learn_target
from infodecomp.bottleneck.training import TrainingConfig

GENERATOR = np.random.default_rng(0)
X = GENERATOR.integers(0, 2, (200, 3)).astype(float)
SMALL = {"width": 32, "draws": 20}
KILLED = """
import numpy as np, sys
from infodecomp import DistributedBottleneck
X = np.random.default_rng(0).integers(0, 2, (200, 3)).astype(float)
DistributedBottleneck(steps=100_000, width=32, draws=20).fit(X, X[:, 0], checkpoint=sys.argv[1])
"""


def test_all_bits_go_to_the_only_informative_column():
    plane = DistributedBottleneck(steps=250, **SMALL).fit(X, X[:, 1]).information_plane_.at(0.95)
    assert plane.features[1] > 0.95 * plane.bits


def test_the_decoder_of_classes_has_smaller_weights_where_rows_are_few(monkeypatch):
    def fitted(y):
        return DistributedBottleneck(steps=80, **SMALL).fit(X, y).bottleneck_

    classes = X[:, 0].astype(int).astype(str)
    shrunk, numbers = fitted(classes), fitted(X[:, 0])
    assert shrunk.config.weight_decay > 9 and numbers.config.weight_decay == 0
    monkeypatch.setattr(fitting, "WEIGHT_DECAY", 0.0)
    sizes = [one.network.layers[-1].weight.norm() for one in (shrunk, fitted(classes))]
    assert sizes[0] < sizes[1] / 2


def test_the_first_bits_of_a_column_of_noise_cost_more_than_they_explain_by_chance(monkeypatch):
    generator = np.random.default_rng(0)
    x = generator.integers(0, 4, (400, 4)).astype(float)
    y = (x[:, 0] + x[:, 1]) / 3 + 0.3 * generator.normal(size=400)

    def most_bits():
        return DistributedBottleneck(steps=150, **SMALL).fit(x, y).information_plane_.features[-1]

    priced = most_bits()
    monkeypatch.setattr(fitting, "FIRST_BETA", 0.0)
    assert priced[:2].min() > 1.9 and priced[2:].max() < most_bits()[2:].max() / 2


@pytest.mark.parametrize("y", [np.arange(6000.0) % 7, np.array(["a", "b"] * 3000)])
def test_from_6000_rows_on_nothing_is_done_about_few_rows(y):
    target, config = learn_target(y, "auto"), TrainingConfig()
    assert fitting.for_few_rows(config, y, target, 6000, 4800) is config
    assert fitting.for_few_rows(config, y, target, 5999, 4800) != config


def test_a_large_table_of_which_few_rows_are_sampled_is_no_table_with_few_rows():
    rng = np.random.default_rng(0)
    table = pd.DataFrame({"a": rng.normal(size=6000), "y": np.array(["no", "yes"])[rng.integers(0, 2, 6000)]})
    fit = DistributedBottleneck(steps=3, draws=20).fit_stream(table, "y", sample_rows=500)
    config = fit.bottleneck_.config
    assert config.learning_rate == TrainingConfig.learning_rate
    assert config.first_beta == config.weight_decay == 0


def test_a_stopped_fit_resumes_to_the_same_numbers(tmp_path):
    file, steps = tmp_path / "fit.safetensors", iter(range(1000))
    make = lambda: DistributedBottleneck(steps=120, **SMALL)
    whole = make().fit(X, X[:, 0])
    make().fit(X, X[:, 0], checkpoint=file, should_stop=lambda: next(steps) == 36)
    resumed = make().fit(X, X[:, 0], checkpoint=file)
    for expected, found in zip(whole.information_plane_, resumed.information_plane_):
        assert (expected == found).all()
    with pytest.raises(InformationError, match="another fit"):
        make().fit(X, X[:, 1], checkpoint=file)


TABLE = pd.DataFrame({"a": [0.0, 1, 2, 3] * 10, "b": [0.0, 0, 0, 0, 1, 1, 1, 1] * 5})
ROLLED = pd.DataFrame(np.roll(TABLE, 1, axis=0), columns=TABLE.columns)
OTHERS = {
    "a target in another order": (TABLE, ROLLED["b"], None, {}),
    "columns that are swapped": (TABLE.set_axis(["b", "a"], axis=1), TABLE["b"], None, {}),
    "rows in another order": (ROLLED, TABLE["b"], None, {}),
    "other weights": (TABLE, TABLE["b"], np.roll([1, 1, 2, 2] * 10, 1), {}),
    "a column that is no circle": (TABLE, TABLE["b"], None, {"periods": None}),
    "a column with another period": (TABLE, TABLE["b"], None, {"periods": {"a": 5}}),
}


@pytest.mark.parametrize("change", OTHERS)
def test_a_fit_to_other_data_with_the_same_sums_does_not_resume(tmp_path, change):
    file, settings = tmp_path / "fit.safetensors", {"steps": 2, "periods": {"a": 4}, **SMALL}
    weights = [1, 1, 2, 2] * 10 if change == "other weights" else None
    DistributedBottleneck(**settings).fit(TABLE, TABLE["b"], weights, checkpoint=file)
    x, y, weights, options = OTHERS[change]
    with pytest.raises(InformationError, match="is of another fit"):
        DistributedBottleneck(**settings | options).fit(x, y, weights, checkpoint=file)


def test_a_checkpoint_that_does_not_say_of_which_data_it_is_is_not_used(tmp_path):
    file, fit = tmp_path / "fit.safetensors", DistributedBottleneck(steps=2, **SMALL)
    fit.fit(TABLE, TABLE["b"], checkpoint=file)
    tensors, identity = read_checkpoint(file)
    del identity["data"]
    write_checkpoint(file, tensors, identity | {"sums": [60, "0", "32"]})
    with pytest.raises(InformationError, match="earlier version.*: remove it to start again"):
        fit.fit(TABLE, TABLE["b"], checkpoint=file)


def test_a_killed_process_leaves_a_readable_checkpoint(tmp_path):
    file = tmp_path / "fit.safetensors"
    process = subprocess.Popen([sys.executable, "-c", KILLED, str(file)])
    try:
        until = time.monotonic() + 60
        while not file.exists() and time.monotonic() < until:
            time.sleep(0.05)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    tensors, _ = read_checkpoint(file)
    assert int(tensors["step"]) >= 100 and int(tensors["step"]) % 100 == 0


@pytest.mark.filterwarnings("error::UserWarning")
def test_saved_pickled_and_cloned_fits_predict_the_same(tmp_path):
    x = X + 0.001 * np.arange(200)[:, None]  # numbers, of which some are alike
    fit = DistributedBottleneck(steps=30, **SMALL).fit(x, X[:, 0])
    fit.save(tmp_path / "fit.safetensors")
    loaded = DistributedBottleneck.load(tmp_path / "fit.safetensors")
    unpickled = pickle.loads(pickle.dumps(fit))
    assert (fit.predict(x) == loaded.predict(x)).all() and (fit.predict(x) == unpickled.predict(x)).all()
    assert (clone(fit).fit(x, X[:, 0]).predict(x) == fit.predict(x)).all()
    for estimator in (fit, loaded):  # the columns of an array have no names
        assert not hasattr(estimator, "feature_names_in_")
    (tmp_path / "fit.safetensors").write_bytes((tmp_path / "fit.safetensors").read_bytes()[:-9])
    with pytest.raises(InformationError, match="damaged"):
        DistributedBottleneck.load(tmp_path / "fit.safetensors")


PARAMETERS = {"validation_fraction": 0.5, "draws": 50, "levels": 5, "steps": 2, "width": 8, "n_fits": 2}


@pytest.mark.parametrize("groups", [None, {"both": pd.Index(["a", "b"])}])
def test_a_loaded_fit_has_the_parameters_of_the_fit_and_measures_on_its_rows(tmp_path, groups):
    fit = DistributedBottleneck(**PARAMETERS, groups=groups, kinds={"a": "ordinal"})
    fit.fit(TABLE.assign(c=1.0 * np.arange(40)), TABLE["b"]).save(tmp_path / "fit")
    loaded = DistributedBottleneck.load(tmp_path / "fit")
    given, kept = fit.get_params(), loaded.get_params()
    assert kept.pop("groups") == (groups and {"both": ["a", "b"]}) and given.pop("groups") is groups
    assert kept == given
    assert (loaded._held_out(40) == fit.held_out_).all()
    again = clone(loaded).fit(TABLE.assign(c=1.0 * np.arange(40)), TABLE["b"])
    assert (again.information_plane_.error == fit.information_plane_.error).all()


def test_a_loaded_fit_has_the_seed_that_was_drawn_and_the_task_of_its_class(tmp_path):
    fit = DistributedBottleneck(steps=2, random_state=None, **SMALL).fit(X, X[:, 0])
    fit.save(tmp_path / "fit")
    loaded = DistributedBottleneck.load(tmp_path / "fit")
    assert loaded.random_state == fit.bottleneck_.seed and loaded.task == "auto"
    loaded = DistributedBottleneckRegressor.load(tmp_path / "fit")
    assert loaded.draws == 20 and "task" not in loaded.get_params()
    loaded.save(tmp_path / "again")
    assert DistributedBottleneck.load(tmp_path / "again").task == "regression"


def test_fits_of_other_versions_are_loaded_or_refused_with_a_sentence(tmp_path):
    fit = DistributedBottleneck(steps=2, groups={"both": ["x0", "x1"]}, **SMALL).fit(X, X[:, 0])
    fit.save(tmp_path / "fit")
    tensors, metadata = read_checkpoint(tmp_path / "fit")
    write_checkpoint(tmp_path / "later", tensors, metadata | {"parameters": {"wish": 1}})
    with pytest.raises(InformationError, match="a parameter that this version does not know.*'wish'"):
        DistributedBottleneck.load(tmp_path / "later")
    del metadata["parameters"]
    write_checkpoint(tmp_path / "earlier", tensors, metadata)
    loaded = DistributedBottleneck.load(tmp_path / "earlier")
    assert loaded.groups == {"both": ["x0", "x1"]} and loaded.steps == 2
    assert (loaded.predict(X) == fit.predict(X)).all()


@pytest.mark.filterwarnings("error::UserWarning")
@pytest.mark.parametrize("names, message", [(["a", "b", "c"], "mismatch|should match"), ([0, 1, 2], None)])
def test_a_stored_fit_remembers_whether_its_columns_had_names(tmp_path, names, message):
    table = pd.DataFrame(X, columns=names)
    fit = DistributedBottleneck(steps=30, kinds={str(names[0]): "categorical"}, **SMALL).fit(table, X[:, 0])
    fit.save(tmp_path / "fit.safetensors")
    loaded = DistributedBottleneck.load(tmp_path / "fit.safetensors")
    assert (fit.predict(table) == loaded.predict(table)).all()
    for estimator in (fit, loaded):
        assert [feature.name for feature in estimator.features_] == [str(name) for name in names]
        if message is None:  # numbers are positions, not names
            assert (estimator.predict(X) == fit.predict(table)).all()
            assert not hasattr(estimator, "feature_names_in_")
        else:
            assert list(estimator.feature_names_in_) == names
            with pytest.raises(ValueError, match=message):
                estimator.predict(table[names[::-1]])
            with pytest.warns(UserWarning, match="does not have valid feature names"):
                estimator.predict(X)


@pytest.fixture
def default_dtype():
    before = torch.get_default_dtype()
    yield torch.set_default_dtype
    torch.set_default_dtype(before)


@pytest.mark.parametrize("dtype", [torch.float64, torch.float16])
def test_a_fit_does_not_depend_on_torchs_default_dtype(default_dtype, dtype):
    expected = DistributedBottleneck(steps=8, **SMALL).fit(X, X[:, 0])
    default_dtype(dtype)
    found = DistributedBottleneck(steps=8, **SMALL).fit(X, X[:, 0])
    assert (found.information_plane_.error == expected.information_plane_.error).all()
    bits = sum(expected.bits_range_) / 2
    assert (found.predict(X, bits=bits) == expected.predict(X, bits=bits)).all()


@pytest.mark.parametrize("mode", [torch.no_grad, torch.inference_mode])
def test_a_fit_works_without_gradients_around_it(mode):
    expected = DistributedBottleneck(steps=8, **SMALL).fit(X, X[:, 0])
    with mode():
        found = DistributedBottleneck(steps=8, **SMALL).fit(X, X[:, 0])
    assert (found.predict(X) == expected.predict(X)).all()


def test_a_fit_leaves_the_settings_of_the_process_alone():
    threads, state = torch.get_num_threads(), torch.get_rng_state()
    during = []
    torch.set_num_threads(2)
    try:
        fit = DistributedBottleneck(steps=3, **SMALL).fit(
            X, X[:, 0], callback=lambda training: during.append(torch.get_num_threads())
        )
        fit.predict(X)
        assert torch.get_num_threads() == 2 and set(during) == {1}
        assert torch.equal(torch.get_rng_state(), state)
    finally:
        torch.set_num_threads(threads)


@pytest.mark.parametrize(
    "convert",
    [
        lambda values: values.astype(np.float32),
        lambda values: np.ascontiguousarray(values[::-1])[::-1],  # negative strides
        lambda values: np.asfortranarray(values),
        lambda values: values.astype(np.int8),
        lambda values: torch.as_tensor(values),
        lambda values: values.tolist(),
    ],
    ids=["float32", "negative strides", "Fortran order", "int8", "tensor", "list"],
)
def test_tables_of_every_layout_give_the_same_fit(convert):
    expected = DistributedBottleneck(steps=8, **SMALL).fit(X, X[:, 0])
    found = DistributedBottleneck(steps=8, **SMALL).fit(convert(X), convert(X[:, 0]))
    assert (found.predict(convert(X)) == expected.predict(X)).all()


WITHOUT_PANDAS = """
import sys
sys.modules["pandas"] = None  # blocks its import: scikit-learn imports pandas where it can, we must not
import numpy as np, infodecomp
X = np.random.default_rng(0).integers(0, 2, (60, 2)).astype(float)
infodecomp.DistributedBottleneck(steps=1, width=8, draws=2).fit(X, X[:, 0]).predict(X)
print(*sys.modules)
"""


def test_the_estimator_imports_neither_flask_nor_pandas_nor_schemathesis():
    loaded = subprocess.run(
        [sys.executable, "-c", WITHOUT_PANDAS], capture_output=True, text=True, check=True
    ).stdout
    assert not {"flask", "schemathesis", "hypothesis", "click", "jinja2"} & set(loaded.split())
