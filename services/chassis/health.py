"""Whether a service can do its work, and which part of it cannot."""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from injector import Binder, inject, singleton
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from services.chassis.errors import DatabaseAway, DatabaseGone
from services.chassis.events.hearing.follower import WELL as FOLLOWS_WELL
from services.chassis.events.hearing.follower import Following
from services.chassis.events.telling.relay import WELL, Relaying
from services.chassis.migrations import configuration
from services.chassis.observing.polled import Polled
from services.chassis.stopping import Stopping

_SECONDS = 2.0
_FRESH_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Part:
    """Something a service stands on. One that is not `required` may be away for a while."""

    name: str
    ok: bool
    required: bool
    state: str


class Revisions:
    """The migrations that this code knows: those of events and, in `own`, the service's."""

    def __init__(self, own: Path) -> None:
        self._scripts = ScriptDirectory.from_config(configuration(own))

    def lack(self, current: set[str]) -> bool:
        """Return whether a database at the revisions `current` lacks some of the migrations.

        What newer code has added, while this one still runs, is no lack.
        """
        known = {each.revision for each in self._scripts.walk_revisions()}
        return not current or (current <= known and current != set(self._scripts.get_heads()))


def health_of(migrations: Path) -> Callable[[Binder], None]:
    """Return what binds the migrations that a service in good health has seen."""
    return lambda binder: binder.bind(Revisions, to=Revisions(migrations))


@singleton
class Health:
    """Looks at the parts. However often it is asked, it looks once a second at most."""

    @inject
    def __init__(
        self,
        engine: Engine,
        revisions: Revisions,
        following: Following,
        relaying: Relaying,
        stopping: Stopping,
    ) -> None:
        self._engine = engine
        self._revisions = revisions
        self._following = following
        self._relaying = relaying
        self._stopping = stopping
        self._database = Polled(self._look, seconds=_SECONDS, fresh=_FRESH_SECONDS)

    async def parts(self) -> list[Part]:
        """Return the state of each part."""
        return [*self._service(), *await self._stored(), *self._relayed(), *self._followed()]

    def _service(self) -> Iterator[Part]:
        stops = self._stopping.is_set()
        yield Part("service", not stops, required=True, state="stopping" if stops else "running")

    async def _stored(self) -> list[Part]:
        try:
            lacks = await self._database.get()
        except TimeoutError:
            return [_database(f"does not answer within {_SECONDS:g} seconds")]
        except (DatabaseAway, DatabaseGone) as error:
            return [_database(str(error))]
        except (SQLAlchemyError, OSError) as error:
            return [_database(f"does not answer ({type(error).__name__})")]
        state = "missing: start the service again" if lacks else "applied"
        return [
            Part("database", ok=True, required=True, state="answers"),
            Part("migrations", not lacks, required=True, state=state),
        ]

    def _relayed(self) -> Iterator[Part]:
        for each in self._relaying:
            state = each.state
            yield Part(each.sink.name, state in WELL, required=False, state=state)

    def _followed(self) -> Iterator[Part]:
        for each in self._following:
            yield Part(each.name, each.state in FOLLOWS_WELL, required=False, state=each.state)

    def _look(self) -> bool:
        with self._engine.connect() as connection:
            current = MigrationContext.configure(connection).get_current_heads()
        return self._revisions.lack(set(current))


def _database(state: str) -> Part:
    return Part("database", ok=False, required=True, state=state)


def report(parts: list[Part]) -> tuple[bool, dict[str, object]]:
    """Return whether all that is required is well, and the document that says so."""
    is_ready = all(part.ok for part in parts if part.required)
    status = "ready" if is_ready else "not ready"
    return is_ready, {"status": status, "parts": [asdict(part) for part in parts]}
