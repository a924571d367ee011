"""Services as processes, for tests: started as a user starts them, with a bound on every wait."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from threading import Thread
from typing import TypeVar

T = TypeVar("T")

SECONDS = 60.0


class Running:
    """A run of services, and the lines that it has written so far."""

    def __init__(self, words: list[str], environment: Mapping[str, str], folder: Path) -> None:
        self.lines: list[str] = []
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-m", "services.chassis.run", *words],
            env=os.environ | environment,
            cwd=folder,
            stderr=subprocess.STDOUT,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._reader = Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as lines:
            self.lines += lines

    def url(self, name: str) -> str:
        """Where a service is, once it says so."""
        found = until(lambda: self._address(name))
        return found[1]

    def _address(self, name: str) -> re.Match[str] | None:
        has_ended = self.process.poll() is not None
        found = re.search(rf"The {name} service is at (http\S+)/v1/ui/", self.text)
        assert found or not has_ended, f"it ended:\n{self.text}"
        return found

    @property
    def text(self) -> str:
        return "".join(self.lines)

    def end(self, number: signal.Signals) -> int:
        self.process.send_signal(number)
        return self.wait()

    def wait(self) -> int:
        code = self.process.wait(SECONDS)
        self._reader.join(SECONDS)
        return code


def until(condition: Callable[[], T | None]) -> T:
    """Return what a condition gives once it is true."""
    deadline = time.monotonic() + SECONDS
    while not (found := condition()):
        assert time.monotonic() < deadline, f"in vain for {SECONDS} seconds"
        time.sleep(0.05)
    return found
