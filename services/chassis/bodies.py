"""Reads what clients send: JSON texts, and records in their JSON form."""

import json
import math
import re
from collections.abc import Iterable, Mapping
from typing import Any, NoReturn, TypeVar

from registry.errors import WireError
from registry.record import Record
from services.chassis.errors import Fault, InvalidBody

R = TypeVar("R", bound=Record)

_MAX_DEPTH = 64
_MAX_MESSAGE = 200
# Python refuses to read longer ones; what Avro can hold has 19.
_MAX_DIGITS = 4300
_TOO_DEEP = Fault("", f"More than {_MAX_DEPTH} values within each other.")
_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")
_PATH_STEP = re.compile(r"[^.\[\]]+")


def parse_json(data: bytes) -> Any:
    """Return the value of a JSON text (RFC 8259).

    Raises InvalidBody where it is not UTF-8 or not JSON, holds NaN, infinity or half of a surrogate
    pair, or nests more than 64 deep.
    """
    try:
        value = json.loads(
            data.decode(), parse_int=_whole, parse_float=_finite, parse_constant=_refuse
        )
    except RecursionError:
        raise InvalidBody([_TOO_DEEP]) from None
    except ValueError as error:
        raise InvalidBody([Fault("", f"This is not JSON: {short(str(error))}.")]) from None
    if _SURROGATE.search(data) and not _encodes(value):
        raise InvalidBody([Fault("", "Half of a surrogate pair is no character.")])
    if data.count(b"[") + data.count(b"{") > _MAX_DEPTH and _is_deeper(value, _MAX_DEPTH):
        raise InvalidBody([_TOO_DEEP])
    return value


def record_of(record_type: type[R], body: Mapping[str, Any]) -> R:
    """Return the record whose JSON form is `body`.

    Raises InvalidBody: a schema may know more than a contract can say.
    """
    try:
        return record_type.from_json(body)
    except WireError as error:
        path = _PATH_STEP.findall(getattr(error, "path", ""))
        raise InvalidBody([Fault(pointer(path), error.reason)]) from error


def pointer(path: Iterable[object]) -> str:
    """Return the JSON Pointer (RFC 6901) of a path."""
    return "".join("/" + str(each).replace("~", "~0").replace("/", "~1") for each in path)


def short(message: str) -> str:
    """Return a message that is no longer than a line or two."""
    return message if len(message) <= _MAX_MESSAGE else message[: _MAX_MESSAGE - 3] + "..."


def _whole(text: str) -> int:
    return int(text) if len(text) <= _MAX_DIGITS else _refuse(text)


def _finite(text: str) -> float:
    value = float(text)
    return value if math.isfinite(value) else _refuse(text)


def _refuse(text: str) -> NoReturn:
    message = f"{short(text)} is no number here"
    raise ValueError(message)


def _encodes(value: object) -> bool:
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


def _is_deeper(value: object, limit: int) -> bool:
    layer = [value]
    for _ in range(limit):
        layer = [
            inner
            for each in layer
            if isinstance(each, dict | list)
            for inner in (each.values() if isinstance(each, dict) else each)
        ]
    return any(isinstance(each, dict | list) for each in layer)
