"""Ends PostgreSQL twice, as a crash does, while clients write rooms, and looks at what is left.

While it is away, requests are answered with 503 and nothing else; soon after it is back, rooms are
taken again; each room that was taken is there once, with its one event.
"""

import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import IO, Any

import httpx2

from tests.faults.cluster import Cluster, cluster
from tests.faults.load import Load
from tests.ports import free_port
from tests.services.tokens import bearer

_OUTAGES = 2
_AWAY_SECONDS = 2.5
_LOAD_SECONDS = 3.0
_BACK_SECONDS = 15.0


def main() -> int:
    """Return the exit code: 0 if nothing is wrong."""
    with TemporaryDirectory() as folder, cluster() as server:
        faults = _tried(server, Path(folder))
    for sentence, times in Counter(faults).most_common(20):
        print(f"WRONG, {times} times: {sentence}")
    return 1 if faults else 0


def _tried(server: Cluster, var: Path) -> list[str]:
    with service(server.url, var) as (process, url, log):
        load = Load(url, bearer(var, "rooms:write", "rooms:read", "events:read"))
        load.start()
        back = [_outage(server, load) for _ in range(_OUTAGES)]
        load.stop()
        faults = load.faults + _lost_or_doubled(url, set(load.taken))
        if process.poll() is not None:
            faults.append(f"the service ended with {process.returncode}")
        log.seek(0)
        lines = log.read()
    faults += _wrong_in_log(lines)
    print(f"{dict(load.answers)}; rooms taken again after {back} s; {len(load.taken)} rooms")
    if faults:
        print(lines)
    return faults


@contextmanager
def service(database: str, var: Path) -> Iterator[tuple[subprocess.Popen[bytes], str, IO[str]]]:
    """Run the rooms service; gives its process, its URL, and what it writes."""
    port = free_port()
    with TemporaryFile("w+") as log:
        own = {"DATABASE_URL": database, "ROOMS_PORT": port, "VAR_DIR": str(var)}
        process = subprocess.Popen(
            [sys.executable, "-m", "services.chassis.run", "rooms", "--empty"],
            env=os.environ | own,
            stdout=log,
            stderr=log,
        )
        try:
            url = f"http://127.0.0.1:{port}"
            _until(lambda: _answers(url), 30, "the service does not start")
            yield process, url, log
        finally:
            process.terminate()
            process.wait(30)


def _outage(server: Cluster, load: Load) -> float:
    """Let the load run, end the server for a while; return after how long rooms were taken."""
    began = time.monotonic()
    time.sleep(_LOAD_SECONDS)
    if not load.taken_since(began):
        raise SystemExit("no room was taken before the server ended")
    server.stop()
    time.sleep(_AWAY_SECONDS)
    server.start()
    back = time.monotonic()
    _until(lambda: load.taken_since(back) > 0, _BACK_SECONDS, "no room is taken any more")
    return round(time.monotonic() - back, 1)


def _lost_or_doubled(url: str, taken: set[str]) -> list[str]:
    with httpx2.Client(base_url=url, timeout=30, trust_env=False) as client:
        rooms, events = list(_rooms(client)), list(_events(client))
    found = Counter(room["url"] for room in rooms)
    faults = [f"{each} was taken, and is not there" for each in taken - set(found)]
    faults += [f"{each} is there {times} times" for each, times in found.items() if times > 1]
    faults += [f"{each} was never answered with 201" for each in set(found) - taken]
    if [each["position"] for each in events] != list(range(1, len(events) + 1)):
        faults.append("the positions of events are not 1, 2, 3, ...")
    told = Counter(each["aggregate_id"] for each in events)
    if told != Counter(room["id"] for room in rooms):
        faults.append(f"{len(events)} events do not tell of {len(rooms)} rooms, each once")
    return faults


def _rooms(client: httpx2.Client) -> Iterator[dict[str, Any]]:
    query: dict[str, Any] = {"limit": 100}
    while query.get("cursor", "first") is not None:
        page = client.get("/v1/rooms", params=query).raise_for_status().json()
        yield from page["rooms"]
        query["cursor"] = page["next_cursor"]


def _events(client: httpx2.Client) -> Iterator[dict[str, Any]]:
    after = 0
    while True:
        query = {"after": after, "limit": 500}
        page = client.get("/v1/events", params=query).raise_for_status().json()
        if not page["events"]:
            return
        yield from page["events"]
        after = page["position"]


def _wrong_in_log(lines: str) -> list[str]:
    faults = ["the log has a stack trace"] if "Traceback" in lines else []
    told = lines.count("does not answer as it should")
    # A request that was on its way when the server came back may tell of it once more.
    if not _OUTAGES <= told <= 3 * _OUTAGES:
        faults.append(f"the log tells {told} times of {_OUTAGES} outages")
    return faults


def _answers(url: str) -> bool:
    try:
        return httpx2.get(f"{url}/v1/rooms", trust_env=False).status_code == 200
    except httpx2.HTTPError:
        return False


def _until(condition: Callable[[], bool], seconds: float, otherwise: str) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise SystemExit(otherwise)
        time.sleep(0.05)


if __name__ == "__main__":
    sys.exit(main())
