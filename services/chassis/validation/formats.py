"""The formats of strings that a contract names: what is accepted, Python can hold as well.

The formats that are not here (uri, email, hostname, ipv4, ipv6) are checked by the library; those
of integers are ranges.
"""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from jsonschema import FormatChecker

_DATE: Final = r"\d{4}-\d\d-\d\d"
_TIME: Final = r"\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)"
_BASE64 = re.compile(r"([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}(==)|[A-Za-z0-9+/]{3}=)?")
_UUID = re.compile(r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")


def _is_base64(text: str) -> bool:
    """Return whether bytes are spelled so (RFC 4648, section 4)."""
    return _BASE64.fullmatch(text) is not None


def _is_uuid(text: str) -> bool:
    """Return whether it is a UUID with its four hyphens (RFC 9562, section 4)."""
    return _UUID.fullmatch(text) is not None


def _moment(pattern: str, prefix: str = "") -> Callable[[str], bool]:
    """Return a check of a part of RFC 3339; a leap second is refused, as Python has none."""
    spelling = re.compile(pattern, re.ASCII)

    def is_spelled(text: str) -> bool:
        upper = text.upper()
        if spelling.fullmatch(upper) is None:
            return False
        try:
            datetime.fromisoformat(prefix + upper)
        except ValueError:
            return False
        return True

    return is_spelled


FORMATS: Final[Mapping[str, Callable[[str], bool]]] = {
    "byte": _is_base64,
    "date": _moment(_DATE),
    "date-time": _moment(f"{_DATE}T{_TIME}"),
    "time": _moment(_TIME, prefix="1970-01-01T"),
    "uuid": _is_uuid,
}
RANGES: Final[Mapping[str, tuple[int, int]]] = {
    "int32": (-(2**31), 2**31 - 1),
    "int64": (-(2**63), 2**63 - 1),
}


def _checker() -> FormatChecker:
    """Return the same for the package that tells what is wrong."""
    checker = FormatChecker()
    for name, is_spelled in FORMATS.items():
        checker.checkers[name] = (_of_texts(is_spelled), ())
    return checker


def _of_texts(is_spelled: Callable[[str], bool]) -> Callable[[object], bool]:
    return lambda value: not isinstance(value, str) or is_spelled(value)


CHECKER: Final = _checker()
