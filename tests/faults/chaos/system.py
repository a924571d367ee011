"""A system to break: servers, services and writers, all of them our own."""

import re
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

import httpx2
from sqlalchemy import Engine

from tests.faults.broker import Broker
from tests.faults.chaos.disks import Disk
from tests.faults.chaos.programs import Program
from tests.faults.cluster import Cluster

_START_SECONDS = 60.0
# What a service says that starts while the database is away, and ends.
_NO_DATABASE = re.compile(r"The database .* cannot be used \(.*$")
SERVICES = ("rooms", "items")
COPIES = 2


@dataclass(frozen=True, slots=True)
class Combination:
    """How events travel, and where rows are."""

    transport: str
    database: str

    @property
    def name(self) -> str:
        """How --only calls it."""
        return f"{self.transport}-{self.database}"


@dataclass(kw_only=True)
class System:
    """All that runs. `services` holds the copies of each service, which share its database."""

    engines: dict[str, Engine]
    services: dict[str, list[Program]]
    writers: list[Program]
    disks: dict[str, Disk]
    urls: list[str]
    cluster: Cluster | None = None
    broker: Broker | None = None
    ended: list[str] = field(default_factory=list)

    @property
    def programs(self) -> list[Program]:
        """Services and writers."""
        return [*self.services["rooms"], *self.services["items"], *self.writers]

    def start(self) -> None:
        """Start the services, one copy of each first, which makes the tables; then the writers."""
        for copy in range(COPIES):
            for name in SERVICES:
                self.services[name][copy].start()
            self.wait()
        for writer in self.writers:
            writer.start()

    def wait(self) -> None:
        """Wait until every service that is to run answers. Raises TimeoutError."""
        for program, url in zip(self._all_services(), self.urls, strict=True):
            try:
                until(partial(self._answers, program, url), _START_SECONDS)
            except TimeoutError:
                reason = f"{program.name} does not answer: {program.last_words()}"
                raise TimeoutError(reason) from None

    def _answers(self, program: Program, url: str) -> bool:
        if not program.runs:
            return True
        self._revive(program)
        try:
            return httpx2.get(f"{url}?limit=1", trust_env=False).status_code == 200
        except httpx2.HTTPError:
            return False

    def _revive(self, program: Program) -> None:
        """Start a program that has ended by itself, and note it, unless it may."""
        if program.ended is None:
            return
        words = program.last_words()
        if not _NO_DATABASE.search(words):
            self.ended.append(f"{program.name} ended by itself with code {program.ended}: {words}")
        program.kill()
        program.start()

    def kill(self, *programs: Program) -> None:
        """End programs as a loss of power does, and note those that had ended before."""
        for program in programs:
            self._revive(program)
            program.kill()

    def end(self) -> list[str]:
        """End all programs; return what is wrong with them."""
        self.kill(*self.programs)
        traces = {each.name: each.count("Traceback") for each in self._all_services()}
        return self.ended + [
            f"the log of {name} has {count} stack traces" for name, count in traces.items() if count
        ]

    def heal(self) -> None:
        """Bring back whatever is down, and what has no reason to be down as it was."""
        for each in self.disks.values():
            each.free()
        if self.cluster and not self.cluster.runs():
            self.cluster.start()
        if self.broker:
            self.broker.signal(signal.SIGCONT)
            self.broker.start()
        for program in self._all_services():
            program.go_on()
            self._revive(program)
            program.start()

    def _all_services(self) -> list[Program]:
        return [self.services[name][copy] for copy in range(COPIES) for name in SERVICES]


def until(condition: Callable[[], bool], seconds: float) -> None:
    """Wait for a condition. Raises TimeoutError where it takes too long."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError
        time.sleep(0.05)
