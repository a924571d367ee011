"""One combination: it runs, is broken for a while, is healed, and is judged."""

import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.chassis.errors import DatabaseAway
from services.chassis.events.tables import OutboxRow
from tests.faults.chaos.faults import LONG_SECONDS, Chaos, NotNow
from tests.faults.chaos.making import LOGS, system
from tests.faults.chaos.queues import taken
from tests.faults.chaos.system import Combination, System
from tests.faults.chaos.verdict import Verdict, judged, unheard

_STILL_SECONDS = 60.0
_LATE_SECONDS = 2.0
_PAUSE = (0.3, 1.5)
# How often a fault waits until that before it is over; else one comes on top of the other.
_IN_PEACE = 0.5
_ATTEMPTS = 5
_EVENTS_PER_SECOND = 60.0
_QUEUES = ("items.rooms", "rooms.items", "items.rooms.dead", "rooms.items.dead")


class Run:
    """Faults for some seconds, under a load of so many events at least."""

    def __init__(self, combination: Combination, *, seconds: float, events: int, seed: int) -> None:
        self._combination = combination
        self._seconds = seconds
        self._events = events or 0
        self._seed = seed
        self._random = Random(seed)  # noqa: S311 repeatable
        self._faults: Counter[str] = Counter()
        self._begun = 0.0

    @property
    def _logs(self) -> Path:
        return LOGS / self._combination.name

    @property
    def _rate(self) -> float:
        """How many events a second are to be written; faults keep the writers from it."""
        return max(_EVENTS_PER_SECOND, 1.3 * self._events / self._seconds)

    def run(self) -> bool:
        """Return whether all went well."""
        print(f"\n{self._combination.name}: {self._seconds:.0f} s of faults", flush=True)
        self._begun = time.monotonic()
        try:
            with system(self._combination, self._seed, self._rate) as made:
                verdict = self._judge(made)
        except TimeoutError as error:
            print(f"WRONG: {error}\nWhat the programs wrote is in {self._logs}", flush=True)
            return False
        if verdict.events < self._events:
            verdict.sentences.append(f"{self._events} events were to be written")
        self._print(verdict)
        return verdict.is_good

    def _judge(self, made: System) -> Verdict:
        made.start()
        is_long = self._seconds > 3 * LONG_SECONDS
        chaos = Chaos(system=made, random=self._random, is_long=is_long)
        self._break(chaos)
        self._tell("no more faults")
        made.heal()
        made.wait()
        self._tell("all services answer")
        self._write_on(made)
        made.kill(*made.writers)
        self._tell("no more events")
        self._settle(chaos)
        self._tell("nothing more is heard")
        verdict = judged(made.engines, chaos.hostile)
        # Only now, as what still comes is to be judged as well.
        verdict.sentences += made.end() + _left_in_queues(made)
        return verdict

    def _break(self, chaos: Chaos) -> None:
        """Run all kinds of faults in some order, then in another, until the time is over."""
        deadline = time.monotonic() + self._seconds
        while time.monotonic() < deadline:
            kinds = chaos.kinds()
            self._random.shuffle(kinds)
            for kind in kinds:
                if self._random.random() < _IN_PEACE:
                    chaos.system.wait()
                time.sleep(self._random.uniform(*_PAUSE))
                if time.monotonic() > deadline:
                    return
                self._tell(kind.__name__)
                try:
                    self._persist(kind)
                except NotNow:
                    self._tell("not now")
                    continue
                self._faults[kind.__name__] += 1
                chaos.system.heal()

    def _persist(self, kind: Callable[[], None]) -> None:
        """Run a fault; the database may not answer us either, so soon after another."""
        for _ in range(_ATTEMPTS):
            try:
                kind()
            except DatabaseAway:
                time.sleep(1)
            else:
                return
        raise TimeoutError(f"the database does not answer, to {kind.__name__}")

    def _write_on(self, made: System) -> None:
        """Let the writers go on until there are enough events, or no time is left."""
        deadline = time.monotonic() + self._seconds
        while _written(made) < self._events and time.monotonic() < deadline:
            time.sleep(0.5)

    def _settle(self, chaos: Chaos) -> None:
        """Wait until all events are in the inboxes, for as long as that gets on."""
        engines, hostile = chaos.system.engines, chaos.hostile
        least, since = unheard(engines, hostile), time.monotonic()
        while least and time.monotonic() < since + _STILL_SECONDS:
            time.sleep(1)
            missing = unheard(engines, hostile)
            if missing < least:
                least, since = missing, time.monotonic()
        if least:
            self._tell(f"{least} events are not heard: the logs show what the programs do")
            for program in chaos.system.programs:
                program.show_stacks()
        # What comes again comes now.
        time.sleep(_LATE_SECONDS)

    def _tell(self, what: str) -> None:
        print(f"{time.monotonic() - self._begun:6.1f} s  {what}", flush=True)

    def _print(self, verdict: Verdict) -> None:
        rows = {
            "events": verdict.events,
            "effects": verdict.effects,
            **{f"  {name}": count for name, count in sorted(self._faults.items())},
            "faults": self._faults.total(),
            "lost": verdict.lost,
            "double": verdict.double,
            "misordered": verdict.misordered,
            "projection differences": verdict.differences,
            "dead letters expected": verdict.dead_expected,
            "dead letters found": verdict.dead_found,
            "seconds": round(time.monotonic() - self._begun),
        }
        print(f"{self._combination.name}: {'good' if verdict.is_good else 'WRONG'}")
        for name, value in rows.items():
            print(f"  {name:<26} {value:>8}")
        for sentence in verdict.sentences:
            print(f"  WRONG: {sentence}")
        if not verdict.is_good:
            print(f"  what the programs wrote is in {self._logs}", flush=True)


def _written(made: System) -> int:
    found = 0
    for engine in made.engines.values():
        with Session(engine) as session:
            found += session.scalar(select(func.count(OutboxRow.id))) or 0
    return found


def _left_in_queues(made: System) -> list[str]:
    if made.broker is None:
        return []
    left = {queue: taken(made.broker.url, queue) for queue in _QUEUES}
    return [f"{count} messages are left in {queue}" for queue, count in left.items() if count]
