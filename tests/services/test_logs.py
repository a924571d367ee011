"""Log lines: what stands in them, and what never does."""

import io
import json
import logging
import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.correlation import Work, working
from services.chassis.logs import set_up_logs
from services.chassis.logs.console import Console
from services.chassis.settings import LogFormat, Settings

SECRETS = [
    ("Authorization: Bearer abc.def-ghi", "abc.def"),
    ("{'authorization': 'Basic dXNlcjpwYXNz'}", "dXNlcjpwYXNz"),
    ("postgresql+psycopg://rooms:h:u/n@ter2@db.example/rooms", "ter2"),
    ("grant_type=client_credentials&client_secret=hunter2&x=1", "hunter2"),
    ('{"access_token": "hunter2", "x": 1}', "hunter2"),
    ("password='hunter2'", "hunter2"),
    ("got eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJ4In0.c2ln here", "eyJzdWIiOiJ4In0"),
]


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    """Give the process its logging back."""
    root, hook = logging.getLogger(), threading.excepthook
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers[:], threading.excepthook = handlers, hook
    root.setLevel(level)
    logging.captureWarnings(capture=False)
    structlog.reset_defaults()


class Lines(io.StringIO):
    """What was logged, of one service."""

    def __init__(self, settings: Settings, log_format: LogFormat, level: str = "INFO") -> None:
        super().__init__()
        set_up_logs(replace(settings, log_format=log_format, log_level=level), self)

    def json(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.getvalue().splitlines()]


def test_a_json_line_has_what_a_program_looks_for(rooms_settings: Settings) -> None:
    lines = Lines(rooms_settings, LogFormat.JSON)
    with working(Work("r-1", f"00-{'a' * 32}-{'b' * 16}-01")):
        logging.getLogger("shop").info("Sold %d.", 3, extra={"article": "lamp"})
    (line,) = lines.json()
    assert line.pop("time").endswith("Z")
    assert line == {
        "level": "info",
        "logger": "shop",
        "event": "Sold 3.",
        "service": "rooms",
        "request_id": "r-1",
        "trace_id": "a" * 32,
        "article": "lamp",
    }


@pytest.mark.parametrize(
    "name", ["uvicorn.error", "sqlalchemy.engine", "alembic", "gunicorn.error"]
)
def test_the_lines_of_libraries_go_the_same_way(rooms_settings: Settings, name: str) -> None:
    own = io.StringIO()
    logging.getLogger("gunicorn.error").addHandler(logging.StreamHandler(own))
    lines = Lines(rooms_settings, LogFormat.JSON)
    logging.getLogger(name).info("quiet, but for gunicorn")
    logging.getLogger(name).error("loud")
    assert lines.json()[-1]["event"] == "loud"
    assert own.getvalue() == ""


def test_the_level_is_that_of_the_settings(rooms_settings: Settings) -> None:
    lines = Lines(rooms_settings, LogFormat.JSON, "WARNING")
    logging.getLogger("shop").info("hidden")
    logging.getLogger("shop").warning("shown")
    assert [line["event"] for line in lines.json()] == ["shown"]


def test_a_traceback_is_a_part_of_its_line(rooms_settings: Settings) -> None:
    lines = Lines(rooms_settings, LogFormat.JSON)
    logging.getLogger("shop").error("Failed.", exc_info=ValueError("first\nsecond"))
    (line,) = lines.json()
    assert "ValueError: first\nsecond" in line["exception"]


def test_a_thread_that_fails_is_a_line(rooms_settings: Settings) -> None:
    lines = Lines(rooms_settings, LogFormat.JSON)

    def fail() -> None:
        raise RuntimeError("inside")

    thread = threading.Thread(target=fail, name="follow-rooms")
    thread.start()
    thread.join()
    (line,) = lines.json()
    assert line["event"] == "The thread follow-rooms has failed."
    assert "RuntimeError: inside" in line["exception"]


@pytest.mark.parametrize("log_format", [LogFormat.JSON, LogFormat.CONSOLE])
@pytest.mark.parametrize(("text", "secret"), SECRETS)
def test_no_secret_is_in_any_part_of_a_line(
    rooms_settings: Settings, log_format: LogFormat, text: str, secret: str
) -> None:
    lines = Lines(rooms_settings, log_format)
    logging.getLogger("shop").info(text)
    logging.getLogger("shop").info("beside", extra={"more": text, "deep": {"list": [text]}})
    logging.getLogger("shop").error("Failed.", exc_info=RuntimeError(text))
    assert secret not in lines.getvalue()
    assert "***" in lines.getvalue()


@pytest.mark.parametrize("log_format", [LogFormat.JSON, LogFormat.CONSOLE])
@pytest.mark.parametrize("name", ["event", "more"])
def test_no_text_can_begin_a_line_of_its_own_or_drive_a_terminal(
    rooms_settings: Settings, log_format: LogFormat, name: str
) -> None:
    lines = Lines(rooms_settings, log_format)
    forged = "a\n12:00:00 INFO forged\r\x1b[31m\x9b31m\u2028\u202e\ud800"
    more = {"more": forged} if name == "more" else {}
    logging.getLogger("shop").info("b" if more else forged, extra=more)
    text = lines.getvalue()
    assert len(text.splitlines()) == 1
    assert not set(text) & set("\r\x1b\x9b\u2028\u202e\ud800")


@given(st.text(), st.dictionaries(st.text(min_size=1), st.text()))
def test_a_line_for_people_is_one_line(event: str, facts: dict[str, str]) -> None:
    line = {"x": "y", **facts, "time": "2026-01-01T12:00:00Z", "level": "info", "event": event}
    line.pop("exception", None)
    assert len(Console(coloured=False)(None, "", line).splitlines()) == 1


def test_a_line_for_people_says_time_level_and_sentence_and_then_the_rest(
    rooms_settings: Settings,
) -> None:
    lines = Lines(rooms_settings, LogFormat.CONSOLE)
    with working(Work("r-1")):
        logging.getLogger("shop").warning("Sold.", extra={"article": "lamp"})
    _, rest = lines.getvalue().split(" ", 1)
    assert rest == "WARNING Sold.  request_id=r-1 article=lamp\n"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("variables", "stream", "coloured"),
    [
        ({}, Terminal(), True),
        ({"NO_COLOR": "1"}, Terminal(), False),
        ({"FORCE_COLOR": "1"}, io.StringIO(), True),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, Terminal(), False),
    ],
    ids=["terminal", "no colour", "forced", "both"],
)
def test_colours_are_for_terminals(
    rooms_settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    variables: dict[str, str],
    stream: io.StringIO,
    *,
    coloured: bool,
) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    set_up_logs(replace(rooms_settings, log_format=LogFormat.CONSOLE), stream)
    logging.getLogger("shop").error("Sold out.")
    assert ("\033[" in stream.getvalue()) == coloured


def test_lines_are_for_people_on_a_terminal_and_json_elsewhere(rooms_settings: Settings) -> None:
    terminal, file = Terminal(), io.StringIO()
    for stream in (terminal, file):
        set_up_logs(replace(rooms_settings, log_format=LogFormat.AUTO), stream)
        logging.getLogger("shop").info("Sold.")
    assert "Sold." in terminal.getvalue()
    assert json.loads(file.getvalue())["event"] == "Sold."
