"""Bytes that are no record are told: the path, the offset, and the reason; and nothing else."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import registry
from registry import Record
from registry.errors import LimitExceeded, Undecodable
from tests.tools.probes import array, fixed, mapping, probe, required
from tests.tools.probes_elsewhere import of_fastavro
from tests.tools.probes_loaded import PROBES, exact, imported
from tests.tools.probes_seen import seen
from tests.tools.traps import enum, inner, logical

IMAGE = inner("Image", required("url", "string"), required("size", "int"))
KINDS: dict[str, Any] = {
    "boolean": "boolean",
    "int": "int",
    "long": "long",
    "double": "double",
    "bytes": "bytes",
    "string": "string",
    "fixed": fixed("F", 2),
    "enum": enum("E", "A", "B"),
    "option": ["null", "string"],
    "pair": ["int", "long"],
    "images": array(IMAGE),
    "map": mapping(IMAGE),
    "date": logical("int", "date"),
    "time": logical("int", "time-millis"),
    "at": logical("long", "timestamp-micros"),
    "id": logical("string", "uuid"),
}
CUTS = 60
"""How often a sample is cut off, each time elsewhere."""
WRONG: list[tuple[str, str, str, int, str]] = [
    # kind, bytes as hex, path, offset, part of the reason
    ("boolean", "", "x", 0, "1 bytes"),
    ("boolean", "02", "x", 1, "boolean"),
    ("int", "", "x", 0, "ends"),
    ("int", "80", "x", 0, "ends"),
    ("int", "8080808010", "x", 5, "range of int"),
    ("long", "ff" * 10, "x", 0, "64 bits"),
    ("double", "00" * 7, "x", 0, "8 bytes"),
    ("bytes", "0461", "x", 1, "2 bytes"),
    ("bytes", "01", "x", 1, "-1 bytes"),
    ("string", "04c328", "x", 3, "UTF-8"),
    ("fixed", "61", "x", 0, "2 bytes"),
    ("enum", "04", "x", 1, "index 2"),
    ("enum", "01", "x", 1, "index -1"),
    ("option", "04", "x", 1, "index 2"),
    ("option", "020461", "x", 2, "2 bytes"),
    ("pair", "008080808010", "x", 6, "range of int"),
    ("images", "02", "x[0].url", 1, "ends"),
    ("images", "08" + "0000" * 3 + "0461", "x[3].url", 8, "2 bytes"),
    ("images", "0200", "x[0].size", 2, "ends"),
    ("images", "0200008080", "x", 3, "ends"),
    ("images", "01ff01", "x", 3, "a block cannot have"),
    ("map", "02026b0461", "x['k'].url", 4, "2 bytes"),
    ("map", "02026b", "x['k'].url", 3, "ends"),
    ("map", "0202ff", "x", 3, "UTF-8"),
    ("map", "04026b0000026b", "x", 7, "twice"),
    ("date", "ffffffff0f", "x", 0, "date"),
    ("time", "80b899a401", "x", 0, "time"),
    ("at", "ffffffffffffffffff01", "x", 0, "timestamp"),
    ("id", "0461", "x", 1, "2 bytes"),
    ("id", "0278", "x", 0, "uuid"),
    ("int", "0200", "", 1, "follow"),
]


@pytest.fixture(scope="module")
def classes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, type[Record]]]:
    """The classes of all probes, and of a record with a field x of each kind."""
    singles = dict(probe(f"of_{name}", [required("x", kind)]) for name, kind in KINDS.items())
    with ExitStack() as stack:
        yield {
            name: stack.enter_context(imported(each.files, tmp_path_factory.mktemp("bytes"))).Trap
            for name, each in {**PROBES, **singles}.items()
        }


@pytest.mark.parametrize(("kind", "data", "path", "offset", "reason"), WRONG)
def test_bytes_that_are_no_record_are_told_with_path_and_offset(
    kind: str, data: str, path: str, offset: int, reason: str, classes: dict[str, type[Record]]
) -> None:
    with pytest.raises(Undecodable) as caught:
        classes[f"of_{kind}"].from_avro(bytes.fromhex(data))
    assert (caught.value.path, caught.value.offset) == (path, offset)
    assert reason in caught.value.reason


@pytest.mark.parametrize("name", PROBES)
def test_a_record_that_is_cut_off_is_told_as_a_plain_value_would_be(
    name: str, classes: dict[str, type[Record]]
) -> None:
    trap, probed = classes[name], PROBES[name]
    schema = registry.schema_of(trap)
    data = of_fastavro(probed.samples[0], schema, raw=bool(probed.fastavro))
    for size in range(0, len(data), len(data) // CUTS + 1):
        with pytest.raises(Undecodable) as caught:
            trap.from_avro(data[:size])
        with pytest.raises(Undecodable) as plain:
            registry.read(data[:size], schema)
        assert str(caught.value) == str(plain.value)
        assert caught.value.offset == plain.value.offset


def outcome(read: Callable[[], Any]) -> Any:
    """Return what is read, or the kind and the text of the refusal."""
    try:
        return read()
    except (Undecodable, LimitExceeded) as error:
        return type(error), str(error)


@settings(deadline=None)  # the machine may be busy with other tests
@given(choice=st.sampled_from(sorted(PROBES)), at=st.integers(0, 400), to=st.binary(max_size=12))
def test_any_bytes_are_read_as_the_plain_value_is_or_refused_as_it_is(
    choice: str, at: int, to: bytes, classes: dict[str, type[Record]]
) -> None:
    trap, probed = classes[choice], PROBES[choice]
    schema = registry.schema_of(trap)
    good = of_fastavro(probed.samples[0], schema, raw=bool(probed.fastavro))
    data = good[:at] + to + good[at + len(to) :]
    plain = outcome(lambda: registry.read(data, schema, tagged=True))
    made: Any = outcome(lambda: trap.from_avro(data))
    if isinstance(made, Record):
        assert exact(seen(schema, made)) == exact(plain)
        assert trap.from_avro(made.to_avro()).to_avro() == made.to_avro()
    else:
        assert made == plain
