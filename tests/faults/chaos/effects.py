"""What the harness sees of a consumer: a row for each effect, in the effect's own transaction."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

from injector import Inject, Injector
from sqlalchemy import BigInteger, Engine, Integer
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from services.chassis.events.declaration import Events, Hears
from services.chassis.wiring import filled


class EffectsBase(DeclarativeBase):
    """Collects the tables of the harness."""


class EffectRow(EffectsBase):
    """That an event with a version of an entity took effect; `id` counts effects."""

    __tablename__ = "effects_seen"

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    entity: Mapped[UUID]
    version: Mapped[int]


def make_table(engine: Engine) -> None:
    """Make the table, if it is missing."""
    EffectsBase.metadata.create_all(engine)


def recorded(events: Events) -> Events:
    """Return events whose effects leave a row each."""
    hears = (replace(each, effect=_recorded(each)) for each in events.hears)
    return replace(events, hears=tuple(hears))


def _recorded(heard: Hears[Any]) -> Callable[..., None]:
    effects: dict[Injector, Callable[..., None]] = {}

    def effect(event: Any, session: Inject[Session], injector: Inject[Injector]) -> None:
        entity = event.room if hasattr(event, "room") else event.item
        session.add(EffectRow(entity=entity.id, version=event.entity_version))
        if injector not in effects:
            effects[injector] = filled(heard.effect, injector)
        effects[injector](event)

    return effect
