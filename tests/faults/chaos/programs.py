"""Processes that are ended, stopped and started again, and must never end by themselves."""

import faulthandler
import os
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from multiprocessing import get_context, parent_process, process
from pathlib import Path
from typing import Final

from services.chassis.serving.orphans import end_with

_SECONDS = 30
_LAST_CHARACTERS = 3000

# Their parent has imported all they need, so that one is there a moment after it was ended.
_CONTEXT: Final = get_context("forkserver")
_CONTEXT.set_forkserver_preload(["tests.faults.chaos.service", "tests.faults.chaos.writer"])


class Program:
    """`main` of a module, as a process that writes into a file, and that ends with this one."""

    def __init__(
        self,
        name: str,
        module: str,
        words: Sequence[str],
        environment: Mapping[str, str],
        log: Path,
    ) -> None:
        self.name = name
        self._arguments = (module, words, dict(environment), log)
        self._log = log
        self._process: process.BaseProcess | None = None

    def start(self) -> None:
        """Start it, unless it runs."""
        if self._process is None:
            self._process = _CONTEXT.Process(target=_run, args=self._arguments, name=self.name)
            self._process.start()

    @property
    def runs(self) -> bool:
        """Whether it was started, and not ended by us."""
        return self._process is not None

    @property
    def ended(self) -> int | None:
        """The code with which it ended by itself, if it did."""
        return None if self._process is None else self._process.exitcode

    def kill(self) -> None:
        """End it as a loss of power does."""
        ending, self._process = self._process, None
        if ending is not None:
            ending.kill()
            ending.join(_SECONDS)
            ending.close()

    def stop(self) -> None:
        """Let it stand still until `go_on`."""
        self._signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """Let it run after `stop`."""
        self._signal(signal.SIGCONT)

    def show_stacks(self) -> None:
        """Let it write where each of its threads is."""
        self._signal(signal.SIGUSR1)

    def count(self, word: str) -> int:
        """Return how often it wrote a word."""
        return self._log.read_text(encoding="utf-8", errors="replace").count(word)

    def last_words(self) -> str:
        """Return how what it wrote ends."""
        self._log.touch()
        return self._log.read_text(encoding="utf-8", errors="replace")[-_LAST_CHARACTERS:]

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None and self._process.exitcode is None:
            os.kill(self._process.pid or 0, number)


def _run(module: str, words: Sequence[str], environment: Mapping[str, str], log: Path) -> None:
    # Ctrl-C is for the parent, which ends it.
    os.setpgid(0, 0)
    parent = parent_process()
    if parent is not None:
        end_with(parent.sentinel)
    os.environ.update(environment)
    with log.open("a", buffering=1, encoding="utf-8") as lines:
        for each in (1, 2):
            os.dup2(lines.fileno(), each)
        sys.stdout = sys.stderr = lines
        faulthandler.register(signal.SIGUSR1)
        main: Callable[[Sequence[str]], None] = import_module(module).main
        main(words)
