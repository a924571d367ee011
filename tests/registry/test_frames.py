"""Frames: both kinds, which writer is taken, and each way in which one can be wrong."""

import json
from dataclasses import dataclass
from typing import ClassVar

import pytest

import registry
from registry import SchemaTree, wire
from registry.errors import LimitExceeded, NotFramed, Undecodable, Unencodable, UnknownSchema
from registry.record import Record, bind


def text(kind: str, **more: str) -> str:
    """A ticket, with a `note` of a kind that has a default, unless the kind is empty."""
    note = {"name": "note", "type": {"type": kind, **more}, "default": "none"}
    fields = [{"name": "number", "type": "long"}, *([note] if kind else [])]
    return json.dumps({"type": "record", "name": "Ticket", "namespace": "desk", "fields": fields})


def defaulting(default: str) -> str:
    return text("string").replace("none", default)


TEXTS = {
    "desk/ticket/v1.avsc": text(""),
    "desk/ticket/v2.avsc": text("string"),
    "desk/ticket/v3.avsc": defaulting("nothing"),
    "desk/ticket/v4.avsc": defaulting("nought"),
    "desk/stub/v1.avsc": json.dumps(
        {"type": "record", "name": "Stub", "namespace": "desk", "fields": []}
    ),
    "ids.toml": '"desk.Ticket/1" = 258\n',
}


@dataclass(slots=True, kw_only=True)
class Ticket(Record):
    """The third version, whose canonical form is that of the second and the fourth, too."""

    SCHEMA: ClassVar[str] = TEXTS["desk/ticket/v3.avsc"]
    SUBJECT: ClassVar[str] = "desk.Ticket"
    VERSION: ClassVar[int] = 3
    FINGERPRINT: ClassVar[bytes] = registry.fingerprint(registry.parse(SCHEMA))

    number: int
    note: str = "nothing"


@dataclass(slots=True, kw_only=True)
class OldTicket(Record):
    SCHEMA: ClassVar[str] = TEXTS["desk/ticket/v1.avsc"]
    SUBJECT: ClassVar[str] = "desk.Ticket"
    VERSION: ClassVar[int] = 1
    FINGERPRINT: ClassVar[bytes] = registry.fingerprint(registry.parse(SCHEMA))

    number: int


bind(Ticket, {"desk.Ticket": Ticket})
bind(OldTicket, {"desk.Ticket": OldTicket})
TICKET = Ticket(number=5, note="x")


@pytest.fixture(scope="module")
def tree() -> SchemaTree:
    return SchemaTree.from_texts(TEXTS)


def test_single_object_encoding_is_c3_01_the_fingerprint_and_the_datum() -> None:
    framed = wire.encode(TICKET)
    assert framed == b"\xc3\x01" + Ticket.FINGERPRINT + TICKET.to_avro()
    assert wire.decode(framed, Ticket) == TICKET


def test_an_id_makes_confluents_five_bytes(tree: SchemaTree) -> None:
    framed = wire.encode(OldTicket(number=5), id=258)
    assert framed == b"\x00\x00\x00\x01\x02" + b"\x0a"
    assert wire.decode(framed, Ticket, schemas=tree) == Ticket(number=5)


def test_another_version_is_read_by_its_fingerprint(tree: SchemaTree) -> None:
    framed = wire.encode(OldTicket(number=5))
    assert wire.decode(framed, Ticket, schemas=tree) == Ticket(number=5, note="nothing")
    assert wire.decode(wire.encode(TICKET), OldTicket, schemas=tree) == OldTicket(number=5)


def test_the_version_that_a_message_names_is_taken(tree: SchemaTree) -> None:
    framed = wire.encode(TICKET)
    for writer in ("desk.Ticket/2", "desk.Ticket/3", "desk.Ticket/4"):
        assert wire.decode(framed, Ticket, schemas=tree, writer=writer) == TICKET


@pytest.mark.parametrize(
    ("writer", "reason"),
    [
        ("desk.Ticket/1", "says desk.Ticket/1, but its fingerprint is"),
        ("desk.Stub/1", "says desk.Stub/1, but its fingerprint is"),
        ("desk.Ticket/9", "There is no version 'desk.Ticket/9'"),
        ("desk.Ticket", "There is no version 'desk.Ticket'"),
        ("../../etc/passwd", "There is no subject"),
    ],
)
def test_a_message_that_names_another_version_than_its_fingerprint_is_refused(
    tree: SchemaTree, writer: str, reason: str
) -> None:
    with pytest.raises(UnknownSchema) as caught:
        wire.decode(wire.encode(TICKET), Ticket, schemas=tree, writer=writer)
    assert reason in str(caught.value)
    assert caught.value.fix


@pytest.mark.parametrize(
    "data",
    [b"", b"\xc3", b"\xc3\x01", b"\xc3\x01" + bytes(7), b"\xc3\x02" + bytes(9), b"\x00\x00", b"{}"],
)
def test_what_has_no_frame_is_refused_with_what_a_frame_is(data: bytes) -> None:
    with pytest.raises(NotFramed, match="A frame begins with C3 01"):
        wire.decode(data, Ticket)


@pytest.mark.parametrize("number", [0, 7, (1 << 31) - 1, 1 << 31, (1 << 32) - 1])
def test_an_id_that_the_tree_does_not_have_is_unknown(tree: SchemaTree, number: int) -> None:
    framed = b"\x00" + number.to_bytes(4, "big") + TICKET.to_avro()
    with pytest.raises(UnknownSchema, match=f"the id {number}"):
        wire.decode(framed, Ticket, schemas=tree)


def test_an_id_without_schemas_is_unknown_and_says_what_to_pass() -> None:
    with pytest.raises(UnknownSchema, match=r"schemas=SchemaTree\.load"):
        wire.decode(wire.encode(TICKET, id=7), Ticket)


def test_a_fingerprint_that_nobody_has_is_unknown(tree: SchemaTree) -> None:
    framed = b"\xc3\x01" + bytes(8) + TICKET.to_avro()
    for schemas in (None, tree):
        with pytest.raises(UnknownSchema, match="has the fingerprint 0000000000000000"):
            wire.decode(framed, Ticket, schemas=schemas)


def test_a_datum_of_another_subject_is_undecodable(tree: SchemaTree) -> None:
    stub = tree.version("desk.Stub/1")
    with pytest.raises(Undecodable, match=r"the writer has desk\.Stub, the reader desk\.Ticket"):
        wire.decode(b"\xc3\x01" + stub.fingerprint, Ticket, schemas=tree)


def test_bytes_behind_the_datum_are_refused() -> None:
    with pytest.raises(Undecodable, match="bytes follow the datum"):
        wire.decode(wire.encode(TICKET) + b"\0", Ticket)
    with pytest.raises(LimitExceeded):
        wire.decode(wire.encode(TICKET) + bytes(20 << 20), Ticket)


def test_a_datum_goes_from_one_frame_into_the_other_as_it_is(tree: SchemaTree) -> None:
    version = tree.version(f"{Ticket.SUBJECT}/{Ticket.VERSION}")
    assert wire.reframe(wire.encode(TICKET), version) == wire.encode(TICKET, id=version.id)


def test_only_what_the_version_has_written_is_put_into_another_frame(tree: SchemaTree) -> None:
    version = tree.version("desk.Stub/1")
    with pytest.raises(UnknownSchema, match=r"That of desk\.Stub/1 is"):
        wire.reframe(wire.encode(TICKET), version)
    for framed in (b"", b"\xc3\x01", wire.encode(TICKET, id=7)):
        with pytest.raises(NotFramed):
            wire.reframe(framed, version)


@pytest.mark.parametrize("number", [-1, 1 << 31, 1 << 40])
def test_an_id_that_a_frame_cannot_hold_is_refused(number: int) -> None:
    with pytest.raises(Unencodable, match="a schema id from 0 to 2147483647"):
        wire.encode(TICKET, id=number)
