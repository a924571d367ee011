"""What a service is, for people and for programs: what it speaks, tells and hears."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from registry.record import Record
from registry.schema import (
    MISSING,
    ArraySchema,
    EnumSchema,
    Field,
    MapSchema,
    RecordSchema,
    Schema,
    UnionSchema,
)
from registry.subjects import SchemaVersion
from services.chassis.contract import Contract, base_path
from services.chassis.events.declaration import Events
from services.chassis.schemas import tree
from services.chassis.settings import Settings

Facts = dict[str, Any]

_TEMPLATES: Final = Environment(
    loader=FileSystemLoader(Path(__file__).with_name("templates")),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def about(contract: Contract, settings: Settings, events: Events) -> Facts:
    """Return the facts of a service, as JSON's values. Its links are relative to /about."""
    info = contract.document["info"]
    tells = [_name(each.event) for each in events.tells]
    hears = [{"event": _name(each.event), "source": each.source} for each in events.hears]
    told = [*tells, *(each["event"] for each in hears)]
    return {
        "name": settings.name,
        "title": info["title"],
        "description": info.get("description", ""),
        "version": info["version"],
        "profile": settings.profile.value,
        "links": _links(base_path(contract.document).strip("/")),
        "tells": tells,
        "hears": hears,
        "schemas": [_shown(each) for each in _used(contract.versions, told)],
    }


def as_html(facts: Facts) -> bytes:
    """Return the page that shows the facts."""
    return _TEMPLATES.get_template("about.html").render(facts).encode()


def _links(base: str) -> Mapping[str, str]:
    return {
        "swagger": f"{base}/ui/",
        "document": f"{base}/openapi.json",
        "messages": f"{base}/asyncapi.json",
        "events": f"{base}/events",
        "live": "health/live",
        "ready": "health/ready",
        "metrics": "metrics",
    }


def _name(record: type[Record]) -> str:
    return f"{record.SUBJECT}/{record.VERSION}"


def _used(spoken: Iterable[SchemaVersion], told: Iterable[str]) -> list[SchemaVersion]:
    """Return versions, then those that they refer to, each once."""
    found: dict[str, SchemaVersion] = {}
    layer = [*spoken, *map(tree().version, told)]
    while layer:
        new = {str(version): version for version in layer if str(version) not in found}
        found |= new
        references = [each for version in new.values() for each in version.references]
        layer = [tree().version(str(each)) for each in references]
    return list(found.values())


def _shown(version: SchemaVersion) -> Facts:
    schema = version.schema
    return {
        "version": str(version),
        "path": f"schemas/{version.path}",
        "doc": schema.doc or "",
        "references": [str(each) for each in version.references],
        "symbols": list(schema.symbols) if isinstance(schema, EnumSchema) else [],
        "fields": [_field(each) for each in schema.fields]
        if isinstance(schema, RecordSchema)
        else [],
    }


def _field(field: Field) -> Facts:
    return {
        "name": field.name,
        "type": _words(field.type),
        "doc": field.doc or "",
        "required": field.default is MISSING,
    }


def _words(schema: Schema) -> str:
    """Return what a type is called in a sentence."""
    if schema.logical:
        precision, scale = schema.logical.precision, schema.logical.scale
        return schema.logical.name + (f" ({precision}, {scale})" if precision else "")
    if isinstance(schema, UnionSchema):
        return " or ".join(_words(each) for each in schema.branches)
    if isinstance(schema, ArraySchema):
        return f"array of {_words(schema.items)}"
    if isinstance(schema, MapSchema):
        return f"map of {_words(schema.values)}"
    return schema.label
