"""Prints a token of the development issuer, for those who call the services by hand."""

import sys
from collections.abc import Mapping
from pathlib import Path

import services
from services.chassis.auth import scheme
from services.chassis.auth.development import DevelopmentIssuer
from services.chassis.contract import load_contract
from services.chassis.errors import ServiceError
from services.chassis.schemas import tree
from services.chassis.serving.discovery import default_ports
from services.chassis.settings import Profile, Settings

_SUBJECT = "developer"


def main(words: str, environment: Mapping[str, str]) -> int:
    """Print a token with the scopes that `words` lists, with blanks or commas between.

    Returns the exit code: 0 if it is printed, 1 if it cannot be made, 2 if the services here
    believe another issuer, or know no such scope.
    """
    scopes = words.replace(",", " ").split()
    try:
        if reason := _refusal(scopes, environment):
            return _failed(reason, 2)
        ports = default_ports()
        settings = Settings.read(next(iter(ports)), ports, environment)
        issuer = DevelopmentIssuer.open(settings.var)
    except ServiceError as error:
        return _failed(str(error), 1)
    sys.stdout.write(issuer.token(_SUBJECT, settings.auth.audience, scopes) + "\n")
    return 0


def _failed(reason: str, code: int) -> int:
    sys.stderr.write(f"auth.token: {reason}\n")
    return code


def known_scopes() -> dict[str, str]:
    """Return what each scope of any service allows. Raises ContractError."""
    folder = Path(services.__path__[0])
    contracts = [folder / name / "openapi.yaml" for name in default_ports()]
    found: dict[str, str] = {}
    for contract in contracts:
        found |= scheme.scopes(load_contract(contract, tree()).document)
    return dict(sorted(found.items()))


def _refusal(scopes: list[str], environment: Mapping[str, str]) -> str | None:
    """Return why no token is made, in a sentence that says what to do."""
    if environment.get("PROFILE", "").lower() == Profile.PRODUCTION or environment.get(
        "AUTH_ISSUER"
    ):
        return (
            "The services of this environment (PROFILE, AUTH_ISSUER) believe another issuer: ask "
            "that one for a token. docs/auth.md shows how."
        )
    known = known_scopes()
    if scopes and known.keys() >= set(scopes):
        return None
    wrong = ", ".join(sorted(set(scopes) - known.keys()))
    listed = "\n".join(f"  {scope:<14} {allows}" for scope, allows in known.items())
    return f"{f'No service knows {wrong}.' if wrong else 'Name a scope.'} There are:\n{listed}"
