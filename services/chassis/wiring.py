"""The wiring that makes injection work: handlers take what they need by `Inject[T]`.

Connexion calls a handler with what the request holds; the rest comes from the injector.
"""

import inspect
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from types import ModuleType
from typing import Any, TypeVar

import flask_injector
from connexion.exceptions import ResolverError
from connexion.resolver import Resolver
from flask import Response
from injector import Injector, ScopeDecorator, get_bindings

T = TypeVar("T")
Handler = Callable[..., Any]


class RequestScope(flask_injector.RequestScope):
    """One object of a kind per request or unit of work; what was entered is closed with it."""

    def prepare(self) -> None:
        """Begin with no objects."""
        super().prepare()
        self._locals.exits = ExitStack()

    def enter(self, resource: AbstractContextManager[T]) -> T:
        """Open a resource that closes when the request or unit of work ends."""
        exits: ExitStack = self._locals.exits
        return exits.enter_context(resource)

    def cleanup(self) -> None:
        """Close what was entered, then forget the objects."""
        self._locals.exits.close()
        super().cleanup()


per_request = ScopeDecorator(RequestScope)


@contextmanager
def unit_of_work(injector: Injector) -> Iterator[None]:
    """Give command lines and threads what a request has: objects of their own, closed after."""
    scope = injector.get(RequestScope)
    scope.prepare()
    try:
        yield
    finally:
        scope.cleanup()


class InjectingResolver(Resolver):
    """Finds an operation's handler by its plain name in the given modules, and injects into it."""

    def __init__(self, injector: Injector, modules: list[ModuleType]) -> None:
        super().__init__()
        self._injector = injector
        self._modules = modules

    def resolve_function_from_operation_id(self, operation_id: str) -> Handler:
        """Return the handler as Connexion may call it. Raises ResolverError."""
        for module in self._modules:
            handler = getattr(module, operation_id, None)
            if handler is not None:
                return injected(handler, self._injector)
        names = ", ".join(module.__name__ for module in self._modules)
        message = f"operationId {operation_id!r} is no function of {names}: write it there."
        raise ResolverError(message)


def injected(handler: Handler, injector: Injector) -> Handler:
    """Return `handler` with its `Inject[T]` parameters filled in and hidden from its signature.

    Hidden, because Connexion passes the arguments that the signature names, and drops all others.
    """
    bindings = get_bindings(handler)

    def call(**arguments: object) -> object:
        found: dict[str, object] = {name: injector.get(of) for name, of in bindings.items()}
        return _typed(handler(**arguments, **found))

    signature = inspect.signature(handler)
    shown = [each for name, each in signature.parameters.items() if name not in bindings]
    call.__signature__ = signature.replace(parameters=shown)  # type: ignore[attr-defined]
    call.__name__ = handler.__name__
    call.__doc__ = handler.__doc__
    return call


def _typed(answer: object) -> object:
    """Name the content type, which Connexion does not choose where the contract has several."""
    if isinstance(answer, Response):
        return answer
    body, status, headers = answer if isinstance(answer, tuple) else (answer, 200, {})
    return body, status, {"Content-Type": "application/json", **headers}
