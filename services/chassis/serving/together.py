"""Runs services as processes of their own, which a developer sees as one."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from socket import socket

from services.chassis.logs import set_up_logs
from services.chassis.serving.children import Command, Write
from services.chassis.serving.console import Console, is_plain
from services.chassis.serving.limits import CLOSING_SECONDS, MARGIN_SECONDS
from services.chassis.serving.listening import address, listen
from services.chassis.serving.supervisor import Supervisor
from services.chassis.settings import LogFormat, Settings

_MARGINS = 2  # of the master of workers, and of us


def run_one(settings: Settings, environment: Mapping[str, str]) -> int:
    """Run a service and start it anew after each edit. Returns the exit code; raises PortTaken."""
    with listen(settings) as listening:
        command = _command(settings, _known(environment, {settings.name: listening}), listening)
        return Supervisor([command], seconds=_seconds([settings]), reload=True).run()


def run_all(services: Sequence[Settings], environment: Mapping[str, str], *, reload: bool) -> int:
    """Run services under one console, until one ends or a signal ends all.

    Returns the exit code. Raises PortTaken before anything is started.
    """
    with ExitStack() as held:
        sockets = {
            each.name: held.enter_context(listen(each, beside_others=True)) for each in services
        }
        known = _known(environment, sockets)
        if services[0].is_local and services[0].log_format is LogFormat.AUTO:
            known["LOG_FORMAT"] = LogFormat.CONSOLE
            # Lines of ours stand among those of the services.
            set_up_logs(replace(services[0], log_format=LogFormat.CONSOLE))
        console = Console(list(sockets), plain=is_plain(environment))
        console.show_addresses({name: address(each) for name, each in sockets.items()})
        commands = [
            _command(each, known, sockets[each.name], console.lines_of(each.name))
            for each in services
        ]
        return Supervisor(commands, seconds=_seconds(services), reload=reload).run()


def _command(
    settings: Settings,
    environment: Mapping[str, str],
    listening: socket,
    write: Write | None = None,
) -> Command:
    return Command(
        name=settings.name,
        words=["--empty"] if settings.empty else [],
        environment=environment,
        listening=listening,
        write=write,
    )


def _known(environment: Mapping[str, str], sockets: Mapping[str, socket]) -> dict[str, str]:
    """Return the environment with the ports that were taken, so that services find each other."""
    ports = {f"{name}_PORT".upper(): each.getsockname()[1] for name, each in sockets.items()}
    return {**environment, **{key: str(port) for key, port in ports.items()}}


def _seconds(services: Sequence[Settings]) -> float:
    longest = max(each.serving.shutdown_seconds for each in services)
    return longest + CLOSING_SECONDS + _MARGINS * MARGIN_SECONDS
