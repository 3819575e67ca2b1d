"""The public interface of the package: its names, its version and its lazy import."""

import re
import subprocess
import sys

import infodecomp


def test_every_public_name_is_listed_and_importable():
    assert set(infodecomp.__all__) <= set(dir(infodecomp))
    assert infodecomp.__all__ == sorted(set(infodecomp.__all__))
    for name in infodecomp.__all__:
        assert getattr(infodecomp, name).__doc__


def test_the_estimator_is_public_but_imported_only_on_use():
    code = """
import sys, infodecomp
assert "DistributedBottleneck" in infodecomp.__all__ and "DistributedBottleneck" in dir(infodecomp)
assert "sklearn" not in sys.modules
from infodecomp import DistributedBottleneck
assert "sklearn" in sys.modules
estimator = DistributedBottleneck(steps=3)
assert not {"torch", "sklearn.ensemble", "flask"} & set(sys.modules)  # the first fit needs torch
"""
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_version_is_that_of_the_distribution():
    assert re.match(r"\d+", infodecomp.__version__)


def test_the_version_is_unknown_where_the_package_is_not_installed():
    code = """
from importlib import metadata
def version(name):
    raise metadata.PackageNotFoundError(name)
metadata.version = version
import infodecomp
print(infodecomp.__version__)
"""
    found = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert found.stdout.strip() == "0+unknown"
