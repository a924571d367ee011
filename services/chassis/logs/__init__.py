"""Log lines: JSON for programs, calm ones for people on a terminal."""

import logging
import os
import sys
import threading
from typing import Final, TextIO

import structlog
from structlog.contextvars import merge_contextvars
from structlog.stdlib import ExtraAdder, ProcessorFormatter, add_log_level, add_logger_name
from structlog.typing import EventDict, Processor, WrappedLogger

from services.chassis.logs.console import Console
from services.chassis.logs.redaction import redact
from services.chassis.settings import LogFormat, Settings

# They say at INFO what we say ourselves, or what nobody needs to know.
_CHATTY: Final = (
    *("alembic", "connexion", "httpcore2", "httpx2", "sqlalchemy", "uvicorn", "watchfiles"),
)
# They bring handlers of their own.
_FOREIGN: Final = ("gunicorn.access", "gunicorn.error", "uvicorn", "uvicorn.access")


def set_up_logs(settings: Settings | None = None, stream: TextIO | None = None) -> None:
    """Write what happens in this process to the stream, the standard error by default.

    Without settings, which may not be readable yet, lines are as the defaults say. Whoever calls it
    again replaces what was set up before.
    """
    stream = stream or sys.stderr
    level = logging.getLevelNamesMapping()[settings.log_level if settings else "INFO"]
    log_format = settings.log_format if settings else LogFormat.AUTO
    handler = logging.StreamHandler(stream)
    handler.setFormatter(_formatter(settings.name if settings else "", log_format, stream))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in _FOREIGN:
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
    for name in _CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)
    # It tells each attempt to connect as several errors, some with a traceback.
    logging.getLogger("pika").setLevel(logging.CRITICAL)
    logging.captureWarnings(capture=True)
    threading.excepthook = _tell_thread


def _formatter(service: str, log_format: LogFormat, stream: TextIO) -> logging.Formatter:
    is_json = log_format is LogFormat.JSON or (log_format is LogFormat.AUTO and not stream.isatty())
    shown: list[Processor] = [ProcessorFormatter.remove_processors_meta]
    if is_json:
        shown += [_Named(service), structlog.processors.format_exc_info, redact, _in_order]
        shown += [structlog.processors.JSONRenderer()]
    else:
        shown += [structlog.processors.format_exc_info, redact, Console(coloured=_colours(stream))]
    return ProcessorFormatter(foreign_pre_chain=[*_BEFORE, ExtraAdder()], processors=shown)


def _colours(stream: TextIO) -> bool:
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or stream.isatty()


_BEFORE: Final[list[Processor]] = [
    merge_contextvars,
    add_log_level,
    add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
]


def _tell_thread(failed: threading.ExceptHookArgs) -> None:
    error = failed.exc_value
    name = failed.thread.name if failed.thread else "unknown"
    logging.getLogger(__name__).error("The thread %s has failed.", name, exc_info=error)


class _Named:
    """Adds the name of the service."""

    def __init__(self, service: str) -> None:
        self._service = service

    def __call__(self, _: WrappedLogger, __: str, line: EventDict) -> EventDict:
        return {"service": self._service, **line} if self._service else line


def _in_order(_: WrappedLogger, __: str, line: EventDict) -> EventDict:
    """Put first what every line has."""
    first = ("time", "level", "logger", "event", "service", "request_id", "trace_id")
    return {key: line[key] for key in (*first, *line) if key in line}
