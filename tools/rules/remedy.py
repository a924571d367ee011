"""What to write instead of a change that breaks somebody, as text to paste where there is one."""

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from registry.compatibility import Incompatibility
from registry.source import JSON, locate_all
from registry.subjects import SchemaVersion

_TEXTS: Final = 16  # that are kept at hand: one may break in thousands of places
_KEEP_TYPE: Final = "keep the type of v{old} here, and add a new field (with a default) beside it"
_BACKWARD: Final[Mapping[str, str]] = {
    "MISSING_ENUM_SYMBOLS": "keep all symbols of v{old}: data with them is still around",
    "MISSING_UNION_BRANCH": "keep all branches of v{old}: data with them is still around",
    "NAME_MISMATCH": "call the type what v{old} calls it",
}
_FORWARD: Final[Mapping[str, str]] = {
    "MISSING_ENUM_SYMBOLS": (
        "keep the symbols of v{old}: its enum has no default, so it can never learn another.\n"
        "Add a new field (with a default) for what is new."
    ),
    "MISSING_UNION_BRANCH": (
        "keep the branches of v{old}, and add a new field (with a default) for what is new"
    ),
    "NAME_MISMATCH": "call the type what v{old} calls it",
}


def remedy(
    cause: Incompatibility, new: SchemaVersion, old: SchemaVersion, *, backward: bool
) -> str:
    """Return what to do in the new version. `backward` says that it is the one that reads."""
    if cause.rule == "READER_FIELD_MISSING_DEFAULT_VALUE":
        return _default(cause, new) if backward else _kept(cause, old)
    known = _BACKWARD if backward else _FORWARD
    return known.get(cause.rule, _KEEP_TYPE).format(old=old.number)


def _default(cause: Incompatibility, new: SchemaVersion) -> str:
    field = _value_at(new.text, cause.reader_path)
    if not isinstance(field, dict) or "type" not in field:
        return "give the field a default in the file that defines its record"
    kind = field["type"]
    members = _defaulted(kind)
    pasted = ", ".join(f"{json.dumps(k)}: {json.dumps(v)}" for k, v in members.items())
    return f"give the field a default:\n{pasted}"


def _defaulted(kind: JSON) -> dict[str, JSON]:
    """Return the members of a field that give it a default which claims nothing."""
    if isinstance(kind, dict) and kind.get("type") == "array":
        return {"default": []}
    if isinstance(kind, dict) and kind.get("type") == "map":
        return {"default": {}}
    if isinstance(kind, list):
        branches = kind if "null" in kind else ["null", *kind]
        return {"default": None} if "null" in kind else {"type": branches, "default": None}
    return {"type": ["null", kind], "default": None}


def _kept(cause: Incompatibility, old: SchemaVersion) -> str:
    field = _value_at(old.text, cause.reader_path)
    if not isinstance(field, dict):
        return f"keep the field, as v{old.number} needs it"
    fields, _, index = cause.reader_path.rpartition("/")
    line = _lines(old.text, fields)[int(index)]
    pasted = json.dumps(field, ensure_ascii=False)
    return f"keep the field, from line {line} of v{old.number}.avsc:\n{pasted}"


def _value_at(text: str, pointer: str) -> JSON:
    """Return the value at a JSON Pointer, None where the text has none: in another file."""
    value = _parsed(text)
    for part in pointer.split("/")[1:]:
        if isinstance(value, list) and part.isdecimal() and int(part) < len(value):
            value = value[int(part)]
        elif isinstance(value, dict):
            value = value.get(part.replace("~1", "/").replace("~0", "~"))
        else:
            return None
    return value


@lru_cache(maxsize=_TEXTS)
def _lines(text: str, pointer: str) -> list[int]:
    """Return the line of each field of a record, whose list stands at a JSON Pointer."""
    fields = _value_at(text, pointer)
    count = len(fields) if isinstance(fields, list) else 0
    return [each.line for each in locate_all(text, [f"{pointer}/{i}/name" for i in range(count)])]


@lru_cache(maxsize=_TEXTS)
def _parsed(text: str) -> JSON:
    value: JSON = json.loads(text)
    return value
