"""Asks whether the service of this container lives, for its HEALTHCHECK.

A container runs one service and the check is the same for all, so each port that one may have is
tried. Exit code 0: one lives; 1: none does.
"""

import os
import sys
from collections.abc import Mapping
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException

from services.chassis.errors import SettingsError
from services.chassis.serving.discovery import default_ports

_PATH = "/health/live"
_SECONDS = 2.0


def main(environment: Mapping[str, str]) -> int:
    """Return the exit code."""
    try:
        ports = default_ports()
    except SettingsError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    named = [environment.get(f"{name}_PORT".upper()) or str(port) for name, port in ports.items()]
    if any(_lives(int(port)) for port in named if port.isdecimal()):
        return 0
    sys.stderr.write(f"No service answers 200 at {_PATH} on port {', '.join(named)}.\n")
    return 1


def _lives(port: int) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=_SECONDS)
    try:
        connection.request("GET", _PATH)
        return connection.getresponse().status == HTTPStatus.OK
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(main(os.environ))
