"""Keeps secrets out of the log, wherever in a line they would be."""

import re
from collections.abc import Mapping
from typing import Any, Final

from structlog.typing import EventDict, WrappedLogger

_HIDDEN: Final = "***"
_PATTERNS: Final = (
    # The password of a URL.
    (re.compile(r"(://[^\s/:@]*:)[^\s]*@"), rf"\1{_HIDDEN}@"),
    (re.compile(r"(?i)\b(bearer\s+)[\w.~+/=-]+"), rf"\1{_HIDDEN}"),
    (re.compile(r"(?i)(authorization\W{1,5}(?:basic\s+)?)[\w.~+/=-]+"), rf"\1{_HIDDEN}"),
    # A JWT, wherever it stands.
    (re.compile(r"\beyJ[\w-]+\.[\w-]+\.[\w-]*"), _HIDDEN),
    # As a form or a query spells it, and as JSON and Python's repr do.
    (re.compile(r"(?i)((?:password|passwd|secret|token|assertion)=)[^\s&;]+"), rf"\1{_HIDDEN}"),
    (
        re.compile(r"""(?i)((?:password|passwd|secret|token)["']\s*:\s*["'])[^"']+"""),
        rf"\1{_HIDDEN}",
    ),
)


def redact(_: WrappedLogger, __: str, line: EventDict) -> EventDict:
    """Replace what looks like a secret in all texts of a line."""
    return {key: _without_secrets(value) for key, value in line.items()}


def _without_secrets(value: Any) -> Any:
    if isinstance(value, str):
        for pattern, replacement in _PATTERNS:
            value = pattern.sub(replacement, value)
        return value
    if isinstance(value, Mapping):
        return {str(key): _without_secrets(each) for key, each in value.items()}
    if isinstance(value, list | tuple | set):
        return [_without_secrets(each) for each in value]
    if isinstance(value, int | float | None):
        return value
    return _without_secrets(str(value))
