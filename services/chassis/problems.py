"""Which exception is which HTTP status, in one table; every error is a problem (RFC 9457)."""

import json
import logging
from collections.abc import Mapping
from functools import partial
from http import HTTPStatus
from typing import Final

from connexion import FlaskApp
from connexion.exceptions import ProblemException
from connexion.lifecycle import ConnexionRequest, ConnexionResponse
from starlette.exceptions import HTTPException
from werkzeug.routing import Map

from services.chassis.errors import (
    AlreadyExists,
    DatabaseGone,
    InvalidBody,
    InvalidCursor,
    NoSuchEntity,
    ServiceError,
    UnknownReference,
)

MEDIA_TYPE: Final = "application/problem+json"
STATUS: Final[Mapping[type[ServiceError], HTTPStatus]] = {
    InvalidBody: HTTPStatus.BAD_REQUEST,
    InvalidCursor: HTTPStatus.BAD_REQUEST,
    NoSuchEntity: HTTPStatus.NOT_FOUND,
    AlreadyExists: HTTPStatus.CONFLICT,
    UnknownReference: HTTPStatus.UNPROCESSABLE_ENTITY,
    DatabaseGone: HTTPStatus.SERVICE_UNAVAILABLE,
}

_log = logging.getLogger(__name__)


def problem(
    status: int, detail: str, members: Mapping[str, object] | None = None
) -> dict[str, object]:
    """Return a problem document."""
    phrase = HTTPStatus(status).phrase
    return {
        "type": "about:blank",
        "title": phrase,
        "status": int(status),
        "detail": detail or phrase,
        **(members or {}),
    }


def install(app: FlaskApp) -> None:
    """Let the app answer each exception with its problem."""
    for error, status in STATUS.items():
        app.add_error_handler(error, partial(_service_error, status))
    for framework_error in (HTTPException, ProblemException):
        app.add_error_handler(framework_error, partial(_http_error, app.app.url_map))
    app.add_error_handler(Exception, _unforeseen)


def _service_error(
    status: HTTPStatus, _request: ConnexionRequest, error: ServiceError
) -> ConnexionResponse:
    return _response(problem(status, str(error), error.members))


def _http_error(urls: Map, request: ConnexionRequest, error: HTTPException) -> ConnexionResponse:
    headers = dict(error.headers or {})
    if error.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return _unforeseen(request, error)
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        # The router knows one operation of the path, not all of them; Flask knows them, but not the
        # Swagger page, which is only read.
        allowed = urls.bind("").allowed_methods(request.url.path) or ["GET", "HEAD"]
        headers["Allow"] = ", ".join(sorted({*allowed} - {"OPTIONS"}))
    return _response(problem(error.status_code, error.detail), headers)


def _unforeseen(_request: ConnexionRequest, error: Exception) -> ConnexionResponse:
    _log.error("A request has failed.", exc_info=error)
    return _response(problem(500, "The service has failed; its log says more."))


def _response(
    document: Mapping[str, object], headers: Mapping[str, str] | None = None
) -> ConnexionResponse:
    return ConnexionResponse(
        status_code=document["status"],
        mimetype=MEDIA_TYPE,
        content_type=MEDIA_TYPE,
        body=json.dumps(document),
        headers=dict(headers or {}),
    )
