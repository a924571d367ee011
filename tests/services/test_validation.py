"""Schemas of OpenAPI 3.0, compiled: the verdicts are those of Connexion's own validators."""

import asyncio
import json
import re
from typing import Any

import pytest
from connexion.exceptions import NonConformingResponseBody
from connexion.json_schema import Draft4RequestValidator, Draft4ResponseValidator
from hypothesis import given
from hypothesis import strategies as st
from starlette.types import Message

from services.chassis.bodies import parse_json
from services.chassis.errors import InvalidBody
from services.chassis.validation.answers import AnswerValidator
from services.chassis.validation.requests import BodyValidator
from services.chassis.validation.schemas import Check, Way, check

TREE: dict[str, Any] = {
    "type": "object",
    "required": ["value"],
    "additionalProperties": False,
    "properties": {
        "value": {"type": "integer", "minimum": 0, "maximum": 9},
        "kind": {"type": "string", "enum": ["LEAF", "BRANCH"], "nullable": True},
        "choice": {"oneOf": [{"type": "string"}, {"type": "integer", "nullable": True}]},
        "labels": {"type": "array", "items": {"type": "string", "maxLength": 2}, "maxItems": 2},
        "scores": {"type": "object", "additionalProperties": {"type": "number", "minimum": 0}},
    },
    "discriminator": {"propertyName": "kind"},
    "example": {"value": "no integer"},
}
TREE["properties"]["next"] = TREE
TREE["components"] = {"schemas": {"Tree": TREE}}
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-1, 11),
    st.floats(-1, 11),
    st.sampled_from(["LEAF", "", "abc"]),
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from([*TREE["properties"], "other"]), inner, max_size=4),
    ),
    max_leaves=12,
)
SLOW = {Way.IN: Draft4RequestValidator, Way.OUT: Draft4ResponseValidator}


@pytest.mark.parametrize("way", Way)
@given(value=st.one_of(VALUES, st.fixed_dictionaries({"value": LEAVES}, optional={"next": VALUES})))
def test_the_verdict_is_that_of_connexions_validator(way: Way, value: object) -> None:
    compiled = Check(TREE, way)
    accepted = SLOW[way](TREE).is_valid(value)
    assert compiled.accepts(value) is accepted
    if not accepted:
        assert compiled.faults(value)


def test_a_schema_that_holds_itself_is_checked_at_every_depth() -> None:
    deep: dict[str, Any] = {"value": "wrong"}
    for _ in range(30):
        deep = {"value": 1, "next": deep}
    (fault,) = check(TREE).faults(deep)
    assert fault == ("/next" * 30 + "/value", '"wrong" is not of type "integer"')


def test_all_faults_are_told_at_their_pointers() -> None:
    body = {"kind": 1, "labels": ["abc"], "scores": {"a/b": "x"}, "other": 1}
    assert {fault.pointer for fault in check(TREE).faults(body)} == {
        "/kind", "/labels/0", "/other", "/scores/a~1b", "/value"
    }  # fmt: skip


def test_a_fault_of_a_record_that_may_be_null_is_told_at_its_field() -> None:
    record = {"type": "object", "required": ["a"], "properties": {"a": {"type": "string"}}}
    choice = Check({"anyOf": [record, {"enum": [None]}]}, Way.IN)
    assert choice.faults({"a": 1}) == [("/a", '1 is not of type "string"')]
    assert choice.faults({}) == [("/a", "The field is missing.")]
    (fault,) = choice.faults(3)
    assert fault.pointer == ""


def test_a_fault_is_told_once_and_after_a_long_value_too() -> None:
    (fault,) = Check({"type": "integer", "format": "int32", "maximum": 2**31 - 1}, Way.IN).faults(
        2**31
    )
    assert fault.detail == "2147483648 is greater than the maximum of 2147483647"
    (fault,) = Check({"type": "string", "maxLength": 200}, Way.IN).faults("a" * 3000)
    assert fault.detail == '"' + "a" * 56 + "... is too long"


def test_of_many_faults_20_are_told() -> None:
    schema = {"type": "array", "items": {"type": "string"}}
    assert len(check(schema).faults([None] * 100_000)) == 20


def test_a_schema_is_compiled_once_and_another_like_it_again() -> None:
    schema, other = {"type": "string"}, {"type": "string"}
    assert check(schema) is check(schema)
    assert check(schema) is not check(other)
    assert check(schema) is not check(schema, Way.OUT)


@pytest.mark.parametrize(
    ("of", "good", "bad"),
    [
        ("uuid", "018F0000-0000-7000-8000-000000000000", "018f0000000070008000000000000000"),
        ("uuid", "018f0000-0000-7000-8000-000000000000", "{018f0000-0000-7000-8000-000000000000}"),
        ("date-time", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00"),
        ("date-time", "2026-01-01t00:00:00.123456789z", "2026-02-30T00:00:00Z"),
        ("date-time", "2026-01-01T00:00:00+23:59", "2026-01-01T00:00:00+01:60"),
        ("date-time", "0001-01-01T00:00:00Z", "0000-01-01T00:00:00Z"),
        ("date-time", "2026-12-31T23:59:59Z", "2026-12-31T23:59:60Z"),
        ("date", "2024-02-29", "2026-02-29"),
        ("date", "2026-01-01", "2026-W01-1"),
        ("time", "12:00:00Z", "12:00:00"),
        ("time", "12:00:00.5+01:00", "24:00:00Z"),
        ("byte", "YQ==", "YQ"),
        ("byte", "", "@@@@"),
        ("uri", "https://a.example/b?c#d", "//a.example"),
        ("uri", "urn:isbn:0451450523", "https://a b.example"),
        ("ipv4", "192.0.2.1", "192.0.2"),
    ],
)
def test_a_format_is_checked(of: str, good: str, bad: str) -> None:
    judge = Check({"type": "string", "format": of}, Way.IN)
    assert judge.accepts(good)
    assert not judge.accepts(bad)
    assert judge.faults(bad)


@pytest.mark.parametrize(("of", "bits"), [("int32", 31), ("int64", 63)])
def test_an_integer_stays_within_its_format(of: str, bits: int) -> None:
    judge = Check({"type": "integer", "format": of}, Way.IN)
    assert judge.accepts(2**bits - 1)
    assert judge.accepts(-(2**bits))
    assert not judge.accepts(2**bits)
    assert not judge.accepts(-(2**bits) - 1)


def test_a_property_for_one_way_is_not_required_on_the_other() -> None:
    password = {"type": "string", "writeOnly": True}
    identity = {"type": "string", "readOnly": True}
    schema = {
        "type": "object",
        "required": ["password", "id"],
        "properties": {"password": password, "id": identity},
    }
    assert Check(schema, Way.IN).accepts({"password": "x"})
    assert not Check(schema, Way.IN).accepts({"id": "x"})
    assert Check(schema, Way.OUT).accepts({"id": "x"})
    assert not Check(schema, Way.OUT).accepts({"id": "x", "password": "x"})


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(), st.lists))
def test_a_body_is_read_as_python_reads_it_but_for_numbers_that_are_none(value: object) -> None:
    text = json.dumps(value)
    if re.search(r"(?<!\w)-?(NaN|Infinity)(?!\w)", re.sub(r'"(\\.|[^"\\])*"', "", text)):
        with pytest.raises(InvalidBody):
            parse_json(text.encode())
    else:
        found = parse_json(text.encode())
        assert found == json.loads(text)
        assert repr(found) == repr(json.loads(text))


def test_the_last_value_of_a_name_that_is_there_twice_counts() -> None:
    assert parse_json(b'{"a": 1, "a": 2}') == {"a": 2}
    assert parse_json(b'{"a": 1, "a": 9999999999999999999999}') == {"a": 9999999999999999999999}


async def sent_through(status: int, body: bytes, method: str = "GET") -> list[Message]:
    """Return what passes of an answer that should be a string."""
    passed: list[Message] = []

    async def send(message: Message) -> None:
        passed.append(message)

    validator = AnswerValidator({"method": method}, schema={"type": "string"}, encoding="utf-8")
    checked = validator.wrap_send(send)
    await checked({"type": "http.response.start", "status": status, "headers": []})
    await checked({"type": "http.response.body", "body": body[:2], "more_body": True})
    await checked({"type": "http.response.body", "body": body[2:]})
    return passed


def test_a_good_answer_passes_whole() -> None:
    assert [each["type"] for each in asyncio.run(sent_through(200, b'"text"'))] == [
        "http.response.start", "http.response.body", "http.response.body"
    ]  # fmt: skip


@pytest.mark.parametrize("body", [b"1", b"", b"{", b"NaN", b'"\xff"'])
def test_nothing_passes_of_an_answer_that_breaks_the_contract(body: bytes) -> None:
    with pytest.raises(NonConformingResponseBody):
        asyncio.run(sent_through(200, body))


@pytest.mark.parametrize(("method", "status"), [("HEAD", 200), ("GET", 204), ("GET", 304)])
def test_an_answer_that_has_no_body_by_its_nature_passes(method: str, status: int) -> None:
    assert len(asyncio.run(sent_through(status, b"", method))) == 3


def test_a_body_validator_may_read_another_type() -> None:
    """A contract that takes another type of bodies overrides how they are read, and no more."""

    class Upper(BodyValidator):
        async def _parse(self, stream: Any, scope: Any) -> Any:
            return (await super()._parse(stream, scope)).upper()

    async def messages() -> Message:
        return {"type": "http.request", "body": b'"a"'}

    schema = {"type": "string", "enum": ["A"]}
    validator = Upper(schema=schema, encoding="utf-8", strict_validation=True)
    scope = {"type": "http", "headers": [(b"content-length", b"3")]}
    asyncio.run(validator.wrap_receive(messages, scope=scope))
