"""Who calls: what a handler injects, and what the access log shows."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from connexion.context import context


@dataclass(frozen=True, slots=True)
class Caller:
    """Whom a token speaks for, and the scopes that it has; `subject` None is anybody."""

    subject: str | None
    scopes: frozenset[str]


ANONYMOUS: Final = Caller(None, frozenset())


def caller_of(scope: Mapping[str, Any]) -> Caller:
    """Return who sent the request of an ASGI scope; anonymous before the token was verified."""
    return _known(scope.get("extensions", {}).get("connexion_context", {}))


def current_caller() -> Caller:
    """Return who sent the request that is being handled; anonymous outside of one."""
    try:
        return _known(dict(context))
    except RuntimeError:  # there is no request
        return ANONYMOUS


def token_info(caller: Caller) -> dict[str, object]:
    """Return what Connexion keeps of a caller with the request."""
    return {"sub": caller.subject, "caller": caller}


def _known(kept: Mapping[str, Any]) -> Caller:
    caller = kept.get("token_info", {}).get("caller")
    return caller if isinstance(caller, Caller) else ANONYMOUS
