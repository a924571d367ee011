"""Writes into a contract how a caller gets a token, and which scopes there are."""

from copy import deepcopy
from typing import Any, Final, TypeAlias

from services.chassis.auth.development_api import TOKEN_PATH
from services.chassis.errors import ContractError
from services.chassis.settings import AuthSettings

Document: TypeAlias = dict[str, Any]

SCHEME: Final = "oauth2"
_METHODS: Final = ("get", "put", "post", "delete", "patch")
_SCOPES: Final = "x-scopes"


def scopes(document: Document) -> dict[str, str]:
    """Return what each scope of a contract allows, by the scope.

    Raises ContractError where `x-scopes` and the operations do not name the same.
    """
    described: dict[str, str] = document.get(_SCOPES, {})
    used = {
        scope
        for operation in _operations(document)
        for requirement in operation.get("security", [])
        for scope in requirement.get(SCHEME, [])
    }
    for scope in sorted(used - described.keys()):
        raise ContractError(f"x-scopes does not say what {scope!r} allows: add a line for it.")
    for scope in sorted(described.keys() - used):
        raise ContractError(f"x-scopes has {scope!r}, which no operation asks for.")
    return described


def protect(document: Document, settings: AuthSettings) -> Document:
    """Return the contract with the security scheme of its operations. Raises ContractError."""
    protected = deepcopy(document)
    components = protected.setdefault("components", {})
    components["securitySchemes"] = {SCHEME: _scheme(scopes(document), settings)}
    return protected


def published(document: Document, settings: AuthSettings) -> Document:
    """Return the contract as callers see it: where reads are open, they need no token.

    Connexion is not told, as it would then take a token that is wrong for none.
    """
    if not settings.open_reads:
        return document
    shown = deepcopy(document)
    for operation in _operations(shown, ("get",)):
        if operation.get("security"):
            operation["security"].append({})
    return shown


def _operations(document: Document, methods: tuple[str, ...] = _METHODS) -> list[Document]:
    paths = document["paths"].values()
    return [path[method] for path in paths for method in methods if method in path]


def _scheme(described: dict[str, str], settings: AuthSettings) -> Document:
    if settings.issuer is None:
        return _oauth2({"clientCredentials": {"tokenUrl": TOKEN_PATH, "scopes": described}})
    if settings.token_url is None:
        metadata = settings.issuer.rstrip("/") + "/.well-known/openid-configuration"
        return {"type": "openIdConnect", "openIdConnectUrl": metadata}
    flow = {"tokenUrl": settings.token_url, "scopes": described}
    flows = {"clientCredentials": flow}
    if settings.authorization_url is not None:
        url = settings.authorization_url
        flows["authorizationCode"] = {"authorizationUrl": url, **flow}
    return _oauth2(flows)


def _oauth2(flows: Document) -> Document:
    return {"type": "oauth2", "flows": flows}
