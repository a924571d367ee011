"""Runs several services, each as a process, as if they were one."""

import logging
import signal
import subprocess
import sys
from collections.abc import Sequence
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
    for settings in services:
        listen(settings).close()
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


def _start(name: str, *, empty: bool) -> subprocess.Popen[str]:
    words = [sys.executable, "-m", "services.chassis.run", name, *(["--empty"] if empty else [])]
    return subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


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
