"""Legal Avro that breaks record generators: bytes, JSON, plain values, and Python's own habits."""

import copy
import datetime as dt
import pickle
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import fields, replace
from decimal import Decimal
from enum import Enum, StrEnum
from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

import registry
from registry import Duration, Record, Timestamp
from registry.errors import RegistryError, Unencodable
from registry.limits import LIMITS
from tests.tools.probes import Probe
from tests.tools.probes_elsewhere import of_avro, of_fastavro, raw_of_avro, raw_of_fastavro
from tests.tools.probes_loaded import PROBES, bare, exact, imported, loaded_classes
from tests.tools.probes_of_defaults import LEFT_OUT
from tests.tools.probes_seen import seen
from tests.tools.traps import TRAPS

Load = Callable[[Probe], type[Record]]
ALL = pytest.mark.parametrize("name", PROBES)


@pytest.fixture
def load(tmp_path: Path) -> Iterator[Load]:
    """Generate and import the modules of a probe, and give the class of its own type."""
    with ExitStack() as stack:

        def loaded(probe: Probe) -> type[Record]:
            module: Any = stack.enter_context(imported(probe.files, tmp_path))
            trap: type[Record] = module.Trap
            return trap

        yield loaded


def encoded(probe: Probe, trap: type[Record]) -> list[bytes]:
    """Return the samples of a probe as fastavro writes them."""
    schema = registry.schema_of(trap)
    return [of_fastavro(each, schema, raw=bool(probe.fastavro)) for each in probe.samples]


def budget() -> list[int]:
    """Return what emitted code may spend: elements, and depth."""
    return [LIMITS.datum_items, LIMITS.datum_depth]


def test_every_trap_is_probed() -> None:
    assert TRAPS.keys() <= PROBES.keys()


@ALL
def test_the_bytes_of_fastavro_come_back_byte_for_byte(name: str, load: Load) -> None:
    trap = load(PROBES[name])
    for data in encoded(PROBES[name], trap):
        assert trap.from_avro(data).to_avro() == data


@ALL
def test_the_code_of_the_module_needs_no_walk_over_the_schema(name: str, load: Load) -> None:
    trap = load(PROBES[name])
    for data in encoded(PROBES[name], trap):
        made, end = trap.__avro_decode__(data, 0, budget())
        assert (made, end) == (trap.from_avro(data), len(data))
        assert trap.__avro_encode__(made, budget()) == data


@ALL
def test_the_class_keeps_the_text_of_its_file(name: str, load: Load) -> None:
    assert PROBES[name].texts[0] == load(PROBES[name]).SCHEMA


@ALL
def test_plain_values_and_objects_say_the_same(name: str, load: Load) -> None:
    trap = load(PROBES[name])
    schema = registry.schema_of(trap)
    for sample, data in zip(PROBES[name].samples, encoded(PROBES[name], trap), strict=True):
        assert exact(registry.read(data, schema)) == exact(bare(sample))
        tagged = registry.read(data, schema, tagged=True)
        assert exact(seen(schema, trap.from_avro(data))) == exact(tagged)
        assert registry.write(sample, schema) == registry.write(tagged, schema) == data


@ALL
def test_the_package_avro_reads_and_writes_the_same_where_it_can(name: str, load: Load) -> None:
    trap, agrees = load(PROBES[name]), True
    schema = registry.schema_of(trap)
    for data in encoded(PROBES[name], trap):
        raw = raw_of_fastavro(data, schema)
        assert raw_of_avro(data, schema) == raw
        agrees &= of_avro(raw, schema) == data
    assert agrees != bool(PROBES[name].avro)


@ALL
def test_the_json_form_comes_back(name: str, load: Load) -> None:
    trap = load(PROBES[name])
    for data in encoded(PROBES[name], trap):
        made = trap.from_avro(data)
        if PROBES[name].json:
            with pytest.raises(Unencodable):
                made.to_json()
        else:
            assert trap.from_json(made.to_json()) == made


@ALL
def test_objects_compare_copy_and_pickle(name: str, load: Load) -> None:
    trap = load(PROBES[name])
    for data in encoded(PROBES[name], trap):
        made = trap.from_avro(data)
        pickled = pickle.loads(pickle.dumps(made))  # noqa: S301 our own
        for other in (trap.from_avro(data), copy.copy(made), copy.deepcopy(made), pickled):
            assert other == made
            assert other is not made
            assert other.to_avro() == data
        assert not hasattr(made, "__dict__")


@ALL
def test_objects_are_replaced_field_by_field(name: str, load: Load) -> None:
    trap: Any = load(PROBES[name])
    made = trap.from_avro(encoded(PROBES[name], trap)[0])
    assert replace(made) == made
    for each in fields(made):
        changed = replace(made, **{each.name: ...})
        assert changed != made
        assert replace(changed, **{each.name: getattr(made, each.name)}) == made


@ALL
def test_the_repr_is_the_code_that_makes_the_object(name: str, load: Load) -> None:
    trap = load(PROBES[name])
    plain = {each.__name__: each for each in (Decimal, UUID, Duration, Timestamp)}
    known = plain | {"datetime": dt, "inf": float("inf")}
    classes = loaded_classes()
    if known.keys() & classes.keys():
        pytest.skip("a class of the probe is called as one of Python's")
    for data in encoded(PROBES[name], trap):
        made = trap.from_avro(data)
        code = re.sub(r"<(\w+\.\w+): '\w+'>", r"\1", repr(made))  # how an Enum shows a member
        assert eval(code, known | classes) == made  # noqa: S307 our own


@pytest.mark.parametrize("name", LEFT_OUT)
def test_what_is_left_out_takes_its_default(name: str, load: Load) -> None:
    trap = load(PROBES[name])
    schema = registry.schema_of(trap)
    data = of_fastavro(LEFT_OUT[name], schema)
    for made in (trap(), trap.from_json("{}")):
        assert made == trap.from_avro(data)
        assert made.to_avro() == data
        assert exact(seen(schema, made)) == exact(registry.read(data, schema, tagged=True))
    assert registry.write({}, schema) == data


def test_two_objects_share_no_default(load: Load) -> None:
    trap: Any = load(PROBES["defaults"])
    one, other = trap(), trap()
    for each in ("none", "some", "map", "record", "records", "deep", "union", "list"):
        assert getattr(one, each) is not getattr(other, each)
    assert one.record.y is not other.record.y


def test_enums_are_strings_whose_members_have_safe_names(load: Load) -> None:
    trap: Any = load(PROBES["symbols"])
    kind = type(trap().e)
    assert issubclass(kind, str)
    assert issubclass(kind, Enum)
    members = {each.name: str(each) for each in kind}
    assert members == {
        "None_": "None",
        "class_": "class",
        "name_": "name",
        "value_": "value",
        "mro_": "mro",
        "True_": "True",
        "x_x_": "_x",
        "x_x": "x_x",
        "x__y__": "__y__",
        "lower_": "lower",
    }


@pytest.mark.parametrize(("name", "base"), [("colour", StrEnum), ("digest", bytes)])
def test_an_enum_or_a_fixed_of_a_file_of_its_own_knows_its_version(
    name: str, base: type, load: Load
) -> None:
    load(PROBES["references"])
    made: Any = getattr(import_module(f"registry.records.probe.{name}.v1"), name.capitalize())
    assert issubclass(made, base)
    assert made.SCHEMA in PROBES["references"].texts
    assert (f"probe.{name.capitalize()}", 1) == (made.SUBJECT, made.VERSION)
    assert registry.fingerprint(registry.schema_of(made)) == made.FINGERPRINT


def test_docs_are_docstrings(load: Load) -> None:
    trap: Any = load(PROBES["docs_of_types"])
    assert trap.__doc__ == "The probe docs_of_types."
    made = trap.from_avro(bytes(len(fields(trap))))
    for each in fields(made):
        part = getattr(made, each.name)
        schema: Any = registry.schema_of(type(part))
        doc: str = schema.doc
        if doc.strip() and all(each.isprintable() or each == "\n" for each in doc):
            assert (type(part).__doc__ or "").split() == doc.split()


@pytest.mark.parametrize("data", ["0000c07f" + "00" * 8, "00" * 4 + "000000000000f87f"])
def test_not_a_number_comes_back_but_has_no_json_form(data: str, load: Load) -> None:
    made = load(PROBES["infinities"]).from_avro(bytes.fromhex(f"{data}00"))
    assert made.to_avro().hex() == f"{data}00"
    with pytest.raises(Unencodable, match="a finite number"):
        made.to_json()


@pytest.mark.parametrize("text", ['["null", "int"]', '{"type": "array", "items": "int"}', '"int"'])
def test_a_file_is_of_a_record_an_enum_or_a_fixed(text: str) -> None:
    with pytest.raises(RegistryError, match="name"):
        registry.SchemaTree.from_texts({"probe/trap/v1.avsc": text})
