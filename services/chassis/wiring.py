"""The wiring that makes injection work: handlers take what they need by `Inject[T]`.

Connexion calls a handler with what the request holds; the rest comes from the injector.
"""

import inspect
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from contextvars import ContextVar
from types import ModuleType
from typing import Any, Final, TypeVar

from connexion.exceptions import ResolverError
from connexion.resolver import Resolver
from flask import Response
from injector import Injector, InstanceProvider, Provider, Scope, ScopeDecorator, get_bindings

from services.chassis.media_types import JSON

T = TypeVar("T")
# What Connexion adds, where an operation is protected, for a handler that takes any arguments.
_CALLER: Final = frozenset({"user", "token_info"})
Handler = Callable[..., Any]


class RequestScope(Scope):
    """One object of a kind per request or unit of work; what was entered is closed with it.

    It does what Flask-Injector's own does, in fewer steps.
    """

    def configure(self) -> None:
        """Hold objects outside of requests, too."""
        self._objects: ContextVar[dict[type, Provider[Any]]] = ContextVar("objects")
        self._exits: ContextVar[ExitStack] = ContextVar("exits")
        self.prepare()

    def prepare(self) -> None:
        """Begin with no objects."""
        self._objects.set({})
        self._exits.set(ExitStack())

    def get(self, key: type[T], provider: Provider[T]) -> Provider[T]:
        """Return what provides the object, which is made when it is first asked for."""
        objects = self._objects.get()
        if key not in objects:
            objects[key] = InstanceProvider(provider.get(self.injector))
        return objects[key]

    def enter(self, resource: AbstractContextManager[T]) -> T:
        """Open a resource that closes when the request or unit of work ends."""
        return self._exits.get().enter_context(resource)

    def cleanup(self) -> None:
        """Close what was entered, then forget the objects."""
        self._exits.get().close()
        self._objects.set({})


per_request = ScopeDecorator(RequestScope)


@contextmanager
def unit_of_work(injector: Injector) -> Iterator[None]:
    """Give a script or a thread what a request has: objects of its own, closed at the end."""
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


def filled(function: Callable[..., T], injector: Injector) -> Callable[..., T]:
    """Return `function` with its `Inject[T]` parameters filled in, anew at each call."""
    bindings = get_bindings(function)

    def call(*arguments: Any, **named: Any) -> T:
        found: dict[str, Any] = {name: injector.get(of) for name, of in bindings.items()}
        return function(*arguments, **named, **found)

    return call


def injected(handler: Handler, injector: Injector) -> Handler:
    """Return `handler` with its `Inject[T]` parameters filled in and hidden from its signature.

    Hidden, because Connexion passes the arguments that the signature names, and drops all others.
    """
    with_all = filled(handler, injector)
    signature = inspect.signature(handler)
    names = signature.parameters.keys()

    def call(**arguments: object) -> object:
        for name in _CALLER - names:
            arguments.pop(name, None)
        return _typed(with_all(**arguments))

    hidden = get_bindings(handler)
    shown = [each for name, each in signature.parameters.items() if name not in hidden]
    call.__signature__ = signature.replace(parameters=shown)  # type: ignore[attr-defined]
    call.__name__ = handler.__name__
    call.__doc__ = handler.__doc__
    return call


def _typed(answer: object) -> object:
    """Name the content type, which Connexion does not choose where the contract has several."""
    if isinstance(answer, Response):
        return answer
    body, status, headers = answer if isinstance(answer, tuple) else (answer, 200, {})
    return body, status, {"Content-Type": JSON, **headers}
