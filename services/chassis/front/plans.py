"""What a request to one operation must look like to be served at once."""

import inspect
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias
from urllib.parse import parse_qsl

from connexion.decorators.parameter import get_arguments, sanitized
from connexion.operations import AbstractOperation
from starlette.types import Scope

from services.chassis.bodies import parse_json
from services.chassis.errors import InvalidBody
from services.chassis.validation.requests import BodyValidator
from services.chassis.validation.schemas import check

Accepts: TypeAlias = Callable[[Any], bool]
Parameter: TypeAlias = Mapping[str, Any]

_INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,17})")
_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,17})(\.[0-9]{1,17})?([eE][+-]?[0-9]{1,3})?")
_FROM_CONNEXION: Final = "context_"


class Doubt(Exception):
    """The plan does not know what to make of it: Connexion does."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How the text of a parameter becomes a value, and what it must fulfil."""

    value: Callable[[str], Any]
    accepts: Accepts

    def __call__(self, text: str) -> Any:
        """Return the value. Raises Doubt."""
        value = self.value(text)
        if not self.accepts(value):
            raise Doubt
        return value


class Plan:
    """Takes requests to one operation. Making it raises Doubt where it needs what is not here."""

    def __init__(self, operation: AbstractOperation, validators: Mapping[str, Any]) -> None:
        self.names = _names(operation.function)
        self._query = _readings(operation, "query")
        self._headers = _readings(operation, "header")
        self._header_names = {name.lower(): name for name in self._headers}
        self._path = _readings(operation, "path")
        self._required = frozenset(
            each["name"]
            for each in operation.parameters
            if each.get("required") and each["in"] != "path"
        )
        self._bodies = _bodies(operation, validators)
        self._body_name = sanitized(operation.body_name("application/json"))
        self._defaults = _defaults(operation, self.names)
        known = [*self._query, *self._headers, *self._path]
        if len(set(known)) < len(operation.parameters) or set(self._path) - self.names:
            raise Doubt  # names that are there twice, cookies, or a path that Connexion respells

    @property
    def takes_body(self) -> bool:
        """Whether the operation has a body."""
        return bool(self._bodies)

    def arguments(self, scope: Scope, path: Mapping[str, str], body: bytes) -> dict[str, Any]:
        """Return what the handler is called with. Raises Doubt."""
        given = self._read_query(scope["query_string"])
        headers = self._read_headers(scope) if self._headers or self._bodies else {}
        if not self._required <= given.keys() | headers.keys():
            raise Doubt
        spelled = {sanitized(name): value for name, value in given.items()}
        read = {name: reading(path[name]) for name, reading in self._path.items()}
        found = (
            self._defaults | {name: spelled[name] for name in spelled.keys() & self.names} | read
        )
        if self._bodies:
            value = self._read_body(headers.get("content-type", ""), body)
            if self._body_name in self.names:
                found[self._body_name] = value
        return found

    def _read_query(self, query: bytes) -> dict[str, Any]:
        if not query:
            return {}
        if not query.isascii():
            raise Doubt
        pairs = parse_qsl(query.decode("ascii"), keep_blank_values=True)
        texts = dict(pairs)
        if len(texts) < len(pairs) or not texts.keys() <= self._query.keys():
            raise Doubt
        return {name: self._query[name](text) for name, text in texts.items()}

    def _read_headers(self, scope: Scope) -> dict[str, str]:
        """Return those that the plan knows, the content type among them, by their names."""
        found: dict[str, str] = {}
        for raw, value in scope["headers"]:
            lower = raw.decode("latin-1")
            name = lower if lower == "content-type" else self._header_names.get(lower)
            if name is None:
                continue
            if name in found:
                raise Doubt
            found[name] = value.decode("latin-1")
            if lower != "content-type":
                self._headers[name](found[name])
        return found

    def _read_body(self, content_type: str, body: bytes) -> Any:
        accepts = self._bodies.get(content_type)
        if accepts is None or not body:
            raise Doubt
        try:
            value = parse_json(body)
        except InvalidBody:
            raise Doubt from None
        if value is None or not accepts(value):
            raise Doubt
        return value


def _readings(operation: AbstractOperation, place: str) -> dict[str, Reading]:
    parameters = [each for each in operation.parameters if each["in"] == place]
    return {each["name"]: _reading(each, place) for each in parameters}


def _names(function: Callable[..., Any]) -> frozenset[str]:
    parameters = inspect.signature(function).parameters
    takes_all = inspect.Parameter.VAR_KEYWORD in {each.kind for each in parameters.values()}
    if takes_all or _FROM_CONNEXION in parameters or inspect.iscoroutinefunction(function):
        raise Doubt
    return frozenset(parameters)


def _reading(parameter: Parameter, place: str) -> Reading:
    schema = parameter.get("schema", {})
    kind, of = schema.get("type"), schema.get("format")
    # Connexion does not convert headers; of paths it routes some kinds otherwise, by their format.
    convert = _CONVERSIONS.get(kind if place == "query" or kind == "string" else None, _doubt)
    if place == "path" and (convert is _doubt or of == "path"):
        raise Doubt
    is_plain = not schema.get("nullable") and of != "binary" and "default" not in parameter
    return Reading(convert if is_plain else _doubt, check(schema).accepts)


def _bodies(operation: AbstractOperation, validators: Mapping[str, Any]) -> dict[str, Accepts]:
    bodies: dict[str, Accepts] = {
        content_type: check(operation.body_schema(content_type)).accepts
        for content_type in operation.consumes
        if "*" not in content_type and validators.get(content_type) is BodyValidator
    }
    if operation.request_body and not bodies:
        raise Doubt
    return bodies


def _defaults(operation: AbstractOperation, names: frozenset[str]) -> dict[str, Any]:
    """Return the arguments of a request that says nothing; bodies have no default."""
    found: dict[str, Any] = get_arguments(
        operation,
        path_params={},
        query_params={},
        body=None,
        files={},
        arguments=list(names),
        has_kwargs=False,
        sanitize=sanitized,
        content_type="application/json",
    )
    found.pop(sanitized(operation.body_name("application/json")), None)
    if any(isinstance(each, dict | list) for each in found.values()):
        raise Doubt  # a handler may change them
    return found


def _doubt(_text: str) -> Any:
    raise Doubt


def _integer(text: str) -> int:
    return int(text) if _INTEGER.fullmatch(text) else _doubt(text)


def _number(text: str) -> float:
    value = float(text) if _NUMBER.fullmatch(text) else math.inf
    return value if math.isfinite(value) else _doubt(text)


def _boolean(text: str) -> bool:
    return text == "true" if text in {"true", "false"} else _doubt(text)


_CONVERSIONS: Final[Mapping[str | None, Callable[[str], Any]]] = {
    "string": str,
    "integer": _integer,
    "number": _number,
    "boolean": _boolean,
}
