"""What a contract says of tokens, and what a handler learns of its caller."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from connexion import FlaskApp
from flask import Flask
from flask_injector import FlaskInjector
from injector import Inject, Injector
from starlette.testclient import TestClient

import services.rooms
from services.chassis.auth import scheme
from services.chassis.auth.bindings import AuthModule
from services.chassis.auth.caller import ANONYMOUS, Caller, caller_of
from services.chassis.errors import ContractError
from services.chassis.settings import AuthSettings, Settings
from services.chassis.wiring import RequestScope, unit_of_work
from services.rooms.provider import RoomsProvider
from tests.services.issuers import ISSUER
from tests.services.tokens import bearer

TOKEN_URL = "https://login.example/token"
SIGN_IN = "https://login.example/authorize"
DESCRIBED = {"notes:read": "Read notes.", "notes:write": "Write notes."}


@pytest.fixture
def contract() -> dict[str, Any]:
    paths = {
        "/notes": {
            "get": {"security": [{"oauth2": ["notes:read"]}]},
            "post": {"security": [{"oauth2": ["notes:write"]}]},
        },
        "/open": {"get": {}},
    }
    return {"paths": paths, "x-scopes": dict(DESCRIBED)}


def scheme_of(contract: dict[str, Any], settings: AuthSettings) -> dict[str, Any]:
    made: dict[str, Any] = scheme.protect(contract, settings)["components"]["securitySchemes"]
    (found,) = made.values()
    return dict(found)


def test_on_a_developers_machine_the_service_itself_gives_tokens(contract: dict[str, Any]) -> None:
    flow = {"tokenUrl": "/dev/token", "scopes": DESCRIBED}
    shown = {"type": "oauth2", "flows": {"clientCredentials": flow}}
    assert scheme_of(contract, AuthSettings()) == shown


def test_elsewhere_the_urls_of_the_settings_are_shown(contract: dict[str, Any]) -> None:
    settings = AuthSettings(issuer=ISSUER, token_url=TOKEN_URL)
    flow = {"tokenUrl": TOKEN_URL, "scopes": DESCRIBED}
    assert scheme_of(contract, settings)["flows"] == {"clientCredentials": flow}
    people = replace(settings, authorization_url=SIGN_IN)
    signing_in = {"authorizationUrl": SIGN_IN, **flow}
    assert scheme_of(contract, people)["flows"]["authorizationCode"] == signing_in


def test_where_only_the_issuer_is_known_its_metadata_is_shown(contract: dict[str, Any]) -> None:
    shown = scheme_of(contract, AuthSettings(issuer=f"{ISSUER}/"))
    url = f"{ISSUER}/.well-known/openid-configuration"
    assert shown == {"type": "openIdConnect", "openIdConnectUrl": url}


def test_a_scope_that_is_not_described_is_named(contract: dict[str, Any]) -> None:
    del contract["x-scopes"]["notes:write"]
    with pytest.raises(ContractError, match="does not say what 'notes:write' allows"):
        scheme.protect(contract, AuthSettings())


def test_a_scope_that_nobody_asks_for_is_named(contract: dict[str, Any]) -> None:
    contract["x-scopes"]["notes:burn"] = "Burn notes."
    with pytest.raises(ContractError, match="'notes:burn', which no operation asks for"):
        scheme.protect(contract, AuthSettings())


def test_the_published_contract_says_that_reads_are_open(contract: dict[str, Any]) -> None:
    shown = scheme.published(contract, AuthSettings())["paths"]
    assert shown["/notes"]["get"]["security"] == [{"oauth2": ["notes:read"]}, {}]
    assert shown["/notes"]["post"]["security"] == [{"oauth2": ["notes:write"]}]
    assert "security" not in shown["/open"]["get"]


def test_the_published_contract_says_that_reads_are_closed(contract: dict[str, Any]) -> None:
    assert scheme.published(contract, AuthSettings(open_reads=False)) == contract


def test_the_services_publish_their_scopes(rooms: TestClient, items: TestClient) -> None:
    for client, name in ((rooms, "rooms"), (items, "items")):
        contract = client.get("/v1/openapi.json").json()
        scopes = contract["components"]["securitySchemes"]["oauth2"]["flows"]["clientCredentials"]
        assert set(scopes["scopes"]) == {"events:read", f"{name}:read", f"{name}:write"}
        assert "x-scopes" not in contract


def test_every_operation_of_the_services_asks_for_a_scope(
    rooms: TestClient, items: TestClient
) -> None:
    for client in (rooms, items):
        for path in client.get("/v1/openapi.json").json()["paths"].values():
            for method, operation in path.items():
                assert operation["security"][0]["oauth2"], (method, operation["operationId"])


class NamingProvider(RoomsProvider):
    """A provider that tells who asks."""

    seen: list[Caller]

    def __init__(self, caller: Inject[Caller]) -> None:
        NamingProvider.seen.append(caller)

    def search(self, **_: object) -> Any:
        message = "asked"
        raise RuntimeError(message)


def naming(settings: Settings) -> FlaskApp:
    NamingProvider.seen = []
    return services.rooms.create_app(
        settings, lambda binder: binder.bind(RoomsProvider, to=NamingProvider)
    )


def test_what_is_injected_into_a_handler_knows_the_caller(rooms_settings: Settings) -> None:
    with naming(rooms_settings).test_client(raise_server_exceptions=False) as client:
        client.get("/v1/rooms", headers=bearer(rooms_settings.var, "rooms:read", "x:y"))
        client.get("/v1/rooms")
    named, anonymous = NamingProvider.seen
    assert (named.subject, named.scopes) == ("tester", frozenset({"rooms:read", "x:y"}))
    assert anonymous == ANONYMOUS


def test_the_layer_around_everything_learns_who_called(rooms_settings: Settings) -> None:
    app = services.rooms.create_app(rooms_settings)
    seen: list[str | None] = []

    async def around(scope: Any, receive: Any, send: Any) -> None:
        scope.setdefault("extensions", {})
        await app(scope, receive, send)
        if scope["type"] == "http":
            seen.append(caller_of(scope).subject)

    with TestClient(around) as client:
        client.get("/v1/rooms", headers=bearer(rooms_settings.var, "rooms:read"))
        client.get("/v1/rooms")
        client.get("/v1/rooms", headers={"Authorization": "Bearer x"})
    assert seen == ["tester", None, None]


def test_outside_of_a_request_the_caller_is_nobody(tmp_path: Path) -> None:
    settings = Settings(name="notes", port=0, database_url="", var=tmp_path)
    injector = Injector()
    FlaskInjector(
        Flask(__name__),
        modules=[AuthModule(), lambda binder: binder.bind(Settings, to=settings)],
        injector=injector,
        request_scope_class=RequestScope,
    )
    with unit_of_work(injector):
        assert injector.get(Caller) == ANONYMOUS
