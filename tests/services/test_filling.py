"""Databases of the first version come to the tables of today with all that they hold."""

import shutil
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine
from sqlalchemy.orm import Session

import services.items
import services.rooms
from registry import wire
from registry.record import Record
from registry.records.items.item.v2 import Item
from registry.records.rooms.room.v1 import Room as OldRoom
from services.chassis.database import open_database
from services.chassis.entities import filling
from services.chassis.entities.uuid7 import uuid7
from services.chassis.migrations import migrate
from services.items.rows import ItemRow
from services.rooms.rows import RoomRow
from tests.services.databases import Database, on_both_databases
from tests.services.examples import ITEM_BODY, ROOM_BODY


def first_version(name: str, url: str, folder: Path, to: Path) -> Engine:
    """Return a database as the first migration of a service has made it."""
    to.mkdir()
    for file in ("__init__.py", f"{name}_0001.py"):
        shutil.copy(folder / file, to)
    engine = open_database(url, name)
    migrate(engine, to)
    return engine


def put(engine: Engine, table: str, records: list[Any], **columns: str) -> None:
    types = {"id": sa.Uuid, "version": sa.Integer, "record": sa.LargeBinary}
    types |= dict.fromkeys(columns, sa.String)
    into = sa.table(table, *[sa.column(name, kind) for name, kind in types.items()])
    with engine.begin() as connection:
        for each in records:
            also = {name: getattr(each, field) for name, field in columns.items()}
            values = {"id": each.id, "version": 1, "record": wire.encode(each), **also}
            connection.execute(sa.insert(into).values(values))


def rows(engine: Engine, kind: type[Any]) -> list[Any]:
    with Session(engine) as session:
        return list(session.scalars(sa.select(kind).order_by(kind.id)))


def searched(row: Any, record: Record) -> bool:
    """Whether the columns beside a record are as if it were kept today."""
    fresh = type(row)()
    fresh.keep(record)
    names = set(type(row).__table__.columns.keys()) - {"id", "version", "record"}
    return all(getattr(row, each) == getattr(fresh, each) for each in names)


@on_both_databases
def test_rooms_of_the_first_version_are_found_by_all_that_is_searched_today(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(filling, "_BATCH", 2)
    folder = Path(services.rooms.__file__).parent / "migrations"
    engine = first_version("rooms", database("rooms"), folder, tmp_path / "first")
    bodies = [ROOM_BODY | {"id": str(uuid7()), "url": f"https://a.example/{n}"} for n in range(5)]
    put(engine, "rooms", [OldRoom.from_json(body) for body in bodies], url="url")
    migrate(engine, folder)
    found = rows(engine, RoomRow)
    engine.dispose()
    assert [row.url for row in found] == [body["url"] for body in bodies]
    assert all(searched(row, row.record) for row in found)
    assert (found[0].provider, found[0].words.split("\n")[0]) == ("Canal Homes", "garden room")


@on_both_databases
def test_items_of_the_first_version_are_found_by_all_that_is_searched_today(
    database: Database, tmp_path: Path
) -> None:
    folder = Path(services.items.__file__).parent / "migrations"
    engine = first_version("items", database("items"), folder, tmp_path / "first")
    made = {"created_at": "2026-01-01T00:00:00Z"}
    bodies = [
        ITEM_BODY | made | {"id": str(uuid7()), "room_id": each} for each in (None, str(uuid7()))
    ]
    put(engine, "items", [Item.from_json(body) for body in bodies])
    migrate(engine, folder)
    found = rows(engine, ItemRow)
    engine.dispose()
    assert all(searched(row, row.record) for row in found)
    assert [row.room_id and str(row.room_id) for row in found] == [b["room_id"] for b in bodies]
