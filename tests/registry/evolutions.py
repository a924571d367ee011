"""Hypothesis strategies: what may become of a record, and what may not."""

from typing import Any

from hypothesis import strategies as st

from registry.schema import PRIMITIVES
from tests.registry.plain_defaults import default_of
from tests.registry.strategies import JsonSchema


@st.composite
def evolutions(draw: st.DrawFn, record: JsonSchema) -> JsonSchema:
    """A record that can read what the given one has written: fields added, gone, moved, wider."""
    fields = [dict(each) for each in record["fields"]]
    kept = [draw(_evolved(each)) for each in fields if draw(st.booleans()) or _defines(each)]
    if draw(st.booleans()):
        kept.append({"name": "added", "type": ["null", "string"], "default": None})
    if draw(st.booleans()):
        kept.append({"name": "more", "type": {"type": "array", "items": "long"}, "default": [1]})
    if not any(map(_defines, kept)):  # the first use of a type defines it
        kept = draw(st.permutations(kept))
    return {**record, "fields": kept}


def _defines(field: dict[str, Any]) -> bool:
    """Tell whether a field may define a type that another one names."""
    return not isinstance(field["type"], str)


@st.composite
def _evolved(draw: st.DrawFn, field: dict[str, Any]) -> dict[str, Any]:
    wider = {
        "int": ["long", "float", "double"],
        "long": ["float", "double"],
        "float": ["double"],
        "string": ["bytes"],
        "bytes": ["string"],
    }
    made = dict(field)
    kind = made["type"]
    if isinstance(kind, str) and kind in wider and kind != "bytes" and draw(st.booleans()):
        made["type"] = draw(st.sampled_from(wider[kind]))
        made |= default_of(made["type"]) if "default" in made else {}
    if draw(st.booleans()):
        made["aliases"] = [made["name"]]
        made["name"] = f"new_{made['name']}"
    if not isinstance(kind, list) and draw(st.booleans()):
        made["type"] = [made["type"], "null"] if made["type"] != "null" else ["null"]
    return made


@st.composite
def breaks(draw: st.DrawFn, record: JsonSchema) -> JsonSchema:
    """A record that cannot read all that the given one has written, for it needs a new field."""
    return {**record, "fields": [*record["fields"], {"name": "needed", "type": draw(plain_types)}]}


plain_types = st.sampled_from(sorted(PRIMITIVES))
