"""Names: what Avro allows, and what they become in paths and in Python."""

import re
from collections.abc import Iterable
from keyword import iskeyword
from typing import Final

from registry.errors import UnsafeName
from registry.schema import EnumSchema, RecordSchema

_FULL_NAME = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*", re.ASCII)
_WORD = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")

RECORD_ATTRIBUTES: Final = frozenset(
    [
        "SCHEMA",
        "SUBJECT",
        "VERSION",
        "FINGERPRINT",
        "to_avro",
        "from_avro",
        "to_json",
        "from_json",
        "upgrade",
    ]
)
"""What every generated class has, so that no field may be called it in Python."""
ENUM_ATTRIBUTES: Final = frozenset(dir(str)) | {"name", "value", "mro"} | RECORD_ATTRIBUTES
"""What every generated enum has, so that no member may be called it in Python."""


def is_name(text: str) -> bool:
    """Tell whether a text is a name ("Names"): what Python calls an identifier, in ASCII."""
    return text.isascii() and text.isidentifier()


def is_full_name(text: str) -> bool:
    """Tell whether a text is names with dots between them."""
    return is_name(text) or _FULL_NAME.fullmatch(text) is not None


def snake_case(name: str) -> str:
    """Return `RoomChanged` as `room_changed`."""
    return _WORD.sub("_", name).lower()


def schema_path(full_name: str, number: int) -> str:
    """Return where a version stands in the tree: `rooms.Room`, 2 is `rooms/room/v2.avsc`."""
    return f"{subject_path(full_name)}/v{number}.avsc"


def subject_path(full_name: str) -> str:
    """Return the directory of a subject: `rooms.Room` is `rooms/room`.

    Raises UnsafeName for what is no full name of Avro.
    """
    if not is_full_name(full_name):
        reason = f"{full_name!r} is no Avro name."
        fix = "Use letters, digits and underscores, with dots between the parts."
        raise UnsafeName("", 0, 0, reason, fix)
    namespace, _, name = full_name.rpartition(".")
    return "/".join([*filter(None, namespace.split(".")), snake_case(name)])


def module_path(full_name: str, number: int) -> str:
    """Return the generated module without its suffix: `rooms.Room`, 2 is `rooms/room/v2`."""
    parts = [safe(part) for part in subject_path(full_name).split("/")]
    return "/".join([*parts, f"v{number}"])


def safe(name: str, taken: Iterable[str] = ()) -> str:
    """Return a name that Python allows as an attribute and that is not taken."""
    if name.startswith("__"):  # which Python would mangle, or reserves
        name = f"x{name}"
    while iskeyword(name) or name in taken:
        name += "_"
    return name


def python_names(record: RecordSchema) -> dict[str, str]:
    """Return the attribute of each field of a record, by its Avro name."""
    return _assign({field.name: field.name for field in record.fields}, RECORD_ATTRIBUTES)


def symbol_names(enum: EnumSchema) -> dict[str, str]:
    """Return the member of each symbol of an enum, which Python wants without a leading `_`."""
    wanted = {each: f"x{each}" if each.startswith("_") else each for each in enum.symbols}
    return _assign(wanted, ENUM_ATTRIBUTES)


def _assign(wanted: dict[str, str], reserved: frozenset[str]) -> dict[str, str]:
    """Give each name one of its own; a name that needs no change keeps its own."""
    assigned: dict[str, str] = {}
    used: set[str] = set()
    for name, start in wanted.items():
        found = safe(start, reserved)
        while found in used or (found != name and found in wanted):
            found = safe(f"{found}_", reserved)
        used.add(found)
        assigned[name] = found
    return assigned
