"""A component takes what `from_json` takes. Where they differ, the difference is listed here."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from openapi_schema_validator import OAS30Validator, oas30_format_checker

import registry
from registry.codec.building import Builder
from registry.errors import WireError
from registry.json_form import TYPE, from_json, to_json
from registry.json_schema import components, reference
from registry.schema import Schema
from tests.registry.strategies import JsonSchema, data, schemas

Form = Any


def parsed(kind: JsonSchema) -> Schema:
    return registry.parse(json.dumps(kind))


def component_takes(schema: Schema, form: Form) -> bool:
    document = {**reference(schema), "components": {"schemas": components(schema)}}
    checker = OAS30Validator(document, format_checker=oas30_format_checker)
    return bool(checker.is_valid(form))


def form_is_read(schema: Schema, form: Form) -> bool:
    try:
        from_json(schema, form, Builder(tagged=True))
    except WireError:
        return False
    return True


# What differs in texts, by logical type: a pattern cannot count, and a contract wants plain digits.
FIXED_12 = {"type": "fixed", "name": "D", "size": 12, "logicalType": "duration"}
Difference = Callable[[str], bool]


def logical(kind: str, name: str, **more: int) -> JsonSchema:
    return {"type": kind, "logicalType": name, **more}


def is_no_day(text: str) -> bool:
    """30 February: `format` knows the days of months, but there is none for a local time."""
    day = text[5:10]
    return text[:4] == "0000" or day[:3] == "02-" or day in ("04-31", "06-31", "09-31", "11-31")


def is_outside_of_nanos(text: str) -> bool:
    """What 64 bits of nanoseconds cannot hold: they begin in 1677 and end in 2262."""
    return is_no_day(text) or not "1678" <= text[:4] <= "2261"


def is_beyond_the_years(text: str) -> bool:
    """The offset takes it before the year 1, or after the year 9999."""
    return text[:4] in ("0000", "0001", "9999")


def is_beyond_32_bits(text: str) -> bool:
    return any(int(digits) > (1 << 32) // 1000 for digits in re.findall("[0-9]+", text))


def is_padded(text: str) -> bool:
    """Zeros before or behind the digits that matter: read, but not what a contract shows."""
    return re.fullmatch(r"-?0+[0-9]+(\.[0-9]+)?|-?[0-9]+\.[0-9]*0+", text) is not None


def is_not_whole(text: str) -> bool:
    """Base64 comes in groups of four; Python reads a superfluous `=` in some."""
    return len(text) % 4 > 0


def is_of_another_script(text: str) -> bool:
    """Python reads the digits of all scripts, and so does the check of the format."""
    return not text.isascii()


TEXTS: Mapping[str, tuple[JsonSchema, str, Difference]] = {
    "uuid": (
        logical("string", "uuid"),
        "7f0e7f0e-0000-4000-8000-00000000ABCD",
        is_of_another_script,
    ),
    "date": (logical("int", "date"), "2024-02-29", lambda _: False),
    "time-millis": (logical("int", "time-millis"), "23:59:59.120000", lambda _: False),
    "time-micros": (logical("long", "time-micros"), "23:59:59.123456", lambda _: False),
    "timestamp-millis": (
        logical("long", "timestamp-millis"),
        "2024-02-29T23:59:59.123+05:30",
        is_beyond_the_years,
    ),
    "timestamp-micros": (
        logical("long", "timestamp-micros"),
        "2023-12-31t00:00:00.123456z",
        is_beyond_the_years,
    ),
    "timestamp-nanos": (
        logical("long", "timestamp-nanos"),
        "2024-02-29T23:59:59.123456789Z",
        is_outside_of_nanos,
    ),
    "local-timestamp-millis": (
        logical("long", "local-timestamp-millis"),
        "2024-01-31T23:59:59.123",
        is_no_day,
    ),
    "local-timestamp-micros": (
        logical("long", "local-timestamp-micros"),
        "2024-01-31T23:59:59.123456",
        is_no_day,
    ),
    "local-timestamp-nanos": (
        logical("long", "local-timestamp-nanos"),
        "2024-02-29T23:59:59.123456789",
        is_outside_of_nanos,
    ),
    "duration": (FIXED_12, "P1M2DT3.004S", is_beyond_32_bits),
    "decimal": (logical("bytes", "decimal", precision=5, scale=2), "-123.45", is_padded),
    "fraction": (logical("bytes", "decimal", precision=2, scale=2), "0.45", is_padded),
    "whole": (logical("bytes", "decimal", precision=3), "120", is_padded),
    "big-decimal": (logical("bytes", "big-decimal"), "-1.50E+3", lambda _: False),
    "bytes": ("bytes", "AP8=", is_not_whole),
    "fixed": ({"type": "fixed", "name": "F", "size": 4}, "AP8AAA==", is_not_whole),
}


@st.composite
def edited(draw: st.DrawFn, text: str) -> str:
    """A text that is right but for a few characters."""
    characters = st.sampled_from("0123456789-+:.TtZzPMDSEA=/ \u0661")
    for _ in range(draw(st.integers(0, 3))):
        place = draw(st.integers(0, len(text)))
        removed = draw(st.integers(0, 2))
        text = text[:place] + draw(st.text(characters, max_size=2)) + text[place + removed :]
    return text


@pytest.mark.parametrize("name", TEXTS)
@given(st.data())
def test_a_text_is_taken_if_it_is_read(name: str, drawn: st.DataObject) -> None:
    kind, right, differs = TEXTS[name]
    text = drawn.draw(edited(right))
    schema = parsed(kind)
    taken, read = component_takes(schema, text), form_is_read(schema, text)
    assert taken == read or differs(text), (taken, read, text)


@pytest.mark.parametrize("name", TEXTS)
def test_the_text_that_is_edited_is_right(name: str) -> None:
    kind, right, _ = TEXTS[name]
    assert component_takes(parsed(kind), right)
    assert form_is_read(parsed(kind), right)


WRONG = {
    "date": ["2023-02-29", "2023-2-01", "20230201", "0000-01-01"],
    "time-millis": ["24:00:00", "12:00", "12:00:00.1234", "12:00:60"],
    "timestamp-micros": ["2023-02-29T00:00:00Z", "2023-01-01T00:00:00", "2023-01-01T24:00:00Z"],
    "uuid": ["7f0e7f0e000040008000000000000000", "{7f0e7f0e-0000-4000-8000-000000000000}"],
    "duration": ["P", "PT", "P1Y", "1M", "P1DT"],
    "decimal": ["1e2", "1234", "0.123", ".5", "5.", "+1", "NaN"],
}


@pytest.mark.parametrize(("name", "text"), [(n, t) for n, ts in WRONG.items() for t in ts])
def test_a_wrong_text_is_refused_by_both(name: str, text: str) -> None:
    schema = parsed(TEXTS[name][0])
    assert not component_takes(schema, text)
    assert not form_is_read(schema, text)


ODD: st.SearchStrategy[Form] = st.one_of(
    st.none(),
    st.booleans(),
    st.sampled_from([0, 1 << 31, 1 << 63, -1, 0.5, 1e39, "", "x", "S0", [], {}, {TYPE: "int"}]),
)


@st.composite
def altered(draw: st.DrawFn, form: Form) -> Form:
    """A form in which a value is another, a member is missing or one is too many."""
    if isinstance(form, dict) and form and draw(st.booleans()):
        name = draw(st.sampled_from(sorted(form)))
        if draw(st.integers(0, 3)) == 0:
            return {key: each for key, each in form.items() if key != name}
        return form | {name: draw(altered(form[name]))}
    if isinstance(form, list) and form and draw(st.booleans()):
        place = draw(st.integers(0, len(form) - 1))
        return [*form[:place], draw(altered(form[place])), *form[place + 1 :]]
    if isinstance(form, dict) and draw(st.booleans()):
        return form | {draw(st.sampled_from([TYPE, "value", "f9"])): draw(ODD)}
    return draw(ODD)


def has_needless_type(form: Form) -> bool:
    """A `$type` where JSON alone says which branch it is: read, but not what a contract shows."""
    return TYPE in json.dumps(form)


@given(schemas(logical=False), st.data())
def test_a_form_is_taken_if_it_is_read(made: JsonSchema, drawn: st.DataObject) -> None:
    schema = parsed(made)
    form = drawn.draw(altered(to_json(schema, drawn.draw(data(schema)))))
    taken, read = component_takes(schema, form), form_is_read(schema, form)
    assert taken == read or (read and has_needless_type(form)), (taken, read, form)


@example(1.5)
@example(1e39)
@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_float_is_taken_if_single_precision_can_hold_it(number: float) -> None:
    assert component_takes(parsed("float"), number) == form_is_read(parsed("float"), number)


UNION = [
    {"type": "record", "name": "n.Card", "fields": [{"name": "number", "type": "string"}]},
    {"type": "record", "name": "n.Cash", "fields": [{"name": "paid_by", "type": "n.Card"}]},
]


def test_a_union_of_records_has_a_discriminator_with_a_component_for_each_branch() -> None:
    schema = parsed(UNION)
    assert reference(schema) == {
        "oneOf": [
            {"$ref": "#/components/schemas/n.Card-typed"},
            {"$ref": "#/components/schemas/n.Cash-typed"},
        ],
        "discriminator": {
            "propertyName": "$type",
            "mapping": {
                "n.Card": "#/components/schemas/n.Card-typed",
                "n.Cash": "#/components/schemas/n.Cash-typed",
            },
        },
    }
    found = components(schema)
    assert list(found) == ["n.Card", "n.Cash", "n.Card-typed", "n.Cash-typed"]
    assert found["n.Card-typed"]["required"] == ["$type", "number"]
    assert found["n.Card"]["required"] == ["number"]


def test_null_stands_beside_a_discriminator_not_under_it() -> None:
    form = reference(parsed(["null", *UNION]))
    assert form == {"oneOf": [reference(parsed(UNION)), {"enum": [None], "nullable": True}]}


def test_a_branch_that_its_json_tells_apart_needs_no_type_and_so_no_discriminator() -> None:
    form = reference(parsed(["int", "long", "string"]))
    assert [each["type"] for each in form["oneOf"]] == ["object", "object", "string"]
    assert "discriminator" not in form
