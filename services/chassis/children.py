"""Runs several services, each as a process, as if they were one."""

import logging
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from threading import Event, Thread
from typing import IO

from services.chassis.listening import listen
from services.chassis.settings import Settings

_log = logging.getLogger(__name__)

_LOOK_SECONDS = 0.2
_FINISH_SECONDS = 15
_COLOURS = (36, 33, 35, 32, 34)
_STOPS = (signal.SIGINT, signal.SIGTERM)


def run_all(services: Sequence[Settings], *, empty: bool) -> int:
    """Run the services until a signal ends all, or one of them ends.

    Returns the exit code: 0 after a signal, 1 if a service ended by itself. Raises PortTaken before
    anything is started.
    """
    _check_ports(services)
    asked = Event()
    before = {stop: signal.signal(stop, lambda *_: asked.set()) for stop in _STOPS}
    children = {settings.name: _start(settings.name, empty=empty) for settings in services}
    printers = _print_lines(children)
    try:
        _wait(children, asked)
    finally:
        _stop(children)
        for printer in printers:
            printer.join()
        for stop, handler in before.items():
            signal.signal(stop, handler)
    return 0 if asked.is_set() else 1


def end_with_parent() -> None:
    """End this process when the one that started it is gone, even if that was killed.

    Its standard input is a pipe from there, which then closes.
    """

    def watch() -> None:
        os.read(sys.stdin.fileno(), 1)
        os.kill(os.getpid(), signal.SIGTERM)

    Thread(target=watch, daemon=True).start()


def _check_ports(services: Sequence[Settings]) -> None:
    # All at once, so that two that were given the same port are found as well.
    with ExitStack() as held:
        for settings in services:
            held.enter_context(listen(settings, beside_others=True))


def _start(name: str, *, empty: bool) -> subprocess.Popen[str]:
    # -P keeps the caller's folder, which may have services of its own, off the import path.
    words = [sys.executable, "-P", "-m", "services.chassis.run", name, "--with-parent"]
    pipe = subprocess.PIPE
    return subprocess.Popen(
        [*words, "--empty"] if empty else words,
        stdin=pipe,
        stdout=pipe,
        stderr=subprocess.STDOUT,
        text=True,
    )


def _print_lines(children: dict[str, subprocess.Popen[str]]) -> list[Thread]:
    width = max(map(len, children))
    printers = []
    for number, (name, child) in enumerate(children.items()):
        prefix = f"{name:<{width}} |"
        if sys.stdout.isatty():
            prefix = f"\033[{_COLOURS[number % len(_COLOURS)]}m{prefix}\033[0m"
        printers.append(Thread(target=_print_all, args=(prefix, child.stdout), daemon=True))
    for each in printers:
        each.start()
    return printers


def _print_all(prefix: str, lines: IO[str]) -> None:
    for line in lines:
        sys.stdout.write(f"{prefix} {line}")
        sys.stdout.flush()


def _wait(children: dict[str, subprocess.Popen[str]], asked: Event) -> None:
    while not asked.wait(_LOOK_SECONDS):
        for name, child in children.items():
            if child.poll() is not None:
                _log.error("%s ended with exit code %d: ending all.", name, child.returncode)
                return


def _stop(children: dict[str, subprocess.Popen[str]]) -> None:
    for child in children.values():
        child.terminate()
    for name, child in children.items():
        try:
            child.wait(_FINISH_SECONDS)
        except subprocess.TimeoutExpired:
            _log.warning("%s does not end; killing it.", name)
            child.kill()
