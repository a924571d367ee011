"""Runs services, each as a process, until a signal ends all; starts them anew after an edit.

The sockets are taken here and handed on, so that a port is held while its service starts anew.
"""

import logging
import signal
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import NamedTuple, TypeAlias

from services.chassis.serving.children import Child, Command, start
from services.chassis.serving.watching import Watching, affected

_STOPS = (signal.SIGINT, signal.SIGTERM)

_log = logging.getLogger(__name__)


class _Asked(NamedTuple):
    number: int


class _Edited(NamedTuple):
    paths: Collection[Path]


class _Ended(NamedTuple):
    child: Child


_News: TypeAlias = _Asked | _Edited | _Ended


class Supervisor:
    """Runs the commands; it takes `seconds` at most to end them."""

    def __init__(self, commands: Sequence[Command], *, seconds: float, reload: bool) -> None:
        self._commands = {each.name: each for each in commands}
        self._seconds = seconds
        self._reload = reload
        self._edited = False
        self._news: SimpleQueue[_News] = SimpleQueue()
        # Those that were replaced after an edit finish what is in flight beside the new ones.
        self._current: dict[str, Child] = {}
        self._running: set[Child] = set()

    def run(self) -> int:
        """Run all. Returns 0 after a signal, 1 if a service ended by itself."""
        watching = Watching(lambda paths: self._news.put(_Edited(paths)))
        with self._hearing_signals():
            self._start(self._commands)
            if self._reload:
                watching.start()
            try:
                failed = self._until_the_end()
            finally:
                self._stop()
                if self._reload:
                    watching.stop()
        if failed:
            _tell_failed(failed)
        return 1 if failed else 0

    @contextmanager
    def _hearing_signals(self) -> Iterator[None]:
        before = {
            stop: signal.signal(stop, lambda number, _: self._news.put(_Asked(number)))
            for stop in _STOPS
        }
        try:
            yield
        finally:
            for stop, handler in before.items():
                signal.signal(stop, handler)

    def _start(self, names: Collection[str] | Mapping[str, Command]) -> None:
        for name in names:
            child = start(self._commands[name], lambda child: self._news.put(_Ended(child)))
            self._current[name] = child
            self._running.add(child)

    def _until_the_end(self) -> Child | None:
        """Return the service that ended by itself, None after a signal."""
        while True:
            match self._news.get():
                case _Asked():
                    return None
                case _Edited(paths):
                    self._renew(paths)
                case _Ended(child):
                    self._running.discard(child)
                    if self._current[child.name] is not child:
                        continue
                    if not self._edited:
                        return child
                    code = child.process.returncode
                    _log.error("%s ended with exit code %d: edit it on.", child.name, code)

    def _renew(self, paths: Collection[Path]) -> None:
        names = affected(paths, self._commands)
        self._edited = True
        shown = ", ".join(sorted(path.name for path in paths)[:3])
        _log.info("Edited: %s. Starting anew: %s.", shown, ", ".join(names))
        for name in names:
            self._current[name].stop()
        self._start(names)

    def _stop(self) -> None:
        for command in self._commands.values():
            command.listening.close()
        for child in self._running:
            child.stop()
        deadline = time.monotonic() + self._seconds
        while self._running:
            try:
                news = self._news.get(timeout=max(deadline - time.monotonic(), 0))
            except Empty:
                news = _Asked(signal.SIGINT)
            if isinstance(news, _Ended):
                self._running.discard(news.child)
            elif isinstance(news, _Asked) and news.number == signal.SIGINT:
                self._kill()

    def _kill(self) -> None:
        for child in self._running:
            child.kill()
        for child in self._running:
            child.process.wait()
        self._running.clear()


def _tell_failed(child: Child) -> None:
    code = child.process.returncode
    last = "".join(child.last_lines).rstrip()
    reason = f" Its last lines:\n{last}" if last else ""
    _log.error("%s ended with exit code %d, and so all ended.%s", child.name, code, reason)
