"""JSON Merge Patch (RFC 7396) on records."""

import json
from collections.abc import Mapping
from typing import Any, TypeVar

from registry.record import Record
from services.chassis.bodies import record_of

R = TypeVar("R", bound=Record)


def patched(record: R, patch: Mapping[str, Any]) -> R:
    """Return the record with a merge patch applied; null gives a field its default.

    Raises InvalidBody where the outcome is no record.
    """
    return record_of(type(record), merged(json.loads(record.to_json()), patch))


def merged(target: Any, patch: Any) -> Any:
    """Return what a merge patch makes of a JSON value (RFC 7396, section 2)."""
    if not isinstance(patch, Mapping):
        return patch
    outcome = dict(target) if isinstance(target, Mapping) else {}
    for name, value in patch.items():
        if value is None:
            outcome.pop(name, None)
        else:
            outcome[name] = merged(outcome.get(name), value)
    return outcome
