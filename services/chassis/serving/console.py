"""What a developer sees of several services: their addresses, then their lines as they come."""

import sys
from collections.abc import Mapping, Sequence
from itertools import cycle
from threading import Lock
from typing import TextIO

from services.chassis.serving.children import Write

_COLOURS = (36, 33, 35, 32, 34)
_HEAD = ("service", "Swagger page", "about")


class Console:
    """Writes to the standard output; colours the names on a terminal that has colours."""

    def __init__(self, names: Sequence[str], *, plain: bool, out: TextIO | None = None) -> None:
        self._out = out or sys.stdout
        width = max(map(len, (*names, _HEAD[0])))
        colours = zip(names, cycle(_COLOURS), strict=False)
        self._names = {
            name: f"{name:<{width}}" if plain else f"\033[{colour}m{name:<{width}}\033[0m"
            for name, colour in colours
        }
        self._head = f"{_HEAD[0]:<{width}}"
        self._lock = Lock()

    def show_addresses(self, addresses: Mapping[str, str]) -> None:
        """Write where each service is."""
        pages = {name: f"{url}/v1/ui/" for name, url in addresses.items()}
        width = max(map(len, (*pages.values(), _HEAD[1])))
        rows = [f"{self._head}   {_HEAD[1]:<{width}}   {_HEAD[2]}"]
        rows += [
            f"{self._names[name]}   {pages[name]:<{width}}   {url}/about"
            for name, url in addresses.items()
        ]
        self._write("\n".join(rows) + "\n\n")

    def lines_of(self, name: str) -> Write:
        """Return what writes a line of a service."""
        return lambda line: self._write(f"{self._names[name]} | {line.rstrip()}\n")

    def _write(self, text: str) -> None:
        with self._lock:
            self._out.write(text)
            self._out.flush()


def is_plain(environment: Mapping[str, str]) -> bool:
    """Return whether the output takes no colours (https://no-color.org)."""
    return (
        not sys.stdout.isatty()
        or bool(environment.get("NO_COLOR"))
        or environment.get("TERM") == "dumb"
    )
