"""The ports of the services: which are taken, and the next free one."""

import re
from collections.abc import Mapping
from itertools import count
from pathlib import Path
from typing import Final

from tools.command import Refused

_FIRST: Final = 9090
_MOST: Final = 65_535
# Below are those that only an administrator may listen on.
_LEAST: Final = 1024
_PORT = re.compile(r"^PORT\b[^=\n]*=\s*(\d+)\s*(?:#.*)?$", re.MULTILINE)
# "127.0.0.1:9099:9090": the port of this machine comes before that of the container.
_PUBLISHED = re.compile(r"\b(\d{4,5}):\d{2,5}\b")


def port_of(services: Path, compose: str, asked: int | None) -> int:
    """Return the port that is asked for, or else the next that neither service nor container has.

    Raises Refused where it is no port, or is taken.
    """
    taken = {
        **{int(found): "compose.yaml" for found in _PUBLISHED.findall(compose)},
        **_ports(services),
    }
    if asked is None:
        return next(port for port in count(_FIRST) if port not in taken)
    if not _LEAST <= asked <= _MOST:
        raise Refused(f"--port {asked}: a port is {_LEAST} to {_MOST}, such as {_FIRST}.")
    if asked in taken:
        free = port_of(services, compose, None)
        raise Refused(f"--port {asked} is that of {taken[asked]}; {free} is free.")
    return asked


def _ports(services: Path) -> Mapping[int, str]:
    """Return which service has which port, from their text: no service is imported."""
    texts = {each: each.read_text(encoding="utf-8") for each in services.glob("*/__init__.py")}
    return {
        int(found): f"services/{file.parent.name}"
        for file, text in texts.items()
        for found in _PORT.findall(text)
    }
