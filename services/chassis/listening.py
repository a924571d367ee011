"""Takes a service's port, before anything else starts."""

import socket
from typing import Final

from services.chassis.errors import PortTaken
from services.chassis.settings import Settings

HOST: Final = "127.0.0.1"


def listen(settings: Settings, *, beside_others: bool = False) -> socket.socket:
    """Return a socket that listens for the service, which may be one of several that are started.

    Raises PortTaken.
    """
    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((HOST, settings.port))
        listening.listen()
    except OSError as error:
        listening.close()
        address, reason = f"{HOST}:{settings.port}", error.strerror or str(error)
        remedy = _remedy(settings, beside_others=beside_others)
        raise PortTaken(settings.name, address, reason, remedy) from None
    return listening


def _remedy(settings: Settings, *, beside_others: bool) -> str:
    port = min(settings.port + 101, 65_535)
    if beside_others:
        return f"{settings.name.upper()}_PORT={port} ./invoke run all"
    return f"./invoke run {settings.name} --port {port}"
