"""Tokens that tests send."""

from pathlib import Path

from services.chassis.auth.development import DevelopmentIssuer

ALL_SCOPES = ("events:read", "items:read", "items:write", "rooms:read", "rooms:write")


def bearer(var: Path, *scopes: str) -> dict[str, str]:
    """The header with a token of the development issuer whose key is in `var`."""
    token = DevelopmentIssuer.open(var).token("tester", "services", scopes)
    return {"Authorization": f"Bearer {token}"}
