"""Starts one service, or all of them."""

import argparse
import logging
import os
import socket
import sys
from collections.abc import Mapping

from services.chassis.errors import ServiceError
from services.chassis.logs import set_up_logs
from services.chassis.serving.discovery import default_ports, load
from services.chassis.serving.listening import listen
from services.chassis.serving.orphans import end_with
from services.chassis.serving.together import run_all, run_one
from services.chassis.settings import Settings

_ALL = "all"

_log = logging.getLogger(__name__)


def main(
    name: str,
    *,
    empty: bool = False,
    port: int | None = None,
    production: bool = False,
    reload: bool = False,
    descriptor: int | None = None,
) -> int:
    """Run the service `name`, or with "all" every service, until a signal ends it.

    `empty` leaves out the samples; `port` overrides the service's own; `production` is
    PROFILE=production; `reload` starts local services anew after an edit; `descriptor` is that of a
    socket that listens already. Returns the exit code: 0 after a signal, 1 if it cannot run, 2 if
    there is nothing to run.
    """
    set_up_logs()
    environment = {**os.environ, **({"PROFILE": "production"} if production else {})}
    try:
        ports = default_ports()
        wrong = _wrong_words(name, port, ports)
        if wrong:
            _log.error("%s", wrong)
            return 2
        services = [
            Settings.read(each, ports, environment).overridden(empty=empty, port=port)
            for each in (ports if name == _ALL else [name])
        ]
        reload = reload and services[0].is_local
        if name == _ALL:
            return run_all(services, environment, reload=reload)
        return run_one(services[0], environment) if reload else _serve(services[0], descriptor)
    except ServiceError as error:
        _log.error("%s", error)
        return 1


def _wrong_words(name: str, port: int | None, ports: Mapping[str, int]) -> str:
    if name == _ALL and port is not None:
        return f"--port is for one service: set {next(iter(ports)).upper()}_PORT instead."
    if name != _ALL and name not in ports:
        return f"There is no service {name!r}. There are: {', '.join(ports)}, {_ALL}."
    return ""


def _serve(settings: Settings, descriptor: int | None) -> int:
    """Serve in this process, or in production by workers of it."""
    set_up_logs(settings)
    listening = listen(settings) if descriptor is None else socket.socket(fileno=descriptor)
    # Imported here: who only starts others needs none of it, and metrics learn where they are
    # kept before anything counts.
    if settings.is_local:
        from services.chassis.serving.server import serve  # noqa: PLC0415 see above

        serve(load(settings.name), settings, listening)
        return 0
    from services.chassis.serving.workers import serve_by_workers, shared_metrics  # noqa: PLC0415

    with shared_metrics():
        return serve_by_workers(load(settings.name), settings, listening)


def _words() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="services.chassis.run", description=__doc__)
    parser.add_argument("name", help="a folder of services/, such as items, or all")
    parser.add_argument("--empty", action="store_true", help="leave an empty database empty")
    parser.add_argument("--port", type=int, help="listen on this port")
    parser.add_argument("--production", action="store_true", help="as PROFILE=production")
    parser.add_argument("--reload", action="store_true", help="start anew after an edit")
    parser.add_argument("--descriptor", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--with-parent", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


def _run() -> int:
    words = vars(_words())
    if words.pop("with_parent"):
        end_with(sys.stdin.fileno())
    return main(**words)


if __name__ == "__main__":
    sys.exit(_run())
