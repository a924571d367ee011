"""Starts one service, or all of them."""

import logging
import os
import socket
import sys
from types import FrameType, ModuleType

import uvicorn

from services.chassis.children import end_with_parent, run_all
from services.chassis.discovery import discover
from services.chassis.errors import ServiceError
from services.chassis.events.waiting import Stopping
from services.chassis.listening import listen
from services.chassis.logs import set_up_logs
from services.chassis.settings import Settings

_log = logging.getLogger(__name__)

_FINISH_SECONDS = 10


def main(name: str, *, empty: bool = False, port: int | None = None) -> int:
    """Run the service `name`, or with "all" every service, until a signal ends it.

    `empty` leaves out the samples; `port` overrides the service's own. Returns the exit code: 0
    after a signal, 1 if it cannot run, 2 if there is nothing to run.
    """
    set_up_logs()
    found = discover()
    if name != "all" and name not in found:
        _log.error("There is no service %r. There are: %s, all.", name, ", ".join(found))
        return 2
    if name == "all" and port is not None:
        _log.error("--port is for one service: set %s_PORT instead.", next(iter(found)).upper())
        return 2
    ports = {each: package.PORT for each, package in found.items()}
    names = list(found) if name == "all" else [name]
    try:
        settings = [Settings.read(each, ports, os.environ) for each in names]
        if name == "all":
            return run_all(settings, empty=empty)
        return _serve(found[name], settings[0].overridden(empty=empty, port=port))
    except ServiceError as error:
        _log.error("%s", error)
        return 1


def _serve(package: ModuleType, settings: Settings) -> int:
    listening = listen(settings)
    stopping = Stopping()
    app = package.create_app(settings, lambda binder: binder.bind(Stopping, to=stopping))
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=_FINISH_SECONDS,
    )
    _Server(config, settings.name, stopping).run([listening])
    return 0


class _Server(uvicorn.Server):
    """Serves one app; says where, and lets nobody wait when it is asked to stop."""

    def __init__(self, config: uvicorn.Config, name: str, stopping: Stopping) -> None:
        super().__init__(config)
        self._name = name
        self._stopping = stopping

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then say where the Swagger page is."""
        await super().startup(sockets)
        for each in sockets or ():
            host, port = each.getsockname()
            _log.info("The %s service is at http://%s:%d/v1/ui/", self._name, host, port)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to stop; a stop that was asked for is a success."""
        self._stopping.set()
        super().handle_exit(sig, frame)
        self._captured_signals.clear()


if __name__ == "__main__":
    if "--with-parent" in sys.argv[2:]:
        end_with_parent()
    sys.exit(main(sys.argv[1], empty="--empty" in sys.argv[2:]))
