"""Routes for operators: liveness, readiness and what exactly is served."""

from pathlib import Path

import orjson
from flask import Blueprint, Response

from infodecomp.explorable.core.errors import Busy
from infodecomp.explorable.serving.build_info import build_info
from infodecomp.explorable.serving.cache import RenderedResponse
from infodecomp.resources import CHECKOUT, resource_folder
from infodecomp.web.responses import JSON, send_cached
from infodecomp.web.services import Services, get_services

blueprint = Blueprint("health", __name__)
PACKAGES = (
    "infodecomp",
    "torch",
    "numpy",
    "scipy",
    "scikit-learn",
    "fonttools",
    "font-source-sans-pro",
    "flask",
    "granian",
)


@blueprint.get("/healthz")
def healthz() -> Response:
    """Whether the process is alive."""
    return Response("ok\n", mimetype="text/plain")


@blueprint.get("/readyz")
def readyz() -> Response:
    """Whether the process should get more requests: it has essays, and room in its queue."""
    services = get_services()
    if not services.site.library.essays():
        raise Busy(f"There is no essay in {services.essays}; put one there, or set INFODECOMP_ESSAYS.")
    if services.compute_pool.full:
        raise Busy(
            f"{services.compute_pool.waiting} requests wait for a computation; "
            "send others elsewhere for a moment."
        )
    return Response("ready\n", mimetype="text/plain")


@blueprint.get("/version")
def version() -> Response:
    """Versions of Python and packages, and digests of code, essays and models."""
    services = get_services()
    key = (services.site.library.revision, "version")
    return send_cached(services, key, services.compute_pool, lambda: _render_version(services))


def _render_version(services: Services) -> RenderedResponse:
    return RenderedResponse(orjson.dumps(served_build(services.essays)), JSON)


def served_build(essays: Path) -> dict[str, object]:
    """Describe what is served with the essays of a folder; see `build_info`."""
    code = {
        "infodecomp": CHECKOUT / "infodecomp",
        "static": resource_folder("static"),
        "templates": resource_folder("templates"),
    }
    return build_info(code, essays, resource_folder("models"), PACKAGES)
