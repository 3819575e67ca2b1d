"""The application factory."""

import os
import threading
from collections.abc import Mapping
from typing import Any

from flask import Flask, url_for
from werkzeug.middleware.proxy_fix import ProxyFix

from infodecomp.explorable.figures.parameters import is_active
from infodecomp.explorable.serving.feedback import MAX_CHARACTERS
from infodecomp.explorable.serving.scripts import file_version
from infodecomp.explorable.serving.settings import read_settings
from infodecomp.resources import resource_folder
from infodecomp.web import documents, embeds, errors, essays, feedback, figures, health
from infodecomp.web.middleware import ResponseCacheMiddleware
from infodecomp.web.services import EXTENSION, Services, build_services
from infodecomp.web.tables import routes as tables


def create_app(config: Mapping[str, Any] | None = None) -> Flask:
    """Make the WSGI application.

    Parameters
    ----------
    config : mapping, optional
        Settings by name, such as {"STREAMS": 4}. Others are read from INFODECOMP_<NAME> in the environment.

    Returns
    -------
    Flask

    Raises
    ------
    SettingError
        For an unknown setting or a bad value.
    """
    services = build_services(read_settings(os.environ, config))
    if services.settings["RELOAD"]:
        services.site.watch()
    app = Flask(__name__, static_folder=None, template_folder=str(resource_folder("templates")))
    app.extensions[EXTENSION] = services
    app.config["MAX_CONTENT_LENGTH"] = services.settings["BODY_LENGTH"]
    _configure_templates(app, services)
    for module in (errors, essays, figures, embeds, documents, feedback, health):
        app.register_blueprint(module.blueprint)
    if services.tables is not None:  # pages for people, which the description of the API does not list
        app.register_blueprint(tables.blueprint)
        removing = services.tables.remove_old_until
        threading.Thread(target=removing, args=(services.stopping,), daemon=True).start()
    _add_middleware(app, services)
    return app


def _configure_templates(app: Flask, services: Services) -> None:
    environment = app.jinja_env
    environment.trim_blocks = environment.lstrip_blocks = environment.auto_reload = True

    def static(name: str) -> str:
        version = file_version(services.static / name)
        return url_for("documents.static", filename=name, v=version)

    app.context_processor(lambda: {"site": services.site.library.config})
    environment.globals.update(static=static, is_active=is_active, feedback_limit=MAX_CHARACTERS)
    environment.globals["tables_allowed"] = services.tables is not None


def _add_middleware(app: Flask, services: Services) -> None:
    settings = services.settings
    app.wsgi_app = ResponseCacheMiddleware(  # type: ignore[method-assign]  # as Flask documents it
        app.wsgi_app,
        services.cache,
        services.site,
        services.activity,
        log_requests=bool(settings["LOG"]),
        log_addresses=bool(settings["LOG_ADDRESSES"]),
    )
    if proxies := settings["PROXIES"]:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies
        )
