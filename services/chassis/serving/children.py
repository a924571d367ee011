"""One service as a process of its own, and the lines that it writes."""

import os
import signal
import socket
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Thread
from typing import IO

_LAST_LINES = 12

Write = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Command:
    """How the process of a service is started; it takes over a socket that listens already.

    `write` takes each line of it; None leaves it the terminal.
    """

    name: str
    words: Sequence[str]
    environment: Mapping[str, str]
    listening: socket.socket
    write: Write | None = None


@dataclass(eq=False)
class Child:
    """A process that was started. `last_lines` is how its output ends."""

    name: str
    process: subprocess.Popen[str]
    last_lines: deque[str] = field(default_factory=lambda: deque(maxlen=_LAST_LINES))

    def stop(self) -> None:
        """Ask it to finish what is in flight and end."""
        self.process.terminate()

    def kill(self) -> None:
        """End it at once."""
        self.process.kill()


def start(command: Command, report: Callable[[Child], None]) -> Child:
    """Start a service; `report` is called from a thread when it has ended and said all."""
    descriptor = command.listening.fileno()
    # -P keeps the caller's folder, which may have services of its own, off the import path.
    words = [sys.executable, "-P", "-m", "services.chassis.run", command.name, *command.words]
    process = subprocess.Popen(
        [*words, "--with-parent", f"--descriptor={descriptor}"],
        env=command.environment,
        pass_fds=(descriptor,),
        # Ctrl-C is for the parent, which ends its children in order.
        process_group=0,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE if command.write else None,
        stderr=subprocess.STDOUT if command.write else None,
        text=True,
        errors="replace",
    )
    child = Child(command.name, process)
    Thread(target=_attend, args=(child, command.write, report), daemon=True).start()
    return child


def _attend(child: Child, write: Write | None, report: Callable[[Child], None]) -> None:
    if write and child.process.stdout:
        _pass_on(child.process.stdout, child.last_lines, write)
    child.process.wait()
    report(child)


def _pass_on(lines: IO[str], last: deque[str], write: Write) -> None:
    for line in lines:
        last.append(line)
        try:
            write(line)
        except OSError:
            # Nobody reads any more, which is what the end of a terminal is as well.
            os.kill(os.getpid(), signal.SIGTERM)
            return
