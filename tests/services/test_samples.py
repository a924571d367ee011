"""Samples come into an empty database once, and all of them."""

import json
from pathlib import Path
from threading import Event as Flag
from threading import Thread

import pytest
from injector import Injector
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

import services.items
from services.chassis.database import writing
from services.chassis.entities.pages import Page
from services.chassis.entities.samples import Samples, put_samples
from services.chassis.errors import InvalidBody
from services.chassis.events.declaration import Events
from services.chassis.events.tables import OutboxRow
from services.chassis.events.telling.outbox import Outbox
from services.chassis.events.telling.waiting import Waiting
from services.chassis.stopping import Stopping
from services.items.provider import ItemsProvider
from services.items.rows import ItemRow
from tests.services.examples import ITEM_BODY

FILE = Path(services.items.__file__).with_name("samples.json")


class WatchedProvider(ItemsProvider):
    searched = Flag()

    def search(self, *, limit: int, cursor: str | None = None, **asked: object) -> Page[ItemRow]:
        found = super().search(limit=limit, cursor=cursor, **asked)
        self.searched.set()
        return found


def count(engine: Engine, row: type[ItemRow | OutboxRow]) -> int:
    with Session(engine) as session:
        return session.scalars(select(func.count()).select_from(row)).one()


def test_samples_are_all_stored_and_told(items_injector: Injector, engine: Engine) -> None:
    put_samples(Samples(ItemsProvider, FILE), items_injector)
    assert (count(engine, ItemRow), count(engine, OutboxRow)) == (3, 3)


def test_samples_that_are_stopped_between_two_leave_nothing(
    items_injector: Injector, engine: Engine, tmp_path: Path
) -> None:
    bodies = [ITEM_BODY, ITEM_BODY | {"price": "none"}]
    (tmp_path / "samples.json").write_text(json.dumps(bodies))
    with pytest.raises(InvalidBody):
        put_samples(Samples(ItemsProvider, tmp_path / "samples.json"), items_injector)
    assert (count(engine, ItemRow), count(engine, OutboxRow)) == (0, 0)
    put_samples(Samples(ItemsProvider, FILE), items_injector)
    assert count(engine, ItemRow) == 3


def test_whether_there_is_something_already_is_asked_when_nobody_else_writes(
    items_injector: Injector, engine: Engine
) -> None:
    putting = Thread(target=put_samples, args=[Samples(WatchedProvider, FILE), items_injector])
    with Session(engine) as session, writing(session):
        ItemsProvider(session, Outbox(Events(), Waiting(Stopping()))).add(ITEM_BODY)
        putting.start()
        # It must not come to that before this transaction ends.
        assert not WatchedProvider.searched.wait(0.5)
    putting.join()
    assert WatchedProvider.searched.is_set()
    assert count(engine, ItemRow) == 1
