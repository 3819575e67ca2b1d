"""What tests share: one thread for torch, hypothesis without a clock, the application, a browser."""

import os
import shutil
import sys

import pytest
import torch
from hypothesis import HealthCheck, settings

from infodecomp.web.services import get_services
from tests.first_essay import published_app
from tests.live_server import threaded_server

os.environ.setdefault(
    "INFODECOMP_AHEAD", "0"
)  # servers that a test starts have nothing to do but what it asks
os.environ.setdefault("INFODECOMP_DISK_CACHE_BYTES", "0")  # nor do they take states from each other
os.environ.setdefault("OMP_NUM_THREADS", "1")  # of processes that tests start
os.environ.setdefault("INFODECOMP_LOG", "0")  # tests that read the access log turn it on
# Compiled modules are kept: processes that tests start would each compile all of them again.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
torch.set_num_threads(1)  # before any work: a child forked after threads have run hangs

settings.register_profile(
    "house", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("house")

# The files that take longest, by the clock: they come first, so that the workers end together.
COSTLY_FILES = (
    "bottleneck/test_contract.py",
    "cli/test_train.py",
    "test_pages.py",
    "web/test_serve.py",
    "test_gestures.py",
    "cli/test_decompose.py",
    "test_wheel.py",
    "test_browser.py",
    "pages/test_catalogue.py",
    "exports/test_animation.py",
    "test_openapi.py",
    "bottleneck/test_circuit.py",
    "exports/test_formats.py",
    "streams/test_streams.py",
    "web/test_same_bytes.py",
    "test_board_page.py",
    "pages/test_slides_browser.py",
    "allocation/test_general_frontier.py",
    "bottleneck/test_estimator.py",
    "test_killed.py",
    "exports/test_documents.py",
    "web/test_nginx.py",
    "test_checkpoints_served.py",
    "allocation/test_bsc_frontier.py",
    "graphics/test_page_fonts.py",
    "bottleneck/test_weights.py",
)
# Without a window it needs a third of the processor time; the same engine draws the same page.
CHROMIUM_COMMANDS = ("chromium-headless-shell", "chromium")
CHROMIUM = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-sync",
    "--no-first-run",
    "--font-render-hinting=none",  # as with a window: hinted letters are wider
]


def pytest_collection_modifyitems(items):
    """Costly files first; the others in their order. A test in a browser may be run once more."""

    def rank(item) -> int:
        path = item.path.as_posix()
        return next((i for i, name in enumerate(COSTLY_FILES) if path.endswith(name)), len(COSTLY_FILES))

    items.sort(key=rank)
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.flaky(reruns=1))


def find_chromium() -> str | None:
    """The path of the first Chromium that is installed, or None."""
    return next(filter(None, map(shutil.which, CHROMIUM_COMMANDS)), None)


@pytest.fixture(scope="session")
def app():
    return published_app()


@pytest.fixture(scope="session")
def services(app):
    """What the routes of the application work with: its library, cache, pools and limits."""
    return get_services(app)


@pytest.fixture
def client(app):
    return app.test_client()


@pytest.fixture(scope="session")
def address(app):
    """The address of the application, served from threads of this process."""
    with threaded_server(app) as address:
        yield address.rstrip("/")


@pytest.fixture(scope="session")
def chromium():
    path = find_chromium()
    if path is None:
        pytest.skip(
            "no chromium on this machine; on Debian and Ubuntu: sudo apt-get install chromium-headless-shell"
        )
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM)
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium, address):
    """Opens an address of the application in a fresh context; what the page complains of fails the test."""
    contexts, complaints = [], []

    def opened(path="/", **settings):
        context = chromium.new_context(**({"viewport": {"width": 1280, "height": 900}} | settings))
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(8000)
        page.set_default_navigation_timeout(30_000)  # the first visit of an essay draws all its figures
        page.on("pageerror", lambda error: complaints.append(f"{path}: {error}"))
        page.on(
            "console",
            lambda message: complaints.append(f"{path}: {message.text}") if message.type == "error" else None,
        )
        page.goto(address + path)
        return page

    opened.complaints = complaints
    yield opened
    for context in contexts:
        context.close()
    assert not complaints
