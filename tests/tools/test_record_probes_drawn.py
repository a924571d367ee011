"""Classes of any schema, with names that hurt: their bytes, parts and JSON are those of values."""

import json
import math
import re
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import registry
from registry import Record
from registry.errors import Unencodable
from registry.limits import LIMITS
from registry.naming import schema_path
from tests.registry.strategies import data, records
from tests.tools.probes_loaded import exact, imported
from tests.tools.probes_of_names import HINTS, LETTERS_WITH_NUMBERS, LOCALS
from tests.tools.probes_seen import seen

NAMES = sorted({*HINTS, *LETTERS_WITH_NUMBERS, *LOCALS, "class", "self", "name", "Name", "_x"})
GIVEN = re.compile(r'\b(?:Record|Enum|Fixed)\d+\b|(?<=")[fS]\d(?=")')
"""What the strategies call types, fields and symbols."""


@st.composite
def texts(draw: st.DrawFn) -> str:
    """The text of a record in which all names are such as Python or generated code has."""
    text = json.dumps(draw(records()))
    given_names = sorted(set(GIVEN.findall(text)))
    count = len(given_names)
    names = draw(st.lists(st.sampled_from(NAMES), min_size=count, max_size=count, unique=True))
    new = dict(zip(given_names, names, strict=True))
    return GIVEN.sub(lambda found: new[found[0]], text)


@settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
@given(texts(), st.data())
def test_a_class_holds_what_a_plain_value_says(
    tmp_path_factory: pytest.TempPathFactory, text: str, drawn: st.DataObject
) -> None:
    schema: Any = registry.parse(text)
    value = drawn.draw(data(schema))
    encoded = registry.write(value, schema)
    files = {schema_path(schema.name, 1): text}
    with imported(files, tmp_path_factory.mktemp("drawn")) as module:
        main = next(each for each in vars(module).values() if getattr(each, "SCHEMA", "") == text)
        check(main, encoded)


def check(main: type[Record], encoded: bytes) -> None:
    schema = registry.schema_of(main)
    tagged = exact(registry.read(encoded, schema, tagged=True))
    made, end = main.__avro_decode__(encoded, 0, [LIMITS.datum_items, LIMITS.datum_depth])
    assert end == len(encoded)
    assert exact(seen(schema, made)) == tagged
    assert exact(seen(schema, main.from_avro(encoded))) == tagged
    assert main.__avro_encode__(made, [LIMITS.datum_items, LIMITS.datum_depth]) == encoded
    assert made.to_avro() == encoded
    if is_finite(registry.read(encoded, schema)):
        assert main.from_json(made.to_json()) == made
    else:
        with pytest.raises(Unencodable, match="a finite number, as JSON has no other"):
            made.to_json()


def is_finite(value: Any) -> bool:
    if isinstance(value, dict | list):
        return all(map(is_finite, value.values() if isinstance(value, dict) else value))
    return not isinstance(value, float) or math.isfinite(value)
