"""Whatever comes, and however often: each event has one effect or is one dead letter, in order."""

from dataclasses import dataclass
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from injector import Inject, Injector
from sqlalchemy import Engine, delete, insert, select
from sqlalchemy.orm import Session

from registry.records.rooms.room_changed.v1 import RoomChanged
from services.chassis.events.declaration import Hears
from services.chassis.events.hearing.inbox import Inbox
from services.chassis.events.hearing.source import Batch, Message
from services.chassis.events.tables import DeadLetterRow, InboxCursorRow, InboxRow
from services.items.rows import KnownRoomRow
from tests.services import examples
from tests.services.databases import on_both_databases
from tests.services.examples import FEED, message

ROOMS = [examples.room(UUID(int=number)) for number in range(3)]
GOOD, POISON, FAILING = "good", "poison", "failing"


@dataclass(frozen=True)
class Story:
    """What was told, and in which batches it comes."""

    told: list[tuple[str, Message]]
    batches: list[list[int]]

    def truth(self) -> dict[UUID, str]:
        """Return the versions of each room that take effect, in order."""
        heard = {index for batch in self.batches for index in batch}
        names: dict[UUID, str] = {}
        for index, (kind, each) in enumerate(self.told):
            if kind == GOOD and index in heard:
                room = UUID(each.aggregate_id)
                names[room] = f"{names.get(room, '')},{index + 1}"
        return names

    def dead(self) -> list[UUID]:
        heard = {index for batch in self.batches for index in batch}
        return sorted(
            self.told[index][1].event_id for index in heard if self.told[index][0] != GOOD
        )


@st.composite
def stories(draw: st.DrawFn) -> Story:
    told = []
    for index, (room, kind) in enumerate(
        draw(
            st.lists(
                st.tuples(st.sampled_from(ROOMS), st.sampled_from([GOOD, GOOD, POISON, FAILING])),
                min_size=1,
                max_size=12,
            )
        )
    ):
        changed = examples.room_changed(room, index + 1)
        made = message(index + 1, changed)
        if kind == POISON:
            made = message(index + 1, changed, data=b"poison")
        told.append((kind, made))
    # A relay that begins anew puts again what it may have put; a broker gives again what was not
    # settled. Nothing is left out.
    stream: list[int] = []
    known = 0
    for back, on in draw(
        st.lists(st.tuples(st.integers(0, 4), st.integers(1, 8)), min_size=1, max_size=5)
    ):
        end = min(known + on, len(told))
        stream += range(max(0, known - back), end)
        known = max(known, end)
    batches = []
    while stream:
        size = draw(st.integers(1, 8))
        batches += [stream[:size]] * draw(st.integers(1, 2))
        stream = stream[size:]
    return Story(told, batches)


def inbox(injector: Injector, story: Story) -> Inbox:
    kinds = {index + 1: kind for index, (kind, _) in enumerate(story.told)}

    def effect(event: RoomChanged, session: Inject[Session]) -> None:
        row = session.get(KnownRoomRow, event.room.id)
        name = f"{'' if row is None else row.name},{event.entity_version}"
        session.merge(
            KnownRoomRow(id=event.room.id, version=event.entity_version, name=name, deleted=False)
        )
        if kinds[event.entity_version] == FAILING:
            session.flush()
            raise ZeroDivisionError

    return Inbox(injector, "rooms", [Hears("rooms", RoomChanged, effect)])


def begin_anew(engine: Engine) -> None:
    with Session(engine) as session, session.begin():
        for table in (KnownRoomRow, DeadLetterRow, InboxRow, InboxCursorRow):
            session.execute(delete(table))


def assert_true(engine: Engine, story: Story) -> None:
    with Session(engine) as session:
        rows = session.scalars(select(KnownRoomRow)).all()
        letters = session.scalars(select(DeadLetterRow.event_id)).all()
        cursor = session.scalars(select(InboxCursorRow)).one()
    assert {row.id: row.name for row in rows} == story.truth()
    assert sorted(letters) == story.dead()
    came = sum(len(batch) for batch in story.batches)
    assert cursor.applied + cursor.duplicate + cursor.dead == came
    assert cursor.dead == len(letters)


LAWS = settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@on_both_databases
@LAWS
@given(story=stories())
def test_from_a_broker_whatever_comes_again(
    items_injector: Injector, engine: Engine, story: Story
) -> None:
    begin_anew(engine)
    with Session(engine) as session, session.begin():
        row = {"source": "rooms", "feed": FEED, "position": 0, "behind": False}
        session.execute(insert(InboxCursorRow), [row])
    receiver = inbox(items_injector, story)
    for batch in story.batches:
        assert receiver.receive(Batch([story.told[index][1] for index in batch]))
    assert_true(engine, story)


@on_both_databases
@LAWS
@given(story=stories(), sizes=st.lists(st.integers(1, 5), min_size=12, max_size=12))
def test_from_a_feed_in_pages_of_any_size(
    items_injector: Injector, engine: Engine, story: Story, sizes: list[int]
) -> None:
    begin_anew(engine)
    receiver = inbox(items_injector, story)
    pages: list[list[int]] = []
    while (after := receiver.cursor().position) < len(story.told):
        end = min(after + sizes[len(pages)], len(story.told))
        pages.append(list(range(after, end)))
        page = Batch([story.told[index][1] for index in pages[-1]], FEED, after, end)
        assert receiver.receive(page)
        # Another follower may have read the same.
        assert not receiver.receive(page)
    assert_true(engine, Story(story.told, pages))
