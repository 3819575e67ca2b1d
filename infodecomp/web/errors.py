"""Error responses: one shape for every error, as JSON for programs and as a page for people."""

from collections.abc import Mapping

from flask import Blueprint, Response, current_app, render_template, request
from werkzeug.exceptions import HTTPException

from infodecomp.errors import CheckpointError
from infodecomp.explorable.core.errors import ExplorableError, Missing, NotFound, ParameterError, TooLong
from infodecomp.explorable.pages.error import Remedy, find_remedy, nearest_page
from infodecomp.explorable.serving.problem_details import PROBLEM_MIMETYPE, problem_details
from infodecomp.explorable.serving.request_log import without_secret
from infodecomp.web.responses import query_items
from infodecomp.web.services import get_services

blueprint = Blueprint("errors", __name__)
EXPLAINED = {  # title and detail of errors that werkzeug raises, by their status
    404: ("Nothing is here", "No page has this address. Check its spelling, or begin with the essays."),
    413: (
        "Request Entity Too Large",
        "This request has a longer body than is read here. Send a shorter one.",
    ),
}
NEGOTIATED = {"Vary": "Accept"}  # of headers: programs get problem details, people a page
BROKEN = (
    "Something here is broken, and it is not you. The server's log says what; the other pages go on working."
)


@blueprint.before_app_request
def check_query_length() -> None:
    """Reject a query that is longer than the setting QUERY_LENGTH."""
    limit = get_services().settings["QUERY_LENGTH"]
    if len(request.query_string) > limit:
        raise TooLong(
            f"The query has {len(request.query_string):,} characters; at most {limit:,} are read. "
            "Leave out what is at its default.",
            limit=limit,
        )


@blueprint.app_errorhandler(ExplorableError)
def explorable_error(error: ExplorableError) -> Response:
    """What a reader or an author asked for and cannot have."""
    remedy = _remedy(error) if isinstance(error, ParameterError) else None
    library = get_services().site.library
    near = nearest_page(library, request.path, error) if isinstance(error, NotFound) else None
    response = error_response(error.status, error.title, str(error), error.details, remedy, near)
    if error.retry_after:
        response.headers["Retry-After"] = str(error.retry_after)
    return response


@blueprint.app_errorhandler(CheckpointError)
def missing_model(error: CheckpointError) -> Response:
    """A stored model that is missing or damaged."""
    return error_response(Missing.status, Missing.title, str(error))


@blueprint.app_errorhandler(HTTPException)
def http_exception(error: HTTPException) -> Response:
    """Unknown addresses, wrong methods and the like."""
    title, detail = EXPLAINED.get(error.code or 500, (error.name, error.description or ""))
    response = error_response(error.code or 500, title, detail)
    if allow := dict(error.get_headers()).get("Allow"):
        response.headers["Allow"] = allow
    return response


@blueprint.app_errorhandler(Exception)
def unexpected_error(error: Exception) -> Response:
    """A bug: logged with its traceback, of which the response shows nothing."""
    current_app.logger.exception("could not answer %s", without_secret(request.full_path))
    return error_response(500, "This could not be computed", BROKEN)


def error_response(
    status: int,
    title: str,
    detail: str,
    extra: Mapping[str, object] | None = None,
    remedy: Remedy | None = None,
    near: tuple[str, str] | None = None,
) -> Response:
    """Make an error response: problem details, or a page if the client accepts HTML.

    Parameters
    ----------
    status : int
    title, detail : str
    extra : mapping, optional
        Further members of the problem details.
    remedy : Remedy, optional
        The nearest state that can be shown, for the page.
    near : (str, str), optional
        Path and title of the page that was probably meant.
    """
    if "text/html" in request.accept_mimetypes.values():
        page = render_template(
            "error.html",
            status=status,
            title=title,
            detail=detail,
            remedy=remedy,
            near=near,
            path=request.path,
        )
        return Response(page, status, headers=NEGOTIATED)
    body = problem_details(status, title, detail, extra)
    return Response(body, status, headers=NEGOTIATED, content_type=PROBLEM_MIMETYPE)


def _remedy(error: ParameterError) -> Remedy | None:
    library = get_services().site.library
    return find_remedy(library, request.path, str(error.details.get("parameter", "")), query_items())
