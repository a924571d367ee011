"""Readers that differ from a writer anywhere in it, not only in the fields at the top."""

from random import Random
from typing import Any, Final

from tests.registry.strategies import JsonSchema

_WIDER: Final = {
    "int": ("long", "float", "double"),
    "long": ("float", "double"),
    "float": ("double",),
    "string": ("bytes",),
    "bytes": ("string",),
}
_ADDED: Final[tuple[tuple[JsonSchema, Any], ...]] = (
    ("float", 0.1),
    ("double", 2),
    ("long", -1),
    ("bytes", "\x00ÿ"),
    ("string", "é"),
    (["null", "int"], None),
    ([{"type": "map", "values": "float"}, "null"], {"k": 1}),
    ({"type": "array", "items": {"type": "array", "items": "bytes"}}, [[], ["ÿ"]]),
    ({"type": "enum", "name": "XEnum", "symbols": ["A", "B"]}, "B"),
    ({"type": "fixed", "name": "XFixed", "size": 2}, "ÿ\x00"),
    (
        {
            "type": "record",
            "name": "XRecord",
            "fields": [
                {"name": "a", "type": "int"},
                {"name": "b", "type": ["null", "XRecord"], "default": None},
            ],
        },
        {"a": 7},
    ),
    ({"type": "int", "logicalType": "date"}, 1),
    ({"type": "long", "logicalType": "timestamp-millis"}, -1),
    ({"type": "bytes", "logicalType": "decimal", "precision": 7, "scale": 2}, "\u0001ÿ"),
)
"""Types of fields that a reader has more, and their defaults."""
_OFTEN: Final = 0.25


def twisted(schema: JsonSchema, random: Random) -> JsonSchema:
    """Return a schema changed here and there. It need be neither valid nor able to read."""
    if isinstance(schema, list):
        return _union([twisted(each, random) for each in schema], random)
    if isinstance(schema, str):
        return _wrapped(_primitive(schema, random), random)
    kind = schema["type"]
    if kind == "record":
        return _record(schema, random)
    if kind in ("array", "map"):
        inner = "items" if kind == "array" else "values"
        return _wrapped({**schema, inner: twisted(schema[inner], random)}, random)
    if kind == "enum":
        return _wrapped(_enum(schema, random), random)
    return _wrapped(schema, random)


def _primitive(schema: str, random: Random) -> JsonSchema:
    wider = _WIDER.get(schema, ())
    return random.choice(wider) if wider and random.random() < _OFTEN else schema


def _wrapped(schema: JsonSchema, random: Random) -> JsonSchema:
    if random.random() > _OFTEN or schema == "null":
        return schema
    others: list[JsonSchema] = ["null", "boolean", "string", "bytes", "double", "long"]
    kind = schema["type"] if isinstance(schema, dict) else schema
    branches = [schema, *random.sample([each for each in others if each != kind], 2)]
    random.shuffle(branches)
    return branches


def _union(branches: list[JsonSchema], random: Random) -> JsonSchema:
    flat = [each for each in branches if not isinstance(each, list)]
    if random.random() < _OFTEN:
        random.shuffle(flat)
    return flat


def _enum(schema: dict[str, Any], random: Random) -> JsonSchema:
    symbols = list(schema["symbols"])
    if random.random() < _OFTEN:
        random.shuffle(symbols)
    if random.random() < _OFTEN:
        return {**schema, "symbols": [*symbols[:1], "More"], "default": symbols[0]}
    return {**schema, "symbols": symbols}


def _record(schema: dict[str, Any], random: Random) -> JsonSchema:
    fields = [_field(each, random) for each in schema["fields"] if random.random() > _OFTEN / 4]
    if random.random() < _OFTEN:
        random.shuffle(fields)
    if random.random() < _OFTEN:
        kind, default = random.choice(_ADDED)
        fields.append({"name": "added", "type": kind, "default": default})
    return {**schema, "fields": fields}


def _field(field: dict[str, Any], random: Random) -> dict[str, Any]:
    made = {**field, "type": twisted(field["type"], random)}
    if made["type"] != field["type"]:
        made.pop("default", None)  # which may be none of the new type's
    if random.random() < _OFTEN:
        made["aliases"] = [field["name"]]
        made["name"] = f"new_{field['name']}"
    return made
