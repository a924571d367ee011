"""How a service declares what it tells and what it hears: EVENTS in its events.py."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Concatenate, Generic, TypeVar

from registry.record import Record
from services.chassis.entities.changes import Change
from services.chassis.events.projection import ProjectionRow

Entity = TypeVar("Entity", bound=Record)
Told = TypeVar("Told", bound=Record)
Heard = TypeVar("Heard", bound=Record)


@dataclass(frozen=True, slots=True)
class Tells(Generic[Entity, Told]):
    """That changes of an entity are told: `make` makes the event.

    It takes the record after the change (before it, if deleted), the version of the entity then,
    and what happened.
    """

    entity: type[Entity]
    event: type[Told]
    make: Callable[[Entity, int, Change], Told]


@dataclass(frozen=True, slots=True)
class Hears(Generic[Heard]):
    """Events of one type of another service, and what each does here, in the inbox's transaction.

    `source` is the other service's name. Each event takes effect once; of one entity, in order.
    `effect` takes the event, and by `Inject[...]` what handlers can take, such as a provider. It
    may be run again after it was undone, so all that it does is in the transaction.
    """

    source: str
    event: type[Heard]
    effect: Callable[Concatenate[Heard, ...], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Events:
    """All that a service tells and hears.

    `projections` are the tables, by source, that hold nothing but what was heard of it: they can
    be emptied, and made anew from its events.
    """

    tells: tuple[Tells[Any, Any], ...] = ()
    hears: tuple[Hears[Any], ...] = ()
    projections: Mapping[str, tuple[type[ProjectionRow], ...]] = field(default_factory=dict)
