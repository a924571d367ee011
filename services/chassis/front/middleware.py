"""The middleware that takes what a plan takes, and the end of its way inside Flask."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from connexion import FlaskApp
from connexion.decorators.response import SyncResponseDecorator
from connexion.exceptions import ResolverError
from connexion.frameworks.flask import Flask as FlaskFramework
from connexion.http_facts import METHODS
from connexion.middleware import MiddlewarePosition
from connexion.middleware.abstract import ROUTING_CONTEXT, SpecMiddleware
from connexion.middleware.context import ContextOperation
from connexion.middleware.response_validation import ResponseValidationOperation
from connexion.middleware.security import SecurityOperation
from connexion.operations import AbstractOperation
from connexion.security import SecurityHandlerFactory
from connexion.spec import Specification
from flask import current_app, request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.chassis.front.paths import Paths
from services.chassis.front.plans import Doubt, Plan

_PLANNED: Final = "planned_call"


@dataclass(frozen=True, slots=True)
class _Operation:
    """An operation of the contract with its plan, and what of Connexion it runs through."""

    base: str
    identity: str
    plan: Plan
    handler: Callable[..., Any]
    app: ASGIApp


@dataclass(frozen=True, slots=True)
class _Call:
    """A handler and what it is called with."""

    operation: _Operation
    arguments: dict[str, Any]

    def answer(self, context: Mapping[str, Any]) -> Any:
        """Call the handler; what security has found out is for those that ask for it."""
        found = {key: value for key, value in context.items() if key in self.operation.plan.names}
        return self.operation.handler(**self.arguments, **found)


class Front(SpecMiddleware):
    """Stands before Connexion's routing, within its handling of errors.

    What it takes runs through Connexion's own security and check of responses, and through Flask.
    """

    def __init__(self, app: ASGIApp, *, flask: ASGIApp) -> None:
        self._app = app
        self._flask = flask
        self._paths: Paths[_Operation | None] = Paths()

    def add_api(
        self, specification: Specification, *, base_path: str | None = None, **options: Any
    ) -> None:
        """Make the plans of an API."""
        base = specification.base_path if base_path is None else base_path
        for path, item in specification["paths"].items():
            methods = {
                method.upper(): self._operation(specification, base, path, method, options)
                for method in item
                if method in METHODS
            }
            self._paths.put(base.rstrip("/") + path, methods)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        found = scope["type"] == "http" and self._paths.find(scope["method"], scope["path"])
        operation, path = found or (None, {})
        if operation is None:
            await self._app(scope, receive, send)
            return
        body, receive = await _read(receive) if operation.plan.takes_body else (b"", receive)
        try:
            call = _Call(operation, operation.plan.arguments(scope, path, body))
        except Doubt:
            await self._app(scope, receive, send)
            return
        await operation.app(_routed(scope, path, call), receive, send)

    def _operation(
        self,
        specification: Specification,
        base: str,
        path: str,
        method: str,
        options: Mapping[str, Any],
    ) -> _Operation | None:
        try:
            found = specification.operation_cls.from_spec(
                specification,
                path=path,
                method=method,
                resolver=options["resolver"],
                uri_parser_class=options["uri_parser_class"],
            )
            plan = Plan(found, options["validator_map"]["body"])
        except (Doubt, ResolverError):
            return None
        framework: Any = FlaskFramework
        answering = SyncResponseDecorator(framework=framework, jsonifier=options["jsonifier"])
        handler = answering(found.function)
        return _Operation(base, found.operation_id, plan, handler, self._stack(found, options))

    def _stack(self, operation: AbstractOperation, options: Mapping[str, Any]) -> ASGIApp:
        app: ASGIApp = ContextOperation(self._flask, operation=operation)
        if options["validate_responses"]:
            app = ResponseValidationOperation(
                app, operation=operation, validator_map=options["validator_map"]
            )
        handlers = SecurityHandlerFactory(options["security_map"])
        return SecurityOperation.from_operation(
            operation, next_app=app, security_handler_factory=handlers
        )


def add_front(app: FlaskApp) -> None:
    """Put a front before an app whose other hooks are set up."""
    flask: Any = app._middleware_app  # noqa: SLF001 Connexion has no name for it
    app.add_middleware(Front, position=MiddlewarePosition.BEFORE_SWAGGER, flask=flask)

    @app.app.before_request
    def answer() -> Any:
        extensions = request.environ["asgi.scope"].get("extensions") or {}
        call: _Call | None = extensions.get(_PLANNED)
        if call is None or request.endpoint is None:
            return None
        view = current_app.view_functions[request.endpoint]
        # Flask may have found another view for the path than Connexion would.
        if getattr(view, "operation_id", None) != call.operation.identity:
            return None
        return call.answer(extensions.get("connexion_context", {}))


def _routed(scope: Scope, path: Mapping[str, str], call: _Call) -> Scope:
    """Return the scope as Connexion's routing leaves it."""
    extensions = scope.setdefault("extensions", {})
    extensions[ROUTING_CONTEXT] = {
        "api_base_path": call.operation.base,
        "operation_id": call.operation.identity,
    }
    extensions[_PLANNED] = call
    return {**scope, "path_params": {**scope.get("path_params", {}), **path}}


async def _read(receive: Receive) -> tuple[bytes, Receive]:
    """Return the body, and a channel that tells it all again."""
    messages: list[Message] = [await receive()]
    while messages[-1].get("more_body"):
        messages.append(await receive())
    again = iter(messages)

    async def replay() -> Message:
        return next(again, None) or await receive()

    is_whole = messages[-1]["type"] == "http.request"
    return b"".join(each.get("body", b"") for each in messages if is_whole), replay
