"""What must be true of values: valid ones travel, others are refused by their place."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final
from uuid import UUID

import registry
from registry.codec.building import PLAIN
from registry.codec.encoder import encode
from registry.errors import Unencodable
from tests.fuzz.findings import Finding
from tests.fuzz.outcome import Outcome, cut, outcome
from tests.fuzz.places import Place, places, replaced
from tests.fuzz.sameness import differences, plain, stands_for
from tests.fuzz.trial import Trial

SPOILED: Final = 8
"""Ill-typed values that a case tries, and how many more when it is to be made smaller."""
MORE: Final = 30
_IN_ITSELF: list[Any] = []
_IN_ITSELF.append(_IN_ITSELF)
_HELD: dict[str, Any] = {}
_HELD["f0"] = _HELD
HOSTILE: Final[tuple[Any, ...]] = (
    *(None, True, 0, 1.5, "", "x", b"", b"\xff", [], {}, (), ("int", 1), ("null", None)),
    *(2**31, -(2**31) - 1, 2**63, -(2**63) - 1, 10**40, 10**5000, 1 << 60_000),
    *(float("nan"), float("inf"), 1e39, 1e308, 5e-324, 1j, Fraction(1, 3)),
    *("\ud800", "\0", "é" * 100, bytearray(b"a"), memoryview(b"abc"), b"x" * 17, "12:30"),
    *([None], [[]], [1, "x"], {"": None}, {1: 2}, {"f0": None}, {"\ud800": 1}, {None: 1}),
    *((1, 2, 3), ("nothing", 1), (None, None), ([], 1), {1, 2}, range(3), iter(()), object(), int),
    *(Decimal(1), Decimal("0.001"), Decimal("NaN"), Decimal("sNaN"), Decimal("-Infinity")),
    *(
        Decimal("1E+999999"),
        Decimal("1E-999999"),
        Decimal(10) ** 3000,
        Decimal("-0"),
        Decimal("1."),
    ),
    *(date.max, datetime.max, datetime(2000, 1, 1)),  # noqa: DTZ001, DTZ901 they need none
    datetime.min.replace(tzinfo=UTC),
    datetime.max.replace(tzinfo=timezone(timedelta(hours=-23))),
    datetime.min.replace(tzinfo=timezone(timedelta(hours=23, minutes=59))),
    *(time(1, 2, 3, 4), time(1, tzinfo=UTC), timedelta(1), UUID(int=1), str(UUID(int=1))),
    *(registry.Timestamp(2**63), registry.Timestamp(5), registry.Duration(months=-1)),
    *(registry.Duration(days=1 << 32), registry.Duration(milliseconds=1.5)),  # type: ignore[arg-type]  # on purpose
    registry.Duration(days="1"),  # type: ignore[arg-type]  # on purpose
    *(_IN_ITSELF, _HELD),
)
"""Values of wrong types, out of range, or like none of Avro's."""


def of_value(trial: Trial) -> Iterator[Finding]:
    """Yield what is wrong with how we write the valid value of a case."""
    trial.tried += 1
    call = "registry.write(value, writer)"
    encoded = outcome(lambda: registry.write(trial.value, trial.writer))
    yield from _walked(trial, trial.value, encoded, call)
    if encoded.fault:
        yield trial.finding(f"{call}: {encoded.fault[0]}", call, {"we": encoded.said()})
    elif isinstance(encoded.error, Unencodable):
        yield trial.finding("a valid value is refused", call, {"we": encoded.said()})
    elif encoded.ok:
        yield from _read_back(trial, encoded.value)
        if trial.classes and not trial.seed.evolved:
            yield from _object(trial, encoded.value)


def _read_back(trial: Trial, data: bytes) -> Iterator[Finding]:
    call = "registry.read(registry.write(value, writer), writer, tagged=True)"
    back = outcome(lambda: registry.read(data, trial.writer, tagged=True))
    found = next(differences(trial.value, back.value), None) if back.ok else None
    if found or not back.ok:
        said = {"written": cut(data), "read": back.said(), "difference": cut(found)}
        kinds = found.kinds() if found else "refused"
        yield trial.finding(f"what was written is not what is read: {kinds}", call, said)


def _object(trial: Trial, data: bytes) -> Iterator[Finding]:
    assert trial.classes
    call = "Main(...).to_avro()"
    made = trial.classes.made(trial.value)
    written = outcome(made.to_avro)
    if not written.ok or written.value != data:
        word = written.fault[0] if written.fault else "refused" if written.error else "other bytes"
        said = {"object": written.said(), "registry.write": cut(data)}
        yield trial.finding(f"{call}: {word}", call, said)


def of_others_bytes(trial: Trial) -> Iterator[Finding]:
    """Yield where fastavro writes other bytes of the same value, logical types aside."""
    if not trial.raw or trial.seed.evolved:
        return
    schema, value = trial.raw
    ours = outcome(lambda: registry.write(value, schema))
    theirs = trial.others.write(registry.full_text(schema), value)
    if ours.ok and ours.value != theirs.value:
        said = {"we": ours.said(), "fastavro": theirs.error or cut(theirs.value)}
        word = theirs.error.partition(":")[0] or "other bytes"
        kind = f"registry.write and fastavro: {word}"
        yield trial.finding(kind, "registry.write(value, writer)", said, value=value)


def of_ill_typed(trial: Trial) -> Iterator[Finding]:
    """Yield where a value with a spoiled part is not refused by its place."""
    found = list(places(trial.writer, trial.value))
    random = trial.random("spoiled")
    for _ in range(SPOILED * (MORE if trial.thorough else 1)):
        place = random.choice(found)
        new = random.choice(HOSTILE)
        value = replaced(trial.value, place.steps, new)
        yield from _spoiled(trial, place, value)
        if trial.classes and not trial.seed.evolved and place.steps:
            yield from _spoiled_object(trial, place, value)


def _spoiled(trial: Trial, place: Place, value: Any) -> Iterator[Finding]:
    trial.tried += 1
    call = "registry.write(value, writer)"
    written = outcome(lambda: registry.write(value, trial.writer))
    yield from _refused(trial, place, value, written, call)
    yield from _walked(trial, value, written, call)
    if written.ok:
        back = outcome(lambda: registry.read(written.value, trial.writer, tagged=True))
        yield from _meant(trial, place, value, back, call)


def _walked(trial: Trial, value: Any, written: Outcome, call: str) -> Iterator[Finding]:
    """Yield where walking the value makes other bytes of it, or refuses it elsewhere."""
    walked = outcome(lambda: encode(value, trial.writer, PLAIN))
    if written.signature() != walked.signature() or written.value != walked.value:
        said = {"compiled": written.said(), "walking": walked.said()}
        kind = f"{call}: compiled and walking: {'errors' if walked.error else 'bytes'}"
        yield trial.finding(kind, call, said, value=value)


def _spoiled_object(trial: Trial, place: Place, value: Any) -> Iterator[Finding]:
    trial.tried += 1
    assert trial.classes
    try:
        main, made = trial.classes.main, trial.classes.made(value)
    except RecursionError:  # the value holds itself, and is no object then
        return
    call = "Main(...).to_avro()"
    written = outcome(made.to_avro)
    yield from _refused(trial, place, value, written, call)
    if written.ok:
        back = outcome(lambda: plain(main.from_avro(written.value)))
        yield from _meant(trial, place, value, back, call)


def _refused(
    trial: Trial, place: Place, value: Any, written: Outcome, call: str
) -> Iterator[Finding]:
    said = {"we": written.said(), "spoiled at": place.path or "(the value itself)"}
    if written.fault:
        kind = f"{call}, ill-typed: {written.fault[0]}"
        yield trial.finding(kind, call, said, value=value)
    elif isinstance(written.error, Unencodable) and not written.error.path.startswith(place.path):
        said |= {"path": written.error.path}
        kind = f"{call}, ill-typed {_type(place)}: the path leads elsewhere"
        yield trial.finding(kind, call, said, value=value)


def _meant(trial: Trial, place: Place, value: Any, back: Outcome, call: str) -> Iterator[Finding]:
    if not back.ok or not stands_for(value, back.value):
        said = {"read back": back.said(), "spoiled at": place.path or "(the value itself)"}
        words = " ".join(back.error.reason.split()[:4]) if back.error else f"an {_type(place)}"
        kind = f"{call}, ill-typed: written, and read back as another: {words}"
        yield trial.finding(kind, call, said, value=value)


def _type(place: Place) -> str:
    return place.schema.logical.name if place.schema.logical else place.schema.type
