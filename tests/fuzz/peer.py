"""The process in which fastavro and avro read and write: they may hang or die, and take it along.

`python -m tests.fuzz.peer FD`. It also remembers what the fuzzer is about to try, and says so if
the fuzzer dies.
"""

import io
import json
import pickle
import resource
import signal
import sys
import warnings
from collections.abc import Callable, Mapping
from functools import lru_cache, partial
from multiprocessing.connection import Connection
from typing import Any

import avro.io
import avro.schema
import fastavro

from tests.fuzz.jobs import Answer, Note, Reading, Second, Writing

_MEMORY = 1 << 30  # bytes
_LARGEST = 4 << 20  # bytes of an answer


@lru_cache(maxsize=64)
def _fast(text: str) -> Any:
    return fastavro.parse_schema(json.loads(text))


def _guarded(call: Callable[[], Answer]) -> Answer:
    try:
        answer = call()
        large = len(pickle.dumps(answer)) > _LARGEST
    except Exception as error:  # noqa: BLE001 whatever it is, it is their answer
        words = " ".join(f"{type(error).__name__}: {error}".split())
        return Answer(error=words[:300])
    return Answer(error="too large to be shown") if large else answer


def _read(job: Reading) -> list[Answer]:
    def read(data: bytes) -> Answer:
        stream = io.BytesIO(data)
        reader = _fast(job.reader) if job.reader else None
        value = fastavro.schemaless_reader(stream, _fast(job.writer), reader)
        return Answer(value, stream.tell())

    return [_guarded(partial(read, data)) for data in job.data]


def _write(job: Writing) -> list[Answer]:
    def write() -> Answer:
        out = io.BytesIO()
        fastavro.schemaless_writer(out, _fast(job.schema), job.value)
        return Answer(out.getvalue())

    return [_guarded(write)]


def _second(job: Second) -> list[Answer]:
    def read() -> Answer:
        stream = io.BytesIO(job.data)
        reader = avro.io.DatumReader(avro.schema.parse(job.schema))
        return Answer(reader.read(avro.io.BinaryDecoder(stream)), stream.tell())

    return [_guarded(read)]


_JOBS: Mapping[type, Callable[[Any], list[Answer]]] = {
    Reading: _read,
    Writing: _write,
    Second: _second,
}


def main(descriptor: int) -> int:
    """Answer one job after the other until the fuzzer is gone."""
    warnings.simplefilter("ignore")  # of avro, on logical types
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    note = ""
    with Connection(descriptor) as fuzzer:
        while True:
            try:
                job = fuzzer.recv()
                if isinstance(job, Note):
                    note = job.text
                else:
                    fuzzer.send(_JOBS[type(job)](job))
            except (EOFError, ConnectionError):  # it is gone, or tired of waiting for an answer
                break
    if note:
        print(f"FINDING: the process that reads and writes has died of\n{note}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
