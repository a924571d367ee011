"""What the databases say at the end: whether every event took effect, once, in order."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from services.chassis.events.tables import DeadLetterRow, InboxRow, OutboxRow
from services.items.rows import ItemRow, KnownRoomRow
from services.rooms.rows import KnownItemRow, RoomRow
from tests.faults.chaos.effects import EffectRow

Version = tuple[str, int]
"""An entity's id, and a version of it."""


@dataclass(kw_only=True)
class Verdict:
    """What is wrong, counted. `sentences` say what else is."""

    events: int = 0
    effects: int = 0
    lost: int = 0
    double: int = 0
    misordered: int = 0
    differences: int = 0
    dead_expected: int = 0
    dead_found: int = 0
    sentences: list[str] = field(default_factory=list)

    @property
    def is_good(self) -> bool:
        """Whether nothing is wrong."""
        wrong = self.lost or self.double or self.misordered or self.differences
        return not wrong and self.dead_expected == self.dead_found and not self.sentences


def judged(engines: Mapping[str, Engine], hostile: Mapping[UUID, str]) -> Verdict:
    """Return the verdict on both services, each of which hears the other.

    `hostile` holds, by event id, who was to make a dead letter of it.
    """
    verdict = Verdict()
    for teller, hearer in (("rooms", "items"), ("items", "rooms")):
        with Session(engines[teller]) as told, Session(engines[hearer]) as heard:
            events = _told(told, hostile, verdict)
            _compare(events, _effects(heard), verdict, f"of {teller}")
            dead = {each for each, where in hostile.items() if where == hearer}
            _look_at_dead_letters(heard, dead, verdict, hearer)
    with Session(engines["rooms"]) as rooms, Session(engines["items"]) as items:
        _compare_rooms(rooms, items, verdict)
        _compare_items(rooms, items, verdict)
    return verdict


def unheard(engines: Mapping[str, Engine], hostile: Mapping[UUID, str]) -> int:
    """Return how many events are not in the inbox that they are for."""
    missing = 0
    for teller, hearer in (("rooms", "items"), ("items", "rooms")):
        with Session(engines[teller]) as told, Session(engines[hearer]) as heard:
            expected = set(told.scalars(select(OutboxRow.event_id)))
            expected |= {each for each, where in hostile.items() if where == hearer}
            missing += len(expected - set(heard.scalars(select(InboxRow.event_id))))
    return missing


def misordered(versions: Iterable[Version]) -> int:
    """Return how many came after a later one of the same entity."""
    last: dict[str, int] = {}
    wrong = 0
    for entity, version in versions:
        wrong += version < last.get(entity, 0)
        last[entity] = max(version, last.get(entity, 0))
    return wrong


def _told(session: Session, hostile: Mapping[UUID, str], verdict: Verdict) -> list[Version]:
    """Return what was told, in the order of positions, and look at the positions."""
    columns = (
        OutboxRow.position,
        OutboxRow.event_id,
        OutboxRow.aggregate_id,
        OutboxRow.aggregate_version,
    )
    rows = session.execute(select(*columns).order_by(OutboxRow.position)).all()
    if [row.position for row in rows] != list(range(1, len(rows) + 1)):
        verdict.sentences.append("positions are not 1, 2, 3, ...")
    events = [
        (row.aggregate_id, row.aggregate_version) for row in rows if row.event_id not in hostile
    ]
    seen: Counter[str] = Counter()
    for entity, version in events:
        seen[entity] += 1
        if version != seen[entity]:
            verdict.sentences.append(f"version {version} of {entity} is told as {seen[entity]}th")
    return events


def _effects(session: Session) -> list[Version]:
    rows = session.execute(select(EffectRow.entity, EffectRow.version).order_by(EffectRow.id))
    return [(str(row.entity), row.version) for row in rows]


def _compare(told: list[Version], effects: list[Version], verdict: Verdict, whose: str) -> None:
    verdict.events += len(told)
    verdict.effects += len(effects)
    if lost := set(told) - set(effects):
        places = [place for place, each in enumerate(told, start=1) if each in lost]
        verdict.sentences.append(f"{len(lost)} {whose} are lost: {places[0]} to {places[-1]}")
    verdict.lost += len(lost)
    verdict.double += len(effects) - len(set(effects))
    verdict.misordered += misordered(effects)
    if invented := set(effects) - set(told):
        verdict.sentences.append(f"{len(invented)} effects {whose} are of no event")


def _look_at_dead_letters(
    session: Session, expected: set[UUID], verdict: Verdict, hearer: str
) -> None:
    rows = session.execute(select(DeadLetterRow.event_id, DeadLetterRow.reason)).all()
    verdict.dead_expected += len(expected)
    verdict.dead_found += len(rows)
    if unknown := [row.reason for row in rows if row.event_id not in expected]:
        verdict.sentences.append(f"{hearer} has dead letters of good events: {Counter(unknown)}")


def _compare_rooms(rooms: Session, items: Session, verdict: Verdict) -> None:
    truth = {
        row.id: (row.version, row.record.name, False) for row in rooms.scalars(select(RoomRow))
    }
    known = {
        row.id: (row.version, row.name, row.deleted) for row in items.scalars(select(KnownRoomRow))
    }
    for entity, version in _deleted(rooms, set(truth)):
        # Its last name is nowhere else.
        name = known[entity][1] if entity in known else ""
        truth[entity] = (version, name, True)
    verdict.differences += _differences(truth, known)
    gone = [entity for entity, (_, _, deleted) in known.items() if deleted]
    linked = set(items.scalars(select(ItemRow.room_id))) & set(gone)
    verdict.differences += len(linked)


def _compare_items(rooms: Session, items: Session, verdict: Verdict) -> None:
    truth = {row.id: (row.version, row.room_id) for row in items.scalars(select(ItemRow))}
    truth |= {entity: (version, None) for entity, version in _deleted(items, set(truth))}
    known = {row.id: (row.version, row.room_id) for row in rooms.scalars(select(KnownItemRow))}
    verdict.differences += _differences(truth, known)


def _deleted(session: Session, there: set[UUID]) -> list[tuple[UUID, int]]:
    """Return the entities that were told of and are not there, with their last versions."""
    last: dict[UUID, int] = {}
    for entity, version in session.execute(
        select(OutboxRow.aggregate_id, OutboxRow.aggregate_version)
    ):
        # What was put there to do harm is about no entity.
        if not entity.startswith("hostile"):
            last[UUID(entity)] = max(version, last.get(UUID(entity), 0))
    return [(entity, version) for entity, version in last.items() if entity not in there]


def _differences(one: Mapping[UUID, object], other: Mapping[UUID, object]) -> int:
    return sum(one.get(each) != other.get(each) for each in one.keys() | other.keys())
