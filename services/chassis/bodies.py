"""Reads what clients send: JSON texts, and records in their JSON form."""

import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, Final, NoReturn, TypeVar

import orjson

from registry.codec.building import Builder
from registry.errors import WireError
from registry.json_form import from_json
from registry.record import Record, builder_of, schema_of
from registry.schema import MISSING, ArraySchema, RecordSchema, Schema, UnionSchema
from services.chassis.errors import Fault, InvalidBody

R = TypeVar("R", bound=Record)

MAX_FAULTS: Final = 20
"""How many of the things wrong with a body are told."""
_MAX_DEPTH = 64
_MAX_MESSAGE = 200
# Python refuses to read longer ones; what Avro can hold has 19.
_MAX_DIGITS = 4300
_TOO_DEEP = Fault("", f"More than {_MAX_DEPTH} values within each other.")
_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")
# Each digit as a zero: a run of so many may be a number that orjson would round.
_DIGITS_TO_ZEROS: Final = bytes.maketrans(b"123456789", b"000000000")
_LONG_NUMBER: Final = b"0" * 19
_PATH_STEP = re.compile(r"[^.\[\]]+")


def parse_json(data: bytes) -> Any:
    """Return the value of a JSON text (RFC 8259).

    Raises InvalidBody where it is not UTF-8 or not JSON, holds NaN, infinity or half of a surrogate
    pair, or nests more than 64 deep. Of a name that an object has twice, the last value counts.
    """
    try:
        value = _loads_fast(data)
    except ValueError:
        value = _loads(data)
    if data.count(b"[") + data.count(b"{") > _MAX_DEPTH and _is_deeper(value, _MAX_DEPTH):
        raise InvalidBody([_TOO_DEEP])
    return value


def _loads_fast(data: bytes) -> Any:
    """Return the value. Raises ValueError for what is not JSON, and for what `_loads` may read."""
    if _LONG_NUMBER in data.translate(_DIGITS_TO_ZEROS):
        raise ValueError
    return orjson.loads(data)


def _loads(data: bytes) -> Any:
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
    return value


def record_of(record_type: type[R], body: Mapping[str, Any]) -> R:
    """Return the record whose JSON form is `body`.

    Raises InvalidBody, with all that is wrong: a schema may know more than a contract can say.
    """
    try:
        return record_type.from_json(body)
    except WireError as error:
        found = _faults(schema_of(record_type), body, (), builder_of(record_type))
        raise InvalidBody([*islice(found, MAX_FAULTS)] or [_fault((), error)]) from error


def steps(path: str) -> list[str]:
    """Return the steps of a path as errors of the registry have it, such as `images[3].url`."""
    return _PATH_STEP.findall(path)


def pointer(path: Iterable[object]) -> str:
    """Return the JSON Pointer (RFC 6901) of a path."""
    return "".join("/" + str(each).replace("~", "~0").replace("/", "~1") for each in path)


def short(message: str) -> str:
    """Return a message that is no longer than a line or two."""
    return message if len(message) <= _MAX_MESSAGE else message[: _MAX_MESSAGE - 3] + "..."


def _faults(
    schema: Schema, value: Any, path: tuple[object, ...], builder: Builder
) -> Iterator[Fault]:
    """Yield what is wrong with a JSON form, in each of its parts."""
    if isinstance(schema, UnionSchema) and value is not None:
        others = [each for each in schema.branches if each.type != "null"]
        schema = others[0] if len(others) == 1 else schema
    if isinstance(schema, RecordSchema) and isinstance(value, Mapping):
        yield from _faults_of_fields(schema, value, path, builder)
    elif isinstance(schema, ArraySchema) and isinstance(value, list):
        for index, each in enumerate(value):
            yield from _faults(schema.items, each, (*path, index), builder)
    else:
        try:
            from_json(schema, value, builder)
        except WireError as error:
            yield _fault(path, error)


def _faults_of_fields(
    schema: RecordSchema, value: Mapping[str, Any], path: tuple[object, ...], builder: Builder
) -> Iterator[Fault]:
    for name in value.keys() - {field.name for field in schema.fields}:
        yield Fault(pointer((*path, short(name))), f"{short(name)!r} is no field of {schema.name}.")
    for field in schema.fields:
        if field.name in value:
            yield from _faults(field.type, value[field.name], (*path, field.name), builder)
        elif field.default is MISSING:
            yield Fault(pointer((*path, field.name)), "The field is missing.")


def _fault(path: tuple[object, ...], error: WireError) -> Fault:
    return Fault(pointer((*path, *steps(getattr(error, "path", "")))), error.reason)


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
