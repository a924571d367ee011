"""Ports for the processes that tests start."""

import os
import random
import socket
from typing import Final

# Below those that Linux and macOS hand out to connections and to port 0, so that nobody is given
# one between this choice and its use; each worker of pytest-xdist has a range of its own.
_FIRST: Final = 20_000
_EACH: Final = 500
_WORKERS: Final = 20

_given: set[int] = set()


def free_port() -> str:
    """Return a port that nothing listens on, another one each time."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    first = _FIRST + worker % _WORKERS * _EACH
    choices = [port for port in range(first, first + _EACH) if port not in _given]
    random.shuffle(choices)
    port = next(filter(_is_free, choices))
    _given.add(port)
    return str(port)


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
