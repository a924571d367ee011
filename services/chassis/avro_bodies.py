"""Reads bodies in Avro: behind this, a request is as if its client had sent JSON.

`application/vnd.apache.avro; schema="shop.Order/1"` is one datum in the binary encoding and the
version of its writer's schema, by default that of the contract. Single-object encoding is read too.
"""

from collections.abc import AsyncGenerator
from typing import Any, Final

from connexion.datastructures import MediaTypeDict
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import Receive, Scope
from werkzeug.http import parse_options_header

import registry
from registry import Schema
from registry.errors import RegistryError, TreeError, Undecodable, WireError
from registry.json_form import to_json
from services.chassis.bodies import pointer, steps
from services.chassis.errors import Fault, InvalidBody
from services.chassis.media_types import AVRO, JSON
from services.chassis.schemas import tree
from services.chassis.validation import VALIDATORS as OTHERS
from services.chassis.validation.requests import BodyValidator

_SINGLE_OBJECT: Final = b"\xc3\x01"
_FRAME: Final = len(_SINGLE_OBJECT) + 8


class AvroBodyValidator(BodyValidator):
    """Checks Avro bodies, in their JSON form, as if they were that."""

    MUTABLE_VALIDATION = True

    async def _parse(self, stream: AsyncGenerator[bytes, None], scope: Scope) -> Any:
        data = b"".join([part async for part in stream])
        options = parse_options_header(Headers(scope=scope).get("content-type"))[1]
        reader = self._schema["x-avro"]
        form = _json_form(data, reader, options.get("schema")) if data else None
        known = self._schema["properties"]
        # What the server sets is not taken from a client.
        return form and {name: value for name, value in form.items() if name in known}

    def _insert_body(self, receive: Receive, *, body: Any, scope: Scope) -> tuple[Receive, Scope]:
        receive, scope = super()._insert_body(receive, body=body, scope=scope)
        MutableHeaders(scope=scope)["content-type"] = JSON
        return receive, scope


VALIDATORS: Final[dict[str, Any]] = {
    **OTHERS,
    "body": MediaTypeDict({**OTHERS["body"], AVRO: AvroBodyValidator}),
}
"""Connexion's table of validators, with that of Avro."""


def _json_form(data: bytes, reader: str, writer: str | None) -> Any:
    """Return the JSON form of a datum as a version of its schema reads it. Raises InvalidBody."""
    try:
        written, datum = _written(data, writer or reader)
        schema = tree().version(reader).schema
        return to_json(schema, registry.read(datum, written, schema))
    except (TreeError, WireError) as error:
        raise InvalidBody([_fault(error)]) from error


def _written(data: bytes, writer: str) -> tuple[Schema, bytes]:
    """Return the schema of the writer and the datum without its frame, if it has one."""
    framed = tree().by_fingerprint(data[2:_FRAME]) if data.startswith(_SINGLE_OBJECT) else ()
    if framed:
        return framed[-1].schema, data[_FRAME:]
    return tree().version(writer).schema, data


def _fault(error: RegistryError) -> Fault:
    if not isinstance(error, Undecodable):
        return Fault("", str(error))
    place = "" if error.offset is None else f" (byte {error.offset})"
    return Fault(pointer(steps(error.path)), error.reason + place)
