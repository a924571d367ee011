"""How a service declares what it tells and what it hears."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Concatenate, Generic, TypeVar

from registry.record import Record

R = TypeVar("R", bound=Record)


@dataclass(frozen=True, slots=True)
class Subscription(Generic[R]):
    """Events of one type of another service, and what each does here, in the inbox's transaction.

    `source` is the other service's name. Each event takes effect once; of one entity, in order.
    `effect` takes the event, and by `Inject[...]` what handlers can take, such as a provider.
    """

    source: str
    event: type[R]
    effect: Callable[Concatenate[R, ...], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Events:
    """All that a service tells and hears."""

    tells: tuple[type[Record], ...] = ()
    hears: tuple[Subscription[Any], ...] = ()
