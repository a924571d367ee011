"""Other packages, asked through a process that may die."""

import socket
import subprocess
import sys
from collections.abc import Iterable
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self, TypeAlias

from tests.fuzz.jobs import Answer, Note, Reading, Second, Writing

ROOT: Final = Path(__file__).parents[2]
_PATIENCE = 5.0  # seconds for one job
DIED: Final = "the process died"
SLOW: Final = "still busy"
_Job: TypeAlias = Reading | Writing | Second


class Others:
    """fastavro and avro in a child process; a new one starts when that has died or hangs."""

    def __init__(self, patience: float = _PATIENCE) -> None:
        """Take the time in seconds that a job may last."""
        self._patience = patience
        self._process: subprocess.Popen[bytes] | None = None
        self._connection: Connection[Any, Any] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.note("")
        self._stop()

    def note(self, text: str) -> None:
        """Say what comes next, for the case that it is the last thing this process does."""
        try:
            self._connected().send(Note(text))
        except OSError:
            self._stop()

    def read(self, writer: str, reader: str, data: Iterable[bytes]) -> list[Answer]:
        """Have fastavro read data; after a death, each datum by itself."""
        job = Reading(writer, reader, tuple(data))
        if not job.data:
            return []
        answers = self._ask(job)
        if len(answers) == len(job.data):
            return answers
        return [self._ask(job._replace(data=(each,)))[0] for each in job.data]

    def write(self, schema: str, value: Any) -> Answer:
        """Have fastavro write a value; its bytes are the answer's value."""
        return self._ask(Writing(schema, value))[0]

    def second(self, schema: str, data: bytes) -> Answer:
        """Have package avro read a datum."""
        return self._ask(Second(schema, data))[0]

    def _ask(self, job: _Job) -> list[Answer]:
        connection = self._connected()
        try:
            connection.send(job)
            if connection.poll(self._patience):
                answers: list[Answer] = connection.recv()
                return answers
            error = SLOW
        except (EOFError, OSError):
            error = DIED
        if self._stop() == 1:  # Python's, for an exception
            message = f"the other process has failed on {job!r}"
            raise RuntimeError(message)
        return [Answer(error=error)]

    def _connected(self) -> "Connection[Any, Any]":
        if self._connection is None:
            mine, theirs = socket.socketpair()
            with theirs:
                words = [sys.executable, "-m", "tests.fuzz.peer", str(theirs.fileno())]
                self._process = subprocess.Popen(words, cwd=ROOT, pass_fds=[theirs.fileno()])
            self._connection = Connection(mine.detach())
        return self._connection

    def _stop(self) -> int | None:
        """End the other process and return what it returned, None if there was none."""
        process, connection = self._process, self._connection
        self._connection = self._process = None
        if connection:
            connection.close()
        if process is None:
            return None
        try:
            return process.wait(0.2)
        except subprocess.TimeoutExpired:
            process.kill()
            return process.wait()
