"""Several processes that serve one service, by gunicorn: it starts them, watches and replaces them.

The app is made once, before the workers are forked: migrations run in one process, and what is
wrong is told once.
"""

import asyncio
import logging
import os
import shutil
import signal
import socket
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

from connexion import FlaskApp
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.glogging import Logger
from uvicorn_worker import UvicornWorker

from services.chassis.serving.limits import BACKLOG, CLOSING_SECONDS, MARGIN_SECONDS
from services.chassis.serving.orphans import end_with
from services.chassis.serving.server import (
    Server,
    configuration,
    make_app,
    tell_address,
)
from services.chassis.serving.turn import Turn
from services.chassis.settings import Settings
from services.chassis.stopping import Stopping

_METRICS = "PROMETHEUS_MULTIPROC_DIR"
_STOPS = (signal.SIGINT, signal.SIGQUIT, signal.SIGTERM)
_MEMORY = Path("/dev/shm")  # noqa: S108 gunicorn removes the name at once


@contextmanager
def shared_metrics() -> Iterator[None]:
    """Give the workers a folder in which they count together, before anything counts.

    It is PROMETHEUS_MULTIPROC_DIR; where that is not set, one of our own that goes with the block.
    """
    given = os.environ.get(_METRICS)
    folder = Path(given or tempfile.mkdtemp(prefix="metrics-"))
    os.environ[_METRICS] = str(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for left in folder.glob("*.db"):
        left.unlink()
    owner = os.getpid()
    try:
        yield
    finally:
        # The workers leave the block as well.
        if os.getpid() == owner and not given:
            shutil.rmtree(folder, ignore_errors=True)


def serve_by_workers(package: ModuleType, settings: Settings, listening: socket.socket) -> int:
    """Serve until a signal asks to stop. Returns the exit code, of the master or of a worker."""
    with tempfile.TemporaryFile() as turns:
        stopping = Stopping()
        app = make_app(package, settings, stopping, Turn(turns))
        tell_address(settings.name, listening)
        try:
            _Master(_Application(app, settings, stopping, listening)).run()
        except SystemExit as end:
            return end.code if isinstance(end.code, int) else 1
    return 0


class _Application(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    """What the workers serve, and how."""

    def __init__(
        self, app: FlaskApp, settings: Settings, stopping: Stopping, listening: socket.socket
    ) -> None:
        self.app, self.settings, self.stopping = app, settings, stopping
        self._listening = listening
        self._alive = os.pipe()
        super().__init__()

    def load_config(self) -> None:
        """Tell gunicorn our settings; nothing is read from files or from GUNICORN_CMD_ARGS."""
        serving = self.settings.serving
        options = {
            # gunicorn closes the descriptor that it is given.
            "bind": f"fd://{os.dup(self._listening.fileno())}",
            "backlog": BACKLOG,
            "workers": serving.workers,
            "worker_class": _Worker,
            "preload_app": True,
            "graceful_timeout": serving.shutdown_seconds + CLOSING_SECONDS + MARGIN_SECONDS,
            "worker_tmp_dir": str(_MEMORY) if _MEMORY.is_dir() else None,
            "control_socket_disable": True,
            "logger_class": _Logger,
            "loglevel": "warning",
            "post_fork": self._in_worker,
            "child_exit": _forget_metrics,
        }
        for name, value in options.items():
            self.cfg.set(name, value)
        self._listening.close()

    def load(self) -> FlaskApp:
        """Return what was made before."""
        return self.app

    def _in_worker(self, _arbiter: Arbiter, _worker: UvicornWorker) -> None:
        # What has come since the fork, and what comes before uvicorn listens, ends the worker.
        for each in _STOPS:
            signal.signal(each, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOPS)
        # Ctrl-C is for the master, which ends its workers in order.
        os.setpgid(0, 0)
        mine, masters = self._alive
        os.close(masters)
        end_with(mine)


class _Master(Arbiter):  # type: ignore[misc]  # gunicorn has no types
    """Takes Ctrl-C for a wish to stop in order, as SIGTERM; the second one ends at once."""

    handle_int = Arbiter.handle_term

    def spawn_worker(self) -> Any:
        """Start a worker, which loses no signal."""
        # Until it has begun it has the master's handlers, which would put a wish to stop into a
        # queue that nobody reads there.
        signal.pthread_sigmask(signal.SIG_BLOCK, _STOPS)
        try:
            return super().spawn_worker()
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOPS)


class _Worker(UvicornWorker):  # type: ignore[misc]  # uvicorn_worker has no types
    """One of the processes."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        for name in ("uvicorn.error", "uvicorn.access"):
            _pass_on(logging.getLogger(name))

    async def _serve(self) -> None:
        # As the base does it, with our server.
        of: _Application = self.app
        config = configuration(of.app, of.settings, notify=self.callback_notify)
        server = Server(config, of.settings, of.stopping)
        asyncio.get_running_loop().add_signal_handler(
            signal.SIGQUIT, server.handle_exit, signal.SIGQUIT, None
        )
        await server.serve(sockets=self.sockets)
        if not server.started:
            sys.exit(Arbiter.WORKER_BOOT_ERROR)


class _Logger(Logger):  # type: ignore[misc]  # gunicorn has no types
    """Leaves lines to the log of the service."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        for log in (self.error_log, self.access_log):
            _pass_on(log)


def _pass_on(log: logging.Logger) -> None:
    log.handlers.clear()
    log.propagate = True
    log.setLevel(logging.WARNING)


def _forget_metrics(_arbiter: Arbiter, worker: UvicornWorker) -> None:
    # Imported at the top it would be there before the folder is named, and count without it.
    from prometheus_client import multiprocess  # noqa: PLC0415 see above

    multiprocess.mark_process_dead(worker.pid)
