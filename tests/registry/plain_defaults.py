"""A default for a type where one is plain to see."""

from collections.abc import Mapping
from typing import Any


def default_of(kind: Any) -> dict[str, Any]:
    """Return `{"default": ...}` for a type where a default is plain to see, else nothing."""
    word = kind[0] if isinstance(kind, list) else kind
    if isinstance(word, dict):
        if word["type"] == "enum":
            return {"default": word["symbols"][-1]}
        if word.get("logicalType") in ("uuid", "big-decimal", "duration"):
            return {}
        word = word["type"]
    return {"default": _DEFAULTS[word]} if word in _DEFAULTS else {}


_NUMBERS = {"int": 1, "long": 1 << 33, "float": 0.5, "double": 2}
_TEXTS = {"bytes": "\x00ÿ", "string": "é"}
_DEFAULTS: Mapping[str, Any] = {
    **_NUMBERS,
    **_TEXTS,
    "null": None,
    "boolean": True,
    "array": [],
    "map": {},
}
