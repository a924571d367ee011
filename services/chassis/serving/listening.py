"""Takes a service's port, before anything else starts."""

import socket

from services.chassis.errors import PortTaken
from services.chassis.serving.limits import BACKLOG
from services.chassis.settings import Settings


def listen(settings: Settings, *, beside_others: bool = False) -> socket.socket:
    """Return a socket that listens for the service, which may be one of several that are started.

    Raises PortTaken.
    """
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        return socket.create_server((settings.host, settings.port), family=family, backlog=BACKLOG)
    except OSError as error:
        address, reason = f"{settings.host}:{settings.port}", error.strerror or str(error)
        remedy = _remedy(settings, beside_others=beside_others)
        raise PortTaken(settings.name, address, reason, remedy) from None


def address(listening: socket.socket) -> str:
    """Return the URL of what listens there, without a slash at its end."""
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _remedy(settings: Settings, *, beside_others: bool) -> str:
    port = min(settings.port + 101, 65_535)
    if beside_others:
        return f"{settings.name.upper()}_PORT={port} ./invoke run all"
    return f"./invoke run {settings.name} --port {port}"
