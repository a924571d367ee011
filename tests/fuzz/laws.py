"""What must be true of any bytes, whatever other packages say."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Final, NamedTuple

import registry
from registry.codec.building import PLAIN, TAGGED
from registry.codec.decoder import decode
from registry.codec.pairs import reading
from registry.errors import LimitExceeded, Undecodable
from tests.fuzz.findings import Finding
from tests.fuzz.outcome import Outcome, cut, outcome
from tests.fuzz.sameness import differences, plain, same
from tests.fuzz.trial import Trial


class Twin(NamedTuple):
    """Two ways to read a datum that must agree in values, and in type, path and offset of errors.

    `made` turns the value of the first into what the second gives.
    """

    name: str
    call: str
    one: Callable[[Trial, bytes], Any]
    other: Callable[[Trial, bytes], Any]
    made: Callable[[Any], Any] = lambda value: value


def _tagged(trial: Trial, data: bytes) -> Any:
    return registry.read(data, trial.writer, trial.reader, tagged=True)


def _bare(trial: Trial, data: bytes) -> Any:
    return registry.read(data, trial.writer, trial.reader)


def _walked(trial: Trial, data: bytes) -> Any:
    return decode(data, trial.writer, trial.reader, PLAIN)


def _walked_tagged(trial: Trial, data: bytes) -> Any:
    return decode(data, trial.writer, trial.reader, TAGGED)


def _in_the_middle(trial: Trial, data: bytes) -> Any:
    """Read the datum behind other bytes, as files of data have them."""
    read = reading(trial.writer, trial.reader, PLAIN)
    try:
        value, end = read(_BEFORE + data, len(_BEFORE))
    except Undecodable as error:
        error.offset = None if error.offset is None else error.offset - len(_BEFORE)
        raise
    if end != len(_BEFORE + data):
        raise Undecodable("", end - len(_BEFORE), "bytes follow the datum")
    return value


def _object(trial: Trial, data: bytes) -> Any:
    assert trial.classes
    return trial.classes.main.from_avro(data, trial.writer if trial.seed.evolved else None)


_BEFORE: Final = b"\x02\xff\x02"
READ: Final = "registry.read(data, writer, reader)"
TAGGED_READ: Final = "registry.read(data, writer, reader, tagged=True)"
OBJECT: Final = "Main.from_avro(data, writer)"
TWINS: Final = (
    Twin("tagged and bare", READ, _tagged, _bare, plain),
    Twin("compiled and walking", READ, _bare, _walked),
    Twin("compiled and walking, tagged", TAGGED_READ, _tagged, _walked_tagged),
    Twin("at the start and in the middle", READ, _bare, _in_the_middle),
)
CLASS_TWINS: Final = (Twin("plain and classes", OBJECT, _bare, lambda t, d: plain(_object(t, d))),)


def of_bytes(trial: Trial, data: bytes) -> Iterator[Finding]:
    """Yield what is wrong with how we read some bytes, valid or not."""
    trial.tried += 1
    tagged = outcome(lambda: _tagged(trial, data))
    if tagged.fault:
        yield _fault(trial, data, TAGGED_READ, tagged)
        return
    yield from _offset(trial, data, tagged)
    if tagged.ok:
        yield from _written_again(trial, data, tagged.value)
    for twin in TWINS + (CLASS_TWINS if trial.classes else ()):
        yield from _alike(trial, data, twin)
    if tagged.ok and trial.classes:
        yield from _object_written_again(trial, data, tagged.value)
    if trial.seed.evolved and trial.compatible:
        yield from _compatible(trial, data, tagged)


def of_loose(trial: Trial) -> Iterator[Finding]:
    """Yield where another valid encoding of the case's value is not read as that value."""
    for loose in trial.loose:
        trial.tried += 1
        data = bytes(loose.data)
        found = outcome(partial(registry.read, data, trial.writer, tagged=True))
        if not found.ok or not same(trial.value, found.value):
            said = {"we": found.said(), "the value": cut(trial.value)}
            call = "registry.read(data, writer, tagged=True)"
            yield trial.finding("a valid encoding is read as another value", call, said, data=data)


def _fault(trial: Trial, data: bytes, call: str, found: Outcome) -> Finding:
    assert found.fault
    said = {"we": found.said()}
    return trial.finding(f"{call}: {found.fault[0]}", call, said, data=data)


def _offset(trial: Trial, data: bytes, found: Outcome) -> Iterator[Finding]:
    error = found.error
    offset = error.offset if isinstance(error, Undecodable) else None
    if offset is not None and not 0 <= offset <= len(data):
        said = {"we": found.said(), "the data ends at": str(len(data))}
        yield trial.finding("offset of an error outside the data", READ, said, data=data)


def _written_again(trial: Trial, data: bytes, value: Any) -> Iterator[Finding]:
    call = f"registry.write({TAGGED_READ}, reader)"
    again = outcome(lambda: registry.write(value, trial.reader))
    said = {"value": Outcome(value).said(), "written": again.said()}
    if trial.seed.evolved and isinstance(again.error, LimitExceeded):
        return  # the defaults of the reader have made it larger or deeper
    if not again.ok:
        word = again.fault[0] if again.fault else "refused"
        expected = getattr(again.error, "expected", "")
        kind = f"what was read cannot be written: {word} {' '.join(expected.split()[:3])}"
        yield trial.finding(kind, call, said, data=data)
        return
    back = outcome(lambda: _read_own(trial, again.value))
    if not back.ok or not same(value, back.value):
        kind = "what was read, written and read again is not the same"
        yield trial.finding(kind, call, said | {"read again": back.said()}, data=data)


def _read_own(trial: Trial, data: bytes) -> Any:
    return registry.read(data, trial.reader, tagged=True)


def _alike(trial: Trial, data: bytes, twin: Twin) -> Iterator[Finding]:
    one = outcome(lambda: twin.one(trial, data))
    other = outcome(lambda: twin.other(trial, data))
    said = {"one": one.said(), "other": other.said()}
    if one.fault or other.fault:
        (fault,) = {each.fault[0] for each in (one, other) if each.fault} or {""}
        yield trial.finding(f"{twin.name}: {fault}", twin.call, said, data=data)
    elif one.signature() != other.signature():
        kind = f"{twin.name}: {_unlike(one, other)}"
        yield trial.finding(kind, twin.call, said, data=data)
    elif one.ok:
        found = next(differences(twin.made(one.value), other.value), None)
        if found:
            kind = f"{twin.name}: values differ: {found.kinds()}"
            yield trial.finding(kind, twin.call, said, data=data)


def _unlike(one: Outcome, other: Outcome) -> str:
    """Return in what two outcomes with different signatures differ."""
    mine, theirs = one.signature(), other.signature()
    if mine is None or theirs is None:
        return "one refuses"
    if mine[0] != theirs[0]:
        return "types of errors"
    return "paths of errors" if mine[1] != theirs[1] else "offsets of errors"


def _object_written_again(trial: Trial, data: bytes, value: Any) -> Iterator[Finding]:
    call = f"{OBJECT}.to_avro()"
    again = outcome(lambda: _object(trial, data).to_avro())
    expected = outcome(lambda: registry.write(value, trial.reader))
    if again.said() != expected.said() and not (again.fault is None and expected.error):
        word = again.fault[0] if again.fault else "refused" if again.error else "other bytes"
        said = {"we": again.said(), "registry.write": expected.said()}
        yield trial.finding(f"an object read cannot be written: {word}", call, said, data=data)


def _compatible(trial: Trial, data: bytes, read: Outcome) -> Iterator[Finding]:
    own = outcome(lambda: registry.read(data, trial.writer))
    if own.ok and not read.ok and not _noisy(read):
        said = {"as the writer": own.said(), "as the reader": read.said()}
        kind = "a reader that is compatible cannot read what the writer can"
        yield trial.finding(kind, READ, said, data=data)


def _noisy(read: Outcome) -> bool:
    """Tell whether a promotion is refused that only some data allow: bytes are not always text."""
    return isinstance(read.error, Undecodable) and read.error.reason == "the bytes are not UTF-8"
