"""Takes a service's port, before anything else starts."""

import socket
from typing import Final

from services.chassis.errors import PortTaken
from services.chassis.settings import Settings

HOST: Final = "127.0.0.1"


def listen(settings: Settings) -> socket.socket:
    """Return a socket that listens for the service. Raises PortTaken."""
    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((HOST, settings.port))
        listening.listen()
    except OSError as error:
        listening.close()
        raise PortTaken(settings.name, HOST, settings.port, error.strerror or str(error)) from None
    return listening
