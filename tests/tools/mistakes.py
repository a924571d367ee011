"""Mistakes that people make in a tree of schemas: each changes the one in the current folder."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOM = Path("schemas/rooms/room")
AREA = Path("schemas/rooms/area")
PROFILE = Path("schemas/guests/profile/v1.avsc")


def next_version(subject: Path, change: Callable[[dict[str, Any]], None]) -> None:
    """Add the next version of a subject with a change, one field a line."""
    number = len(list(subject.glob("v*.avsc")))
    schema = json.loads((subject / f"v{number}.avsc").read_text())
    change(schema)
    fields = ",\n".join(f"    {json.dumps(each)}" for each in schema.pop("fields"))
    text = json.dumps(schema, indent=2).removesuffix("\n}")
    (subject / f"v{number + 1}.avsc").write_text(f'{text},\n  "fields": [\n{fields}\n  ]\n}}\n')


def named(schema: dict[str, Any], name: str) -> dict[str, Any]:
    """Return the field of a name."""
    field: dict[str, Any] = next(each for each in schema["fields"] if each["name"] == name)
    return field


def add_a_required_field() -> None:
    floor = {"name": "floor", "doc": "The storey, 0 is the ground floor.", "type": "int"}
    next_version(ROOM, lambda schema: schema["fields"].insert(3, floor))


def remove_a_field() -> None:
    next_version(ROOM, lambda schema: schema["fields"].remove(named(schema, "url")))


def rename_a_field() -> None:
    next_version(ROOM, lambda schema: named(schema, "provider").update(name="landlord"))


def change_a_type() -> None:
    next_version(
        ROOM, lambda schema: named(schema, "property_size").update(type=["null", "string"])
    )


def drop_a_symbol() -> None:
    def change(schema: dict[str, Any]) -> None:
        visibility = named(schema, "visibility")["type"]
        visibility["symbols"].remove("HIDDEN")
        del visibility["default"]

    next_version(ROOM, change)


def break_a_type_that_others_pin() -> None:
    required = {"name": "zone", "doc": "The zone of the public transport.", "type": "string"}
    next_version(AREA, lambda schema: schema["fields"].append(required))


def edit_a_released_file() -> None:
    path = ROOM / "v1.avsc"
    path.write_text(path.read_text().replace('"YEARLY"]', '"YEARLY", "ONCE"]'))


def delete_a_released_file() -> None:
    (ROOM / "v2.avsc").unlink()
    shutil.rmtree("schemas/rooms/room_changed")


def copy_without_a_change() -> None:
    (ROOM / "v3.avsc").write_text((ROOM / "v2.avsc").read_text())


def skip_a_number() -> None:
    next_version(ROOM, lambda schema: schema.update(doc="A room for rent."))
    (ROOM / "v3.avsc").rename(ROOM / "v4.avsc")


def misplace_a_file() -> None:
    path = Path("schemas/rooms/reservation/v1.avsc")
    path.parent.mkdir()
    field = '{"name": "room_id", "type": {"type": "string", "logicalType": "uuid"}}'
    head = '"type": "record", "name": "Booking", "namespace": "rooms"'
    path.write_text(f'{{\n  {head},\n  "fields": [{field}]\n}}\n')


def forget_a_comma() -> None:
    profile('{"name": "name", "doc": "What we call them." "type": "string"}')


def misspell_a_type() -> None:
    profile('{"name": "name", "doc": "What we call them.", "type": "strng"}')


def quote_a_number() -> None:
    profile('{"name": "visits", "doc": "How often they came.", "type": "int", "default": "0"}')


def forget_a_pin() -> None:
    profile('{"name": "spent", "doc": "What they paid.", "type": "common.Money"}')


def misspell_a_level() -> None:
    (ROOM / "subject.toml").write_text('owner = "rooms"\ncompatibility = "BACKWARDS"\n')


def lower_a_level() -> None:
    (ROOM / "subject.toml").write_text('owner = "rooms"\ncompatibility = "BACKWARD"\n')


def keep_a_waiver_that_waives_nothing() -> None:
    waiver = '[[waivers]]\nrule = "TYPE_MISMATCH"\nversion = 2\nwhy = "Nobody reads it."\n'
    (ROOM / "subject.toml").write_text(f'owner = "rooms"\n\n{waiver}')


def pin_what_is_retired() -> None:
    (AREA / "subject.toml").write_text('owner = "rooms"\nstatus = "retired"\n')
    pin = '"references": [{"name": "rooms.Area", "version": 1}],'
    profile('{"name": "home", "doc": "Where they live.", "type": "rooms.Area"}', pin)


def leave_a_module_stale() -> None:
    path = Path("registry/records/rooms/area/v1.py")
    path.write_text(path.read_text().replace("city: str\n", "city: str | None = None\n"))


def profile(field: str, pins: str = "") -> None:
    """Write the first version of a subject, with one field."""
    PROFILE.parent.mkdir(parents=True)
    head = '"type": "record",\n  "name": "Profile",\n  "namespace": "guests",'
    doc = f'"doc": "A guest, as we know them.",{f"{chr(10)}  {pins}" if pins else ""}'
    PROFILE.write_text(f'{{\n  {head}\n  {doc}\n  "fields": [\n    {field}\n  ]\n}}\n')
