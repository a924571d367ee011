"""The article's promise: handlers are given what they need, and a test gives something else."""

import inspect
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from connexion.exceptions import ResolverError
from flask import Flask, Response
from flask_injector import FlaskInjector
from injector import Binder, Inject, Injector

import services.items
from registry.records.common.money.v1 import Money
from registry.records.items.item.v2 import Item
from services.chassis.entities.pages import Page
from services.chassis.entities.uuid7 import uuid7
from services.chassis.settings import Settings
from services.chassis.wiring import (
    InjectingResolver,
    RequestScope,
    injected,
    per_request,
    unit_of_work,
)
from services.items.provider import ItemsProvider
from services.items.rows import ItemRow


class FakeItemsProvider(ItemsProvider):
    def __init__(self, items: Sequence[Item]) -> None:
        self._rows = [ItemRow(id=item.id, version=1, record=item) for item in items]

    def search(self, *, limit: int, cursor: str | None = None, **asked: object) -> Page[ItemRow]:
        assert (cursor, asked) == (None, {})
        return Page(self._rows[:limit])


def chair() -> Item:
    return Item(
        id=uuid7(),
        name="Chair",
        description="It stands.",
        price=Money(amount=Decimal("5.00"), currency="EUR"),
        created_at=datetime.now(UTC),
    )


def test_one_line_binds_a_fake_provider(items_settings: Settings) -> None:
    fake = FakeItemsProvider([chair()])
    app = services.items.create_app(items_settings, lambda b: b.bind(ItemsProvider, to=fake))
    answer = app.test_client().get("/v1/items")
    assert [item["name"] for item in answer.json()["items"]] == ["Chair"]


class Greeting:
    def __init__(self) -> None:
        self.open = False


@contextmanager
def opened(greeting: Greeting) -> Iterator[Greeting]:
    greeting.open = True
    yield greeting
    greeting.open = False


def greet(name: str, greeting: Inject[Greeting]) -> object:
    return {"name": name, "open": greeting.open}


@pytest.fixture
def injector() -> Injector:
    made = Injector()

    def configure(binder: Binder) -> None:
        binder.bind(
            Greeting, to=lambda: made.get(RequestScope).enter(opened(Greeting())), scope=per_request
        )

    FlaskInjector(
        Flask(__name__), modules=[configure], injector=made, request_scope_class=RequestScope
    )
    return made


def test_an_injected_parameter_is_filled_in_and_hidden(injector: Injector) -> None:
    handler = injected(greet, injector)
    assert list(inspect.signature(handler).parameters) == ["name"]
    with unit_of_work(injector):
        assert handler(name="you")[0] == {"name": "you", "open": True}


def test_a_plain_answer_is_json_by_its_content_type(injector: Injector) -> None:
    assert injected(lambda: {"a": 1}, injector)() == (
        {"a": 1},
        200,
        {"Content-Type": "application/json"},
    )


def test_an_answer_with_status_and_headers_keeps_them(injector: Injector) -> None:
    handler = injected(lambda: ({"a": 1}, 201, {"Location": "/a"}), injector)
    headers = {"Content-Type": "application/json", "Location": "/a"}
    assert handler() == ({"a": 1}, 201, headers)


def test_a_response_passes_as_it_is(injector: Injector) -> None:
    response = Response(status=304)
    assert injected(lambda: response, injector)() is response


def test_a_unit_of_work_has_one_object_of_a_kind_and_closes_it(injector: Injector) -> None:
    with unit_of_work(injector):
        first = injector.get(Greeting)
        assert injector.get(Greeting) is first
    with unit_of_work(injector):
        second = injector.get(Greeting)
    assert first is not second
    assert not first.open


def test_an_operation_without_a_handler_is_named_with_where_to_write_it(injector: Injector) -> None:
    resolver = InjectingResolver(injector, [services.items.api])
    with pytest.raises(ResolverError, match=r"'replace' is no function of services\.items\.api"):
        resolver.resolve_function_from_operation_id("replace")
