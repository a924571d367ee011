"""Says what is wrong with a value, each fault at the field that is to be changed."""

import json
from collections.abc import Iterable, Iterator
from typing import Any, Final

from jsonschema import ValidationError

from services.chassis.bodies import pointer, short
from services.chassis.errors import Fault

_MOST_SHOWN: Final = 60
_CHOICES: Final = frozenset({"anyOf", "oneOf"})
# A branch that a value fails at once, by its type, is not the one that was meant.
_OF_OTHERS: Final = frozenset({"enum", "type"})


def told(errors: Iterable[ValidationError]) -> Iterator[Fault]:
    """Yield what errors of jsonschema say, each thing once."""
    seen: set[Fault] = set()
    for error in errors:
        for fault in _faults(error):
            if fault not in seen:
                seen.add(fault)
                yield fault


def _faults(error: ValidationError) -> Iterator[Fault]:
    path = tuple(error.absolute_path)
    instance: Any = error.instance
    asked: Any = error.validator_value
    if error.validator == "required":
        for name in asked:
            if name not in instance:
                yield Fault(pointer((*path, name)), "The field is missing.")
    elif error.validator == "additionalProperties" and asked is False:
        schema: Any = error.schema
        for name in instance.keys() - schema.get("properties", {}).keys():
            yield Fault(pointer((*path, short(name))), f"{short(name)!r} is no field to be sent.")
    elif meant := _meant(error):
        for each in meant:
            yield from _faults(each)
    else:
        yield Fault(pointer(path), short(_message(error)))


def _meant(error: ValidationError) -> list[ValidationError]:
    """Return what is wrong by the one branch that a value may have meant; nothing if that is open.

    A record that may be null is such a choice.
    """
    if error.validator not in _CHOICES:
        return []
    branches: dict[Any, list[ValidationError]] = {}
    for each in error.context or ():
        branches.setdefault(each.relative_schema_path[0], []).append(each)
    meant = [errors for errors in branches.values() if not any(map(_is_of_another, errors))]
    return meant[0] if len(meant) == 1 else []


def _is_of_another(error: ValidationError) -> bool:
    return not error.relative_path and error.validator in _OF_OTHERS


def _message(error: ValidationError) -> str:
    """Return the message, with values as JSON spells them, which jsonschema does as Python.

    The value is cut: what is wrong with it comes after.
    """
    message: str = error.message
    value = json.dumps(error.instance, ensure_ascii=False)
    cut = value if len(value) <= _MOST_SHOWN else value[: _MOST_SHOWN - 3] + "..."
    message = message.replace(repr(error.instance), cut, 1)
    asked = error.validator_value
    for each in (asked, *(asked if isinstance(asked, list) else ())):
        message = message.replace(repr(each), json.dumps(each, ensure_ascii=False))
    return message
