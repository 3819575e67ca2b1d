"""A fit of a small known problem, fits that are stopped and killed, and fits that are stored."""

import pickle
import signal
import subprocess
import sys
import time

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone

from infodecomp import DistributedBottleneck, InformationError

GENERATOR = np.random.default_rng(0)
X = GENERATOR.integers(0, 2, (1500, 3)).astype(float)
SMALL = {"width": 32, "draws": 20}
KILLED = """
import numpy as np, sys
from infodecomp import DistributedBottleneck
X = np.random.default_rng(0).integers(0, 2, (1500, 3)).astype(float)
DistributedBottleneck(steps=100_000, width=32, draws=20).fit(X, X[:, 0], checkpoint=sys.argv[1])
"""


def test_all_bits_go_to_the_only_column_that_tells():
    plane = DistributedBottleneck(steps=250, **SMALL).fit(X, X[:, 1]).information_plane_.at(1.0)
    assert plane.features[1] > 0.95 * plane.bits


def test_a_fit_stopped_on_the_way_ends_with_the_same_numbers(tmp_path):
    file, steps = tmp_path / "fit.safetensors", iter(range(1000))
    make = lambda: DistributedBottleneck(steps=130, **SMALL)
    whole = make().fit(X, X[:, 0])
    make().fit(X, X[:, 0], checkpoint=file, should_stop=lambda: next(steps) == 36)
    resumed = make().fit(X, X[:, 0], checkpoint=file)
    for one, other in zip(whole.information_plane_, resumed.information_plane_):
        assert (one == other).all()
    with pytest.raises(InformationError, match="another fit"):
        make().fit(X, X[:, 1], checkpoint=file)


def test_a_killed_process_leaves_a_checkpoint_that_can_be_read(tmp_path):
    from infodecomp.artifacts import read_checkpoint

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
def test_saved_pickled_and_cloned_fits_say_the_same(tmp_path):
    fit = DistributedBottleneck(steps=30, **SMALL).fit(X, X[:, 0])
    fit.save(tmp_path / "fit.safetensors")
    loaded, thawed = DistributedBottleneck.load(tmp_path / "fit.safetensors"), pickle.loads(pickle.dumps(fit))
    assert (fit.predict(X) == loaded.predict(X)).all() and (fit.predict(X) == thawed.predict(X)).all()
    assert (clone(fit).fit(X, X[:, 0]).predict(X) == fit.predict(X)).all()
    assert not hasattr(fit, "feature_names_in_") and not hasattr(loaded, "feature_names_in_"), (
        "an array names no columns"
    )
    (tmp_path / "fit.safetensors").write_bytes((tmp_path / "fit.safetensors").read_bytes()[:-9])
    with pytest.raises(InformationError, match="damaged"):
        DistributedBottleneck.load(tmp_path / "fit.safetensors")


@pytest.mark.filterwarnings("error::UserWarning")
@pytest.mark.parametrize("names, other", [(["a", "b", "c"], "mismatch|should match"), ([0, 1, 2], None)])
def test_a_stored_fit_knows_whether_its_columns_had_names(tmp_path, names, other):
    table = pd.DataFrame(X, columns=names)
    fit = DistributedBottleneck(steps=30, kinds={str(names[0]): "categorical"}, **SMALL).fit(table, X[:, 0])
    fit.save(tmp_path / "fit.safetensors")
    loaded = DistributedBottleneck.load(tmp_path / "fit.safetensors")
    assert (fit.predict(table) == loaded.predict(table)).all()
    for one in (fit, loaded):
        assert [feature.name for feature in one.features_] == [str(name) for name in names]
        if other is None:  # numbers are places, and no names
            assert (one.predict(X) == fit.predict(table)).all() and not hasattr(one, "feature_names_in_")
        else:
            assert list(one.feature_names_in_) == names
            with pytest.raises(ValueError, match=other):
                one.predict(table[names[::-1]])
            with pytest.warns(UserWarning, match="does not have valid feature names"):
                one.predict(X)
