"""The messages of an AsyncAPI document: each version of an event, with all that it refers to."""

import json
from importlib import import_module
from typing import Any, Final

from registry import Record, SchemaVersion, wire
from registry.canonical import full_text
from registry.naming import module_path, safe
from registry.testing import example
from services.chassis.contract import Document
from services.chassis.media_types import AVRO

SCHEMA_FORMAT: Final = "application/vnd.apache.avro+json;version=1.9.0"

_ENTITY: Final = "01a204cb-8159-79f9-9043-d8406cab5d77"
_FEED: Final = "7f0e7f0e-0000-4000-8000-000000000000"


def key_of(version: SchemaVersion) -> str:
    """Return what a version is called among the messages, such as `rooms.RoomChanged.v2`."""
    return f"{version.subject}.v{version.number}"


def payload_of(version: SchemaVersion) -> Document:
    """Return the schema of a version, which needs no other."""
    return {"schemaFormat": SCHEMA_FORMAT, "schema": json.loads(full_text(version.schema))}


def message_of(version: SchemaVersion, source: str) -> Document:
    """Return the message in which the service `source` tells a version of an event."""
    made = _example_of(version)
    fingerprint = version.fingerprint.hex()
    return {
        "name": str(version),
        "title": f"{version.schema.simple_name}, version {version.number}",
        "summary": version.schema.doc or "",
        "description": (
            f"The body is C3 01, the fingerprint {fingerprint} (CRC-64-AVRO of the schema, "
            "little-endian) and the datum in Avro's binary encoding: single-object encoding. "
            "x-body is that of the example, in hexadecimal, whose payload is in JSON here."
        ),
        "contentType": AVRO,
        "headers": _headers(str(version)),
        "payload": payload_of(version),
        "bindings": {"amqp": _binding(version.subject, source)},
        "examples": [
            {
                "headers": {
                    "dataschema": str(version),
                    "subject": _ENTITY,
                    "position": 1,
                    "feed": _FEED,
                },
                "payload": json.loads(made.to_json()),
            }
        ],
        "x-fingerprint": fingerprint,
        "x-body": wire.encode(made).hex(),
    }


def _headers(dataschema: str) -> Document:
    said: dict[str, Document] = {
        "dataschema": {
            "type": "string",
            "const": dataschema,
            "description": "The version that the datum is written in.",
        },
        "subject": {
            "type": "string",
            "description": "The id of the entity that the event is about. Its events keep order.",
        },
        "position": {
            "type": "integer",
            "format": "int64",
            "minimum": 1,
            "description": "The place of the event among all that the service tells.",
        },
        "feed": {
            "type": "string",
            "format": "uuid",
            "description": "Which feed the position is of: another one is of a new database.",
        },
    }
    return {"type": "object", "required": list(said), "properties": said}


def _binding(subject: str, source: str) -> Document:
    """Return what AMQP calls properties: the binding knows the type only, an extension the rest."""
    return {
        "messageType": subject,
        "bindingVersion": "0.3.0",
        "x-properties": {
            "type": "object",
            "properties": {
                "message_id": {
                    "type": "string",
                    "format": "uuid",
                    "description": "The event's id. A message may come twice: its id is the same.",
                },
                "type": {"type": "string", "const": subject},
                "app_id": {"type": "string", "const": source},
                "content_type": {"type": "string", "const": AVRO},
                "delivery_mode": {"type": "integer", "const": 2},
                "timestamp": {
                    "type": "integer",
                    "description": "When it occurred, in seconds since 1970-01-01 UTC.",
                },
            },
        },
    }


def _example_of(version: SchemaVersion) -> Record:
    path = module_path(version.subject, version.number).replace("/", ".")
    made: Any = getattr(import_module(f"registry.records.{path}"), safe(version.schema.simple_name))
    found: Record = example(made)
    return found
