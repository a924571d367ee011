"""Which exception is which HTTP status, in one table; every error is a problem (RFC 9457)."""

import json
import logging
from collections.abc import Iterator, Mapping
from functools import partial
from http import HTTPStatus
from typing import Final

from connexion import FlaskApp
from connexion.exceptions import ProblemException
from connexion.lifecycle import ConnexionRequest, ConnexionResponse
from sqlalchemy.exc import DataError, IntegrityError
from starlette.exceptions import HTTPException
from werkzeug.routing import Map

from services.chassis.auth.errors import (
    ForeignPage,
    InsufficientScope,
    InvalidToken,
    IssuerAway,
    TokenMissing,
    TokenUnavailable,
)
from services.chassis.database import is_duplicate
from services.chassis.errors import (
    AlreadyExists,
    DatabaseAway,
    DatabaseGone,
    InvalidBody,
    InvalidCursor,
    KeyReused,
    NoSuchEntity,
    NotAcceptable,
    PreconditionFailed,
    RegistryAway,
    ServiceError,
    UnknownReference,
)
from services.chassis.media_types import PROBLEM

STATUS: Final[Mapping[type[ServiceError], HTTPStatus]] = {
    InvalidBody: HTTPStatus.BAD_REQUEST,
    InvalidCursor: HTTPStatus.BAD_REQUEST,
    NoSuchEntity: HTTPStatus.NOT_FOUND,
    NotAcceptable: HTTPStatus.NOT_ACCEPTABLE,
    AlreadyExists: HTTPStatus.CONFLICT,
    PreconditionFailed: HTTPStatus.PRECONDITION_FAILED,
    KeyReused: HTTPStatus.UNPROCESSABLE_ENTITY,
    UnknownReference: HTTPStatus.UNPROCESSABLE_ENTITY,
    DatabaseAway: HTTPStatus.SERVICE_UNAVAILABLE,
    DatabaseGone: HTTPStatus.SERVICE_UNAVAILABLE,
    RegistryAway: HTTPStatus.SERVICE_UNAVAILABLE,
    TokenMissing: HTTPStatus.UNAUTHORIZED,
    InvalidToken: HTTPStatus.UNAUTHORIZED,
    InsufficientScope: HTTPStatus.FORBIDDEN,
    ForeignPage: HTTPStatus.FORBIDDEN,
    IssuerAway: HTTPStatus.SERVICE_UNAVAILABLE,
    TokenUnavailable: HTTPStatus.SERVICE_UNAVAILABLE,
}

# A chain of errors may be a circle.
_MOST_ORIGINS: Final = 20

FAILED: Final = "The service has failed; its log says more."

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
    app.add_error_handler(IntegrityError, _integrity_error)
    app.add_error_handler(DataError, _data_error)
    app.add_error_handler(Exception, _unforeseen)


def _service_error(
    status: HTTPStatus, _request: ConnexionRequest, error: ServiceError
) -> ConnexionResponse:
    return _response(problem(status, str(error), error.members), error.headers)


def _http_error(urls: Map, request: ConnexionRequest, error: HTTPException) -> ConnexionResponse:
    headers = dict(error.headers or {})
    if error.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return _unforeseen(request, error)
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        # The router knows one operation of the path, not all of them; Flask knows them, but not the
        # Swagger page, which is only read.
        allowed = urls.bind("").allowed_methods(request.url.path) or ["GET", "HEAD"]
        headers["Allow"] = ", ".join(sorted({*allowed, "OPTIONS"}))
        if request.method == "OPTIONS":
            return ConnexionResponse(status_code=HTTPStatus.NO_CONTENT, headers=headers)
    return _response(problem(error.status_code, error.detail), headers)


def _integrity_error(request: ConnexionRequest, error: Exception) -> ConnexionResponse:
    if not is_duplicate(error):
        return _unforeseen(request, error)
    return _response(problem(409, "Another request has just stored the same; see what is there."))


def _data_error(_request: ConnexionRequest, _error: Exception) -> ConnexionResponse:
    # PostgreSQL has no text with the character NUL, and no whole number above 64 bits.
    return _response(problem(400, "The database cannot hold a text or a number of the request."))


def _unforeseen(request: ConnexionRequest, error: Exception) -> ConnexionResponse:
    away = next((each for each in _origins(error) if isinstance(each, DatabaseAway)), None)
    if away is not None:
        # What fails on the way out of a lost transaction has no other reason.
        return _service_error(STATUS[DatabaseAway], request, away)
    _log.error("A request has failed.", exc_info=error)
    return _response(problem(500, FAILED))


def _origins(error: BaseException) -> Iterator[BaseException]:
    """Yield what an error was raised from, or while that was handled, back to the first."""
    origin = error.__cause__ or error.__context__
    for _ in range(_MOST_ORIGINS):
        if origin is None:
            return
        yield origin
        origin = origin.__cause__ or origin.__context__


def _response(
    document: Mapping[str, object], headers: Mapping[str, str] | None = None
) -> ConnexionResponse:
    return ConnexionResponse(
        status_code=document["status"],
        mimetype=PROBLEM,
        content_type=PROBLEM,
        body=json.dumps(document),
        headers=dict(headers or {}),
    )
